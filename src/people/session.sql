-- session_add: one
-- A session; its number.
-- in: account_id i64, token hash, needs_second_factor bool, now_us usec, address str, agent str
-- out: id i64
INSERT INTO sessions (
    account_id, token, needs_second_factor, created_at_us, seen_at_us, address, agent)
VALUES (:account_id, :token, :needs_second_factor, :now_us, :now_us, :address, :agent)
RETURNING id;

-- session_by_token: one
-- The session of a cookie, with its account.
-- in: token hash
-- out: id i64, account_id i64, needs_second_factor bool, created_at_us usec, seen_at_us usec, locked_at_us usec?, login str, name str, unit_id i64, language str, must_change_password bool, has_totp bool, has_webauthn bool, has_recovery bool
SELECT s.id, s.account_id, s.needs_second_factor, s.created_at_us, s.seen_at_us, s.locked_at_us,
    a.login, a.name, a.unit_id, a.language, a.must_change_password,
    EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id AND f.confirmed AND f.kind = 'totp')
        AS has_totp,
    EXISTS (SELECT 1 FROM factors f WHERE f.account_id = a.id AND f.kind = 'webauthn')
        AS has_webauthn,
    EXISTS (SELECT 1 FROM recovery_codes r WHERE r.account_id = a.id AND r.used_at_us IS NULL)
        AS has_recovery
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.token = :token AND a.disabled_at_us IS NULL;

-- session_by_id: one
-- The times of a session.
-- in: id i64, account_id i64
-- out: id i64, needs_second_factor bool, created_at_us usec, seen_at_us usec, locked_at_us usec?
SELECT id, needs_second_factor, created_at_us, seen_at_us, locked_at_us FROM sessions
WHERE id = :id AND account_id = :account_id;

-- sessions_of: many
-- The sessions of an account, newest first.
-- in: account_id i64, created_after_us usec
-- out: id i64, needs_second_factor bool, created_at_us usec, seen_at_us usec, locked_at_us usec?, address str, agent str
-- most: 200
SELECT id, needs_second_factor, created_at_us, seen_at_us, locked_at_us, address, agent
FROM sessions WHERE account_id = :account_id AND created_at_us > :created_after_us
ORDER BY created_at_us DESC, id DESC LIMIT 200;

-- session_step_up: change
-- A session gained something: it has a new token, and what held it back is gone.
-- in: id i64, account_id i64, token hash, now_us usec
UPDATE sessions SET token = :token, needs_second_factor = FALSE, locked_at_us = NULL,
    seen_at_us = :now_us
WHERE id = :id AND account_id = :account_id;

-- session_restart: change
-- The second factor was right: its life begins.
-- in: id i64, now_us usec
UPDATE sessions SET created_at_us = :now_us WHERE id = :id;

-- session_lock_now: change
-- Locked by hand.
-- in: id i64, now_us usec
UPDATE sessions SET locked_at_us = :now_us
WHERE id = :id AND locked_at_us IS NULL AND NOT needs_second_factor;

-- session_seen: change
-- Last seen, never earlier than another server wrote.
-- in: id i64, seen_us usec
UPDATE sessions SET seen_at_us = :seen_us WHERE id = :id AND seen_at_us < :seen_us;

-- session_remove: change
-- One session of an account ends.
-- in: id i64, account_id i64
DELETE FROM sessions WHERE id = :id AND account_id = :account_id;

-- sessions_remove_others: change
-- All sessions of an account end but one (0: none stays).
-- in: account_id i64, but_id i64
DELETE FROM sessions WHERE account_id = :account_id AND id <> :but_id;

-- sessions_remove_surplus: change
-- The oldest sessions of an account end, so that so many stay.
-- in: account_id i64, keep i64
DELETE FROM sessions WHERE account_id = :account_id AND id NOT IN (
    SELECT id FROM sessions WHERE account_id = :account_id
    ORDER BY created_at_us DESC, id DESC LIMIT :keep);

-- sessions_remove_old: change
-- Sessions past their longest life, or whose second factor never came.
-- in: created_before_us usec, pending_before_us usec
DELETE FROM sessions WHERE created_at_us < :created_before_us
    OR (needs_second_factor AND created_at_us < :pending_before_us);

-- webauthn_challenge_put: change
-- A question to an authenticator; a newer one takes its place.
-- in: session_id i64, purpose str, challenge bytes, expires_at_us usec
INSERT INTO webauthn_challenges (session_id, purpose, challenge, expires_at_us)
VALUES (:session_id, :purpose, :challenge, :expires_at_us)
ON CONFLICT (session_id, purpose) DO UPDATE
SET challenge = excluded.challenge, expires_at_us = excluded.expires_at_us;

-- webauthn_challenge_get: one
-- The question that was asked last.
-- in: session_id i64, purpose str
-- out: challenge bytes, expires_at_us usec
SELECT challenge, expires_at_us FROM webauthn_challenges
WHERE session_id = :session_id AND purpose = :purpose;

-- webauthn_challenge_remove: change
-- It was answered, rightly or wrongly: never twice.
-- in: session_id i64, purpose str
DELETE FROM webauthn_challenges WHERE session_id = :session_id AND purpose = :purpose;
