-- alarm_add_row: one
-- A new alarm, drill or stop; its number. Nothing when the mark is known.
-- in: mark bytes, kind str, unit_id i64, root_id i64, version i64, replaces_id i64?, hazard str, purpose str, title str, text str, signal i64, clip i64, times i64, pause_ms i64, again_s i64, gain_mb i64, start_us usec, expires_us usec, valid_ms i64, devices i64, units i64, people i64, source_id i64?, source_name str, raised_by i64?, raised_name str, now_us usec
-- out: id i64
INSERT INTO alarms (
    mark, kind, unit_id, root_id, version, replaces_id, state, hazard, purpose, title, text, signal,
    clip, times, pause_ms, again_s, gain_mb, start_us, expires_us, valid_ms, devices, units, people,
    source_id, source_name, raised_by, raised_name, raised_at_us, approved_name, ended_name,
    end_reason)
VALUES (
    :mark, :kind, :unit_id, :root_id, :version, :replaces_id, 'waiting', :hazard, :purpose, :title,
    :text, :signal, :clip, :times, :pause_ms, :again_s, :gain_mb, :start_us, :expires_us, :valid_ms,
    :devices, :units, :people, :source_id, :source_name, :raised_by, :raised_name, :now_us, '', '',
    '')
ON CONFLICT (mark) DO NOTHING
RETURNING id;

-- alarm_root_self: change
-- A first version is its own root.
-- in: id i64
UPDATE alarms SET root_id = :id WHERE id = :id;

-- alarm_by_mark: one
-- What was raised under this mark.
-- in: mark bytes
-- out: id i64, kind str, unit_id i64
SELECT id, kind, unit_id FROM alarms WHERE mark = :mark;

-- alarms_page: many
-- Alarms below a number, newest first (of one: its number with `only_id`).
-- in: before_id i64, only_id i64, open bool, page i64
-- out: id i64, mark bytes, kind str, unit_id i64, root_id i64, version i64, replaces_id i64?, state str, title str, text str, signal i64, clip i64, times i64, pause_ms i64, again_s i64, gain_mb i64, start_us usec, expires_us usec, valid_ms i64, devices i64, units i64, raised_by i64?, raised_name str, raised_at_us usec, approved_by i64?, approved_name str, approved_at_us usec?, sent_at_us usec?, ended_by i64?, ended_name str, ended_at_us usec?, end_reason str, hazard str, purpose str, people i64, delegation_id i64?, source_id i64?, source_name str
-- most: 400
SELECT id, mark, kind, unit_id, root_id, version, replaces_id, state, title, text, signal, clip,
    times, pause_ms, again_s, gain_mb, start_us, expires_us, valid_ms, devices, units, raised_by,
    raised_name, raised_at_us, approved_by, approved_name, approved_at_us, sent_at_us, ended_by,
    ended_name, ended_at_us, end_reason, hazard, purpose, people, delegation_id, source_id, source_name
FROM alarms
WHERE id < :before_id AND (:only_id = 0 OR id = :only_id)
    AND (NOT :open OR state IN ('waiting', 'in_force'))
ORDER BY id DESC LIMIT :page;

-- alarm_areas_of: many
-- Where it is for.
-- in: alarm_id i64
-- out: unit_id i64
-- most: 256
SELECT unit_id FROM alarm_areas WHERE alarm_id = :alarm_id ORDER BY unit_id LIMIT 256;

-- alarm_voices_of: many
-- What is said.
-- in: alarm_id i64
-- out: language str, hash hash, bytes i64, ms i64
-- most: 16
SELECT language, hash, bytes, ms FROM alarm_voices WHERE alarm_id = :alarm_id
ORDER BY position LIMIT 16;

-- alarm_area_add: change
-- A unit that it is for.
-- in: alarm_id i64, unit_id i64
-- batch
INSERT INTO alarm_areas (alarm_id, unit_id) VALUES (:alarm_id, :unit_id);

-- alarm_voice_add: change
-- What is said in one language.
-- in: alarm_id i64, position i64, language str, hash hash, bytes i64, ms i64
-- batch
INSERT INTO alarm_voices (alarm_id, position, language, hash, bytes, ms)
VALUES (:alarm_id, :position, :language, :hash, :bytes, :ms);

-- alarm_prepared_add: change
-- What corrects it or says that it is over.
-- in: alarm_id i64, what str, title str, text str
-- batch
INSERT INTO alarm_prepared (alarm_id, what, title, text) VALUES (:alarm_id, :what, :title, :text);

-- alarm_prepared_of: many
-- Both.
-- in: alarm_id i64
-- out: what str, title str, text str
-- most: 2
SELECT what, title, text FROM alarm_prepared WHERE alarm_id = :alarm_id ORDER BY what LIMIT 2;

-- alarm_sent: change
-- It was approved, signed and sent.
-- in: id i64, approved_by i64?, approved_name str, now_us usec, expires_us usec, devices i64, units i64, people i64, delegation_id i64?
UPDATE alarms SET state = 'in_force', approved_by = :approved_by,
    approved_name = :approved_name, approved_at_us = :now_us,
    sent_at_us = :now_us, expires_us = :expires_us, devices = :devices, units = :units,
    people = :people, delegation_id = :delegation_id
WHERE id = :id AND state = 'waiting';

-- alarm_ended: change
-- It is over: replaced, cancelled, expired or refused.
-- in: id i64, from_state str, state str, ended_by i64?, ended_name str, now_us usec, end_mark bytes?, end_reason str
UPDATE alarms SET state = :state, ended_by = :ended_by, ended_name = :ended_name,
    ended_at_us = :now_us,
    end_mark = :end_mark, end_reason = :end_reason
WHERE id = :id AND state = :from_state;

-- alarms_due: many
-- Those in force whose time is over, and those that waited in vain.
-- in: now_us usec, waited_us usec
-- out: id i64, state str, mark bytes
-- most: 100
SELECT id, state, mark FROM alarms
WHERE (state = 'in_force' AND expires_us <= :now_us)
    OR (state = 'waiting' AND raised_at_us <= :waited_us) ORDER BY id LIMIT 100;

-- alarms_counted: many
-- Those that sound or may sound, and those of which the last word may not have come yet.
-- in: ended_after_us usec
-- out: id i64, mark bytes
-- most: 256
SELECT id, mark FROM alarms
WHERE state = 'in_force' OR (sent_at_us IS NOT NULL AND ended_at_us > :ended_after_us)
ORDER BY id DESC LIMIT 256;

-- clips_all: many
-- Clips that devices keep.
-- out: unit_id i64, number i64, language str, title str, text str, signal i64, hash hash, bytes i64, ms i64, changed_at_us usec
-- most: 100000
SELECT unit_id, number, language, title, text, signal, hash, bytes, ms, changed_at_us
FROM alarm_clips ORDER BY unit_id, number, language LIMIT 100000;

-- clip_row_put: change
-- A clip of a unit.
-- in: unit_id i64, number i64, language str, title str, text str, signal i64, hash hash, bytes i64, ms i64, changed_by i64?, now_us usec
INSERT INTO alarm_clips (
    unit_id, number, language, title, text, signal, hash, bytes, ms, changed_by, changed_at_us)
VALUES (
    :unit_id, :number, :language, :title, :text, :signal, :hash, :bytes, :ms, :changed_by, :now_us)
ON CONFLICT (unit_id, number, language) DO UPDATE SET title = excluded.title,
    text = excluded.text, signal = excluded.signal, hash = excluded.hash, bytes = excluded.bytes,
    ms = excluded.ms, changed_by = excluded.changed_by, changed_at_us = excluded.changed_at_us;
