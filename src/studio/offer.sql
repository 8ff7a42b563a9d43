-- offer_add: one
-- A bulletin comes to a commune; nothing when it was there before.
-- in: bulletin_id i64, unit_id i64, state str, sent_by i64?, sent_name str, now_us usec, airing_id i64?
-- out: id i64
INSERT INTO bulletin_offers (bulletin_id, unit_id, state, sent_by, sent_name, sent_at_us,
    decided_name, reason, airing_id)
VALUES (:bulletin_id, :unit_id, :state, :sent_by, :sent_name, :now_us, '', '', :airing_id)
ON CONFLICT (bulletin_id, unit_id) DO NOTHING
RETURNING id;

-- offers_page: many
-- What came to anybody, the newest first (of one: its number with `only_id`).
-- in: before_id i64, only_id i64, page i64
-- out: id i64, bulletin_id i64, unit_id i64, state str, sent_by i64?, sent_name str, sent_at_us usec, decided_by i64?, decided_name str, decided_at_us usec?, reason str, airing_id i64?
-- most: 400
SELECT id, bulletin_id, unit_id, state, sent_by, sent_name, sent_at_us, decided_by, decided_name,
    decided_at_us, reason, airing_id
FROM bulletin_offers WHERE id < :before_id AND (:only_id = 0 OR id = :only_id)
ORDER BY id DESC LIMIT :page;

-- offers_of_unit: many
-- What came to one unit, the newest first.
-- in: unit_id i64, before_id i64, page i64
-- out: id i64
-- most: 400
SELECT id FROM bulletin_offers WHERE unit_id = :unit_id AND id < :before_id
ORDER BY id DESC LIMIT :page;

-- offers_there: one
-- Whether a bulletin was sent to a unit (0: to anybody).
-- in: bulletin_id i64, unit_id i64
-- out: offers i64
SELECT CAST(COUNT(*) AS BIGINT) AS offers FROM bulletin_offers
WHERE bulletin_id = :bulletin_id AND (:unit_id = 0 OR unit_id = :unit_id) AND state <> 'gone';

-- offer_decide_row: change
-- What the commune made of it.
-- in: id i64, state str, decided_by i64?, decided_name str, now_us usec, reason str, airing_id i64?
UPDATE bulletin_offers SET state = :state, decided_by = :decided_by, decided_name = :decided_name,
    decided_at_us = :now_us, reason = :reason, airing_id = :airing_id
WHERE id = :id AND state IN ('waiting', 'declined', 'taken');

-- offers_end_row: change
-- It cannot be chosen any more.
-- in: bulletin_id i64
UPDATE bulletin_offers SET state = 'gone', airing_id = NULL WHERE bulletin_id = :bulletin_id;
