-- speech_word_rows: many
-- Everybody's words; there are few.
-- out: unit_id i64, word str, reading str
-- most: 20000
SELECT unit_id, word, reading FROM speech_words ORDER BY word, unit_id LIMIT 20000;

-- speech_word_rows_drop: change
-- A unit's list goes, for another.
-- in: unit_id i64
DELETE FROM speech_words WHERE unit_id = :unit_id;

-- speech_word_row_add: change
-- A word of the new list.
-- in: unit_id i64, word str, reading str
INSERT INTO speech_words (unit_id, word, reading) VALUES (:unit_id, :word, :reading);
