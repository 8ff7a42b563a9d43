-- presence_devices: many
-- Devices that changed since a version, as presence knows them.
-- in: since i64
-- out: id i64, public_key hash, kind i64, state str, cluster_id i64?, cluster_name str?, latitude double?, longitude double?, unit_id i64?, station_id i64?, station_name str?, name str, serial str, model str, fingerprint str, sort_key bytes, search_key str, sim_number str, sim_operator str, volume i64, beat_ms i64, month_budget_kb i64, heard_at_us usec?, version i64
-- most: 1000000
SELECT d.id, d.public_key, d.kind, d.state, d.cluster_id, c.name AS cluster_name, c.latitude,
    c.longitude, c.unit_id, c.station_id, s.name AS station_name, d.name, d.serial, d.model,
    d.fingerprint, d.sort_key, d.search_key, d.sim_number, d.sim_operator, d.volume, d.beat_ms,
    d.month_budget_kb, l.heard_at_us, d.version
FROM devices d
LEFT JOIN clusters c ON c.id = d.cluster_id
LEFT JOIN stations s ON s.id = c.station_id
LEFT JOIN device_links l ON l.device_id = d.id
WHERE d.version > :since
ORDER BY d.id;

-- presence_ids: many
-- All devices there are: who is missing was forgotten.
-- out: id i64
-- most: 1000000
SELECT id FROM devices WHERE state = 'pending' ORDER BY id;

-- presence_faults: many
-- Faults that are open.
-- out: device_id i64, kind i64, detail str
-- most: 1000000
SELECT device_id, kind, detail FROM device_faults WHERE until_us IS NULL ORDER BY device_id, id;

-- presence_link_put: change
-- What was last heard of a device, unless another server has heard later.
-- in: device_id i64, server i64, attached_at_us usec, heard_at_us usec, lost_at_us usec?, saved_at_us usec, status bytes
INSERT INTO device_links (device_id, server, attached_at_us, heard_at_us, lost_at_us, saved_at_us,
    status)
VALUES (:device_id, :server, :attached_at_us, :heard_at_us, :lost_at_us, :saved_at_us, :status)
ON CONFLICT (device_id) DO UPDATE SET server = excluded.server,
    attached_at_us = excluded.attached_at_us, heard_at_us = excluded.heard_at_us,
    lost_at_us = excluded.lost_at_us, saved_at_us = excluded.saved_at_us, status = excluded.status
WHERE device_links.server = excluded.server OR device_links.heard_at_us <= excluded.heard_at_us;

-- presence_traffic_put: change
-- The month's traffic as a device counts it; a count that runs back is none.
-- in: device_id i64, month i64, bytes_in i64, bytes_out i64
INSERT INTO device_traffic (device_id, month, bytes_in, bytes_out)
VALUES (:device_id, :month, :bytes_in, :bytes_out)
ON CONFLICT (device_id, month) DO UPDATE SET
    bytes_in = CASE WHEN excluded.bytes_in > device_traffic.bytes_in
        THEN excluded.bytes_in ELSE device_traffic.bytes_in END,
    bytes_out = CASE WHEN excluded.bytes_out > device_traffic.bytes_out
        THEN excluded.bytes_out ELSE device_traffic.bytes_out END;

-- presence_server_put: change
-- A server is alive.
-- in: server i64, alive_at_us usec
INSERT INTO device_servers (server, alive_at_us) VALUES (:server, :alive_at_us)
ON CONFLICT (server) DO UPDATE SET alive_at_us = excluded.alive_at_us;

-- presence_links_of_others: many
-- What other servers have written since, and everything of those that are gone.
-- in: server i64, since_us usec, dead_before_us usec
-- out: device_id i64, heard_at_us usec, lost_at_us usec?, status bytes, alive_at_us usec?
-- most: 1000000
SELECT l.device_id, l.heard_at_us, l.lost_at_us, l.status, s.alive_at_us
FROM device_links l LEFT JOIN device_servers s ON s.server = l.server
WHERE l.server <> :server
    AND (l.saved_at_us > :since_us OR s.alive_at_us IS NULL OR s.alive_at_us < :dead_before_us)
ORDER BY l.device_id;
