-- Sounds on their way in. The bytes of an upload lie in a file named after its number; `kept` is how
-- many of them are on the disk. A job turns an upload or a text into a medium; its claim says which
-- server works on it, and until when the others leave it alone.

CREATE TABLE uploads (
    id {{id}},
    account_id {{int}} NOT NULL,
    name {{text}} NOT NULL,
    bytes {{int}} NOT NULL CHECK (bytes > 0),
    kept {{int}} NOT NULL CHECK (kept BETWEEN 0 AND bytes),
    begun_at_us {{int}} NOT NULL,
    touched_at_us {{int}} NOT NULL
){{strict}};

CREATE INDEX uploads_by_account ON uploads (account_id);
CREATE INDEX uploads_by_touch ON uploads (touched_at_us);

CREATE TABLE sounds (
    id {{id}},
    account_id {{int}} NOT NULL,
    mark {{text}} NOT NULL, -- of who asked: the same mark is the same job
    kind {{text}} NOT NULL CHECK (kind IN ('upload', 'speech')),
    unit_id {{int}} NOT NULL,
    title {{text}} NOT NULL,
    language {{text}} NOT NULL,
    upload_id {{int}} NOT NULL, -- 0: none; the upload may be swept after the job
    from_ms {{int}} NOT NULL,
    to_ms {{int}} NOT NULL, -- 0: to its end
    kbit {{int}} NOT NULL, -- 0: the house's
    keep_silence {{bool}} NOT NULL,
    text {{text}} NOT NULL,
    voice {{text}} NOT NULL, -- empty: the house's
    speed {{int}} NOT NULL, -- hundredths
    state {{text}} NOT NULL CHECK (state IN ('waiting', 'working', 'done', 'failed', 'cancelled')),
    progress {{int}} NOT NULL CHECK (progress BETWEEN 0 AND 100),
    tries {{int}} NOT NULL,
    claim {{int}} NOT NULL, -- 0: nobody's
    claimed_to_us {{int}} NOT NULL,
    asked_at_us {{int}} NOT NULL,
    ended_at_us {{int}},
    reason {{text}} NOT NULL, -- why it failed, or empty
    hash {{bytes}},
    bytes {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    loudness_mb {{int}} NOT NULL, -- hundredths of LUFS
    source_loudness_mb {{int}} NOT NULL,
    true_peak_mb {{int}} NOT NULL, -- hundredths of dBTP
    head_ms {{int}} NOT NULL, -- silence taken away
    tail_ms {{int}} NOT NULL,
    peaks {{bytes}} NOT NULL, -- one byte each, over the whole
    UNIQUE (account_id, mark)
){{strict}};

CREATE INDEX sounds_open ON sounds (id) WHERE state IN ('waiting', 'working');
CREATE INDEX sounds_by_account ON sounds (account_id, id);

-- How a unit, and those below it, want words to be said.
CREATE TABLE speech_words (
    unit_id {{int}} NOT NULL,
    word {{text}} NOT NULL,
    reading {{text}} NOT NULL,
    PRIMARY KEY (unit_id, word)
){{strict}};
