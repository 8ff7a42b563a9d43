-- feed_own: many
-- Approved bulletins of a unit, the newest first.
-- in: unit_id i64, page i64
-- out: id i64
-- most: 200
SELECT id FROM bulletins
WHERE unit_id = :unit_id AND state IN ('approved', 'offered', 'scheduled')
ORDER BY approved_at_us DESC, id DESC LIMIT :page;

-- feed_given: many
-- What a unit took from above, or was given, the newest first.
-- in: unit_id i64, page i64
-- out: id i64
-- most: 200
SELECT bulletin_id AS id FROM bulletin_offers
WHERE unit_id = :unit_id AND state IN ('taken', 'entered') ORDER BY id DESC LIMIT :page;
