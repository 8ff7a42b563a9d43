-- audit_head_hold: change
-- Takes the head of the chain until the transaction ends; SQLite has one writer anyway.
-- only: sqlite
UPDATE audit_heads SET seq = seq WHERE id = 1;

-- audit_head_hold: change
-- LOCK TABLE takes no snapshot: as the first statement of a transaction it makes writers queue,
-- where a row lock would make all but one of them start again.
-- only: postgresql
LOCK TABLE audit_heads IN EXCLUSIVE MODE;

-- audit_head: one
-- The last line of the chain; number 0 before the first.
-- out: seq i64, self hash
SELECT seq, self FROM audit_heads WHERE id = 1;

-- audit_head_move: change
-- The chain ends in the line that was just added.
-- in: seq i64, self hash
UPDATE audit_heads SET seq = :seq, self = :self WHERE id = 1;

-- audit_line_add: change
-- Adds the next line; a trigger refuses any other.
-- in: seq i64, at_us usec, account_id i64?, account_login str, account_name str, unit_id i64?, address str, agent str, action str, subject_kind str, subject_id i64?, subject_name str, subject_unit_id i64?, before_json str, after_json str, previous hash, self hash
INSERT INTO audit_lines (
    seq, at_us, account_id, account_login, account_name, unit_id, address, agent, action,
    subject_kind, subject_id, subject_name, subject_unit_id, before_json, after_json, previous, self)
VALUES (
    :seq, :at_us, :account_id, :account_login, :account_name, :unit_id, :address, :agent, :action,
    :subject_kind, :subject_id, :subject_name, :subject_unit_id, :before_json, :after_json,
    :previous, :self);

-- audit_lines_newest: many
-- Lines before a number that fit the filter, newest first.
-- in: before_seq i64, account_id i64?, subject_kind str?, action str?, from_us usec, to_us usec, most i64
-- out: seq i64, at_us usec, account_id i64?, account_login str, account_name str, unit_id i64?, address str, agent str, action str, subject_kind str, subject_id i64?, subject_name str, subject_unit_id i64?, before_json str, after_json str, previous hash, self hash
SELECT seq, at_us, account_id, account_login, account_name, unit_id, address, agent, action,
    subject_kind, subject_id, subject_name, subject_unit_id, before_json, after_json, previous, self
FROM audit_lines
WHERE seq < :before_seq AND at_us >= :from_us AND at_us < :to_us
    AND (:account_id IS NULL OR account_id = :account_id)
    AND (:subject_kind IS NULL OR subject_kind = :subject_kind)
    AND (:action IS NULL OR action = :action)
ORDER BY seq DESC LIMIT :most;

-- audit_lines_of_subject: many
-- The same for one subject, by its index.
-- in: before_seq i64, account_id i64?, subject_kind str, subject_id i64, action str?, from_us usec, to_us usec, most i64
-- out: seq i64, at_us usec, account_id i64?, account_login str, account_name str, unit_id i64?, address str, agent str, action str, subject_kind str, subject_id i64?, subject_name str, subject_unit_id i64?, before_json str, after_json str, previous hash, self hash
SELECT seq, at_us, account_id, account_login, account_name, unit_id, address, agent, action,
    subject_kind, subject_id, subject_name, subject_unit_id, before_json, after_json, previous, self
FROM audit_lines
WHERE subject_kind = :subject_kind AND subject_id = :subject_id
    AND seq < :before_seq AND at_us >= :from_us AND at_us < :to_us
    AND (:account_id IS NULL OR account_id = :account_id)
    AND (:action IS NULL OR action = :action)
ORDER BY seq DESC LIMIT :most;

-- audit_lines_oldest: many
-- Lines after a number within a time, oldest first.
-- in: after_seq i64, from_us usec, to_us usec, most i64
-- out: seq i64, at_us usec, account_id i64?, account_login str, account_name str, unit_id i64?, address str, agent str, action str, subject_kind str, subject_id i64?, subject_name str, subject_unit_id i64?, before_json str, after_json str, previous hash, self hash
SELECT seq, at_us, account_id, account_login, account_name, unit_id, address, agent, action,
    subject_kind, subject_id, subject_name, subject_unit_id, before_json, after_json, previous, self
FROM audit_lines
WHERE seq > :after_seq AND at_us >= :from_us AND at_us < :to_us ORDER BY seq LIMIT :most;

-- audit_actions_all: many
-- Every action that ever happened.
-- out: action str
-- most: 1000
SELECT DISTINCT action FROM audit_lines ORDER BY action;

-- audit_anchor_last: one
-- Where the chain begins after the last pruning.
-- out: seq i64, self hash
SELECT seq, self FROM audit_anchors ORDER BY seq DESC LIMIT 1;

-- audit_anchor_add: change
-- From here on lines up to this number may go.
-- in: seq i64, self hash, at_us usec
INSERT INTO audit_anchors (seq, self, at_us) VALUES (:seq, :self, :at_us);

-- audit_lines_remove: change
-- Removes the lines that an anchor stands for.
-- in: seq i64
DELETE FROM audit_lines WHERE seq <= :seq;
