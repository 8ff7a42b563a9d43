-- upload_add_row: one
-- An upload begins; nothing of it is there yet.
-- in: account_id i64, name str, bytes i64, place i64, now_us usec
-- out: id i64
INSERT INTO uploads (account_id, name, bytes, kept, place, begun_at_us, touched_at_us)
VALUES (:account_id, :name, :bytes, 0, :place, :now_us, :now_us)
RETURNING id;

-- uploads_open: one
-- How many a person has, and how many of them are not whole.
-- in: account_id i64
-- out: open i64, kept i64
SELECT coalesce(sum(CASE WHEN kept < bytes THEN 1 ELSE 0 END), 0) AS open, count(*) AS kept
FROM uploads WHERE account_id = :account_id;

-- upload_row: one
-- One upload of a person.
-- in: id i64, account_id i64
-- out: id i64, account_id i64, name str, bytes i64, kept i64, place i64, touched_at_us usec
SELECT id, account_id, name, bytes, kept, place, touched_at_us FROM uploads
WHERE id = :id AND account_id = :account_id;

-- upload_row_advance: change
-- A piece more is on the disk, if nobody was quicker.
-- in: id i64, account_id i64, at i64, size i64, now_us usec
UPDATE uploads SET kept = kept + :size, touched_at_us = :now_us
WHERE id = :id AND account_id = :account_id AND kept = :at;

-- upload_row_close: change
-- Nothing more is to come: it is as long as what there is.
-- in: id i64, account_id i64
UPDATE uploads SET bytes = kept WHERE id = :id AND account_id = :account_id AND kept > 0;

-- upload_row_drop: change
-- Forgotten; its file is swept.
-- in: id i64, account_id i64
DELETE FROM uploads WHERE id = :id AND account_id = :account_id;

-- upload_rows_known: many
-- Uploads whose files are to stay.
-- out: id i64
-- most: 100000
SELECT id FROM uploads ORDER BY id LIMIT 100000;

-- upload_rows_expire: change
-- What nobody went on with, and no job waits for.
-- in: before_us usec
DELETE FROM uploads WHERE touched_at_us < :before_us AND NOT EXISTS (
    SELECT 1 FROM sounds WHERE sounds.upload_id = uploads.id AND sounds.state IN ('waiting', 'working'));
