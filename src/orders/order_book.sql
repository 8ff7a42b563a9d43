-- order_head_hold: change
-- Takes the head of the book until the transaction ends; SQLite has one writer anyway.
-- only: sqlite
UPDATE order_heads SET last_order = last_order WHERE id = 1;

-- order_head_hold: change
-- As audit_head_hold: whoever issues queues here.
-- only: postgresql
LOCK TABLE order_heads IN EXCLUSIVE MODE;

-- order_head: one
-- The last number of the book.
-- out: last_order i64
SELECT last_order FROM order_heads WHERE id = 1;

-- order_head_move: change
-- One number more.
-- in: last_order i64
UPDATE order_heads SET last_order = :last_order WHERE id = 1;

-- order_row_add: change
-- An order that was just signed.
-- in: id i64, wire_id bytes, kind i64, order_class i64, issuer i64, tier i64, kid bytes, sequence i64, expires_us usec, version i64, cose bytes, written_by i64, issued_by i64, issued_at_us usec
INSERT INTO orders (
    id, wire_id, kind, order_class, issuer, tier, kid, sequence, expires_us, version, cose,
    written_by, issued_by, issued_at_us)
VALUES (
    :id, :wire_id, :kind, :order_class, :issuer, :tier, :kid, :sequence, :expires_us, :version,
    :cose, :written_by, :issued_by, :issued_at_us);

-- order_area_add: change
-- A unit whose devices are all meant.
-- in: unit_id i64, order_id i64, expires_us usec
-- batch
INSERT INTO order_areas (unit_id, order_id, expires_us) VALUES (:unit_id, :order_id, :expires_us);

-- order_device_add: change
-- A device that is named.
-- in: device_id i64, order_id i64, expires_us usec
-- batch
INSERT INTO order_devices (device_id, order_id, expires_us)
VALUES (:device_id, :order_id, :expires_us);

-- order_media_add: change
-- A medium that an order needs.
-- in: media hash, order_id i64
-- batch
INSERT INTO order_media_refs (media, order_id) VALUES (:media, :order_id)
ON CONFLICT (media, order_id) DO NOTHING;

-- order_row_end: change
-- Not given to anybody from now on; it stays as it ended first.
-- in: wire_id bytes, now_us usec, ended_why i64
UPDATE orders SET ended_at_us = :now_us, ended_why = :ended_why
WHERE wire_id = :wire_id AND ended_at_us IS NULL;

-- order_by_wire_id: one
-- An order by the id that devices know.
-- in: wire_id bytes
-- out: id i64, kid bytes, cose bytes, tier i64, written_by i64, issued_by i64, issued_at_us usec, ended_at_us usec?, ended_why i64?
SELECT id, kid, cose, tier, written_by, issued_by, issued_at_us, ended_at_us, ended_why
FROM orders WHERE wire_id = :wire_id;

-- order_by_id: one
-- An order by its number.
-- in: id i64
-- out: id i64, kid bytes, cose bytes, tier i64, written_by i64, issued_by i64, issued_at_us usec, ended_at_us usec?, ended_why i64?
SELECT id, kid, cose, tier, written_by, issued_by, issued_at_us, ended_at_us, ended_why
FROM orders WHERE id = :id;

-- orders_above: many
-- Orders above a number, oldest first.
-- in: after_id i64, most i64
-- out: id i64, kid bytes, cose bytes, tier i64, written_by i64, issued_by i64, issued_at_us usec, ended_at_us usec?, ended_why i64?
-- most: 1000
SELECT id, kid, cose, tier, written_by, issued_by, issued_at_us, ended_at_us, ended_why
FROM orders WHERE id > :after_id ORDER BY id LIMIT :most;

-- orders_of_key: many
-- What a key signed and still stands for.
-- in: kid bytes, now_us usec
-- out: id i64, kid bytes, cose bytes, tier i64, written_by i64, issued_by i64, issued_at_us usec, ended_at_us usec?, ended_why i64?
-- most: 100000
SELECT id, kid, cose, tier, written_by, issued_by, issued_at_us, ended_at_us, ended_why
FROM orders WHERE kid = :kid AND ended_at_us IS NULL AND expires_us > :now_us ORDER BY id;

-- orders_standing_of_unit: many
-- What is in force for every device of a unit, without its bytes.
-- in: unit_id i64, now_us usec
-- out: id i64, kind i64, version i64
-- most: 4096
SELECT o.id, o.kind, o.version FROM order_areas a JOIN orders o ON o.id = a.order_id
WHERE a.unit_id = :unit_id AND a.expires_us > :now_us AND o.ended_at_us IS NULL
ORDER BY o.id;

-- orders_standing_of_device: many
-- What is in force and names a device, without its bytes.
-- in: device_id i64, now_us usec
-- out: id i64, kind i64, version i64
-- most: 4096
SELECT o.id, o.kind, o.version FROM order_devices d JOIN orders o ON o.id = d.order_id
WHERE d.device_id = :device_id AND d.expires_us > :now_us AND o.ended_at_us IS NULL
ORDER BY o.id;

-- order_last_of_unit: one
-- The last number that concerned every device of a unit.
-- in: unit_id i64
-- out: last_order i64
SELECT COALESCE(MAX(order_id), 0) AS last_order FROM order_areas WHERE unit_id = :unit_id;

-- order_last_of_device: one
-- The last number that named a device.
-- in: device_id i64
-- out: last_order i64
SELECT COALESCE(MAX(order_id), 0) AS last_order FROM order_devices WHERE device_id = :device_id;

-- order_media_of_row: many
-- What an order needs.
-- in: order_id i64
-- out: media hash
-- most: 4096
SELECT media FROM order_media_refs WHERE order_id = :order_id ORDER BY media;

-- order_media_kept: many
-- Media that orders need which are in force or ended a short while ago.
-- in: since_us usec
-- out: media hash
SELECT DISTINCT m.media FROM order_media_refs m JOIN orders o ON o.id = m.order_id
WHERE o.expires_us > :since_us AND (o.ended_at_us IS NULL OR o.ended_at_us > :since_us);

-- orders_forget: change
-- Programmes and settings whose time was over long ago; alarms, stops and places are kept.
-- in: before_us usec, most i64
DELETE FROM orders WHERE id IN (
    SELECT id FROM orders WHERE expires_us < :before_us AND kind IN (2, 3, 4, 8)
    ORDER BY expires_us LIMIT :most);
