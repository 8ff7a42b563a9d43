-- live_source_add_row: one
-- An encoder or a radio. Nothing when the name is taken.
-- in: unit_id i64, name str, kind str, title str, class i64, language str, fallback hash?, fallback_bytes i64, is_public bool, is_recorded bool, address str, secret hash?, made_by i64?, made_name str, now_us usec
-- out: id i64
INSERT INTO live_sources (
    unit_id, name, kind, title, class, language, fallback, fallback_bytes, is_public, is_recorded,
    address, secret, made_by, made_name, made_at_us)
SELECT :unit_id, :name, :kind, :title, :class, :language, :fallback, :fallback_bytes, :is_public,
    :is_recorded, :address, :secret, :made_by, :made_name, :now_us
WHERE NOT EXISTS (SELECT 1 FROM live_sources WHERE name = :name AND ended_at_us IS NULL)
RETURNING id;

-- live_sources_page: many
-- Sources in the order of their names (of one: its number with `only_id`, or its name).
-- in: only_id i64, only_name str
-- out: id i64, unit_id i64, name str, kind str, title str, class i64, language str, fallback hash?, fallback_bytes i64, is_public bool, is_recorded bool, address str, secret hash?, made_by i64?, made_name str, made_at_us usec
-- most: 2000
SELECT id, unit_id, name, kind, title, class, language, fallback, fallback_bytes, is_public,
    is_recorded, address, secret, made_by, made_name, made_at_us
FROM live_sources
WHERE ended_at_us IS NULL AND (:only_id = 0 OR id = :only_id)
    AND (:only_name = '' OR name = :only_name)
ORDER BY name LIMIT 2000;

-- live_source_areas_of: many
-- Where it is heard.
-- in: source_id i64
-- out: unit_id i64
-- most: 256
SELECT unit_id FROM live_source_areas WHERE source_id = :source_id ORDER BY unit_id LIMIT 256;

-- live_source_area_add: change
-- A unit where it is heard.
-- in: source_id i64, unit_id i64
-- batch
INSERT INTO live_source_areas (source_id, unit_id) VALUES (:source_id, :unit_id);

-- live_source_end_row: change
-- Nobody sends here any more.
-- in: id i64, now_us usec
UPDATE live_sources SET ended_at_us = :now_us WHERE id = :id AND ended_at_us IS NULL;
