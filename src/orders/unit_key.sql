-- key_root: one
-- The newest root that is believed.
-- out: id i64, public_key hash, sealed bytes
SELECT id, public_key, sealed FROM unit_keys
WHERE key_use = 1 AND revoked_at_us IS NULL ORDER BY id DESC LIMIT 1;

-- key_in_use: one
-- The newest key of a unit that is believed and lasts long enough.
-- in: unit_id i64, key_use i64, now_us usec, until_us usec
-- out: id i64, kid bytes, tier i64, from_us usec, to_us usec, serial i64, public_key hash, sealed bytes, cert bytes, sequence i64, made_at_us usec, trust_version i64
SELECT id, kid, tier, from_us, to_us, serial, public_key, sealed, cert, sequence, made_at_us,
    trust_version
FROM unit_keys
WHERE unit_id = :unit_id AND key_use = :key_use AND revoked_at_us IS NULL
    AND from_us <= :now_us AND to_us > :until_us
ORDER BY id DESC LIMIT 1;

-- key_of_kid: one
-- A key by its id.
-- in: kid bytes
-- out: id i64, key_use i64, unit_id i64, to_us usec, revoked_at_us usec?
SELECT id, key_use, unit_id, to_us, revoked_at_us FROM unit_keys WHERE kid = :kid;

-- keys_newest: many
-- Every key that ever was, the newest first.
-- out: id i64, kid bytes, key_use i64, unit_id i64, tier i64, from_us usec, to_us usec, serial i64, public_key hash, sealed bytes, cert bytes, sequence i64, made_at_us usec, revoked_at_us usec?, trust_version i64
-- most: 10000
SELECT id, kid, key_use, unit_id, tier, from_us, to_us, serial, public_key, sealed, cert, sequence,
    made_at_us, revoked_at_us, trust_version
FROM unit_keys ORDER BY id DESC LIMIT 10000;

-- key_add: change
-- A key that was just made.
-- in: kid bytes, key_use i64, unit_id i64, tier i64, from_us usec, to_us usec, serial i64, public_key hash, sealed bytes, cert bytes, made_at_us usec, made_by i64, trust_version i64
INSERT INTO unit_keys (
    kid, key_use, unit_id, tier, from_us, to_us, serial, public_key, sealed, cert, sequence,
    made_at_us, made_by, trust_version)
VALUES (
    :kid, :key_use, :unit_id, :tier, :from_us, :to_us, :serial, :public_key, :sealed, :cert, 0,
    :made_at_us, :made_by, :trust_version);

-- key_sequence_move: change
-- The sequence that was taken last.
-- in: id i64, sequence i64
UPDATE unit_keys SET sequence = :sequence WHERE id = :id;

-- key_revoke: change
-- Nobody believes it from now on.
-- in: id i64, now_us usec, account_id i64
UPDATE unit_keys SET revoked_at_us = :now_us, revoked_by = :account_id
WHERE id = :id AND revoked_at_us IS NULL;

-- keys_revoked: many
-- Key ids that are not to be believed although their time is not over, ascending.
-- in: now_us usec
-- out: kid bytes
-- most: 1024
SELECT kid FROM unit_keys WHERE revoked_at_us IS NOT NULL AND to_us > :now_us
ORDER BY kid LIMIT 1024;

-- key_certs_of: many
-- Certificates of a unit that may be believed, the newest first.
-- in: unit_id i64, now_us usec
-- out: cert bytes
-- most: 64
SELECT cert FROM unit_keys
WHERE unit_id = :unit_id AND revoked_at_us IS NULL AND to_us > :now_us AND key_use > 1
ORDER BY id DESC LIMIT 64;

-- key_trust_of: one
-- When the certificates of a unit changed last.
-- in: unit_id i64
-- out: version i64
SELECT COALESCE(MAX(trust_version), 0) AS version FROM unit_keys
WHERE unit_id = :unit_id AND key_use > 1;

-- trust_head: one
-- Versions and revocations.
-- out: trust_version i64, last_serial i64, revocations_version i64, revocations bytes
SELECT trust_version, last_serial, revocations_version, revocations FROM order_heads WHERE id = 1;

-- trust_head_move: change
-- A certificate more.
-- in: trust_version i64, last_serial i64
UPDATE order_heads SET trust_version = :trust_version, last_serial = :last_serial WHERE id = 1;

-- trust_revocations_put: change
-- Revocations that replace those before.
-- in: trust_version i64, revocations bytes
UPDATE order_heads SET trust_version = :trust_version, revocations_version = :trust_version,
    revocations = :revocations
WHERE id = 1;

-- key_certify: change
-- The same key with a certificate of another root.
-- in: id i64, serial i64, cert bytes, trust_version i64
UPDATE unit_keys SET serial = :serial, cert = :cert, trust_version = :trust_version
WHERE id = :id;

-- root_change_add: change
-- The last word of a root.
-- in: version i64, revocations bytes, made_at_us usec
INSERT INTO root_changes (version, revocations, made_at_us)
VALUES (:version, :revocations, :made_at_us);

-- root_changes_since: many
-- The last words of roots that were replaced after a version, in the order in which they were said.
-- in: version i64
-- out: version i64, revocations bytes
-- most: 64
SELECT version, revocations FROM root_changes WHERE version > :version
ORDER BY version LIMIT 64;
