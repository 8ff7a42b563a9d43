-- log_head_of: one
-- Where the chain of a device stands.
-- in: device_id i64
-- out: seq i64, head hash, at_us usec, refused i64, refused_at_us usec, refused_why str
SELECT seq, head, at_us, refused, refused_at_us, refused_why FROM log_heads
WHERE device_id = :device_id;

-- log_head_put: change
-- The chain of a device moved on.
-- in: device_id i64, seq i64, head hash, at_us usec
INSERT INTO log_heads (device_id, seq, head, at_us, refused, refused_at_us, refused_why)
VALUES (:device_id, :seq, :head, :at_us, 0, 0, '')
ON CONFLICT (device_id) DO UPDATE SET seq = excluded.seq, head = excluded.head,
    at_us = excluded.at_us;

-- log_refusal_put: change
-- A chunk that was not believed.
-- in: device_id i64, seq i64, head hash, now_us usec, refused_why str
INSERT INTO log_heads (device_id, seq, head, at_us, refused, refused_at_us, refused_why)
VALUES (:device_id, :seq, :head, 0, 1, :now_us, :refused_why)
ON CONFLICT (device_id) DO UPDATE SET refused = log_heads.refused + 1,
    refused_at_us = excluded.refused_at_us, refused_why = excluded.refused_why;

-- log_chunk_add: one
-- Signed bytes, as they came; the number of the chunk.
-- in: device_id i64, first_seq i64, last_seq i64, from_us usec, to_us usec, came_at_us usec, head hash, signature bytes, entries bytes
-- out: id i64
INSERT INTO log_chunks (
    device_id, first_seq, last_seq, from_us, to_us, came_at_us, head, signature, entries)
VALUES (
    :device_id, :first_seq, :last_seq, :from_us, :to_us, :came_at_us, :head, :signature, :entries)
RETURNING id;

-- log_chunks_over: many
-- The chunks of a device that hold some of these numbers.
-- in: device_id i64, first_seq i64, last_seq i64
-- out: first_seq i64, last_seq i64, entries bytes
-- most: 300
SELECT first_seq, last_seq, entries FROM log_chunks
WHERE device_id = :device_id AND first_seq <= :last_seq AND last_seq >= :first_seq
ORDER BY first_seq LIMIT 300;

-- log_chunks_below: many
-- The chunks of a device that begin below a number, the last first.
-- in: device_id i64, before_seq i64
-- out: first_seq i64, last_seq i64, entries bytes
-- most: 64
SELECT first_seq, last_seq, entries FROM log_chunks
WHERE device_id = :device_id AND first_seq < :before_seq ORDER BY first_seq DESC LIMIT 64;

-- log_unsummed_add: change
-- A chunk with plays that are not in the sums.
-- in: chunk_id i64
INSERT INTO log_unsummed (chunk_id) VALUES (:chunk_id);

-- log_unsummed_take: many
-- Chunks to sum, the oldest first.
-- in: most i64
-- out: chunk_id i64, device_id i64, entries bytes
-- most: 2000
SELECT u.chunk_id, c.device_id, c.entries FROM log_unsummed u
JOIN log_chunks c ON c.id = u.chunk_id ORDER BY u.chunk_id LIMIT :most;

-- log_unsummed_drop: change
-- They are summed.
-- in: chunk_id i64
DELETE FROM log_unsummed WHERE chunk_id = :chunk_id;

-- play_add: change
-- What became of an item.
-- in: device_id i64, at_us usec, seq i64, item bytes, outcome i64, reason i64, ms i64, other bytes?
-- batch
INSERT INTO plays (device_id, at_us, seq, item, outcome, reason, ms, other)
VALUES (:device_id, :at_us, :seq, :item, :outcome, :reason, :ms, :other);

-- play_sum_add: change
-- More plays of a day, a place and a programme.
-- in: on_day day, unit_id i64, programme_id i64, played i64, partly i64, not_played i64, ms i64
INSERT INTO play_sums (on_day, unit_id, programme_id, planned, played, partly, not_played, ms)
VALUES (:on_day, :unit_id, :programme_id, 0, :played, :partly, :not_played, :ms)
ON CONFLICT (on_day, unit_id, programme_id) DO UPDATE SET
    played = play_sums.played + excluded.played, partly = play_sums.partly + excluded.partly,
    not_played = play_sums.not_played + excluded.not_played, ms = play_sums.ms + excluded.ms;

-- play_reason_add: change
-- More plays that ended for a reason.
-- in: on_day day, unit_id i64, programme_id i64, reason i64, plays i64
INSERT INTO play_reasons (on_day, unit_id, programme_id, reason, plays)
VALUES (:on_day, :unit_id, :programme_id, :reason, :plays)
ON CONFLICT (on_day, unit_id, programme_id, reason) DO UPDATE SET
    plays = play_reasons.plays + excluded.plays;

-- planned_item_of: one
-- What an item is.
-- in: item bytes
-- out: programme_id i64, at_us usec, ms i64, kind i64, title str
SELECT programme_id, at_us, ms, kind, title FROM planned_items WHERE item = :item;

-- plan_unit_of: one
-- Where a device stood at a moment, by the plan it had.
-- in: device_id i64, at_us usec
-- out: unit_id i64
SELECT unit_id FROM plan_devices WHERE device_id = :device_id AND since_us <= :at_us
ORDER BY since_us DESC LIMIT 1;

-- play_planned_clear: change
-- What was planned on a day is counted anew.
-- in: on_day day
UPDATE play_sums SET planned = 0 WHERE on_day = :on_day AND planned <> 0;

-- play_planned_count: change
-- How many times each programme was to sound at each place, of those that ended by then; signals are
-- no programmes.
-- in: on_day day, from_us usec, to_us usec, ended_us usec
INSERT INTO play_sums (on_day, unit_id, programme_id, planned, played, partly, not_played, ms)
SELECT CAST(:on_day AS BIGINT), d.unit_id, i.programme_id, COUNT(*), 0, 0, 0, 0
FROM plans p
JOIN plan_items i ON i.plan_id = p.id AND i.at_us >= :from_us AND i.at_us < :to_us
JOIN plan_devices d ON d.plan_id = p.id
WHERE p.to_us > :from_us AND p.from_us < :to_us AND i.programme_id <> 0
    AND i.at_us >= d.since_us AND i.at_us < d.until_us AND i.at_us + i.ms * 1000 <= :ended_us
GROUP BY d.unit_id, i.programme_id
ON CONFLICT (on_day, unit_id, programme_id) DO UPDATE SET planned = excluded.planned;

-- log_chunks_prune: change
-- Old chunks go.
-- in: before_us usec, most i64
DELETE FROM log_chunks WHERE id IN (
    SELECT id FROM log_chunks WHERE came_at_us < :before_us
        AND id NOT IN (SELECT chunk_id FROM log_unsummed)
    ORDER BY came_at_us LIMIT :most);

-- plays_prune_device: change
-- Old plays of a device go.
-- in: device_id i64, before_us usec
DELETE FROM plays WHERE device_id = :device_id AND at_us < :before_us;

-- log_devices: many
-- Devices that ever sent something.
-- in: after i64
-- out: device_id i64
-- most: 2000
SELECT device_id FROM log_heads WHERE device_id > :after ORDER BY device_id LIMIT 2000;

-- plans_prune: change
-- Plans that nobody has had for long go, with what stood in them.
-- in: before_us usec
DELETE FROM plans WHERE to_us < :before_us AND id NOT IN (
    SELECT plan_id FROM plan_devices WHERE until_us > :before_us);

-- planned_items_prune: change
-- Items that were planned long ago.
-- in: before_us usec
DELETE FROM planned_items WHERE at_us < :before_us;
