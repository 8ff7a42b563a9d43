-- unit_figure_row_put: change
-- A figure from a day on.
-- in: unit_id i64, kind str, from_day day, value i64, source str, changed_by i64?, now_us usec
INSERT INTO unit_figures (unit_id, kind, from_day, value, source, changed_by, changed_at_us)
VALUES (:unit_id, :kind, :from_day, :value, :source, :changed_by, :now_us)
ON CONFLICT (unit_id, kind, from_day) DO UPDATE SET value = excluded.value, source = excluded.source,
    changed_by = excluded.changed_by, changed_at_us = excluded.changed_at_us;

-- unit_figures_of: many
-- All figures of one unit, the newest first.
-- in: unit_id i64
-- out: kind str, from_day day, value i64, source str
-- most: 500
SELECT kind, from_day, value, source FROM unit_figures WHERE unit_id = :unit_id
ORDER BY from_day DESC, kind LIMIT 500;

-- unit_figures_all: many
-- Every figure of a kind that has begun, by unit, the oldest first.
-- in: kind str, on_day day
-- out: unit_id i64, value i64
-- most: 1000000
SELECT unit_id, value FROM unit_figures WHERE kind = :kind AND from_day <= :on_day
ORDER BY unit_id, from_day;
