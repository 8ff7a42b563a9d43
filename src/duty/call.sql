-- alarm_round_of: one
-- How far the calling for an alarm has come.
-- in: alarm_id i64, event str
-- out: unit_id i64, step i64, called_at_us usec, ended_at_us usec?, looked i64
SELECT r.unit_id, r.step, r.called_at_us, r.ended_at_us,
    (SELECT COUNT(*) FROM alarm_calls c WHERE c.alarm_id = r.alarm_id AND c.event = r.event
        AND c.seen_at_us IS NOT NULL) AS looked
FROM alarm_rounds r WHERE r.alarm_id = :alarm_id AND r.event = :event;

-- alarm_round_begin: change
-- The calling begins; nobody is called yet.
-- in: alarm_id i64, event str, unit_id i64, now_us usec
INSERT INTO alarm_rounds (alarm_id, event, unit_id, step, called_at_us)
VALUES (:alarm_id, :event, :unit_id, 0, :now_us)
ON CONFLICT (alarm_id, event) DO NOTHING;

-- alarm_round_step: change
-- The next are called, by whoever is first to say so.
-- in: alarm_id i64, event str, step i64, next_step i64, now_us usec
UPDATE alarm_rounds SET step = :next_step, called_at_us = :now_us
WHERE alarm_id = :alarm_id AND event = :event AND step = :step AND ended_at_us IS NULL;

-- alarm_round_end: change
-- Somebody looked, nobody is left, or it is over.
-- in: alarm_id i64, event str, now_us usec
UPDATE alarm_rounds SET ended_at_us = :now_us
WHERE alarm_id = :alarm_id AND event = :event AND ended_at_us IS NULL;

-- alarm_rounds_open: many
-- Where the calling goes on.
-- out: alarm_id i64, event str
-- most: 400
SELECT alarm_id, event FROM alarm_rounds WHERE ended_at_us IS NULL
ORDER BY alarm_id, event LIMIT 400;

-- alarm_call_add: change
-- Somebody is called, once for each alarm and event.
-- in: alarm_id i64, event str, account_id i64, unit_id i64, step i64, by_shift bool, title str, link str, now_us usec
INSERT INTO alarm_calls (
    alarm_id, event, account_id, unit_id, step, by_shift, title, link, called_at_us)
VALUES (:alarm_id, :event, :account_id, :unit_id, :step, :by_shift, :title, :link, :now_us)
ON CONFLICT (alarm_id, event, account_id) DO NOTHING;

-- alarm_calls_of: many
-- Who was called for an alarm.
-- in: alarm_id i64, topic str
-- out: id i64, event str, account_id i64, name str, unit_id i64, step i64, by_shift bool, called_at_us usec, seen_at_us usec?, round_unit_id i64, push i64, mail i64
-- most: 1000
SELECT c.id, c.event, c.account_id, a.name, c.unit_id, c.step, c.by_shift, c.called_at_us,
    c.seen_at_us, r.unit_id AS round_unit_id,
    (SELECT COUNT(*) FROM letters l WHERE l.account_id = c.account_id AND l.state = 'sent'
        AND l.topic = :topic AND l.subscription_id IS NOT NULL) AS push,
    (SELECT COUNT(*) FROM letters l WHERE l.account_id = c.account_id AND l.state = 'sent'
        AND l.topic = :topic AND l.subscription_id IS NULL) AS mail
FROM alarm_calls c JOIN accounts a ON a.id = c.account_id
JOIN alarm_rounds r ON r.alarm_id = c.alarm_id AND r.event = c.event
WHERE c.alarm_id = :alarm_id
ORDER BY c.called_at_us, c.step, c.id LIMIT 1000;

-- alarm_calls_own: many
-- Calls of somebody that he has not looked at, the newest first.
-- in: account_id i64, since_us usec
-- out: id i64, alarm_id i64, event str, unit_id i64, title str, link str, called_at_us usec
-- most: 200
SELECT c.id, c.alarm_id, c.event, r.unit_id, c.title, c.link, c.called_at_us
FROM alarm_calls c
JOIN alarm_rounds r ON r.alarm_id = c.alarm_id AND r.event = c.event
WHERE c.account_id = :account_id AND c.seen_at_us IS NULL AND c.called_at_us > :since_us
    AND (c.event = 'raised' OR r.ended_at_us IS NULL)
ORDER BY c.called_at_us DESC, c.id DESC LIMIT 200;

-- alarm_call_by_id: one
-- A call and whether it was looked at.
-- in: id i64, account_id i64
-- out: alarm_id i64, event str, title str, round_unit_id i64, seen_at_us usec?
SELECT c.alarm_id, c.event, c.title, r.unit_id AS round_unit_id, c.seen_at_us
FROM alarm_calls c JOIN alarm_rounds r ON r.alarm_id = c.alarm_id AND r.event = c.event
WHERE c.id = :id AND c.account_id = :account_id;

-- alarm_calls_unseen: many
-- What somebody was called for with one alarm and has not looked at.
-- in: alarm_id i64, account_id i64
-- out: id i64
-- most: 2
SELECT id FROM alarm_calls
WHERE alarm_id = :alarm_id AND account_id = :account_id AND seen_at_us IS NULL
ORDER BY id LIMIT 2;

-- alarm_call_looked: change
-- He looked.
-- in: id i64, now_us usec
UPDATE alarm_calls SET seen_at_us = :now_us WHERE id = :id AND seen_at_us IS NULL;
