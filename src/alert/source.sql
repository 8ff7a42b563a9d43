-- cap_sources_all: many
-- All sources.
-- out: id i64, unit_id i64, name str, address str, every_s i64, policy str, enabled bool, senders str, certificates str, must_sign bool, severity_least str, language str, code_names str, set_by i64?, set_name str, confirmed_by i64?, confirmed_name str, confirmed_at_us usec?, etag str, modified str, polled_at_us usec?, poll_error str, waiting i64
-- most: 200
SELECT s.id, s.unit_id, s.name, s.address, s.every_s, s.policy, s.enabled, s.senders,
    s.certificates, s.must_sign, s.severity_least, s.language, s.code_names, s.set_by, s.set_name,
    s.confirmed_by, s.confirmed_name, s.confirmed_at_us, s.etag, s.modified, s.polled_at_us,
    s.poll_error,
    (SELECT COUNT(*) FROM cap_messages m WHERE m.source_id = s.id AND m.state = 'waiting') AS waiting
FROM cap_sources s WHERE s.removed_at_us IS NULL ORDER BY s.name, s.id LIMIT 200;

-- cap_source_add: one
-- A new source.
-- in: unit_id i64, name str, address str, every_s i64, policy str, enabled bool, senders str, certificates str, must_sign bool, severity_least str, language str, code_names str, set_by i64?, set_name str, now_us usec
-- out: id i64
INSERT INTO cap_sources (
    unit_id, name, address, every_s, policy, enabled, senders, certificates, must_sign,
    severity_least, language, code_names, set_by, set_name, changed_at_us, confirmed_name, etag,
    modified, poll_error)
VALUES (
    :unit_id, :name, :address, :every_s, :policy, :enabled, :senders, :certificates, :must_sign,
    :severity_least, :language, :code_names, :set_by, :set_name, :now_us, '', '', '', '')
RETURNING id;

-- cap_source_change: change
-- Its values; nobody has confirmed them yet.
-- in: id i64, name str, address str, every_s i64, policy str, enabled bool, senders str, certificates str, must_sign bool, severity_least str, language str, code_names str, set_by i64?, set_name str, now_us usec
UPDATE cap_sources SET name = :name, address = :address, every_s = :every_s, policy = :policy,
    enabled = :enabled, senders = :senders, certificates = :certificates, must_sign = :must_sign,
    severity_least = :severity_least, language = :language, code_names = :code_names,
    set_by = :set_by, set_name = :set_name, changed_at_us = :now_us, confirmed_by = NULL,
    confirmed_name = '', confirmed_at_us = NULL, etag = '', modified = '', polled_at_us = NULL,
    poll_error = ''
WHERE id = :id;

-- cap_source_confirmed: change
-- A second person has looked at it.
-- in: id i64, confirmed_by i64?, confirmed_name str, now_us usec
UPDATE cap_sources SET confirmed_by = :confirmed_by, confirmed_name = :confirmed_name,
    confirmed_at_us = :now_us
WHERE id = :id;

-- cap_source_remove: change
-- It is asked no longer.
-- in: id i64, now_us usec
UPDATE cap_sources SET removed_at_us = :now_us WHERE id = :id AND removed_at_us IS NULL;

-- cap_source_polled_row: change
-- How the last time went.
-- in: id i64, etag str, modified str, poll_error str, now_us usec
UPDATE cap_sources SET etag = :etag, modified = :modified, poll_error = :poll_error,
    polled_at_us = :now_us
WHERE id = :id;

-- cap_codes_of: many
-- Codes of a source.
-- in: source_id i64
-- out: name str, value str, unit_id i64
-- most: 2000
SELECT name, value, unit_id FROM cap_codes WHERE source_id = :source_id ORDER BY name, value LIMIT 2000;

-- cap_codes_clear: change
-- All of a source.
-- in: source_id i64
DELETE FROM cap_codes WHERE source_id = :source_id;

-- cap_code_add: change
-- A code of a source.
-- in: source_id i64, name str, value str, unit_id i64
-- batch
INSERT INTO cap_codes (source_id, name, value, unit_id) VALUES (:source_id, :name, :value, :unit_id)
ON CONFLICT (source_id, name, value) DO UPDATE SET unit_id = excluded.unit_id;

-- cap_entry_add: change
-- An entry of a feed was taken.
-- in: source_id i64, mark hash, now_us usec
INSERT INTO cap_entries (source_id, mark, at_us) VALUES (:source_id, :mark, :now_us)
ON CONFLICT (source_id, mark) DO NOTHING;

-- cap_entry_find: many
-- Whether it was.
-- in: source_id i64, mark hash
-- out: at_us usec
-- most: 1
SELECT at_us FROM cap_entries WHERE source_id = :source_id AND mark = :mark LIMIT 1;

-- cap_entries_prune: change
-- What no feed shows any more.
-- in: before_us usec
DELETE FROM cap_entries WHERE at_us < :before_us;
