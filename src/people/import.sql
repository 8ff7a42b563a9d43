-- Imports of unit lists: the file waits between checking and applying.

-- import_list: many
-- Imports, the newest first, from before an id on.
-- in: before_id i64, most i64
-- out: id i64, kind str, filename str, on_day day, state str, report str, batch_id i64?, created_by i64?, created_name str, created_at_us usec
-- most: 200
SELECT id, kind, filename, on_day, state, report, batch_id, created_by, created_name, created_at_us
FROM unit_imports WHERE id < :before_id ORDER BY id DESC LIMIT :most;

-- import_by_id: one
-- An import without its file.
-- in: id i64
-- out: id i64, kind str, filename str, on_day day, state str, report str, batch_id i64?, created_by i64?, created_name str, created_at_us usec
SELECT id, kind, filename, on_day, state, report, batch_id, created_by, created_name, created_at_us
FROM unit_imports WHERE id = :id;

-- import_body: one
-- The file of an import.
-- in: id i64
-- out: body str
SELECT body FROM unit_imports WHERE id = :id;

-- import_add: one
-- A file that has been checked.
-- in: kind str, filename str, on_day day, state str, body str, report str, created_by i64?, created_name str, created_at_us usec
-- out: id i64
INSERT INTO unit_imports (kind, filename, on_day, state, body, report, created_by, created_name, created_at_us)
VALUES (:kind, :filename, :on_day, :state, :body, :report, :created_by, :created_name, :created_at_us)
RETURNING id;

-- import_mark: change
-- It was applied (with its batch) or discarded (without its file).
-- in: id i64, state str, report str, batch_id i64?
UPDATE unit_imports SET state = :state, report = :report, batch_id = :batch_id, body = ''
WHERE id = :id AND state IN ('checked', 'refused');
