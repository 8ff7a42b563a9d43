-- Units in the store: everything is read into a ledger and written as the edits of a patch.

-- unit_state_get: one
-- Version and counters.
-- out: version i64, next_unit i64, next_batch i64
SELECT version, next_unit, next_batch FROM unit_state WHERE id = 1;

-- unit_state_take: change
-- A batch takes its number and those of its new units; the version moves on.
-- in: units i64
UPDATE unit_state SET version = version + 1, next_unit = next_unit + :units, next_batch = next_batch + 1
WHERE id = 1;

-- unit_state_touch: change
-- The units changed without a batch of their own (an undo).
UPDATE unit_state SET version = version + 1 WHERE id = 1;

-- unit_tiers_all: many
-- The tiers, the top first.
-- out: name str, rank i64, from_day day, to_day day
-- most: 16
SELECT name, rank, from_day, to_day FROM tiers ORDER BY rank;

-- unit_kinds_all: many
-- The kinds in the order in which people list them.
-- out: name str, tier str, title str, from_day day, to_day day
-- most: 64
SELECT name, tier, title, from_day, to_day FROM kinds ORDER BY place;

-- unit_lives_all: many
-- Every unit that ever was.
-- out: id i64, tier str, from_day day, to_day day, begun_by i64, ended_by i64?
-- most: 1000000
SELECT id, tier, from_day, to_day, begun_by, ended_by FROM units ORDER BY id;

-- unit_names_rows: many
-- Every dated name.
-- out: unit_id i64, name str, from_day day, to_day day, begun_by i64, ended_by i64?
-- most: 1000000
SELECT unit_id, name, from_day, to_day, begun_by, ended_by FROM unit_names ORDER BY unit_id, from_day, id;

-- unit_codes_rows: many
-- Every dated code.
-- out: unit_id i64, code str, from_day day, to_day day, begun_by i64, ended_by i64?
-- most: 1000000
SELECT unit_id, code, from_day, to_day, begun_by, ended_by FROM unit_codes ORDER BY unit_id, from_day, id;

-- unit_kinds_rows: many
-- Every dated kind.
-- out: unit_id i64, kind str, from_day day, to_day day, begun_by i64, ended_by i64?
-- most: 1000000
SELECT unit_id, kind, from_day, to_day, begun_by, ended_by FROM unit_kinds ORDER BY unit_id, from_day, id;

-- unit_parents_rows: many
-- Every dated parent.
-- out: unit_id i64, parent_id i64, from_day day, to_day day, begun_by i64, ended_by i64?
-- most: 1000000
SELECT unit_id, parent_id, from_day, to_day, begun_by, ended_by FROM unit_parents ORDER BY unit_id, from_day, id;

-- unit_links_rows: many
-- Every link, those replaced as well.
-- out: from_id i64, to_id i64, on_day day, relation str, share_num i64?, share_den i64?, event i64, begun_by i64, ended_by i64?
-- most: 1000000
SELECT from_id, to_id, on_day, relation, share_num, share_den, event, begun_by, ended_by
FROM unit_links ORDER BY from_id, on_day, id;

-- unit_batches_rows: many
-- Every batch.
-- out: id i64, kind str, on_day day, title str
-- most: 1000000
SELECT id, kind, on_day, title FROM unit_batches ORDER BY id;

-- unit_batch_add: change
-- A new batch.
-- in: id i64, kind str, on_day day, title str, made_by i64?, made_at_us usec
INSERT INTO unit_batches (id, kind, on_day, title, made_by, made_at_us)
VALUES (:id, :kind, :on_day, :title, :made_by, :made_at_us);

-- unit_batch_drop: change
-- An undone batch goes when nothing refers to it any more.
-- in: id i64
DELETE FROM unit_batches WHERE id = :id;

-- unit_life_add: change
-- New units.
-- in: id i64, tier str, from_day day, to_day day, begun_by i64
-- batch
INSERT INTO units (id, tier, from_day, to_day, begun_by) VALUES (:id, :tier, :from_day, :to_day, :begun_by);

-- unit_name_add: change
-- Dated rows of new facts.
-- in: unit_id i64, name str, from_day day, to_day day, begun_by i64
-- batch
INSERT INTO unit_names (unit_id, name, from_day, to_day, begun_by)
VALUES (:unit_id, :name, :from_day, :to_day, :begun_by);

-- unit_code_add: change
-- Dated rows of new facts.
-- in: unit_id i64, code str, from_day day, to_day day, begun_by i64
-- batch
INSERT INTO unit_codes (unit_id, code, from_day, to_day, begun_by)
VALUES (:unit_id, :code, :from_day, :to_day, :begun_by);

-- unit_kind_add: change
-- Dated rows of new facts.
-- in: unit_id i64, kind str, from_day day, to_day day, begun_by i64
-- batch
INSERT INTO unit_kinds (unit_id, kind, from_day, to_day, begun_by)
VALUES (:unit_id, :kind, :from_day, :to_day, :begun_by);

-- unit_parent_add: change
-- Dated rows of new facts.
-- in: unit_id i64, parent_id i64, from_day day, to_day day, begun_by i64
-- batch
INSERT INTO unit_parents (unit_id, parent_id, from_day, to_day, begun_by)
VALUES (:unit_id, :parent_id, :from_day, :to_day, :begun_by);

-- unit_link_add: change
-- Links of lineage.
-- in: from_id i64, to_id i64, on_day day, relation str, share_num i64?, share_den i64?, event i64, begun_by i64
-- batch
INSERT INTO unit_links (from_id, to_id, on_day, relation, share_num, share_den, event, begun_by)
VALUES (:from_id, :to_id, :on_day, :relation, :share_num, :share_den, :event, :begun_by);

-- unit_life_end: change
-- A unit ends.
-- in: unit_id i64, on_day day, batch i64
UPDATE units SET to_day = :on_day, ended_by = :batch WHERE id = :unit_id AND to_day = 2147483647;

-- unit_name_close: change
-- The open row of a unit ends.
-- in: unit_id i64, on_day day, batch i64
UPDATE unit_names SET to_day = :on_day, ended_by = :batch WHERE unit_id = :unit_id AND to_day = 2147483647;

-- unit_code_close: change
-- The open row of a unit ends.
-- in: unit_id i64, on_day day, batch i64
UPDATE unit_codes SET to_day = :on_day, ended_by = :batch WHERE unit_id = :unit_id AND to_day = 2147483647;

-- unit_kind_close: change
-- The open row of a unit ends.
-- in: unit_id i64, on_day day, batch i64
UPDATE unit_kinds SET to_day = :on_day, ended_by = :batch WHERE unit_id = :unit_id AND to_day = 2147483647;

-- unit_parent_close: change
-- The open row of a unit ends.
-- in: unit_id i64, on_day day, batch i64
UPDATE unit_parents SET to_day = :on_day, ended_by = :batch WHERE unit_id = :unit_id AND to_day = 2147483647;

-- unit_link_replace: change
-- A link is replaced by one with a declared share.
-- in: from_id i64, to_id i64, on_day day, batch i64
UPDATE unit_links SET ended_by = :batch
WHERE from_id = :from_id AND to_id = :to_id AND on_day = :on_day AND ended_by IS NULL;

-- unit_undo_links: change
-- What the batch began goes.
-- in: batch i64
DELETE FROM unit_links WHERE begun_by = :batch;

-- unit_undo_parents: change
-- What the batch began goes.
-- in: batch i64
DELETE FROM unit_parents WHERE begun_by = :batch;

-- unit_undo_kinds: change
-- What the batch began goes.
-- in: batch i64
DELETE FROM unit_kinds WHERE begun_by = :batch;

-- unit_undo_codes: change
-- What the batch began goes.
-- in: batch i64
DELETE FROM unit_codes WHERE begun_by = :batch;

-- unit_undo_names: change
-- What the batch began goes.
-- in: batch i64
DELETE FROM unit_names WHERE begun_by = :batch;

-- unit_undo_units: change
-- The units that the batch began go, when their rows are gone.
-- in: batch i64
DELETE FROM units WHERE begun_by = :batch;

-- unit_reopen_parents: change
-- What the batch ended is open again.
-- in: batch i64
UPDATE unit_parents SET to_day = 2147483647, ended_by = NULL WHERE ended_by = :batch;

-- unit_reopen_kinds: change
-- What the batch ended is open again.
-- in: batch i64
UPDATE unit_kinds SET to_day = 2147483647, ended_by = NULL WHERE ended_by = :batch;

-- unit_reopen_codes: change
-- What the batch ended is open again.
-- in: batch i64
UPDATE unit_codes SET to_day = 2147483647, ended_by = NULL WHERE ended_by = :batch;

-- unit_reopen_names: change
-- What the batch ended is open again.
-- in: batch i64
UPDATE unit_names SET to_day = 2147483647, ended_by = NULL WHERE ended_by = :batch;

-- unit_reopen_links: change
-- What the batch replaced counts again.
-- in: batch i64
UPDATE unit_links SET ended_by = NULL WHERE ended_by = :batch;

-- unit_reopen_units: change
-- What the batch ended lives on.
-- in: batch i64
UPDATE units SET to_day = 2147483647, ended_by = NULL WHERE ended_by = :batch;
