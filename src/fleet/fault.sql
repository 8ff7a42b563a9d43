-- fault_open: change
-- A fault begins, unless it is open already.
-- in: device_id i64, kind i64, since_us usec, detail str
INSERT INTO device_faults (device_id, kind, since_us, detail, acknowledged_name)
SELECT d.id, :kind, :since_us, :detail, '' FROM devices d WHERE d.id = :device_id
ON CONFLICT (device_id, kind) WHERE until_us IS NULL DO NOTHING;

-- fault_close: change
-- A fault is over.
-- in: device_id i64, kind i64, until_us usec
UPDATE device_faults SET until_us = CASE WHEN since_us > :until_us THEN since_us ELSE :until_us END
WHERE device_id = :device_id AND kind = :kind AND until_us IS NULL;

-- faults_open: many
-- Faults that are open, the newest first; there are few of them among all that ever were.
-- in: before i64
-- out: id i64, device_id i64, device_name str, cluster_id i64?, cluster_name str?, unit_id i64?, kind i64, since_us usec, until_us usec?, detail str, acknowledged_at_us usec?, acknowledged_name str
-- most: 100000
SELECT f.id, f.device_id, d.name AS device_name, d.cluster_id, c.name AS cluster_name, c.unit_id,
    f.kind, f.since_us, f.until_us, f.detail, f.acknowledged_at_us, f.acknowledged_name
FROM device_faults f
JOIN devices d ON d.id = f.device_id
LEFT JOIN clusters c ON c.id = d.cluster_id
WHERE f.until_us IS NULL AND (:before = 0 OR f.id < :before)
ORDER BY f.id DESC;

-- faults_ever: many
-- Also those that are over, the newest first.
-- in: before i64
-- out: id i64, device_id i64, device_name str, cluster_id i64?, cluster_name str?, unit_id i64?, kind i64, since_us usec, until_us usec?, detail str, acknowledged_at_us usec?, acknowledged_name str
-- most: 100000
SELECT f.id, f.device_id, d.name AS device_name, d.cluster_id, c.name AS cluster_name, c.unit_id,
    f.kind, f.since_us, f.until_us, f.detail, f.acknowledged_at_us, f.acknowledged_name
FROM device_faults f
JOIN devices d ON d.id = f.device_id
LEFT JOIN clusters c ON c.id = d.cluster_id
WHERE f.id < :before
ORDER BY f.id DESC;

-- faults_of_device: many
-- Those of one device, the newest first.
-- in: device_id i64, before i64
-- out: id i64, device_id i64, device_name str, cluster_id i64?, cluster_name str?, unit_id i64?, kind i64, since_us usec, until_us usec?, detail str, acknowledged_at_us usec?, acknowledged_name str
-- most: 100000
SELECT f.id, f.device_id, d.name AS device_name, d.cluster_id, c.name AS cluster_name, c.unit_id,
    f.kind, f.since_us, f.until_us, f.detail, f.acknowledged_at_us, f.acknowledged_name
FROM device_faults f
JOIN devices d ON d.id = f.device_id
LEFT JOIN clusters c ON c.id = d.cluster_id
WHERE f.device_id = :device_id AND (:before = 0 OR f.id < :before)
ORDER BY f.since_us DESC, f.id DESC;

-- fault_by_id: one
-- A fault and its device.
-- in: id i64
-- out: id i64, device_id i64, device_name str, unit_id i64?, kind i64, until_us usec?, acknowledged_at_us usec?
SELECT f.id, f.device_id, d.name AS device_name, c.unit_id, f.kind, f.until_us,
    f.acknowledged_at_us
FROM device_faults f
JOIN devices d ON d.id = f.device_id
LEFT JOIN clusters c ON c.id = d.cluster_id
WHERE f.id = :id;

-- fault_acknowledge_one: change
-- Somebody has seen it.
-- in: id i64, account_id i64, account_name str, now_us usec
UPDATE device_faults SET acknowledged_at_us = :now_us, acknowledged_by = :account_id,
    acknowledged_name = :account_name
WHERE id = :id AND acknowledged_at_us IS NULL;

-- fault_touch_device: change
-- Its lie was looked at.
-- in: id i64, version i64
UPDATE devices SET version = :version WHERE id = :id;

-- faults_tidy: change
-- Faults that were over long ago go.
-- in: before_us usec, most i64
DELETE FROM device_faults WHERE id IN (
    SELECT id FROM device_faults WHERE until_us IS NOT NULL AND until_us < :before_us
    ORDER BY id LIMIT :most);
