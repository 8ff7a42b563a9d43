-- live_add_row: one
-- Somebody begins to speak. Nothing when the mark is known.
-- in: mark bytes, stream i64, unit_id i64, title str, mode str, class i64, language str, fallback hash?, fallback_bytes i64, is_public bool, is_recorded bool, source str, source_id i64?, made_by i64?, made_name str, now_us usec, expires_us usec
-- out: id i64
INSERT INTO lives (
    mark, stream, unit_id, title, mode, class, language, fallback, fallback_bytes, is_public,
    is_recorded, source, source_id, state, reason, made_by, made_name, made_at_us, expires_us,
    ended_name, ms)
VALUES (
    :mark, :stream, :unit_id, :title, :mode, :class, :language, :fallback, :fallback_bytes,
    :is_public, :is_recorded, :source, :source_id, 'open', '', :made_by, :made_name, :now_us,
    :expires_us, '', 0)
ON CONFLICT (mark) DO NOTHING
RETURNING id;

-- live_by_mark: one
-- What was begun under this mark.
-- in: mark bytes
-- out: id i64, unit_id i64
SELECT id, unit_id FROM lives WHERE mark = :mark;

-- lives_page: many
-- Lives below a number, newest first (of one: its number with `only_id`).
-- in: before_id i64, only_id i64, is_open bool, is_ended bool, page i64
-- out: id i64, mark bytes, stream i64, unit_id i64, title str, mode str, class i64, language str, fallback hash?, fallback_bytes i64, is_public bool, is_recorded bool, source str, source_id i64?, source_name str?, address str?, state str, reason str, made_by i64?, made_name str, made_at_us usec, expires_us usec, begun_at_us usec?, ended_at_us usec?, ended_by i64?, ended_name str, ms i64, recording hash?
-- most: 400
SELECT l.id, l.mark, l.stream, l.unit_id, l.title, l.mode, l.class, l.language, l.fallback,
    l.fallback_bytes, l.is_public, l.is_recorded, l.source, l.source_id, s.name AS source_name, s.address,
    l.state, l.reason, l.made_by, l.made_name, l.made_at_us, l.expires_us, l.begun_at_us,
    l.ended_at_us, l.ended_by, l.ended_name, l.ms, l.recording
FROM lives l LEFT JOIN live_sources s ON s.id = l.source_id
WHERE l.id < :before_id AND (:only_id = 0 OR l.id = :only_id)
    AND (NOT :is_open OR l.state = 'open') AND (NOT :is_ended OR l.state = 'ended')
ORDER BY l.id DESC LIMIT :page;

-- live_areas_of: many
-- Where it is heard.
-- in: live_id i64
-- out: unit_id i64
-- most: 256
SELECT unit_id FROM live_areas WHERE live_id = :live_id ORDER BY unit_id LIMIT 256;

-- live_area_add: change
-- A unit where it is heard.
-- in: live_id i64, unit_id i64
-- batch
INSERT INTO live_areas (live_id, unit_id) VALUES (:live_id, :unit_id);

-- live_begun_row: change
-- The first sound of it.
-- in: id i64, now_us usec
UPDATE lives SET begun_at_us = :now_us WHERE id = :id AND begun_at_us IS NULL;

-- live_ended_row: change
-- It is over.
-- in: id i64, reason str, ended_by i64?, ended_name str, now_us usec
UPDATE lives SET state = 'ended', reason = :reason, ended_by = :ended_by, ended_name = :ended_name,
    ended_at_us = :now_us
WHERE id = :id AND state = 'open';

-- live_kept_row: change
-- How long it was, and its recording.
-- in: id i64, ms i64, recording hash?
UPDATE lives SET ms = :ms, recording = :recording WHERE id = :id;

-- live_media_names: many
-- Whatever a stream or its source refers to.
-- out: hash hash
SELECT fallback AS hash FROM lives WHERE fallback IS NOT NULL
UNION SELECT recording FROM lives WHERE recording IS NOT NULL
UNION SELECT fallback FROM live_sources WHERE fallback IS NOT NULL;
