-- cap_issue_alarms: many
-- Alarms that went out and were not issued yet.
-- in: after_us usec
-- out: id i64
-- most: 20
SELECT a.id FROM alarms a
WHERE a.sent_at_us > :after_us AND a.kind <> 'stop' AND a.purpose <> 'cancel'
    AND NOT EXISTS (SELECT 1 FROM cap_issued i WHERE i.alarm_id = a.id AND NOT i.ends)
ORDER BY a.id LIMIT 20;

-- cap_issue_ends: many
-- Alarms that were cancelled, without our having said so.
-- in: after_us usec
-- out: id i64
-- most: 20
SELECT a.id FROM alarms a
WHERE a.sent_at_us > :after_us AND a.kind <> 'stop' AND a.purpose <> 'cancel'
    AND a.state = 'cancelled'
    AND NOT EXISTS (SELECT 1 FROM cap_issued i WHERE i.alarm_id = a.id AND i.ends)
ORDER BY a.id LIMIT 20;

-- cap_issued_before: many
-- What was issued of the same emergency.
-- in: root_id i64
-- out: identifier str, sender str, sent_us usec
-- most: 64
SELECT identifier, sender, sent_us FROM cap_issued WHERE root_id = :root_id
ORDER BY sent_us DESC, identifier LIMIT 64;

-- cap_issued_add: change
-- One of ours.
-- in: identifier str, alarm_id i64, root_id i64, unit_id i64, ends bool, sender str, sent_us usec, title str, summary str, xml str
INSERT INTO cap_issued (
    identifier, alarm_id, root_id, unit_id, ends, sender, sent_us, title, summary, xml)
VALUES (
    :identifier, :alarm_id, :root_id, :unit_id, :ends, :sender, :sent_us, :title, :summary, :xml)
ON CONFLICT (identifier) DO NOTHING;

-- cap_issued_newest: many
-- The newest of all.
-- out: identifier str, alarm_id i64, unit_id i64, sender str, sent_us usec, title str, summary str
-- most: 1000
SELECT identifier, alarm_id, unit_id, sender, sent_us, title, summary FROM cap_issued
ORDER BY sent_us DESC, identifier LIMIT 1000;

-- cap_issued_one: many
-- One with its text.
-- in: identifier str
-- out: identifier str, alarm_id i64, unit_id i64, sender str, sent_us usec, title str, summary str, xml str
-- most: 1
SELECT identifier, alarm_id, unit_id, sender, sent_us, title, summary, xml FROM cap_issued
WHERE identifier = :identifier LIMIT 1;
