-- cluster_add: one
-- A new cluster; its number.
-- in: station_id i64, unit_id i64, name str, sort_key bytes, search_key str, technology str, latitude double?, longitude double?, languages str, power str, amplifier_w i64?, horns i64?, standby_h i64?, quiet_zone bool, volume_cap i64?, nearby str, note str, now_us usec
-- out: id i64
INSERT INTO clusters (station_id, unit_id, name, sort_key, search_key, technology, latitude,
    longitude, languages, power, amplifier_w, horns, standby_h, quiet_zone, volume_cap, nearby,
    note, created_at_us)
VALUES (:station_id, :unit_id, :name, :sort_key, :search_key, :technology, :latitude, :longitude,
    :languages, :power, :amplifier_w, :horns, :standby_h, :quiet_zone, :volume_cap, :nearby, :note,
    :now_us)
RETURNING id;

-- cluster_set: change
-- Everything that is said of a cluster.
-- in: id i64, station_id i64, unit_id i64, name str, sort_key bytes, search_key str, technology str, latitude double?, longitude double?, languages str, power str, amplifier_w i64?, horns i64?, standby_h i64?, quiet_zone bool, volume_cap i64?, nearby str, note str, retired_at_us usec?
UPDATE clusters SET station_id = :station_id, unit_id = :unit_id, name = :name,
    sort_key = :sort_key, search_key = :search_key, technology = :technology,
    latitude = :latitude, longitude = :longitude, languages = :languages, power = :power,
    amplifier_w = :amplifier_w, horns = :horns, standby_h = :standby_h, quiet_zone = :quiet_zone,
    volume_cap = :volume_cap, nearby = :nearby, note = :note, retired_at_us = :retired_at_us
WHERE id = :id;

-- cluster_by_id: one
-- A cluster with its station.
-- in: id i64
-- out: id i64, station_id i64, station_name str, station_unit_id i64, unit_id i64, name str, technology str, latitude double?, longitude double?, languages str, power str, amplifier_w i64?, horns i64?, standby_h i64?, quiet_zone bool, volume_cap i64?, nearby str, note str, retired_at_us usec?, created_at_us usec, devices i64
SELECT c.id, c.station_id, s.name AS station_name, s.unit_id AS station_unit_id, c.unit_id, c.name,
    c.technology, c.latitude, c.longitude, c.languages, c.power, c.amplifier_w, c.horns,
    c.standby_h, c.quiet_zone, c.volume_cap, c.nearby, c.note, c.retired_at_us, c.created_at_us,
    (SELECT COUNT(*) FROM devices d WHERE d.cluster_id = c.id AND d.state = 'accepted') AS devices
FROM clusters c JOIN stations s ON s.id = c.station_id
WHERE c.id = :id;

-- clusters_page: many
-- Clusters behind one of them in the order of names, those that went included only when asked.
-- in: after_id i64, station_id i64, technology str?
-- out: id i64, station_id i64, station_name str, station_unit_id i64, unit_id i64, name str, search_key str, technology str, latitude double?, longitude double?, languages str, power str, amplifier_w i64?, horns i64?, standby_h i64?, quiet_zone bool, volume_cap i64?, nearby str, note str, created_at_us usec, devices i64
-- most: 100000
SELECT c.id, c.station_id, s.name AS station_name, s.unit_id AS station_unit_id, c.unit_id, c.name,
    c.search_key, c.technology, c.latitude, c.longitude, c.languages, c.power, c.amplifier_w,
    c.horns, c.standby_h, c.quiet_zone, c.volume_cap, c.nearby, c.note, c.created_at_us,
    (SELECT COUNT(*) FROM devices d WHERE d.cluster_id = c.id AND d.state = 'accepted') AS devices
FROM clusters c JOIN stations s ON s.id = c.station_id
WHERE c.retired_at_us IS NULL
    AND (:after_id = 0
        OR (c.sort_key, c.id) > (SELECT a.sort_key, a.id FROM clusters a WHERE a.id = :after_id))
    AND (:station_id = 0 OR c.station_id = :station_id)
    AND (:technology IS NULL OR c.technology = :technology)
ORDER BY c.sort_key, c.id;

-- clusters_named: many
-- Clusters of one name, for lists that people type.
-- in: sort_key bytes
-- out: id i64, unit_id i64
-- most: 100
SELECT id, unit_id FROM clusters WHERE sort_key = :sort_key AND retired_at_us IS NULL ORDER BY id;

-- cluster_villages_of: many
-- Villages that hear it.
-- in: cluster_id i64
-- out: unit_id i64
-- most: 64
SELECT unit_id FROM cluster_villages WHERE cluster_id = :cluster_id ORDER BY unit_id;

-- cluster_village_add: change
-- One village more.
-- in: cluster_id i64, unit_id i64
INSERT INTO cluster_villages (cluster_id, unit_id) VALUES (:cluster_id, :unit_id);

-- cluster_villages_drop: change
-- All of them, before they are written anew.
-- in: cluster_id i64
DELETE FROM cluster_villages WHERE cluster_id = :cluster_id;

-- cluster_photos_of: many
-- Pictures, in the order that people gave them.
-- in: cluster_id i64
-- out: media hash
-- most: 64
SELECT media FROM cluster_photos WHERE cluster_id = :cluster_id ORDER BY place;

-- cluster_photo_add: change
-- One picture more.
-- in: cluster_id i64, place i64, media hash
INSERT INTO cluster_photos (cluster_id, place, media) VALUES (:cluster_id, :place, :media);

-- cluster_photos_drop: change
-- All of them, before they are written anew.
-- in: cluster_id i64
DELETE FROM cluster_photos WHERE cluster_id = :cluster_id;

-- cluster_touch_devices: change
-- Devices of a cluster that changed.
-- in: id i64, version i64
UPDATE devices SET version = :version WHERE cluster_id = :id;

-- cluster_devices: many
-- The accepted devices of a cluster.
-- in: id i64
-- out: id i64
-- most: 1000
SELECT id FROM devices WHERE cluster_id = :id AND state = 'accepted' ORDER BY id;

-- fleet_unit_used: one
-- Whether a station or a cluster refers to a unit.
-- in: unit_id i64
-- out: uses i64
SELECT (SELECT COUNT(*) FROM stations WHERE unit_id = :unit_id)
    + (SELECT COUNT(*) FROM clusters WHERE unit_id = :unit_id)
    + (SELECT COUNT(*) FROM cluster_villages WHERE unit_id = :unit_id)
    + (SELECT COUNT(*) FROM device_groups WHERE unit_id = :unit_id) AS uses;
