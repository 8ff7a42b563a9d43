-- fleet_change: one
-- The number of the change that is being made.
-- out: version i64
UPDATE fleet_state SET version = version + 1 WHERE id = 1 RETURNING version;

-- fleet_version: one
-- The number of the last change.
-- out: version i64
SELECT version FROM fleet_state WHERE id = 1;
