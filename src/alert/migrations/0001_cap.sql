-- Where messages of CAP come from, what came, and what we have issued.

CREATE TABLE cap_sources (
    id {{id}},
    unit_id {{int}} NOT NULL, -- whose alarms it may become
    name {{text}} NOT NULL,
    address {{text}} NOT NULL, -- of a feed; empty: only messages that are handed in
    every_s {{int}} NOT NULL,
    policy {{text}} NOT NULL CHECK (policy IN ('draft', 'ask', 'automatic')),
    enabled {{bool}} NOT NULL,
    senders {{text}} NOT NULL, -- with blanks between; empty: any
    certificates {{text}} NOT NULL, -- PEM
    must_sign {{bool}} NOT NULL,
    severity_least {{text}} NOT NULL,
    language {{text}} NOT NULL,
    code_names {{text}} NOT NULL, -- geocodes that bear official codes, with blanks between
    set_by {{int}},
    set_name {{text}} NOT NULL,
    changed_at_us {{int}} NOT NULL,
    confirmed_by {{int}}, -- the second person without whom nothing is automatic
    confirmed_name {{text}} NOT NULL,
    confirmed_at_us {{int}},
    etag {{text}} NOT NULL,
    modified {{text}} NOT NULL,
    polled_at_us {{int}},
    poll_error {{text}} NOT NULL, -- empty: the last time was good
    removed_at_us {{int}}
){{strict}};

-- Codes of a source that are no official ones.
CREATE TABLE cap_codes (
    source_id {{int}} NOT NULL REFERENCES cap_sources (id),
    name {{text}} NOT NULL,
    value {{text}} NOT NULL,
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (source_id, name, value)
){{strict}};

-- Entries of feeds that were fetched: hash of id and time.
CREATE TABLE cap_entries (
    source_id {{int}} NOT NULL REFERENCES cap_sources (id),
    mark {{bytes}} NOT NULL,
    at_us {{int}} NOT NULL,
    PRIMARY KEY (source_id, mark)
){{strict}};

CREATE INDEX cap_entries_by_time ON cap_entries (at_us);

CREATE TABLE cap_messages (
    id {{id}},
    source_id {{int}} NOT NULL REFERENCES cap_sources (id),
    unit_id {{int}} NOT NULL,
    mark {{bytes}} NOT NULL UNIQUE, -- hash of source, sender, identifier and time: taken once
    identifier {{text}} NOT NULL,
    sender {{text}} NOT NULL,
    sent_us {{int}} NOT NULL,
    status {{text}} NOT NULL,
    type {{text}} NOT NULL,
    scope {{text}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN
        ('draft', 'waiting', 'used', 'dismissed', 'noted', 'replaced', 'cancelled', 'expired')),
    note {{text}} NOT NULL, -- key of a word: why it is so
    signature {{text}} NOT NULL,
    hazard {{text}} NOT NULL,
    expires_us {{int}} NOT NULL, -- 0: not told
    outside {{int}} NOT NULL, -- areas that meet none of our units
    alarm_id {{int}},
    xml {{text}} NOT NULL, -- as it came
    received_at_us {{int}} NOT NULL,
    decided_by {{int}},
    decided_name {{text}} NOT NULL,
    decided_at_us {{int}},
    reason {{text}} NOT NULL
){{strict}};

CREATE INDEX cap_messages_by_source ON cap_messages (source_id, id);
CREATE INDEX cap_messages_by_state ON cap_messages (state, id);
CREATE INDEX cap_messages_by_identifier ON cap_messages (identifier, sender);

CREATE TABLE cap_message_units (
    message_id {{int}} NOT NULL REFERENCES cap_messages (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (message_id, unit_id)
){{strict}};

-- What it refers to here.
CREATE TABLE cap_message_links (
    message_id {{int}} NOT NULL REFERENCES cap_messages (id),
    earlier_id {{int}} NOT NULL REFERENCES cap_messages (id),
    PRIMARY KEY (message_id, earlier_id)
){{strict}};

-- Ours, signed, as they are given to everybody.
CREATE TABLE cap_issued (
    identifier {{text}} NOT NULL PRIMARY KEY,
    alarm_id {{int}} NOT NULL,
    root_id {{int}} NOT NULL,
    unit_id {{int}} NOT NULL,
    ends {{bool}} NOT NULL, -- the cancel of an alarm
    sender {{text}} NOT NULL,
    sent_us {{int}} NOT NULL,
    title {{text}} NOT NULL,
    summary {{text}} NOT NULL,
    xml {{text}} NOT NULL,
    UNIQUE (alarm_id, ends)
){{strict}};

CREATE INDEX cap_issued_by_time ON cap_issued (sent_us);
CREATE INDEX cap_issued_by_root ON cap_issued (root_id, sent_us);
