-- setting_values_all: many
-- Every value that the console laid over the file. At most one row per live key.
-- out: key str, value str
SELECT key, value FROM setting_values ORDER BY key;

-- setting_value_put: change
-- Lays a value over the file's, or replaces it.
-- in: key str, value str, changed_at usec, changed_by i64
INSERT INTO setting_values (key, value, changed_at_us, changed_by)
VALUES (:key, :value, :changed_at, :changed_by)
ON CONFLICT (key) DO UPDATE
SET value = excluded.value, changed_at_us = excluded.changed_at_us, changed_by = excluded.changed_by;

-- setting_value_drop: change
-- Takes the console's value away; the file's or the default holds again.
-- in: key str
DELETE FROM setting_values WHERE key = :key;
