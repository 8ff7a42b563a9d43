-- Who spoke to whom, when, and what is kept of it; and the encoders and radios that may be the source.

CREATE TABLE live_sources (
    id {{id}},
    unit_id {{int}} NOT NULL,
    name {{text}} NOT NULL, -- in its address
    kind {{text}} NOT NULL CHECK (kind IN ('encoder', 'relay')),
    title {{text}} NOT NULL,
    class {{int}} NOT NULL,
    language {{text}} NOT NULL,
    fallback {{bytes}},
    fallback_bytes {{int}} NOT NULL,
    is_public {{bool}} NOT NULL,
    is_recorded {{bool}} NOT NULL,
    address {{text}} NOT NULL, -- of a relay
    secret {{bytes}}, -- hash of an encoder's password
    made_by {{int}},
    made_name {{text}} NOT NULL,
    made_at_us {{int}} NOT NULL,
    ended_at_us {{int}}
){{strict}};

CREATE UNIQUE INDEX live_sources_by_name ON live_sources (name) WHERE ended_at_us IS NULL;

CREATE TABLE live_source_areas (
    source_id {{int}} NOT NULL REFERENCES live_sources (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (source_id, unit_id)
){{strict}};

CREATE TABLE lives (
    id {{id}},
    mark {{bytes}} NOT NULL UNIQUE, -- given by whoever begins it; the order's id
    stream {{int}} NOT NULL UNIQUE, -- what devices call it
    unit_id {{int}} NOT NULL,
    title {{text}} NOT NULL,
    mode {{text}} NOT NULL CHECK (mode IN ('talk', 'continuous')),
    class {{int}} NOT NULL,
    language {{text}} NOT NULL,
    fallback {{bytes}},
    fallback_bytes {{int}} NOT NULL,
    is_public {{bool}} NOT NULL,
    is_recorded {{bool}} NOT NULL,
    source {{text}} NOT NULL CHECK (source IN ('browser', 'icecast', 'relay')),
    source_id {{int}} REFERENCES live_sources (id),
    state {{text}} NOT NULL CHECK (state IN ('open', 'ended')),
    reason {{text}} NOT NULL,
    made_by {{int}},
    made_name {{text}} NOT NULL,
    made_at_us {{int}} NOT NULL,
    expires_us {{int}} NOT NULL,
    begun_at_us {{int}},
    ended_at_us {{int}},
    ended_by {{int}},
    ended_name {{text}} NOT NULL,
    ms {{int}} NOT NULL,
    recording {{bytes}}
){{strict}};

CREATE INDEX lives_by_state ON lives (state, id);

CREATE TABLE live_areas (
    live_id {{int}} NOT NULL REFERENCES lives (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (live_id, unit_id)
){{strict}};
