-- Sounds that programmes, alarms and stored clips are made of. Their bytes lie in the media store
-- under the hash; a row says whose they are and what they say. unit_id names a unit and carries no
-- reference: units are never removed, only end.

CREATE TABLE media_items (
    id {{id}},
    hash {{bytes}} NOT NULL,
    unit_id {{int}} NOT NULL,
    title {{text}} NOT NULL,
    language {{text}} NOT NULL, -- BCP 47; empty: none, as of music and signals
    ms {{int}} NOT NULL CHECK (ms > 0),
    bytes {{int}} NOT NULL CHECK (bytes > 0),
    loudness_mb {{int}}, -- hundredths of LUFS; null: not measured
    added_by {{int}}, -- account; null: the system
    added_at_us {{int}} NOT NULL,
    UNIQUE (unit_id, hash)
){{strict}};

CREATE INDEX media_items_by_hash ON media_items (hash);
