-- device_list_add: one
-- A new list of boxes that are expected.
-- in: name str, created_by i64?, created_name str, now_us usec
-- out: id i64
INSERT INTO device_lists (name, created_by, created_name, created_at_us)
VALUES (:name, :created_by, :created_name, :now_us)
RETURNING id;

-- device_list_line_add: change
-- A line; none when one of its marks stands in an unused line already.
-- in: list_id i64, line i64, serial str?, claim_hash bytes?, fingerprint str?, cluster_id i64, name str
INSERT INTO device_list_lines (list_id, line, serial, claim_hash, fingerprint, cluster_id, name)
VALUES (:list_id, :line, :serial, :claim_hash, :fingerprint, :cluster_id, :name)
ON CONFLICT DO NOTHING;

-- device_list_drop: change
-- A list of which no line was kept.
-- in: id i64
DELETE FROM device_lists WHERE id = :id;
