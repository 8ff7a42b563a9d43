-- device_key: one
-- Who holds a key.
-- in: public_key hash
-- out: id i64, state str, kind i64, serial str, model str, program str, abilities i64, claim_hash bytes?
SELECT id, state, kind, serial, model, program, abilities, claim_hash FROM devices
WHERE public_key = :public_key;

-- device_add: one
-- A stranger becomes known.
-- in: public_key hash, fingerprint str, kind i64, sort_key bytes, search_key str, serial str, model str, program str, abilities i64, address str, claim_hash bytes?, version i64, now_us usec
-- out: id i64
INSERT INTO devices (public_key, fingerprint, kind, state, name, sort_key, search_key, serial,
    model, program, abilities, address, sim_number, sim_operator, note, volume, gain_cap_mb,
    delay_us, relay_lead_ms, relay_hold_ms, fade_ms, beat_ms, fetch_from_min, fetch_to_min,
    month_budget_kb, self_test_min, drill_gain_mb, chunk_rate, settings_version, place_path,
    place_version, version, claim_hash, first_seen_at_us)
VALUES (:public_key, :fingerprint, :kind, 'pending', '', :sort_key, :search_key, :serial, :model,
    :program, :abilities, :address, '', '', '', 70, 0, 0, 500, 2000, 50, 0, 0, 300, 0, 0, 0, 0, 0,
    '', 0, :version, :claim_hash, :now_us)
RETURNING id;

-- device_say: change
-- What a device says of itself now.
-- in: id i64, kind i64, serial str, model str, program str, abilities i64, search_key str, claim_hash bytes?, version i64
UPDATE devices SET kind = :kind, serial = :serial, model = :model, program = :program,
    abilities = :abilities, search_key = :search_key, claim_hash = :claim_hash,
    version = :version
WHERE id = :id;

-- devices_pending_count: one
-- How many strangers wait.
-- out: waiting i64
SELECT COUNT(*) AS waiting FROM devices WHERE state = 'pending';

-- devices_waiting: many
-- Strangers that wait, the newest first.
-- out: id i64, fingerprint str, kind i64, serial str, model str, program str, address str, first_seen_at_us usec
-- most: 1000
SELECT id, fingerprint, kind, serial, model, program, address, first_seen_at_us FROM devices
WHERE state = 'pending' ORDER BY first_seen_at_us DESC, id DESC;

-- devices_claims: many
-- The codes of strangers that wait.
-- out: id i64, claim_hash bytes?
-- most: 1000
SELECT id, claim_hash FROM devices WHERE state = 'pending' ORDER BY first_seen_at_us, id;

-- device_pending_oldest: one
-- The stranger that has waited longest.
-- out: id i64
SELECT id FROM devices WHERE state = 'pending' ORDER BY first_seen_at_us, id LIMIT 1;

-- device_drop_faults: change
-- Of a stranger that is forgotten.
-- in: id i64
DELETE FROM device_faults WHERE device_id = :id;

-- device_drop_link: change
-- Of a stranger that is forgotten.
-- in: id i64
DELETE FROM device_links WHERE device_id = :id;

-- device_drop_traffic: change
-- Of a stranger that is forgotten.
-- in: id i64
DELETE FROM device_traffic WHERE device_id = :id;

-- device_drop: change
-- Forgets a stranger.
-- in: id i64
DELETE FROM devices WHERE id = :id AND state = 'pending';

-- device_by_id: one
-- A device with where it stands.
-- in: id i64
-- out: id i64, public_key hash, fingerprint str, kind i64, state str, cluster_id i64?, cluster_name str?, volume_cap i64?, station_id i64?, station_name str?, unit_id i64?, name str, serial str, model str, program str, abilities i64, address str, sim_number str, sim_operator str, note str, volume i64, gain_cap_mb i64, delay_us i64, relay_lead_ms i64, relay_hold_ms i64, fade_ms i64, beat_ms i64, fetch_from_min i64, fetch_to_min i64, month_budget_kb i64, self_test_min i64, drill_gain_mb i64, chunk_rate i64, settings_version i64, place_path str, place_version i64, replaced_by i64?, first_seen_at_us usec, accepted_at_us usec?, ended_at_us usec?
SELECT d.id, d.public_key, d.fingerprint, d.kind, d.state, d.cluster_id, c.name AS cluster_name,
    c.volume_cap, c.station_id, s.name AS station_name, c.unit_id, d.name, d.serial, d.model,
    d.program, d.abilities, d.address, d.sim_number, d.sim_operator, d.note, d.volume,
    d.gain_cap_mb, d.delay_us, d.relay_lead_ms, d.relay_hold_ms, d.fade_ms, d.beat_ms,
    d.fetch_from_min, d.fetch_to_min, d.month_budget_kb, d.self_test_min, d.drill_gain_mb,
    d.chunk_rate, d.settings_version, d.place_path, d.place_version, d.replaced_by,
    d.first_seen_at_us, d.accepted_at_us, d.ended_at_us
FROM devices d
LEFT JOIN clusters c ON c.id = d.cluster_id
LEFT JOIN stations s ON s.id = c.station_id
WHERE d.id = :id;

-- device_set_accepted: change
-- A person or a list has accepted it.
-- in: id i64, cluster_id i64, name str, sort_key bytes, search_key str, version i64, accepted_by i64?, now_us usec
UPDATE devices SET state = 'accepted', cluster_id = :cluster_id, name = :name,
    sort_key = :sort_key, search_key = :search_key, version = :version,
    accepted_at_us = :now_us, accepted_by = :accepted_by
WHERE id = :id AND state = 'pending';

-- device_set_ended: change
-- It is no device of ours any more.
-- in: id i64, state str, replaced_by i64?, version i64, now_us usec
UPDATE devices SET state = :state, replaced_by = :replaced_by, version = :version,
    ended_at_us = :now_us
WHERE id = :id AND state IN ('pending', 'accepted');

-- device_set: change
-- What people say of a device, and what it shall do.
-- in: id i64, cluster_id i64?, name str, sort_key bytes, search_key str, sim_number str, sim_operator str, note str, volume i64, gain_cap_mb i64, delay_us i64, relay_lead_ms i64, relay_hold_ms i64, fade_ms i64, beat_ms i64, fetch_from_min i64, fetch_to_min i64, month_budget_kb i64, self_test_min i64, drill_gain_mb i64, chunk_rate i64, version i64
UPDATE devices SET cluster_id = :cluster_id, name = :name, sort_key = :sort_key,
    search_key = :search_key, sim_number = :sim_number, sim_operator = :sim_operator, note = :note,
    volume = :volume, gain_cap_mb = :gain_cap_mb, delay_us = :delay_us,
    relay_lead_ms = :relay_lead_ms, relay_hold_ms = :relay_hold_ms, fade_ms = :fade_ms,
    beat_ms = :beat_ms, fetch_from_min = :fetch_from_min, fetch_to_min = :fetch_to_min,
    month_budget_kb = :month_budget_kb, self_test_min = :self_test_min,
    drill_gain_mb = :drill_gain_mb, chunk_rate = :chunk_rate, version = :version
WHERE id = :id;

-- device_set_place: change
-- Where it was told that it stands.
-- in: id i64, place_path str, place_version i64, version i64
UPDATE devices SET place_path = :place_path, place_version = :place_version, version = :version
WHERE id = :id;

-- device_set_settings_version: change
-- Which settings it was told last.
-- in: id i64, settings_version i64
UPDATE devices SET settings_version = :settings_version WHERE id = :id;

-- devices_places: many
-- Where accepted devices were told that they stand, behind one of them.
-- in: after_id i64
-- out: id i64, unit_id i64, place_path str, cluster_id i64
-- most: 100000
SELECT d.id, c.unit_id, d.place_path, d.cluster_id
FROM devices d JOIN clusters c ON c.id = d.cluster_id
WHERE d.state = 'accepted' AND d.id > :after_id
ORDER BY d.id;

-- villages_all: many
-- Villages of all clusters.
-- out: cluster_id i64, unit_id i64
-- most: 1000000
SELECT cluster_id, unit_id FROM cluster_villages ORDER BY cluster_id, unit_id;

-- device_groups_take_over: change
-- The groups of a broken device, for the one in its place.
-- in: old_id i64, new_id i64
INSERT INTO device_group_members (group_id, device_id)
SELECT group_id, :new_id FROM device_group_members WHERE device_id = :old_id;

-- device_leave_groups: change
-- It stands in no group any more.
-- in: id i64
DELETE FROM device_group_members WHERE device_id = :id;

-- device_traffic_of: many
-- Traffic by month, the newest first.
-- in: device_id i64
-- out: month i64, bytes_in i64, bytes_out i64
-- most: 120
SELECT month, bytes_in, bytes_out FROM device_traffic WHERE device_id = :device_id
ORDER BY month DESC;

-- device_targets: many
-- What programmes need to know of each accepted device.
-- out: id i64, unit_id i64, cluster_id i64, place_path str, volume i64, volume_cap i64?, quiet_zone bool, languages str, kind i64
-- most: 100000
SELECT d.id, c.unit_id, d.cluster_id, d.place_path, d.volume, c.volume_cap, c.quiet_zone,
    c.languages, d.kind
FROM devices d JOIN clusters c ON c.id = d.cluster_id
WHERE d.state = 'accepted'
ORDER BY d.id;

-- device_line_by_marks: many
-- Unused lines of preloaded lists that one of these marks names.
-- in: serial str?, claim_hash bytes?, fingerprint str
-- out: id i64, serial str?, claim_hash bytes?, fingerprint str?, cluster_id i64, name str
-- most: 10
SELECT id, serial, claim_hash, fingerprint, cluster_id, name FROM device_list_lines
WHERE used_by IS NULL
    AND (serial = :serial OR claim_hash = :claim_hash OR fingerprint = :fingerprint)
ORDER BY id LIMIT 10;

-- device_line_use: change
-- A line has accepted its device, once.
-- in: id i64, device_id i64, now_us usec
UPDATE device_list_lines SET used_by = :device_id, used_at_us = :now_us
WHERE id = :id AND used_by IS NULL;
