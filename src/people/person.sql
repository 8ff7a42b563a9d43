-- person_by_id: one
-- Somebody who may sign in.
-- in: id i64
-- out: name str, unit_id i64, language str, email str?, phone str?
SELECT name, unit_id, language, email, phone FROM accounts
WHERE id = :id AND disabled_at_us IS NULL;

-- people_granted: many
-- Everybody who holds a role today, a row for each, in the order of names.
-- in: today day
-- out: id i64, name str, unit_id i64, language str, email str?, phone str?, role str, grant_unit_id i64
SELECT a.id, a.name, a.unit_id, a.language, a.email, a.phone, g.role,
    g.unit_id AS grant_unit_id
FROM accounts a JOIN role_grants g ON g.account_id = a.id
WHERE a.disabled_at_us IS NULL AND g.from_day <= :today AND g.to_day > :today
ORDER BY a.sort_key, a.id, g.id;
