-- media_item_add_row: one
-- A sound of a unit; nothing when it has it already.
-- in: hash hash, unit_id i64, title str, language str, ms i64, bytes i64, added_by i64?, now_us usec
-- out: id i64
INSERT INTO media_items (hash, unit_id, title, language, ms, bytes, added_by, added_at_us)
VALUES (:hash, :unit_id, :title, :language, :ms, :bytes, :added_by, :now_us)
ON CONFLICT (unit_id, hash) DO NOTHING
RETURNING id;

-- media_item_of_unit: one
-- The sound that a unit has under this hash.
-- in: hash hash, unit_id i64
-- out: id i64
SELECT id FROM media_items WHERE hash = :hash AND unit_id = :unit_id;

-- media_items_by_hash: many
-- Everybody's entries of one sound.
-- in: hash hash
-- out: id i64, hash hash, unit_id i64, title str, language str, ms i64, bytes i64, added_by i64?, added_at_us usec
-- most: 5000
SELECT id, hash, unit_id, title, language, ms, bytes, added_by, added_at_us FROM media_items
WHERE hash = :hash ORDER BY id LIMIT 5000;

-- media_items_page: many
-- The sounds of a unit, newest first.
-- in: unit_id i64, before_id i64, page i64
-- out: id i64, hash hash, unit_id i64, title str, language str, ms i64, bytes i64, added_by i64?, added_at_us usec
-- most: 200
SELECT id, hash, unit_id, title, language, ms, bytes, added_by, added_at_us FROM media_items
WHERE unit_id = :unit_id AND id < :before_id ORDER BY id DESC LIMIT :page;

-- media_names_used: many
-- Whatever something here refers to.
-- out: hash hash
SELECT hash FROM media_items
UNION SELECT hash FROM programme_items
UNION SELECT hash FROM broadcast_sounds
UNION SELECT hash FROM alarm_voices
UNION SELECT hash FROM alarm_clips
UNION SELECT media FROM alarm_speech WHERE media IS NOT NULL;
