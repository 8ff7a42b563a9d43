-- calendar_event_of: one
-- The programme that an event became.
-- in: unit_id i64, uid str
-- out: programme_id i64, mark hash
SELECT programme_id, mark FROM calendar_events WHERE unit_id = :unit_id AND uid = :uid;

-- calendar_event_put: change
-- What an event became, and what it said.
-- in: unit_id i64, uid str, programme_id i64, mark hash
INSERT INTO calendar_events (unit_id, uid, programme_id, mark)
VALUES (:unit_id, :uid, :programme_id, :mark)
ON CONFLICT (unit_id, uid) DO UPDATE SET programme_id = excluded.programme_id,
    mark = excluded.mark;
