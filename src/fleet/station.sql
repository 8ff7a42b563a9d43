-- station_add: one
-- A new station; its number.
-- in: unit_id i64, name str, sort_key bytes, search_key str, stage str, stage_day day, note str, now_us usec
-- out: id i64
INSERT INTO stations (unit_id, name, sort_key, search_key, stage, stage_day, note, created_at_us)
VALUES (:unit_id, :name, :sort_key, :search_key, :stage, :stage_day, :note, :now_us)
RETURNING id;

-- station_by_id: one
-- A station.
-- in: id i64
-- out: id i64, unit_id i64, name str, stage str, stage_day day, note str, created_at_us usec, clusters i64, devices i64
SELECT s.id, s.unit_id, s.name, s.stage, s.stage_day, s.note, s.created_at_us,
    (SELECT COUNT(*) FROM clusters c WHERE c.station_id = s.id AND c.retired_at_us IS NULL)
        AS clusters,
    (SELECT COUNT(*) FROM devices d JOIN clusters c ON c.id = d.cluster_id
        WHERE c.station_id = s.id AND d.state = 'accepted') AS devices
FROM stations s WHERE s.id = :id;

-- stations_page: many
-- Stations behind one of them in the order of names.
-- in: after_id i64, stage str?
-- out: id i64, unit_id i64, name str, search_key str, stage str, stage_day day, note str, created_at_us usec, clusters i64, devices i64
-- most: 100000
SELECT s.id, s.unit_id, s.name, s.search_key, s.stage, s.stage_day, s.note, s.created_at_us,
    (SELECT COUNT(*) FROM clusters c WHERE c.station_id = s.id AND c.retired_at_us IS NULL)
        AS clusters,
    (SELECT COUNT(*) FROM devices d JOIN clusters c ON c.id = d.cluster_id
        WHERE c.station_id = s.id AND d.state = 'accepted') AS devices
FROM stations s
WHERE (:after_id = 0
        OR (s.sort_key, s.id) > (SELECT a.sort_key, a.id FROM stations a WHERE a.id = :after_id))
    AND (:stage IS NULL OR s.stage = :stage)
ORDER BY s.sort_key, s.id;

-- station_set: change
-- What is said of a station.
-- in: id i64, unit_id i64, name str, sort_key bytes, search_key str, note str
UPDATE stations SET unit_id = :unit_id, name = :name, sort_key = :sort_key,
    search_key = :search_key, note = :note
WHERE id = :id;

-- station_set_stage: change
-- Its life goes on.
-- in: id i64, stage str, stage_day day
UPDATE stations SET stage = :stage, stage_day = :stage_day WHERE id = :id;

-- station_stage_add: change
-- A stage of its life, as it was written down.
-- in: station_id i64, stage str, on_day day, note str, account_id i64?, account_name str, now_us usec
INSERT INTO station_stages (station_id, stage, on_day, note, account_id, account_name, at_us)
VALUES (:station_id, :stage, :on_day, :note, :account_id, :account_name, :now_us);

-- station_stages_of: many
-- The life of a station, the oldest stage first.
-- in: station_id i64
-- out: stage str, on_day day, note str, account_name str, at_us usec
-- most: 1000
SELECT stage, on_day, note, account_name, at_us FROM station_stages
WHERE station_id = :station_id ORDER BY on_day, id;

-- station_touch_devices: change
-- Devices of a station whose name or unit changed.
-- in: id i64, version i64
UPDATE devices SET version = :version
WHERE cluster_id IN (SELECT c.id FROM clusters c WHERE c.station_id = :id);
