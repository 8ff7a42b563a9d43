-- Reforms as documents.

-- reform_list: many
-- Reforms, the newest first, from before an id on.
-- in: before_id i64, most i64
-- out: id i64, title str, decree str, on_day day, state str, batch_id i64?, created_by i64?, created_name str, created_at_us usec, applied_by i64?, applied_name str, applied_at_us usec?
-- most: 200
SELECT id, title, decree, on_day, state, batch_id, created_by, created_name, created_at_us, applied_by, applied_name, applied_at_us
FROM unit_reforms WHERE id < :before_id ORDER BY id DESC LIMIT :most;

-- reform_by_id: one
-- A reform with its steps.
-- in: id i64
-- out: id i64, title str, decree str, on_day day, state str, batch_id i64?, created_by i64?, created_name str, created_at_us usec, applied_by i64?, applied_name str, applied_at_us usec?, steps str
SELECT id, title, decree, on_day, state, batch_id, created_by, created_name, created_at_us, applied_by, applied_name, applied_at_us, steps
FROM unit_reforms WHERE id = :id;

-- reform_by_batch: one
-- The reform that made a batch.
-- in: batch_id i64
-- out: id i64, title str
SELECT id, title FROM unit_reforms WHERE batch_id = :batch_id;

-- reform_add: one
-- A new draft.
-- in: title str, decree str, on_day day, steps str, created_by i64?, created_name str, created_at_us usec
-- out: id i64
INSERT INTO unit_reforms (title, decree, on_day, state, steps, created_by, created_name, created_at_us, applied_name)
VALUES (:title, :decree, :on_day, 'draft', :steps, :created_by, :created_name, :created_at_us, '')
RETURNING id;

-- reform_set: change
-- A draft is written anew.
-- in: id i64, title str, decree str, on_day day, steps str
UPDATE unit_reforms SET title = :title, decree = :decree, on_day = :on_day, steps = :steps
WHERE id = :id AND state = 'draft';

-- reform_drop: change
-- A draft is thrown away.
-- in: id i64
DELETE FROM unit_reforms WHERE id = :id AND state = 'draft';

-- reform_mark_applied: change
-- A draft has become a batch.
-- in: id i64, batch_id i64, applied_by i64?, applied_name str, applied_at_us usec
UPDATE unit_reforms SET state = 'applied', batch_id = :batch_id, applied_by = :applied_by,
    applied_name = :applied_name, applied_at_us = :applied_at_us
WHERE id = :id AND state = 'draft';

-- reform_mark_undone: change
-- Its batch has been taken back.
-- in: id i64
UPDATE unit_reforms SET state = 'undone', batch_id = NULL WHERE id = :id AND state = 'applied';
