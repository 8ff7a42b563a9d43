-- groups_all: many
-- Groups and zones, in the order of names.
-- out: id i64, unit_id i64, kind str, name str, devices i64
-- most: 100000
SELECT g.id, g.unit_id, g.kind, g.name,
    (SELECT COUNT(*) FROM device_group_members m WHERE m.group_id = g.id) AS devices
FROM device_groups g ORDER BY g.sort_key, g.id;

-- group_by_id: one
-- A group.
-- in: id i64
-- out: id i64, unit_id i64, kind str, name str
SELECT id, unit_id, kind, name FROM device_groups WHERE id = :id;

-- group_add: one
-- A new group.
-- in: unit_id i64, kind str, name str, sort_key bytes, now_us usec
-- out: id i64
INSERT INTO device_groups (unit_id, kind, name, sort_key, created_at_us)
VALUES (:unit_id, :kind, :name, :sort_key, :now_us)
RETURNING id;

-- group_set: change
-- What a group is called.
-- in: id i64, unit_id i64, kind str, name str, sort_key bytes
UPDATE device_groups SET unit_id = :unit_id, kind = :kind, name = :name, sort_key = :sort_key
WHERE id = :id;

-- group_touch_members: change
-- Devices whose groups change.
-- in: id i64, version i64
UPDATE devices SET version = :version
WHERE id IN (SELECT m.device_id FROM device_group_members m WHERE m.group_id = :id);

-- group_members_drop: change
-- All of them, before they are written anew.
-- in: id i64
DELETE FROM device_group_members WHERE group_id = :id;

-- group_member_add: change
-- One device more; being in it already is no error.
-- in: group_id i64, device_id i64
INSERT INTO device_group_members (group_id, device_id) VALUES (:group_id, :device_id)
ON CONFLICT (group_id, device_id) DO NOTHING;

-- group_member_drop: change
-- One device less.
-- in: group_id i64, device_id i64
DELETE FROM device_group_members WHERE group_id = :group_id AND device_id = :device_id;

-- group_member_touch: change
-- A device whose groups change.
-- in: id i64, version i64
UPDATE devices SET version = :version WHERE id = :id;

-- group_members: many
-- Which devices stand in which groups.
-- out: group_id i64, device_id i64
-- most: 1000000
SELECT group_id, device_id FROM device_group_members ORDER BY device_id, group_id;

-- group_names_of: many
-- The groups of one device.
-- in: device_id i64
-- out: id i64, name str
-- most: 100
SELECT g.id, g.name FROM device_group_members m JOIN device_groups g ON g.id = m.group_id
WHERE m.device_id = :device_id ORDER BY g.sort_key, g.id;
