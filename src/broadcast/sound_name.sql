-- sound_name_of_item: one
-- An item of a plan, as it was called.
-- in: item bytes
-- out: title str, ms i64
SELECT title, ms FROM planned_items WHERE item = :item;

-- sound_name_of_alarm: one
-- An alarm, stop or drill.
-- in: mark bytes
-- out: title str
SELECT title FROM alarms WHERE mark = :mark;
