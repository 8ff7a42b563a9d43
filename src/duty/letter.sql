-- letter_put: one
-- A letter, unless its mark is known.
-- in: mark str, account_id i64, subscription_id i64?, topic str, urgent bool, address str, subject str, body str, html str, due_at_us usec, expires_at_us usec, now_us usec
-- out: id i64
INSERT INTO letters (mark, account_id, subscription_id, topic, urgent, address, subject, body, html,
    state, attempts, due_at_us, expires_at_us, added_at_us, reason)
VALUES (:mark, :account_id, :subscription_id, :topic, :urgent, :address, :subject, :body, :html,
    'waiting', 0, :due_at_us, :expires_at_us, :now_us, '')
ON CONFLICT (mark) DO NOTHING
RETURNING id;

-- letters_waiting: many
-- Letters that are due, the oldest first.
-- in: urgent bool, now_us usec, most i64
-- out: id i64, account_id i64, subscription_id i64?, topic str, address str, subject str, body str, html str, attempts i64, added_at_us usec, expires_at_us usec, endpoint str?, public_key bytes?, auth bytes?
-- most: 64
SELECT l.id, l.account_id, l.subscription_id, l.topic, l.address, l.subject, l.body, l.html,
    l.attempts, l.added_at_us, l.expires_at_us, p.endpoint, p.public_key, p.auth
FROM letters l LEFT JOIN push_subscriptions p ON p.id = l.subscription_id
WHERE l.state = 'waiting' AND l.urgent = :urgent AND l.due_at_us <= :now_us
ORDER BY l.due_at_us, l.id LIMIT :most;

-- letters_due: one
-- How many letters are due.
-- in: urgent bool, now_us usec
-- out: letters i64
SELECT COUNT(*) AS letters FROM letters
WHERE state = 'waiting' AND urgent = :urgent AND due_at_us <= :now_us;

-- letter_claim: change
-- It is this server's until then.
-- in: id i64, due_at_us usec
UPDATE letters SET due_at_us = :due_at_us, attempts = attempts + 1
WHERE id = :id AND state = 'waiting';

-- letter_settle: change
-- It was taken, or never will be.
-- in: id i64, state str, now_us usec, reason str
UPDATE letters SET state = :state, done_at_us = :now_us, reason = :reason
WHERE id = :id AND state = 'waiting';

-- letter_delay: change
-- Once more, later.
-- in: id i64, due_at_us usec, reason str
UPDATE letters SET due_at_us = :due_at_us, reason = :reason WHERE id = :id AND state = 'waiting';

-- letters_of_topic: many
-- How the letters of a topic fare, for those who ask whether somebody was reached.
-- in: topic str
-- out: account_id i64, subscription_id i64?, state str
-- most: 1000
SELECT account_id, subscription_id, state FROM letters WHERE topic = :topic ORDER BY id LIMIT 1000;

-- letters_prune: change
-- Letters of long ago go.
-- in: before_us usec, most i64
DELETE FROM letters WHERE id IN (
    SELECT id FROM letters WHERE added_at_us < :before_us ORDER BY added_at_us, id LIMIT :most);

-- told_prune: change
-- What somebody was told of long ago.
-- in: before_us usec
DELETE FROM told_items WHERE told_at_us < :before_us;

-- digests_prune: change
-- Days of long ago.
-- in: before_day day
DELETE FROM digests WHERE on_day < :before_day;

-- calls_prune: change
-- Calls of long ago; the audit keeps who looked.
-- in: before_us usec
DELETE FROM alarm_calls WHERE called_at_us < :before_us;

-- rounds_prune: change
-- Rounds of long ago.
-- in: before_us usec
DELETE FROM alarm_rounds WHERE ended_at_us < :before_us;
