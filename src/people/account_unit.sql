-- account_unit_used: one
-- Whether an account belongs to the unit, or a role that is not over was granted over it.
-- in: unit_id i64, today day
-- out: uses i64
SELECT (SELECT COUNT(*) FROM accounts WHERE unit_id = :unit_id)
    + (SELECT COUNT(*) FROM role_grants WHERE unit_id = :unit_id AND to_day > :today) AS uses;
