-- shifts_of_unit: many
-- Shifts that touch a time, by their beginning.
-- in: unit_id i64, from_us usec, to_us usec
-- out: id i64, account_id i64, name str, phone str?, email str?, rank i64, from_us usec, to_us usec, note str, subscriptions i64
-- most: 1000
SELECT s.id, s.account_id, a.name, a.phone, a.email, s.rank, s.from_us, s.to_us, s.note,
    (SELECT COUNT(*) FROM push_subscriptions p WHERE p.account_id = s.account_id) AS subscriptions
FROM duty_shifts s JOIN accounts a ON a.id = s.account_id
WHERE s.unit_id = :unit_id AND s.from_us < :to_us AND s.to_us > :from_us
ORDER BY s.from_us, s.rank, s.id LIMIT 1000;

-- shifts_now: many
-- Who is on duty at a unit at a moment; accounts that are disabled are not.
-- in: unit_id i64, at_us usec
-- out: account_id i64, name str, language str, email str?, rank i64, subscriptions i64
-- most: 200
SELECT s.account_id, a.name, a.language, a.email, s.rank,
    (SELECT COUNT(*) FROM push_subscriptions p WHERE p.account_id = s.account_id) AS subscriptions
FROM duty_shifts s JOIN accounts a ON a.id = s.account_id
WHERE s.unit_id = :unit_id AND s.from_us <= :at_us AND s.to_us > :at_us
    AND a.disabled_at_us IS NULL
ORDER BY s.rank, s.id LIMIT 200;

-- shifts_clear: change
-- Shifts that begin within a time go.
-- in: unit_id i64, from_us usec, to_us usec
DELETE FROM duty_shifts
WHERE unit_id = :unit_id AND from_us >= :from_us AND from_us < :to_us;

-- shift_add: change
-- Somebody is on duty.
-- in: unit_id i64, account_id i64, rank i64, from_us usec, to_us usec, note str, added_by i64?, now_us usec
-- batch
INSERT INTO duty_shifts (unit_id, account_id, rank, from_us, to_us, note, added_by, added_at_us)
VALUES (:unit_id, :account_id, :rank, :from_us, :to_us, :note, :added_by, :now_us);

-- push_count_of: one
-- How many browsers of somebody are told.
-- in: account_id i64
-- out: subscriptions i64
SELECT COUNT(*) AS subscriptions FROM push_subscriptions WHERE account_id = :account_id;

-- shifts_tidy: change
-- Shifts of long ago go.
-- in: before_us usec, most i64
DELETE FROM duty_shifts WHERE id IN (
    SELECT id FROM duty_shifts WHERE to_us < :before_us ORDER BY to_us, id LIMIT :most);
