-- push_readers: many
-- Whoever has a browser to be told by.
-- out: account_id i64
-- most: 10000
SELECT DISTINCT p.account_id FROM push_subscriptions p JOIN accounts a ON a.id = p.account_id
LEFT JOIN notice_choices c ON c.account_id = p.account_id
WHERE a.disabled_at_us IS NULL AND COALESCE(c.push, TRUE)
ORDER BY p.account_id LIMIT 10000;

-- told_add: change
-- Somebody is told of a thing; nothing changes when he was already.
-- in: account_id i64, kind str, item str, since_us usec, now_us usec
INSERT INTO told_items (account_id, kind, item, since_us, told_at_us)
VALUES (:account_id, :kind, :item, :since_us, :now_us)
ON CONFLICT (account_id, kind, item, since_us) DO NOTHING;

-- digest_readers_due: many
-- Whose letter of the day is due.
-- in: on_day day, minute i64, default_minute i64
-- out: account_id i64
-- most: 10000
SELECT a.id AS account_id FROM accounts a LEFT JOIN notice_choices c ON c.account_id = a.id
WHERE a.disabled_at_us IS NULL AND a.email IS NOT NULL AND a.email <> ''
    AND COALESCE(c.digest, TRUE) AND COALESCE(c.mail, TRUE)
    AND COALESCE(c.digest_at_min, :default_minute) <= :minute
    AND NOT EXISTS (SELECT 1 FROM digests d WHERE d.account_id = a.id AND d.on_day = :on_day)
ORDER BY a.id LIMIT 10000;

-- digest_add: change
-- It is made today; nothing changes when it was already.
-- in: account_id i64, on_day day, now_us usec
INSERT INTO digests (account_id, on_day, made_at_us) VALUES (:account_id, :on_day, :now_us)
ON CONFLICT (account_id, on_day) DO NOTHING;
