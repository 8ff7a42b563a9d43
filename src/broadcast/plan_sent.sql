-- plan_reach_of: one
-- How far the plan reaches that a device has.
-- in: device_id i64, open_us usec
-- out: to_us usec
SELECT p.to_us FROM plan_devices d JOIN plans p ON p.id = d.plan_id
WHERE d.device_id = :device_id AND d.until_us = :open_us;

-- plan_lines_sent: many
-- What a device had in its plan when the time came.
-- in: device_id i64, from_us usec, to_us usec
-- out: item bytes, at_us usec, ms i64, kind i64, order_class i64, gain_mb i64, programme_id i64, bulletin_id i64, title str, media bytes?
-- most: 5000
SELECT i.item, i.at_us, i.ms, i.kind, i.order_class, i.gain_mb, i.programme_id, n.bulletin_id, n.title,
    n.media
FROM plan_devices d JOIN plan_items i ON i.plan_id = d.plan_id
JOIN planned_items n ON n.item = i.item
WHERE d.device_id = :device_id AND i.at_us >= :from_us AND i.at_us < :to_us
    AND i.at_us >= d.since_us AND i.at_us < d.until_us
ORDER BY i.at_us LIMIT 5000;
