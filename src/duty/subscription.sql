-- subscriptions_of_account: many
-- Browsers of a person, the newest first.
-- in: account_id i64
-- out: id i64, endpoint str, public_key bytes, auth bytes, name str, added_at_us usec, used_at_us usec?, failures i64
-- most: 20
SELECT id, endpoint, public_key, auth, name, added_at_us, used_at_us, failures
FROM push_subscriptions WHERE account_id = :account_id ORDER BY added_at_us DESC, id DESC LIMIT 20;

-- subscription_put: one
-- A browser; known already, it is whoever came last.
-- in: account_id i64, endpoint str, public_key bytes, auth bytes, name str, now_us usec
-- out: id i64
INSERT INTO push_subscriptions (
    account_id, endpoint, public_key, auth, name, added_at_us, failures)
VALUES (:account_id, :endpoint, :public_key, :auth, :name, :now_us, 0)
ON CONFLICT (endpoint) DO UPDATE SET account_id = excluded.account_id,
    public_key = excluded.public_key, auth = excluded.auth, name = excluded.name,
    added_at_us = excluded.added_at_us, failures = 0
RETURNING id;

-- subscription_letters_move: change
-- What was on its way to whoever had the browser before goes nowhere.
-- in: subscription_id i64, account_id i64
DELETE FROM letters WHERE subscription_id = :subscription_id AND account_id <> :account_id;

-- subscriptions_remove_surplus: change
-- The oldest browsers of a person go, so that so many stay.
-- in: account_id i64, keep i64
DELETE FROM push_subscriptions WHERE account_id = :account_id AND id NOT IN (
    SELECT id FROM push_subscriptions WHERE account_id = :account_id
    ORDER BY added_at_us DESC, id DESC LIMIT :keep);

-- subscription_remove_own: change
-- One browser of a person goes.
-- in: id i64, account_id i64
DELETE FROM push_subscriptions WHERE id = :id AND account_id = :account_id;

-- subscription_gone: change
-- Its push service does not know it any more.
-- in: id i64
DELETE FROM push_subscriptions WHERE id = :id;

-- subscription_used: change
-- A push was taken.
-- in: id i64, now_us usec
UPDATE push_subscriptions SET used_at_us = :now_us, failures = 0 WHERE id = :id;

-- subscription_failed: change
-- A push was not taken.
-- in: id i64
UPDATE push_subscriptions SET failures = failures + 1 WHERE id = :id;

-- push_key_get: one
-- The house's pair.
-- out: public_key bytes, private_key bytes
SELECT public_key, private_key FROM push_keys WHERE id = 1;

-- push_key_add: change
-- The first pair stays.
-- in: public_key bytes, private_key bytes, now_us usec
INSERT INTO push_keys (id, public_key, private_key, made_at_us)
VALUES (1, :public_key, :private_key, :now_us) ON CONFLICT (id) DO NOTHING;
