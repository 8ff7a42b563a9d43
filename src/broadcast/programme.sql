-- programme_add_row: one
-- A new programme; its number.
-- in: unit_id i64, name str, kind str, class str, cadence str, every i64, from_day day, to_day day, weekdays i64, months i64, month_day i64, nth i64, holidays str, start_s i64, place_ms i64, gain_mb i64, after_break str, source str, bulletin_id i64, created_by i64?, now_us usec
-- out: id i64
INSERT INTO programmes (
    unit_id, name, kind, class, cadence, every, from_day, to_day, weekdays, months, month_day, nth,
    holidays, start_s, place_ms, gain_mb, after_break, source, bulletin_id, version, created_by,
    created_at_us, changed_at_us)
VALUES (
    :unit_id, :name, :kind, :class, :cadence, :every, :from_day, :to_day, :weekdays, :months,
    :month_day, :nth, :holidays, :start_s, :place_ms, :gain_mb, :after_break, :source,
    :bulletin_id, 1, :created_by, :now_us, :now_us)
RETURNING id;

-- programme_change_row: change
-- Everything of it anew, when nobody else was quicker.
-- in: id i64, version i64, name str, kind str, class str, cadence str, every i64, from_day day, to_day day, weekdays i64, months i64, month_day i64, nth i64, holidays str, start_s i64, place_ms i64, gain_mb i64, after_break str, source str, now_us usec
UPDATE programmes SET name = :name, kind = :kind, class = :class, cadence = :cadence,
    every = :every, from_day = :from_day, to_day = :to_day, weekdays = :weekdays,
    months = :months, month_day = :month_day, nth = :nth, holidays = :holidays,
    start_s = :start_s, place_ms = :place_ms, gain_mb = :gain_mb, after_break = :after_break,
    source = :source, version = version + 1, changed_at_us = :now_us
WHERE id = :id AND version = :version AND removed_at_us IS NULL;

-- programme_remove_row: change
-- It is not in any plan any more.
-- in: id i64, now_us usec
UPDATE programmes SET removed_at_us = :now_us, changed_at_us = :now_us, version = version + 1
WHERE id = :id AND removed_at_us IS NULL;

-- programmes_in_force: many
-- Programmes of every unit that may still fall on this day or a later one.
-- in: today day
-- out: id i64, unit_id i64, name str, kind str, class str, cadence str, every i64, from_day day, to_day day, weekdays i64, months i64, month_day i64, nth i64, holidays str, start_s i64, place_ms i64, gain_mb i64, after_break str, source str, bulletin_id i64, version i64, created_at_us usec, changed_at_us usec
-- most: 200000
SELECT id, unit_id, name, kind, class, cadence, every, from_day, to_day, weekdays, months,
    month_day, nth, holidays, start_s, place_ms, gain_mb, after_break, source, bulletin_id, version,
    created_at_us, changed_at_us
FROM programmes WHERE removed_at_us IS NULL AND to_day > :today ORDER BY id LIMIT 200000;

-- programme_by_id: many
-- One programme, removed ones too.
-- in: id i64
-- out: id i64, unit_id i64, name str, kind str, class str, cadence str, every i64, from_day day, to_day day, weekdays i64, months i64, month_day i64, nth i64, holidays str, start_s i64, place_ms i64, gain_mb i64, after_break str, source str, bulletin_id i64, version i64, created_at_us usec, changed_at_us usec, removed_at_us usec?
-- most: 1
SELECT id, unit_id, name, kind, class, cadence, every, from_day, to_day, weekdays, months,
    month_day, nth, holidays, start_s, place_ms, gain_mb, after_break, source, bulletin_id, version,
    created_at_us, changed_at_us, removed_at_us
FROM programmes WHERE id = :id LIMIT 1;

-- programme_names: many
-- What programmes are called, removed ones too.
-- out: id i64, unit_id i64, name str
-- most: 500000
SELECT id, unit_id, name FROM programmes ORDER BY id LIMIT 500000;

-- programme_items_all: many
-- What fills programmes in force (of one: its number), with what each sound is.
-- in: programme_id i64
-- out: programme_id i64, on_day day?, position i64, language str, hash hash, bulletin_id i64, ms i64, bytes i64, title str
-- most: 1000000
SELECT i.programme_id, i.on_day, i.position, i.language, i.hash, i.bulletin_id, m.ms, m.bytes,
    m.title
FROM programme_items i JOIN programmes p ON p.id = i.programme_id
JOIN media_items m ON m.id = (SELECT MIN(x.id) FROM media_items x WHERE x.hash = i.hash)
WHERE (p.removed_at_us IS NULL AND :programme_id = 0) OR i.programme_id = :programme_id
ORDER BY i.programme_id, i.on_day, i.position, i.language, i.id LIMIT 1000000;

-- programme_areas_all: many
-- Where programmes in force sound.
-- in: programme_id i64
-- out: programme_id i64, unit_id i64
-- most: 500000
SELECT a.programme_id, a.unit_id FROM programme_areas a JOIN programmes p ON p.id = a.programme_id
WHERE (p.removed_at_us IS NULL AND :programme_id = 0) OR a.programme_id = :programme_id
ORDER BY a.programme_id, a.unit_id LIMIT 500000;

-- programme_days_all: many
-- Days added and taken out.
-- in: programme_id i64
-- out: programme_id i64, on_day day, plays bool
-- most: 1000000
SELECT d.programme_id, d.on_day, d.plays FROM programme_days d
JOIN programmes p ON p.id = d.programme_id
WHERE (p.removed_at_us IS NULL AND :programme_id = 0) OR d.programme_id = :programme_id
ORDER BY d.programme_id, d.plays, d.on_day LIMIT 1000000;

-- programme_repeats_all: many
-- When programmes in force sound again.
-- in: programme_id i64
-- out: programme_id i64, days_after i64, start_s i64
-- most: 500000
SELECT r.programme_id, r.days_after, r.start_s FROM programme_repeats r
JOIN programmes p ON p.id = r.programme_id
WHERE (p.removed_at_us IS NULL AND :programme_id = 0) OR r.programme_id = :programme_id
ORDER BY r.programme_id, r.days_after, r.start_s LIMIT 500000;

-- programme_item_add: change
-- One version of one item.
-- in: programme_id i64, on_day day?, position i64, language str, hash hash, bulletin_id i64
-- batch
INSERT INTO programme_items (programme_id, on_day, position, language, hash, bulletin_id)
VALUES (:programme_id, :on_day, :position, :language, :hash, :bulletin_id);

-- programme_area_add: change
-- A unit in which it sounds.
-- in: programme_id i64, unit_id i64
-- batch
INSERT INTO programme_areas (programme_id, unit_id) VALUES (:programme_id, :unit_id);

-- programme_day_add: change
-- A day added or taken out.
-- in: programme_id i64, on_day day, plays bool
-- batch
INSERT INTO programme_days (programme_id, on_day, plays) VALUES (:programme_id, :on_day, :plays);

-- programme_repeat_add: change
-- Once more.
-- in: programme_id i64, days_after i64, start_s i64
-- batch
INSERT INTO programme_repeats (programme_id, days_after, start_s)
VALUES (:programme_id, :days_after, :start_s);

-- programme_items_clear: change
-- Its items go.
-- in: programme_id i64
DELETE FROM programme_items WHERE programme_id = :programme_id;

-- programme_areas_clear: change
-- Its areas go.
-- in: programme_id i64
DELETE FROM programme_areas WHERE programme_id = :programme_id;

-- programme_days_clear: change
-- Its days go.
-- in: programme_id i64
DELETE FROM programme_days WHERE programme_id = :programme_id;

-- programme_repeats_clear: change
-- Its repeats go.
-- in: programme_id i64
DELETE FROM programme_repeats WHERE programme_id = :programme_id;

-- programme_choices_all: many
-- What units made of offers.
-- out: programme_id i64, unit_id i64, taken bool, start_s i64?
-- most: 500000
SELECT c.programme_id, c.unit_id, c.taken, c.start_s FROM programme_choices c
JOIN programmes p ON p.id = c.programme_id WHERE p.removed_at_us IS NULL
ORDER BY c.programme_id, c.unit_id LIMIT 500000;

-- programme_choice_put: change
-- A unit takes an offer or not.
-- in: programme_id i64, unit_id i64, taken bool, start_s i64?, decided_by i64?, now_us usec
INSERT INTO programme_choices (programme_id, unit_id, taken, start_s, decided_by, decided_at_us)
VALUES (:programme_id, :unit_id, :taken, :start_s, :decided_by, :now_us)
ON CONFLICT (programme_id, unit_id) DO UPDATE SET taken = excluded.taken,
    start_s = excluded.start_s, decided_by = excluded.decided_by,
    decided_at_us = excluded.decided_at_us;

-- clash_orders_all: many
-- What units decided about colliding programmes, the oldest decision first.
-- out: unit_id i64, first_id i64, second_id i64
-- most: 100000
SELECT unit_id, first_id, second_id FROM clash_orders
ORDER BY decided_at_us, unit_id, first_id, second_id LIMIT 100000;

-- clash_order_put: change
-- One goes first.
-- in: unit_id i64, first_id i64, second_id i64, decided_by i64?, now_us usec
INSERT INTO clash_orders (unit_id, first_id, second_id, decided_by, decided_at_us)
VALUES (:unit_id, :first_id, :second_id, :decided_by, :now_us)
ON CONFLICT (unit_id, first_id, second_id) DO UPDATE SET decided_by = excluded.decided_by,
    decided_at_us = excluded.decided_at_us;

-- clash_order_drop: change
-- It does not go first any more.
-- in: unit_id i64, first_id i64, second_id i64
DELETE FROM clash_orders
WHERE unit_id = :unit_id AND first_id = :first_id AND second_id = :second_id;

-- programme_relays: many
-- The streams that programmes relay.
-- out: source str
-- most: 1000
SELECT DISTINCT source FROM programmes WHERE removed_at_us IS NULL AND source <> ''
ORDER BY source LIMIT 1000;
