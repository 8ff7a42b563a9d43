-- rules_all: many
-- Limits of every unit that hold on this day or later.
-- in: today day
-- out: id i64, unit_id i64, name str, from_day day, to_day day, weekdays i64, quiet_zone bool, no_sound bool, session_most_ms i64, day_most_ms i64, gain_most_mb i64
-- most: 100000
SELECT id, unit_id, name, from_day, to_day, weekdays, quiet_zone, no_sound, session_most_ms,
    day_most_ms, gain_most_mb
FROM broadcast_rules WHERE to_day > :today ORDER BY id LIMIT 100000;

-- rule_hours_all: many
-- Their hours.
-- out: rule_id i64, from_s i64, to_s i64
-- most: 500000
SELECT rule_id, from_s, to_s FROM broadcast_rule_hours ORDER BY rule_id, from_s LIMIT 500000;

-- rule_add: one
-- A limit of a unit; its number.
-- in: unit_id i64, name str, from_day day, to_day day, weekdays i64, quiet_zone bool, no_sound bool, session_most_ms i64, day_most_ms i64, gain_most_mb i64, added_by i64?, now_us usec
-- out: id i64
INSERT INTO broadcast_rules (
    unit_id, name, from_day, to_day, weekdays, quiet_zone, no_sound, session_most_ms, day_most_ms,
    gain_most_mb, added_by, added_at_us)
VALUES (
    :unit_id, :name, :from_day, :to_day, :weekdays, :quiet_zone, :no_sound, :session_most_ms,
    :day_most_ms, :gain_most_mb, :added_by, :now_us)
RETURNING id;

-- rule_hour_add: change
-- Hours in which it allows sound.
-- in: rule_id i64, from_s i64, to_s i64
-- batch
INSERT INTO broadcast_rule_hours (rule_id, from_s, to_s) VALUES (:rule_id, :from_s, :to_s);

-- rule_hours_clear: change
-- The hours of a unit's limits go, but for those whose time is over.
-- in: unit_id i64, today day
DELETE FROM broadcast_rule_hours WHERE rule_id IN (
    SELECT id FROM broadcast_rules WHERE unit_id = :unit_id AND to_day > :today);

-- rules_clear: change
-- The limits of a unit go, but for those whose time is over.
-- in: unit_id i64, today day
DELETE FROM broadcast_rules WHERE unit_id = :unit_id AND to_day > :today;

-- sounds_all: many
-- Signals and fillers, with what each sound is.
-- out: unit_id i64, role str, position i64, hash hash, ms i64, bytes i64
-- most: 50000
SELECT s.unit_id, s.role, s.position, s.hash, m.ms, m.bytes FROM broadcast_sounds s
JOIN media_items m ON m.id = (SELECT MIN(x.id) FROM media_items x WHERE x.hash = s.hash)
ORDER BY s.unit_id, s.role, s.position LIMIT 50000;

-- sound_add: change
-- A signal or a filler.
-- in: unit_id i64, role str, position i64, hash hash
-- batch
INSERT INTO broadcast_sounds (unit_id, role, position, hash)
VALUES (:unit_id, :role, :position, :hash);

-- sounds_clear: change
-- A unit's signals and fillers go.
-- in: unit_id i64
DELETE FROM broadcast_sounds WHERE unit_id = :unit_id;

-- holidays_all: many
-- Holidays that end after this day.
-- in: today day
-- out: id i64, unit_id i64, from_day day, to_day day, name str
-- most: 20000
SELECT id, unit_id, from_day, to_day, name FROM holidays WHERE to_day > :today
ORDER BY from_day, id LIMIT 20000;

-- holiday_add: change
-- A holiday of a unit, or of the country.
-- in: unit_id i64, from_day day, to_day day, name str
-- batch
INSERT INTO holidays (unit_id, from_day, to_day, name)
VALUES (:unit_id, :from_day, :to_day, :name);

-- holidays_clear: change
-- The holidays of a unit from this day on go.
-- in: unit_id i64, today day
DELETE FROM holidays WHERE unit_id = :unit_id AND from_day >= :today;
