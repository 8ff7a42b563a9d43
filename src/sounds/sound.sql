-- sound_add_row: one
-- A job; nothing when the person has one under this mark.
-- in: account_id i64, mark str, kind str, unit_id i64, title str, language str, upload_id i64, from_ms i64, to_ms i64, kbit i64, keep_silence bool, text str, voice str, speed i64, place i64, now_us usec, peaks bytes
-- out: id i64
INSERT INTO sounds (
    account_id, mark, kind, unit_id, title, language, upload_id, from_ms, to_ms, kbit, keep_silence,
    text, voice, speed, place, state, progress, tries, claim, claimed_to_us, asked_at_us, reason, bytes,
    ms, loudness_mb, source_loudness_mb, true_peak_mb, head_ms, tail_ms, peaks)
VALUES (
    :account_id, :mark, :kind, :unit_id, :title, :language, :upload_id, :from_ms, :to_ms, :kbit,
    :keep_silence, :text, :voice, :speed, :place, 'waiting', 0, 0, 0, 0, :now_us, '', 0, 0, 0, 0, 0, 0, 0,
    :peaks)
ON CONFLICT (account_id, mark) DO NOTHING
RETURNING id;

-- sound_by_mark: one
-- What a person asked for under this mark.
-- in: account_id i64, mark str
-- out: id i64
SELECT id FROM sounds WHERE account_id = :account_id AND mark = :mark;

-- sounds_open_of: one
-- How many jobs of a person are not done.
-- in: account_id i64
-- out: open i64
SELECT count(*) AS open FROM sounds
WHERE account_id = :account_id AND state IN ('waiting', 'working');

-- sound_row: one
-- A job with all that belongs to it (of anybody: account 0).
-- in: id i64, account_id i64
-- out: id i64, account_id i64, kind str, unit_id i64, title str, language str, upload_id i64, from_ms i64, to_ms i64, kbit i64, keep_silence bool, text str, voice str, speed i64, state str, progress i64, tries i64, claim i64, asked_at_us usec, ended_at_us usec?, reason str, hash hash?, bytes i64, ms i64, loudness_mb i64, source_loudness_mb i64, true_peak_mb i64, head_ms i64, tail_ms i64, peaks bytes
SELECT id, account_id, kind, unit_id, title, language, upload_id, from_ms, to_ms, kbit,
    keep_silence, text, voice, speed, state, progress, tries, claim, asked_at_us, ended_at_us,
    reason, hash, bytes, ms, loudness_mb, source_loudness_mb, true_peak_mb, head_ms, tail_ms, peaks
FROM sounds WHERE id = :id AND (:account_id = 0 OR account_id = :account_id);

-- sounds_page: many
-- A person's jobs, newest first.
-- in: account_id i64, before_id i64, page i64
-- out: id i64, kind str, unit_id i64, title str, language str, state str, progress i64, asked_at_us usec, ended_at_us usec?, reason str, hash hash?, bytes i64, ms i64, loudness_mb i64, source_loudness_mb i64, true_peak_mb i64, head_ms i64, tail_ms i64
-- most: 200
SELECT id, kind, unit_id, title, language, state, progress, asked_at_us, ended_at_us, reason, hash,
    bytes, ms, loudness_mb, source_loudness_mb, true_peak_mb, head_ms, tail_ms
FROM sounds WHERE account_id = :account_id AND id < :before_id ORDER BY id DESC LIMIT :page;

-- sound_row_cancel: change
-- Nobody needs it any more.
-- in: id i64, account_id i64, now_us usec
UPDATE sounds SET state = 'cancelled', ended_at_us = :now_us, claim = 0
WHERE id = :id AND account_id = :account_id AND state IN ('waiting', 'working');

-- sound_next: one
-- The oldest that waits or that was left, and can be worked on here. A text is quickly spoken, and an
-- alarm may wait for it: texts first.
-- in: now_us usec, place i64, only_speech bool
-- out: id i64, tries i64
SELECT id, tries FROM sounds
WHERE (state = 'waiting' OR (state = 'working' AND claimed_to_us < :now_us)) AND place IN (0, :place)
    AND (NOT :only_speech OR kind = 'speech')
ORDER BY CASE WHEN kind = 'speech' THEN 0 ELSE 1 END, id LIMIT 1;

-- sound_row_claim: change
-- Somebody works on it.
-- in: id i64, claim i64, until_us usec
UPDATE sounds SET state = 'working', progress = 0, tries = tries + 1, claim = :claim,
    claimed_to_us = :until_us
WHERE id = :id;

-- sound_row_give_up: change
-- Tried too often.
-- in: id i64, reason str, now_us usec
UPDATE sounds SET state = 'failed', reason = :reason, claim = 0, ended_at_us = :now_us
WHERE id = :id;

-- sound_row_renew: change
-- How far it is.
-- in: id i64, claim i64, progress i64, until_us usec
UPDATE sounds SET progress = :progress, claimed_to_us = :until_us
WHERE id = :id AND claim = :claim AND state = 'working';

-- sound_row_release: change
-- Left for whoever comes next; it was not its fault.
-- in: id i64, claim i64
UPDATE sounds SET state = 'waiting', progress = 0, tries = tries - 1, claim = 0
WHERE id = :id AND claim = :claim AND state = 'working';

-- sound_row_end: change
-- It is there.
-- in: id i64, claim i64, now_us usec, hash hash, bytes i64, ms i64, loudness_mb i64, source_loudness_mb i64, true_peak_mb i64, head_ms i64, tail_ms i64, peaks bytes
UPDATE sounds SET state = 'done', progress = 100, claim = 0, ended_at_us = :now_us, hash = :hash,
    bytes = :bytes, ms = :ms, loudness_mb = :loudness_mb,
    source_loudness_mb = :source_loudness_mb, true_peak_mb = :true_peak_mb, head_ms = :head_ms,
    tail_ms = :tail_ms, peaks = :peaks
WHERE id = :id AND claim = :claim AND state = 'working';

-- sound_row_fail: change
-- It cannot be done.
-- in: id i64, claim i64, reason str, now_us usec
UPDATE sounds SET state = 'failed', reason = :reason, claim = 0, ended_at_us = :now_us
WHERE id = :id AND claim = :claim AND state = 'working';

-- sound_rows_stale: change
-- What nobody has taken for so long: its upload lies with a server that is gone.
-- in: before_us usec, now_us usec
UPDATE sounds SET state = 'failed', reason = 'upload_gone', ended_at_us = :now_us
WHERE state = 'waiting' AND asked_at_us < :before_us;

-- sound_rows_tidy: change
-- What ended long ago; the medium stays.
-- in: before_us usec
DELETE FROM sounds WHERE ended_at_us < :before_us;

-- sound_peaks_keep: change
-- How high a sound is, for whoever draws it.
-- in: hash hash, ms i64, peaks bytes
INSERT INTO sound_peaks (hash, ms, peaks) VALUES (:hash, :ms, :peaks) ON CONFLICT (hash) DO NOTHING;

-- sound_peaks_row: one
-- The same, to be drawn.
-- in: hash hash
-- out: ms i64, peaks bytes
SELECT ms, peaks FROM sound_peaks WHERE hash = :hash;
