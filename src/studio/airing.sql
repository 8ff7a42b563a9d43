-- airing_add: one
-- A place in a programme; its number.
-- in: bulletin_id i64, unit_id i64, programme_id i64, on_day day, at_us usec, end_us usec, one_off bool, added_by i64?, added_name str, now_us usec
-- out: id i64
INSERT INTO bulletin_airings (bulletin_id, unit_id, programme_id, on_day, at_us, end_us, one_off,
    added_by, added_name, added_at_us)
VALUES (:bulletin_id, :unit_id, :programme_id, :on_day, :at_us, :end_us, :one_off, :added_by,
    :added_name, :now_us)
RETURNING id;

-- airing_by_id: one
-- One of them that is in force.
-- in: id i64
-- out: bulletin_id i64, unit_id i64, programme_id i64, on_day day
SELECT bulletin_id, unit_id, programme_id, on_day FROM bulletin_airings
WHERE id = :id AND removed_at_us IS NULL;

-- airings_of: many
-- The places of a bulletin.
-- in: bulletin_id i64
-- out: id i64, unit_id i64, programme_id i64, on_day day, at_us usec, end_us usec, one_off bool
-- most: 2000
SELECT id, unit_id, programme_id, on_day, at_us, end_us, one_off FROM bulletin_airings
WHERE bulletin_id = :bulletin_id AND removed_at_us IS NULL ORDER BY on_day, at_us, id LIMIT 2000;

-- airing_there: one
-- How often it is in a programme on a day.
-- in: bulletin_id i64, programme_id i64, on_day day
-- out: airings i64
SELECT CAST(COUNT(*) AS BIGINT) AS airings FROM bulletin_airings
WHERE bulletin_id = :bulletin_id AND programme_id = :programme_id AND on_day = :on_day
    AND removed_at_us IS NULL;

-- airing_end: change
-- It is not planned there any more.
-- in: id i64, now_us usec
UPDATE bulletin_airings SET removed_at_us = :now_us WHERE id = :id AND removed_at_us IS NULL;

-- airings_end_from: change
-- Nothing of a bulletin is planned from a day on.
-- in: bulletin_id i64, today day, now_us usec
UPDATE bulletin_airings SET removed_at_us = :now_us
WHERE bulletin_id = :bulletin_id AND on_day >= :today AND removed_at_us IS NULL;

-- airing_span: one
-- From when to when a bulletin is planned.
-- in: bulletin_id i64
-- out: first_at_us usec?, last_at_us usec?
SELECT MIN(at_us) AS first_at_us, MAX(end_us) AS last_at_us FROM bulletin_airings
WHERE bulletin_id = :bulletin_id AND removed_at_us IS NULL;
