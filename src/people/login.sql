-- login_throttle_get: one
-- The count of wrong sign-ins of a name or an address.
-- in: throttle_key hash
-- out: failures i64, locks i64, failed_at_us usec, locked_until_us usec
SELECT failures, locks, failed_at_us, locked_until_us FROM login_throttles
WHERE throttle_key = :throttle_key;

-- login_throttle_put: change
-- Keeps the count.
-- in: throttle_key hash, failures i64, locks i64, failed_at_us usec, locked_until_us usec
INSERT INTO login_throttles (throttle_key, failures, locks, failed_at_us, locked_until_us)
VALUES (:throttle_key, :failures, :locks, :failed_at_us, :locked_until_us)
ON CONFLICT (throttle_key) DO UPDATE SET failures = excluded.failures, locks = excluded.locks,
    failed_at_us = excluded.failed_at_us, locked_until_us = excluded.locked_until_us;

-- login_throttle_remove: change
-- A right sign-in, or an administrator, forgives.
-- in: throttle_key hash
DELETE FROM login_throttles WHERE throttle_key = :throttle_key;

-- login_throttles_remove_old: change
-- Counts that no longer count.
-- in: failed_before_us usec, now_us usec
DELETE FROM login_throttles WHERE failed_at_us < :failed_before_us AND locked_until_us < :now_us;

-- login_throttles_remove_surplus: change
-- The oldest counts go when a stranger has filled the table with names.
-- in: keep i64
DELETE FROM login_throttles WHERE failed_at_us < (
    SELECT failed_at_us FROM login_throttles ORDER BY failed_at_us DESC LIMIT 1 OFFSET :keep);
