-- cap_message_add: one
-- A message that came; nothing when it is here.
-- in: source_id i64, unit_id i64, mark hash, identifier str, sender str, sent_us usec, status str, type str, scope str, state str, note str, signature str, hazard str, expires_us usec, outside i64, xml str, now_us usec
-- out: id i64
INSERT INTO cap_messages (
    source_id, unit_id, mark, identifier, sender, sent_us, status, type, scope, state, note,
    signature, hazard, expires_us, outside, xml, received_at_us, decided_name, reason)
VALUES (
    :source_id, :unit_id, :mark, :identifier, :sender, :sent_us, :status, :type, :scope, :state,
    :note, :signature, :hazard, :expires_us, :outside, :xml, :now_us, '', '')
RETURNING id;

-- cap_message_by_mark: many
-- The same one, taken before.
-- in: mark hash
-- out: id i64, xml str
-- most: 1
SELECT id, xml FROM cap_messages WHERE mark = :mark LIMIT 1;

-- cap_messages_page: many
-- Messages below a number, the newest first (of one: its number with `only_id`).
-- in: before_id i64, only_id i64, state str, source_id i64, page i64
-- out: id i64, source_id i64, source_name str, unit_id i64, state str, note str, signature str, hazard str, outside i64, alarm_id i64?, xml str, received_at_us usec, decided_by i64?, decided_name str, decided_at_us usec?, reason str
-- most: 200
SELECT m.id, m.source_id, s.name AS source_name, m.unit_id, m.state, m.note, m.signature, m.hazard,
    m.outside, m.alarm_id, m.xml, m.received_at_us, m.decided_by, m.decided_name, m.decided_at_us,
    m.reason
FROM cap_messages m JOIN cap_sources s ON s.id = m.source_id
WHERE m.id < :before_id AND (:only_id = 0 OR m.id = :only_id) AND (:state = '' OR m.state = :state)
    AND (:source_id = 0 OR m.source_id = :source_id)
ORDER BY m.id DESC LIMIT :page;

-- cap_message_unit_add: change
-- Whom it is for.
-- in: message_id i64, unit_id i64
-- batch
INSERT INTO cap_message_units (message_id, unit_id) VALUES (:message_id, :unit_id);

-- cap_message_units_of: many
-- Whom it is for.
-- in: message_id i64
-- out: unit_id i64
-- most: 2000
SELECT unit_id FROM cap_message_units WHERE message_id = :message_id ORDER BY unit_id LIMIT 2000;

-- cap_message_earlier: many
-- What a reference means here: of the same source only.
-- in: source_id i64, sender str, identifier str, sent_us usec
-- out: id i64, state str, alarm_id i64?
-- most: 4
SELECT id, state, alarm_id FROM cap_messages
WHERE identifier = :identifier AND sender = :sender AND source_id = :source_id AND sent_us = :sent_us
ORDER BY id LIMIT 4;

-- cap_message_link_add: change
-- It refers to that one.
-- in: message_id i64, earlier_id i64
-- batch
INSERT INTO cap_message_links (message_id, earlier_id) VALUES (:message_id, :earlier_id)
ON CONFLICT (message_id, earlier_id) DO NOTHING;

-- cap_message_links_of: many
-- What it refers to.
-- in: message_id i64
-- out: earlier_id i64, state str, alarm_id i64?
-- most: 64
SELECT l.earlier_id, m.state, m.alarm_id FROM cap_message_links l JOIN cap_messages m ON m.id = l.earlier_id
WHERE l.message_id = :message_id ORDER BY l.earlier_id LIMIT 64;

-- cap_message_newest_alarm: many
-- The alarm that a chain of alarms has come to, when it is in force.
-- in: alarm_id i64
-- out: id i64
-- most: 1
SELECT newest.id FROM alarms old JOIN alarms newest ON newest.root_id = old.root_id
WHERE old.id = :alarm_id AND newest.purpose <> 'cancel' AND newest.state IN ('in_force', 'waiting')
ORDER BY newest.id DESC LIMIT 1;

-- cap_message_decided: change
-- What became of it.
-- in: id i64, state str, note str, alarm_id i64?, decided_by i64?, decided_name str, now_us usec, reason str
UPDATE cap_messages SET state = :state, note = :note, alarm_id = :alarm_id, decided_by = :decided_by,
    decided_name = :decided_name, decided_at_us = :now_us, reason = :reason
WHERE id = :id AND state IN ('draft', 'waiting');

-- cap_message_sorted: change
-- Somebody is to decide.
-- in: id i64, state str, note str
UPDATE cap_messages SET state = :state, note = :note WHERE id = :id;

-- cap_message_overtaken: change
-- A later one takes its place or ends it.
-- in: id i64, state str
UPDATE cap_messages SET state = :state WHERE id = :id AND state IN ('draft', 'waiting');

-- cap_ready_messages: many
-- Those that two people have decided about beforehand.
-- out: id i64
-- most: 100
SELECT id FROM cap_messages WHERE state = 'waiting' AND note = 'automatic' ORDER BY id LIMIT 100;

-- cap_messages_over: change
-- Those that wait in vain.
-- in: now_us usec
UPDATE cap_messages SET state = 'expired', note = 'expired'
WHERE state IN ('draft', 'waiting') AND expires_us <> 0 AND expires_us <= :now_us;
