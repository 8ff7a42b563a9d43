-- Statements that use every type, cardinality and form, for the tests of the store.

-- things_add: one
-- A new thing; its key comes back.
-- in: name str, size i64, note str?, picture bytes?, fine bool, seen_at_us usec
-- in: from_day day, to_day day?, hash hash, weight double?, rank i64?
-- out: id i64
INSERT INTO things (name, size, note, picture, fine, seen_at_us, from_day, to_day, hash, weight, rank)
VALUES (:name, :size, :note, :picture, :fine, :seen_at_us, :from_day, :to_day, :hash, :weight, :rank)
RETURNING id;

-- things_by_id: one
-- Everything about one thing.
-- in: id i64
-- out: id i64, name str, size i64, note str?, picture bytes?, fine bool, seen_at_us usec
-- out: from_day day, to_day day?, hash hash, weight double?, rank i64?
SELECT id, name, size, note, picture, fine, seen_at_us, from_day, to_day, hash, weight, rank
FROM things WHERE id = :id;

-- things_named: one
-- The key of a name.
-- in: name str
-- out: id i64
SELECT id FROM things WHERE name = :name;

-- things_fine: one
-- How many there are, and whether all are fine.
-- out: count i64, all_fine bool
SELECT count(*) AS count, NOT EXISTS (SELECT 1 FROM things WHERE NOT fine) AS all_fine FROM things;

-- things_resize: change
-- A new size for all things from a size on.
-- in: least i64, size i64
UPDATE things SET size = :size WHERE size >= :least;

-- parts_add: change
-- A part of a thing; in one go for many.
-- in: thing_id i64, name str
-- batch
INSERT INTO parts (thing_id, name) VALUES (:thing_id, :name);

-- parts_of: many
-- The parts of a thing by name.
-- in: thing_id i64
-- out: name str
-- most: 20
SELECT name FROM parts WHERE thing_id = :thing_id ORDER BY name;

-- numbers_add: change
-- A number, once; adding it again changes nothing.
-- in: number i64, text str
-- batch
INSERT INTO numbers (number, text) VALUES (:number, 'n' || :text) ON CONFLICT (number) DO NOTHING;

-- numbers_all: many
-- Every number in order.
-- out: number i64
-- most: 1000000
SELECT number FROM numbers ORDER BY number;

-- numbers_insist: change
-- A number that must be new.
-- in: number i64, text str
INSERT INTO numbers (number, text) VALUES (:number, :text);

-- numbers_count: one
-- How many, and their sum.
-- out: count i64, total i64
SELECT count(*) AS count, CAST(coalesce(sum(number), 0) AS BIGINT) AS total FROM numbers;

-- counters_start: change
-- A counter at nothing, if it is not there.
-- in: name str
INSERT INTO counters (name, value) VALUES (:name, 0) ON CONFLICT (name) DO NOTHING;

-- counters_get: one
-- What a counter says.
-- in: name str
-- out: value i64
SELECT value FROM counters WHERE name = :name;

-- counters_set: change
-- A new value.
-- in: name str, value i64
UPDATE counters SET value = :value WHERE name = :name;

-- sleep_long: one
-- A statement that takes much longer than any deadline of a test.
-- out: count i64
-- only: sqlite
WITH RECURSIVE far (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM far WHERE n < 1000000000)
SELECT count(*) AS count FROM far;

-- sleep_long: one
-- A statement that takes much longer than any deadline of a test.
-- out: count i64
-- only: postgresql
SELECT count(*) AS count FROM (SELECT pg_sleep(600)) AS far;

-- plays_add: change
-- What a device played.
-- in: device_id i64, item_id i64, at_us usec, state i64, gain i64
-- batch
INSERT INTO plays (device_id, item_id, at_us, state, gain)
VALUES (:device_id, :item_id, :at_us, :state, :gain);

-- plays_count: one
-- How many were kept.
-- out: count i64
SELECT count(*) AS count FROM plays;

-- peer_settings: text
-- A plain loop on SQLite is given the same durability.
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL

-- peer_begin: text
-- A thousand rows of the plain loop.
BEGIN IMMEDIATE

-- peer_commit: text
-- And their end.
COMMIT

-- peer_insert: text
-- A row of the plain loop, with its two indexes.
INSERT INTO plays_peer (device_id, item_id, at_us, state, gain) VALUES (?1, ?2, ?3, ?4, ?5)
