-- bulletin_programmes_touch: change
-- Programmes that hold a bulletin from a day on are about to change.
-- in: bulletin_id i64, today day, now_us usec
UPDATE programmes SET version = version + 1, changed_at_us = :now_us
WHERE removed_at_us IS NULL AND id IN (
    SELECT programme_id FROM programme_items WHERE bulletin_id = :bulletin_id AND on_day >= :today);

-- bulletin_items_drop: change
-- It is in no programme from a day on.
-- in: bulletin_id i64, today day
DELETE FROM programme_items WHERE bulletin_id = :bulletin_id AND on_day >= :today;

-- bulletin_programmes_end: change
-- Programmes that were there for it alone end.
-- in: bulletin_id i64, now_us usec
UPDATE programmes SET removed_at_us = :now_us, changed_at_us = :now_us, version = version + 1
WHERE bulletin_id = :bulletin_id AND removed_at_us IS NULL;

-- bulletin_plays_of: many
-- What was planned of a bulletin, and what became of it, for each place and time; of a device that
-- told of it twice the last word counts.
-- in: bulletin_id i64, late_us usec
-- out: unit_id i64, at_us usec, ms i64, outcome i64?, reason i64?, plays i64, played_ms i64?, first_us i64?
-- most: 200000
SELECT d.unit_id, i.at_us, i.ms, p.outcome, p.reason, CAST(COUNT(*) AS BIGINT) AS plays,
    CAST(SUM(p.ms) AS BIGINT) AS played_ms,
    MIN(CASE WHEN p.ms > 0 THEN p.at_us - p.ms * 1000 END) AS first_us
FROM planned_items n JOIN plan_items i ON i.item = n.item
JOIN plan_devices d ON d.plan_id = i.plan_id AND i.at_us >= d.since_us AND i.at_us < d.until_us
LEFT JOIN plays p ON p.device_id = d.device_id AND p.item = i.item
    AND p.at_us >= i.at_us AND p.at_us < i.at_us + :late_us
    AND NOT EXISTS (
        SELECT 1 FROM plays q WHERE q.device_id = p.device_id AND q.item = p.item
            AND q.at_us >= i.at_us AND q.at_us < i.at_us + :late_us AND q.seq > p.seq)
WHERE n.bulletin_id = :bulletin_id
GROUP BY d.unit_id, i.at_us, i.ms, p.outcome, p.reason
ORDER BY d.unit_id, i.at_us, p.outcome, p.reason LIMIT 200000;
