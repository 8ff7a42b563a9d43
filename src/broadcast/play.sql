-- plays_planned: many
-- What a device was to play in some time, and what became of it.
-- in: device_id i64, from_us usec, to_us usec, ends_us usec
-- out: item bytes, at_us usec, ms i64, programme_id i64, unit_id i64, title str, outcome i64?, reason i64?, played_ms i64?, other bytes?
-- most: 5000
SELECT i.item, i.at_us, i.ms, i.programme_id, d.unit_id, n.title, p.outcome, p.reason,
    p.ms AS played_ms, p.other
FROM plan_devices d JOIN plan_items i ON i.plan_id = d.plan_id
JOIN planned_items n ON n.item = i.item
LEFT JOIN plays p ON p.device_id = d.device_id AND p.item = i.item
    AND p.at_us >= :from_us AND p.at_us < :ends_us
WHERE d.device_id = :device_id AND i.at_us >= :from_us AND i.at_us < :to_us
    AND i.at_us >= d.since_us AND i.at_us < d.until_us
ORDER BY i.at_us DESC, p.seq LIMIT 5000;

-- play_sums_of: many
-- Sums of some days.
-- in: from_day day, to_day day
-- out: on_day day, unit_id i64, programme_id i64, planned i64, played i64, partly i64, not_played i64, ms i64
-- most: 1000000
SELECT on_day, unit_id, programme_id, planned, played, partly, not_played, ms FROM play_sums
WHERE on_day >= :from_day AND on_day < :to_day ORDER BY on_day, unit_id, programme_id
LIMIT 1000000;

-- play_reasons_of: many
-- Why plays of some days ended as they did, for each place.
-- in: from_day day, to_day day
-- out: unit_id i64, reason i64, plays i64
-- most: 1000000
SELECT unit_id, reason, CAST(SUM(plays) AS BIGINT) AS plays FROM play_reasons
WHERE on_day >= :from_day AND on_day < :to_day GROUP BY unit_id, reason
ORDER BY unit_id, reason LIMIT 1000000;
