-- delegations_all: many
-- All, the newest first.
-- out: id i64, unit_id i64, hazard str, account_id i64, account_name str, from_day day, to_day day, granted_by i64?, granted_name str, revoked_at_us usec?
-- most: 5000
SELECT id, unit_id, hazard, account_id, account_name, from_day, to_day, granted_by, granted_name,
    revoked_at_us
FROM alarm_delegations ORDER BY id DESC LIMIT 5000;

-- delegation_add: one
-- A hazard in the hands of one person.
-- in: unit_id i64, hazard str, account_id i64, account_name str, from_day day, to_day day, granted_by i64?, granted_name str, now_us usec
-- out: id i64
INSERT INTO alarm_delegations (
    unit_id, hazard, account_id, account_name, from_day, to_day, granted_by, granted_name,
    granted_at_us)
VALUES (
    :unit_id, :hazard, :account_id, :account_name, :from_day, :to_day, :granted_by, :granted_name,
    :now_us)
RETURNING id;

-- delegation_revoke: change
-- No longer; kept, because alarms refer to it.
-- in: id i64, revoked_by i64?, now_us usec
UPDATE alarm_delegations SET revoked_by = :revoked_by, revoked_at_us = :now_us
WHERE id = :id AND revoked_at_us IS NULL;
