-- What shall sound, when, and within which limits. Everything here is dated data: hours, lengths
-- and holidays differ by place and change by decision.

-- A place in the days of a unit, and what fills it.
CREATE TABLE programmes (
    id {{id}},
    unit_id {{int}} NOT NULL,
    name {{text}} NOT NULL,
    kind {{text}} NOT NULL CHECK (kind IN ('items', 'relay', 'signal', 'silence')),
    class {{text}} NOT NULL CHECK (class IN ('ordinary', 'priority')),
    cadence {{text}} NOT NULL CHECK (cadence IN ('once', 'daily', 'weekly', 'month_day', 'month_weekday')),
    every {{int}} NOT NULL CHECK (every BETWEEN 1 AND 366), -- days, weeks or months
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL, -- exclusive
    weekdays {{int}} NOT NULL CHECK (weekdays BETWEEN 0 AND 127), -- bit 0: Monday
    months {{int}} NOT NULL CHECK (months BETWEEN 0 AND 4095), -- bit 0: January; 0: all
    month_day {{int}} NOT NULL CHECK (month_day BETWEEN -1 AND 31), -- -1: the last
    nth {{int}} NOT NULL CHECK (nth BETWEEN -1 AND 5), -- of the weekday in the month; -1: the last
    holidays {{text}} NOT NULL CHECK (holidays IN ('as_usual', 'skip', 'only')),
    start_s {{int}} NOT NULL CHECK (start_s BETWEEN 0 AND 86399), -- of the civil day
    place_ms {{int}} NOT NULL CHECK (place_ms BETWEEN 0 AND 86400000), -- 0: as long as its items
    gain_mb {{int}} NOT NULL CHECK (gain_mb BETWEEN -6000 AND 0),
    after_break {{text}} NOT NULL CHECK (after_break IN ('resume', 'keep_time', 'end')),
    source {{text}} NOT NULL, -- address of a relayed stream, or empty
    version {{int}} NOT NULL, -- grows with every change
    created_by {{int}},
    created_at_us {{int}} NOT NULL,
    changed_at_us {{int}} NOT NULL,
    removed_at_us {{int}} -- kept for the log of what was played
){{strict}};

CREATE INDEX programmes_by_unit ON programmes (unit_id, id);

-- Where it sounds; without a row everywhere in its unit.
CREATE TABLE programme_areas (
    programme_id {{int}} NOT NULL REFERENCES programmes (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (programme_id, unit_id)
){{strict}};

-- Days added to its rule, and days taken out of it.
CREATE TABLE programme_days (
    programme_id {{int}} NOT NULL REFERENCES programmes (id),
    on_day {{int}} NOT NULL,
    plays {{bool}} NOT NULL,
    PRIMARY KEY (programme_id, on_day)
){{strict}};

-- The same content again, later the same day or on following days.
CREATE TABLE programme_repeats (
    programme_id {{int}} NOT NULL REFERENCES programmes (id),
    days_after {{int}} NOT NULL CHECK (days_after BETWEEN 0 AND 31),
    start_s {{int}} NOT NULL CHECK (start_s BETWEEN 0 AND 86399),
    PRIMARY KEY (programme_id, days_after, start_s)
){{strict}};

-- Its items in order, each in every language there is. on_day null: on every day for which no item
-- of that very day is there.
CREATE TABLE programme_items (
    id {{id}},
    programme_id {{int}} NOT NULL REFERENCES programmes (id),
    on_day {{int}},
    position {{int}} NOT NULL,
    language {{text}} NOT NULL,
    hash {{bytes}} NOT NULL
){{strict}};

CREATE INDEX programme_items_by_programme ON programme_items (programme_id, on_day, position);
CREATE INDEX programme_items_by_hash ON programme_items (hash);

-- Ordinary programmes of an upper unit are an offer: a unit takes it or not, at its own time or not.
CREATE TABLE programme_choices (
    programme_id {{int}} NOT NULL REFERENCES programmes (id),
    unit_id {{int}} NOT NULL,
    taken {{bool}} NOT NULL,
    start_s {{int}}, -- null: when the programme says
    decided_by {{int}},
    decided_at_us {{int}} NOT NULL,
    PRIMARY KEY (programme_id, unit_id)
){{strict}};

-- Which of two colliding priority programmes goes first, as a commune decided.
CREATE TABLE clash_orders (
    unit_id {{int}} NOT NULL,
    first_id {{int}} NOT NULL REFERENCES programmes (id),
    second_id {{int}} NOT NULL REFERENCES programmes (id),
    decided_by {{int}},
    decided_at_us {{int}} NOT NULL,
    PRIMARY KEY (unit_id, first_id, second_id)
){{strict}};

-- Limits of a unit and all below it. Several may hold at once; the strictest of each kind counts.
CREATE TABLE broadcast_rules (
    id {{id}},
    unit_id {{int}} NOT NULL,
    name {{text}} NOT NULL, -- the decision it stands in
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL,
    weekdays {{int}} NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    quiet_zone {{bool}} NOT NULL, -- only for devices beside a school, a hospital, …
    no_sound {{bool}} NOT NULL, -- not at all on those days
    session_most_ms {{int}} NOT NULL, -- 0: no limit
    day_most_ms {{int}} NOT NULL, -- 0: no limit
    gain_most_mb {{int}} NOT NULL CHECK (gain_most_mb BETWEEN -6000 AND 0),
    added_by {{int}},
    added_at_us {{int}} NOT NULL,
    CHECK (from_day < to_day)
){{strict}};

CREATE INDEX broadcast_rules_by_unit ON broadcast_rules (unit_id, id);

-- Hours in which a rule allows sound; without a row all of them.
CREATE TABLE broadcast_rule_hours (
    rule_id {{int}} NOT NULL REFERENCES broadcast_rules (id),
    from_s {{int}} NOT NULL CHECK (from_s BETWEEN 0 AND 86399),
    to_s {{int}} NOT NULL CHECK (to_s BETWEEN 1 AND 86400),
    PRIMARY KEY (rule_id, from_s),
    CHECK (from_s < to_s)
){{strict}};

-- Opening and closing signals of a session and what fills a hole, of a unit and all below it; the
-- lowest unit that has one counts.
CREATE TABLE broadcast_sounds (
    unit_id {{int}} NOT NULL,
    role {{text}} NOT NULL CHECK (role IN ('opening', 'closing', 'filler')),
    position {{int}} NOT NULL,
    hash {{bytes}} NOT NULL,
    PRIMARY KEY (unit_id, role, position)
){{strict}};

-- unit_id 0: of the country. Lunar days come as the dates on which they fall.
CREATE TABLE holidays (
    id {{id}},
    unit_id {{int}} NOT NULL,
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL,
    name {{text}} NOT NULL,
    CHECK (from_day < to_day),
    UNIQUE (unit_id, from_day, name)
){{strict}};

CREATE INDEX holidays_by_day ON holidays (from_day);
