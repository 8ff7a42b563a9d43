-- notice_choice_of: one
-- How somebody wants to be told.
-- in: account_id i64
-- out: push bool, mail bool, digest bool, digest_at_min i64, quiet_from_min i64?, quiet_to_min i64?, muted str
SELECT push, mail, digest, digest_at_min, quiet_from_min, quiet_to_min, muted
FROM notice_choices WHERE account_id = :account_id;

-- notice_choice_set: change
-- Somebody chose.
-- in: account_id i64, push bool, mail bool, digest bool, digest_at_min i64, quiet_from_min i64?, quiet_to_min i64?, muted str
INSERT INTO notice_choices (
    account_id, push, mail, digest, digest_at_min, quiet_from_min, quiet_to_min, muted)
VALUES (:account_id, :push, :mail, :digest, :digest_at_min, :quiet_from_min, :quiet_to_min, :muted)
ON CONFLICT (account_id) DO UPDATE SET push = excluded.push, mail = excluded.mail,
    digest = excluded.digest, digest_at_min = excluded.digest_at_min,
    quiet_from_min = excluded.quiet_from_min, quiet_to_min = excluded.quiet_to_min,
    muted = excluded.muted;
