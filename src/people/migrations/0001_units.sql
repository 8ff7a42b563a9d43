-- Units through time. A unit is an id and a life; its names, codes, kinds and parents are dated rows
-- on [from_day, to_day), to_day 2147483647 while open. Every row knows the batch that began it and
-- the one that ended it: undoing a batch deletes what it began and reopens what it ended.

CREATE TABLE tiers (
    name {{text}} NOT NULL PRIMARY KEY,
    rank {{int}} NOT NULL UNIQUE CHECK (rank >= 0),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day > from_day)
) {{strict}};

CREATE TABLE kinds (
    name {{text}} NOT NULL PRIMARY KEY,
    tier {{text}} NOT NULL REFERENCES tiers (name),
    title {{text}} NOT NULL,
    place {{int}} NOT NULL UNIQUE,
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day > from_day)
) {{strict}};

-- One row: counters that never go back, so that the id of an undone unit is not given again, and the
-- version that tells a server whether its forest is still of today.
CREATE TABLE unit_state (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    version {{int}} NOT NULL,
    next_unit {{int}} NOT NULL,
    next_batch {{int}} NOT NULL
) {{strict}};
INSERT INTO unit_state (id, version, next_unit, next_batch) VALUES (1, 1, 1, 1);

CREATE TABLE unit_batches (
    id {{int}} NOT NULL PRIMARY KEY,
    kind {{text}} NOT NULL CHECK (kind IN ('change', 'reform', 'import')),
    on_day {{int}} NOT NULL,
    title {{text}} NOT NULL,
    made_by {{int}},
    made_at_us {{int}} NOT NULL
) {{strict}};

CREATE TABLE units (
    id {{int}} NOT NULL PRIMARY KEY,
    tier {{text}} NOT NULL REFERENCES tiers (name),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day >= from_day),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id)
) {{strict}};
CREATE INDEX units_begun ON units (begun_by);
CREATE INDEX units_ended ON units (ended_by) WHERE ended_by IS NOT NULL;

CREATE TABLE unit_names (
    id {{id}},
    unit_id {{int}} NOT NULL REFERENCES units (id),
    name {{text}} NOT NULL CHECK (name <> ''),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day >= from_day),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id)
) {{strict}};
CREATE INDEX unit_names_of ON unit_names (unit_id, to_day);
CREATE INDEX unit_names_begun ON unit_names (begun_by);
CREATE INDEX unit_names_ended ON unit_names (ended_by) WHERE ended_by IS NOT NULL;
CREATE UNIQUE INDEX unit_names_open ON unit_names (unit_id) WHERE to_day = 2147483647;

CREATE TABLE unit_codes (
    id {{id}},
    unit_id {{int}} NOT NULL REFERENCES units (id),
    code {{text}} NOT NULL CHECK (code <> ''),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day >= from_day),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id)
) {{strict}};
CREATE INDEX unit_codes_of ON unit_codes (unit_id, to_day);
CREATE INDEX unit_codes_by_code ON unit_codes (code);
CREATE INDEX unit_codes_begun ON unit_codes (begun_by);
CREATE INDEX unit_codes_ended ON unit_codes (ended_by) WHERE ended_by IS NOT NULL;
CREATE UNIQUE INDEX unit_codes_open ON unit_codes (unit_id) WHERE to_day = 2147483647;

CREATE TABLE unit_kinds (
    id {{id}},
    unit_id {{int}} NOT NULL REFERENCES units (id),
    kind {{text}} NOT NULL REFERENCES kinds (name),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day >= from_day),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id)
) {{strict}};
CREATE INDEX unit_kinds_of ON unit_kinds (unit_id, to_day);
CREATE INDEX unit_kinds_begun ON unit_kinds (begun_by);
CREATE INDEX unit_kinds_ended ON unit_kinds (ended_by) WHERE ended_by IS NOT NULL;
CREATE UNIQUE INDEX unit_kinds_open ON unit_kinds (unit_id) WHERE to_day = 2147483647;

CREATE TABLE unit_parents (
    id {{id}},
    unit_id {{int}} NOT NULL REFERENCES units (id),
    parent_id {{int}} NOT NULL REFERENCES units (id) CHECK (parent_id <> unit_id),
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL CHECK (to_day >= from_day),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id)
) {{strict}};
CREATE INDEX unit_parents_of ON unit_parents (unit_id, to_day);
CREATE INDEX unit_parents_by_parent ON unit_parents (parent_id);
CREATE INDEX unit_parents_begun ON unit_parents (begun_by);
CREATE INDEX unit_parents_ended ON unit_parents (ended_by) WHERE ended_by IS NOT NULL;
CREATE UNIQUE INDEX unit_parents_open ON unit_parents (unit_id) WHERE to_day = 2147483647;

-- Lineage: whose land and people went where. A share is num/den of the unit that gave; both null
-- while nobody has declared it. A row that a later declaration replaced has ended_by.
CREATE TABLE unit_links (
    id {{id}},
    from_id {{int}} NOT NULL REFERENCES units (id),
    to_id {{int}} NOT NULL REFERENCES units (id) CHECK (to_id <> from_id),
    on_day {{int}} NOT NULL,
    relation {{text}} NOT NULL CHECK (relation IN ('whole', 'part', 'rest')),
    share_num {{int}},
    share_den {{int}},
    event {{int}} NOT NULL REFERENCES unit_batches (id),
    begun_by {{int}} NOT NULL REFERENCES unit_batches (id),
    ended_by {{int}} REFERENCES unit_batches (id),
    CHECK ((share_num IS NULL) = (share_den IS NULL)),
    CHECK (share_num IS NULL OR (share_num > 0 AND share_num <= share_den))
) {{strict}};
CREATE UNIQUE INDEX unit_links_live ON unit_links (from_id, to_id, on_day) WHERE ended_by IS NULL;
CREATE INDEX unit_links_to ON unit_links (to_id);
CREATE INDEX unit_links_event ON unit_links (event);
CREATE INDEX unit_links_begun ON unit_links (begun_by);
CREATE INDEX unit_links_ended ON unit_links (ended_by) WHERE ended_by IS NOT NULL;

-- The documents behind batches.
CREATE TABLE unit_reforms (
    id {{id}},
    title {{text}} NOT NULL,
    decree {{text}} NOT NULL,
    on_day {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('draft', 'applied', 'undone')),
    steps {{text}} NOT NULL,
    batch_id {{int}},
    created_by {{int}},
    created_name {{text}} NOT NULL,
    created_at_us {{int}} NOT NULL,
    applied_by {{int}},
    applied_name {{text}} NOT NULL,
    applied_at_us {{int}}
) {{strict}};
CREATE UNIQUE INDEX unit_reforms_batch ON unit_reforms (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE unit_imports (
    id {{id}},
    kind {{text}} NOT NULL,
    filename {{text}} NOT NULL,
    on_day {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('checked', 'refused', 'applied', 'discarded')),
    body {{text}} NOT NULL,
    report {{text}} NOT NULL,
    batch_id {{int}},
    created_by {{int}},
    created_name {{text}} NOT NULL,
    created_at_us {{int}} NOT NULL
) {{strict}};
