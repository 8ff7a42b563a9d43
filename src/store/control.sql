-- Transaction control, the settings of a connection and the table of applied migrations: what the
-- store says for itself. Rooms have their own files.

-- control_begin_write: text
-- Opens the transaction of the group of write jobs; on PostgreSQL of one job. SERIALIZABLE there,
-- because jobs read and then write and are written as if alone, which on SQLite they are.
-- only: sqlite
BEGIN IMMEDIATE

-- control_begin_write: text
-- Opens the transaction of a write job.
-- only: postgresql
BEGIN ISOLATION LEVEL SERIALIZABLE

-- control_begin_read: text
-- Opens a consistent snapshot for a read job.
-- only: sqlite
BEGIN

-- control_begin_read: text
-- Opens a consistent snapshot for a read job.
-- only: postgresql
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- control_begin_migration: text
-- Opens the transaction of one migration.
-- only: sqlite
BEGIN IMMEDIATE

-- control_begin_migration: text
-- Opens the transaction of one migration.
-- only: postgresql
BEGIN

-- control_commit: text
-- Makes it durable.
COMMIT

-- control_rollback: text
-- Forgets it.
ROLLBACK

-- control_savepoint: text
-- Marks where one job of a group begins; they nest by name.
SAVEPOINT job

-- control_release: text
-- The job is kept.
RELEASE SAVEPOINT job

-- control_back: text
-- The job alone is undone; the mark stays and is released afterwards.
ROLLBACK TO SAVEPOINT job

-- control_new_database: text
-- What can only be chosen while the file is empty. 8 KiB pages halve the depth of the large tables.
-- only: sqlite
PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;

-- control_new_database: text
-- Nothing to choose.
-- only: postgresql
SELECT 1

-- control_connection: text
-- Every connection. synchronous FULL: a commit is acknowledged when it is on the disk.
-- only: sqlite
PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;

-- control_connection: text
-- Every connection: times in UTC, no endless wait for a lock or for a client that has died.
-- only: postgresql
SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '60s'; SET standard_conforming_strings = on;
SET client_min_messages = 'warning'; SET client_connection_check_interval = '2s';

-- control_query_only: text
-- A connection for reading refuses to write.
-- only: sqlite
PRAGMA query_only = ON;

-- control_query_only: text
-- A connection for reading refuses to write.
-- only: postgresql
SET default_transaction_read_only = on

-- control_lock: text
-- Two servers that start together migrate one after the other. The number is ours: "loa" in hex.
-- only: sqlite
SELECT 1

-- control_lock: text
-- Two servers that start together migrate one after the other. The number is ours: "loa" in hex.
-- only: postgresql
SELECT pg_advisory_lock(7106401)

-- control_unlock: text
-- The other may go on.
-- only: sqlite
SELECT 1

-- control_unlock: text
-- The other may go on.
-- only: postgresql
SELECT pg_advisory_unlock(7106401)

-- control_migrations_table: text
-- The record of what has been applied.
-- only: sqlite
CREATE TABLE IF NOT EXISTS schema_migrations (
    room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL,
    applied_at_us INTEGER NOT NULL, PRIMARY KEY (room, number)
) STRICT, WITHOUT ROWID

-- control_migrations_table: text
-- The record of what has been applied.
-- only: postgresql
CREATE TABLE IF NOT EXISTS schema_migrations (
    room TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, hash BYTEA NOT NULL,
    applied_at_us BIGINT NOT NULL, PRIMARY KEY (room, number)
)

-- control_listen: text
-- Hears what other servers announce.
-- only: sqlite
SELECT 1

-- control_listen: text
-- Hears what other servers announce.
-- only: postgresql
LISTEN loa

-- schema_migrations_all: many
-- Every migration that has been applied, of every room.
-- out: room str, number i64, name str, hash hash, applied_at_us usec
SELECT room, number, name, hash, applied_at_us FROM schema_migrations ORDER BY room, number;

-- schema_migrations_add: change
-- Records that a migration has been applied, in its own transaction.
-- in: room str, number i64, name str, hash hash, applied_at_us usec
INSERT INTO schema_migrations (room, number, name, hash, applied_at_us)
VALUES (:room, :number, :name, :hash, :applied_at_us);

-- store_notify: one
-- Tells the other servers at commit.
-- in: payload str
-- out: done bool
-- only: sqlite
SELECT :payload IS NOT NULL AS done;

-- store_notify: one
-- Tells the other servers at commit.
-- in: payload str
-- out: done bool
-- only: postgresql
SELECT pg_notify('loa', :payload) IS NOT NULL AS done;

-- store_check_pages: many
-- Every page and index of the database; one row that says ok when all is well.
-- out: finding str
-- most: 100
-- only: sqlite
SELECT integrity_check AS finding FROM pragma_integrity_check(100);

-- store_check_pages: many
-- PostgreSQL checks pages by checksums of its own.
-- out: finding str
-- most: 100
-- only: postgresql
SELECT 'ok' AS finding;

-- store_check_references: many
-- Rows that refer to rows which are not there; none when all is well.
-- out: finding str?
-- most: 100
-- only: sqlite
SELECT "table" AS finding FROM pragma_foreign_key_check() LIMIT 100;

-- store_check_references: many
-- PostgreSQL enforces its references always; constraints that were never validated are findings.
-- out: finding str?
-- most: 100
-- only: postgresql
SELECT conname::text AS finding FROM pg_constraint WHERE contype = 'f' AND NOT convalidated LIMIT 100;

-- control_pages_most: text
-- The ceiling of the file, in pages; the number is put behind it.
-- only: sqlite
PRAGMA max_page_count =

-- control_pages_most: text
-- PostgreSQL leaves that to its file system.
-- only: postgresql
SELECT 1

-- store_snapshot: one
-- A name under which pg_dump sees exactly what this transaction sees.
-- out: name str
-- only: sqlite
SELECT '' AS name;

-- store_snapshot: one
-- A name under which pg_dump sees exactly what this transaction sees.
-- out: name str
-- only: postgresql
SELECT pg_export_snapshot() AS name;

-- store_tables: one
-- How many tables there are: none in an empty place.
-- out: count i64
-- only: sqlite
SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table';

-- store_tables: one
-- How many tables there are: none in an empty place.
-- out: count i64
-- only: postgresql
SELECT count(*) AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');
