-- seen_add: change
-- Somebody saw something.
-- in: mark bytes, what str, words str, account_id i64, account_name str, now_us usec
INSERT INTO alarm_seen (mark, what, words, account_id, account_name, at_us)
VALUES (:mark, :what, :words, :account_id, :account_name, :now_us);

-- seen_last: many
-- When this person saw this last.
-- in: mark bytes, what str, account_id i64
-- out: at_us usec, words str
-- most: 1
SELECT at_us, words FROM alarm_seen
WHERE account_id = :account_id AND what = :what AND mark = :mark ORDER BY id DESC LIMIT 1;

-- seen_of: many
-- Everything about one alarm.
-- in: mark bytes
-- out: what str, words str, account_id i64, account_name str, at_us usec
-- most: 500
SELECT what, words, account_id, account_name, at_us FROM alarm_seen WHERE mark = :mark
ORDER BY id LIMIT 500;
