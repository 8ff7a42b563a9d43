-- account_add: one
-- A new account; its number.
-- in: login str, throttle_key hash, name str, sort_key bytes, search_key str, unit_id i64, language str, email str?, phone str?, password_hash str, now_us usec
-- out: id i64
INSERT INTO accounts (
    login, throttle_key, name, sort_key, search_key, unit_id, language, email, phone, password_hash,
    password_changed_at_us, must_change_password, enabled_at_us, created_at_us)
VALUES (
    :login, :throttle_key, :name, :sort_key, :search_key, :unit_id, :language, :email, :phone,
    :password_hash, :now_us, TRUE, :now_us, :now_us)
ON CONFLICT (login) DO NOTHING
RETURNING id;

-- account_by_id: one
-- An account with what is asked about it most.
-- in: id i64
-- out: id i64, login str, throttle_key hash, name str, unit_id i64, language str, email str?, phone str?, password_hash str, password_changed_at_us usec, must_change_password bool, disabled_at_us usec?, disabled_by str?, enabled_at_us usec, created_at_us usec, signed_in_at_us usec?, locked_until_us usec?, seen_at_us usec?, has_factor bool
SELECT a.id, a.login, a.throttle_key, a.name, a.unit_id, a.language, a.email, a.phone,
    a.password_hash, a.password_changed_at_us, a.must_change_password, a.disabled_at_us,
    a.disabled_by, a.enabled_at_us, a.created_at_us, a.signed_in_at_us, t.locked_until_us,
    (SELECT MAX(s.seen_at_us) FROM sessions s WHERE s.account_id = a.id) AS seen_at_us,
    EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id AND f.confirmed) AS has_factor
FROM accounts a LEFT JOIN login_throttles t ON t.throttle_key = a.throttle_key
WHERE a.id = :id;

-- account_by_login: one
-- Who signs in with this name.
-- in: login str
-- out: id i64, password_hash str
SELECT id, password_hash FROM accounts WHERE login = :login;

-- accounts_page: many
-- Accounts behind a place in the order of names, a row for each of their roles that is not over.
-- in: after_key bytes, after_id i64, role str?, today day, now_us usec, state str?
-- out: id i64, login str, name str, sort_key bytes, search_key str, unit_id i64, language str, email str?, phone str?, must_change_password bool, disabled_by str?, created_at_us usec, signed_in_at_us usec?, locked_until_us usec?, seen_at_us usec?, has_factor bool, grant_id i64?, role str?, grant_unit_id i64?, from_day day?, to_day day?
SELECT a.id, a.login, a.name, a.sort_key, a.search_key, a.unit_id, a.language, a.email, a.phone,
    a.must_change_password, a.disabled_by, a.created_at_us, a.signed_in_at_us, t.locked_until_us,
    (SELECT MAX(s.seen_at_us) FROM sessions s WHERE s.account_id = a.id) AS seen_at_us,
    EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id AND f.confirmed) AS has_factor,
    g.id AS grant_id, g.role, g.unit_id AS grant_unit_id, g.from_day, g.to_day
FROM accounts a
LEFT JOIN login_throttles t ON t.throttle_key = a.throttle_key
LEFT JOIN role_grants g ON g.account_id = a.id AND g.to_day > :today AND g.to_day > g.from_day
WHERE (a.sort_key > :after_key OR (a.sort_key = :after_key AND a.id > :after_id))
    AND (:role IS NULL OR EXISTS (SELECT 1 FROM role_grants r WHERE r.account_id = a.id
        AND r.role = :role AND r.from_day <= :today AND r.to_day > :today))
    AND (:state IS NULL OR :state = CASE
        WHEN a.disabled_by = 'inactivity' THEN 'inactive'
        WHEN a.disabled_by IS NOT NULL THEN 'disabled'
        WHEN t.locked_until_us > :now_us THEN 'locked'
        ELSE 'active' END)
ORDER BY a.sort_key, a.id, g.from_day, g.id;

-- account_change_about: change
-- What an account says about its person, and where it belongs.
-- in: id i64, name str, sort_key bytes, search_key str, unit_id i64, language str, email str?, phone str?
UPDATE accounts SET name = :name, sort_key = :sort_key, search_key = :search_key,
    unit_id = :unit_id, language = :language, email = :email, phone = :phone
WHERE id = :id;

-- account_change_password: change
-- A new password.
-- in: id i64, password_hash str, must_change bool, now_us usec
UPDATE accounts SET password_hash = :password_hash, password_changed_at_us = :now_us,
    must_change_password = :must_change
WHERE id = :id;

-- account_change_hash: change
-- The same password, hashed as the policy wants it now.
-- in: id i64, password_hash str, old_hash str
UPDATE accounts SET password_hash = :password_hash
WHERE id = :id AND password_hash = :old_hash;

-- account_change_disabled: change
-- Nobody signs in with it any more.
-- in: id i64, disabled_by str, now_us usec
UPDATE accounts SET disabled_at_us = :now_us, disabled_by = :disabled_by
WHERE id = :id AND disabled_at_us IS NULL;

-- account_change_enabled: change
-- It may sign in again; inactivity counts from now.
-- in: id i64, now_us usec
UPDATE accounts SET disabled_at_us = NULL, disabled_by = NULL, enabled_at_us = :now_us
WHERE id = :id AND disabled_at_us IS NOT NULL;

-- account_change_signed_in: change
-- It signed in.
-- in: id i64, now_us usec
UPDATE accounts SET signed_in_at_us = :now_us WHERE id = :id;

-- accounts_inactive: many
-- Enabled accounts that nobody has signed in with since a time, nor been enabled since.
-- in: since_us usec, most i64
-- out: id i64
-- most: 10000
SELECT id FROM accounts
WHERE disabled_at_us IS NULL AND enabled_at_us < :since_us
    AND (signed_in_at_us IS NULL OR signed_in_at_us < :since_us)
ORDER BY id LIMIT :most;

-- role_grants_of: many
-- The roles of an account that are not over.
-- in: account_id i64, today day
-- out: id i64, role str, unit_id i64, from_day day, to_day day
-- most: 64
SELECT id, role, unit_id, from_day, to_day FROM role_grants
WHERE account_id = :account_id AND to_day > :today AND to_day > from_day
ORDER BY from_day, id;

-- role_grants_of_others: many
-- Who else holds a role today, in accounts that can sign in.
-- in: role str, account_id i64, grant_id i64, today day
-- out: id i64, unit_id i64, from_day day, to_day day
-- most: 10000
SELECT g.id, g.unit_id, g.from_day, g.to_day
FROM role_grants g JOIN accounts a ON a.id = g.account_id
WHERE g.role = :role AND g.from_day <= :today AND g.to_day > :today
    AND g.account_id <> :account_id AND g.id <> :grant_id AND a.disabled_at_us IS NULL
ORDER BY g.id;

-- role_grant_add: one
-- Gives a role.
-- in: account_id i64, role str, unit_id i64, from_day day, to_day day, granted_by i64?, now_us usec
-- out: id i64
INSERT INTO role_grants (account_id, role, unit_id, from_day, to_day, granted_by, granted_at_us)
VALUES (:account_id, :role, :unit_id, :from_day, :to_day, :granted_by, :now_us)
RETURNING id;

-- role_grant_end: change
-- Ends a role today, or before it began.
-- in: id i64, account_id i64, today day
UPDATE role_grants SET to_day = CASE WHEN from_day > :today THEN from_day ELSE :today END
WHERE id = :id AND account_id = :account_id AND to_day > :today;

-- factors_of: many
-- The second factors of an account.
-- in: account_id i64
-- out: id i64, kind str, name str, confirmed bool, secret bytes?, last_step i64, credential_id bytes?, public_key bytes?, algorithm i64?, sign_count i64, added_at_us usec, used_at_us usec?
-- most: 64
SELECT id, kind, name, confirmed, secret, last_step, credential_id, public_key, algorithm,
    sign_count, added_at_us, used_at_us
FROM factors WHERE account_id = :account_id ORDER BY id;

-- factor_add_totp: one
-- A secret that counts when its first code was right.
-- in: account_id i64, name str, secret bytes, now_us usec
-- out: id i64
INSERT INTO factors (account_id, kind, name, confirmed, secret, last_step, sign_count, added_at_us)
VALUES (:account_id, 'totp', :name, FALSE, :secret, -1, 0, :now_us)
RETURNING id;

-- factor_add_webauthn: one
-- A key; none when the same key is known already.
-- in: account_id i64, name str, credential_id bytes, public_key bytes, algorithm i64, sign_count i64, now_us usec
-- out: id i64
INSERT INTO factors (account_id, kind, name, confirmed, last_step, credential_id, public_key,
    algorithm, sign_count, added_at_us)
VALUES (:account_id, 'webauthn', :name, TRUE, -1, :credential_id, :public_key, :algorithm,
    :sign_count, :now_us)
ON CONFLICT (credential_id) DO NOTHING
RETURNING id;

-- factor_confirm: change
-- The first code was right.
-- in: id i64, account_id i64, last_step i64
UPDATE factors SET confirmed = TRUE, last_step = :last_step
WHERE id = :id AND account_id = :account_id AND NOT confirmed;

-- factor_used: change
-- It was used; what it counts moves on.
-- in: id i64, last_step i64, sign_count i64, now_us usec
UPDATE factors SET last_step = :last_step, sign_count = :sign_count, used_at_us = :now_us
WHERE id = :id;

-- factor_remove: change
-- One factor goes.
-- in: id i64, account_id i64
DELETE FROM factors WHERE id = :id AND account_id = :account_id;

-- factors_remove_pending: change
-- Secrets whose first code never came.
-- in: account_id i64
DELETE FROM factors WHERE account_id = :account_id AND NOT confirmed;

-- factors_remove_all: change
-- All factors of an account go.
-- in: account_id i64
DELETE FROM factors WHERE account_id = :account_id;

-- recovery_codes_left: one
-- How many codes were not used.
-- in: account_id i64
-- out: codes i64
SELECT COUNT(*) AS codes FROM recovery_codes WHERE account_id = :account_id AND used_at_us IS NULL;

-- recovery_code_add: change
-- A code that may be used once.
-- in: account_id i64, mark hash
-- batch
INSERT INTO recovery_codes (account_id, mark) VALUES (:account_id, :mark);

-- recovery_code_use: change
-- Uses a code up; nothing changes when there is no such code.
-- in: account_id i64, mark hash, now_us usec
UPDATE recovery_codes SET used_at_us = :now_us
WHERE account_id = :account_id AND mark = :mark AND used_at_us IS NULL;

-- recovery_codes_remove: change
-- All codes of an account go.
-- in: account_id i64
DELETE FROM recovery_codes WHERE account_id = :account_id;
