-- What devices wrote down. A chunk holds the bytes that were signed, as they came: the evidence.
-- What happened to items is taken out of it into plays, ordered so that a device's day lies together.

CREATE TABLE log_heads (
    device_id {{int}} PRIMARY KEY,
    seq {{int}} NOT NULL,
    head {{bytes}} NOT NULL,
    at_us {{int}} NOT NULL, -- of the last entry
    refused {{int}} NOT NULL, -- chunks that were forged or forked
    refused_at_us {{int}} NOT NULL,
    refused_why {{text}} NOT NULL
){{strict}};

CREATE TABLE log_chunks (
    id {{id}},
    device_id {{int}} NOT NULL,
    first_seq {{int}} NOT NULL,
    last_seq {{int}} NOT NULL,
    from_us {{int}} NOT NULL, -- least and most of its entries' times
    to_us {{int}} NOT NULL,
    came_at_us {{int}} NOT NULL,
    head {{bytes}} NOT NULL, -- of the chain before it
    signature {{bytes}} NOT NULL,
    entries {{bytes}} NOT NULL,
    UNIQUE (device_id, first_seq)
){{strict}};

CREATE INDEX log_chunks_by_time ON log_chunks (came_at_us);

-- Chunks whose plays are not yet in the sums.
CREATE TABLE log_unsummed (
    chunk_id {{int}} PRIMARY KEY
){{strict}};

CREATE TABLE plays (
    device_id {{int}} NOT NULL,
    at_us {{int}} NOT NULL,
    seq {{int}} NOT NULL,
    item {{bytes}} NOT NULL,
    outcome {{int}} NOT NULL, -- enum play_outcome
    reason {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    other {{bytes}},
    PRIMARY KEY (device_id, at_us, seq)
-- only: sqlite
) STRICT, WITHOUT ROWID;
-- end
-- only: postgresql
);
-- end

-- Sums of plays per civil day, place and programme; planned comes from the plans when the day is
-- settled, what nobody reported is the difference.
CREATE TABLE play_sums (
    on_day {{int}} NOT NULL,
    unit_id {{int}} NOT NULL,
    programme_id {{int}} NOT NULL,
    planned {{int}} NOT NULL,
    played {{int}} NOT NULL,
    partly {{int}} NOT NULL,
    not_played {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    PRIMARY KEY (on_day, unit_id, programme_id)
){{strict}};

CREATE TABLE play_reasons (
    on_day {{int}} NOT NULL,
    unit_id {{int}} NOT NULL,
    programme_id {{int}} NOT NULL,
    reason {{int}} NOT NULL,
    plays {{int}} NOT NULL,
    PRIMARY KEY (on_day, unit_id, programme_id, reason)
){{strict}};
