-- What makes an emergency hard to get wrong: prepared texts with their cancel and correction, who may
-- send a named hazard alone, who saw what.

ALTER TABLE alarms ADD COLUMN hazard {{text}} NOT NULL DEFAULT 'other';
ALTER TABLE alarms ADD COLUMN purpose {{text}} NOT NULL DEFAULT 'alarm'; -- or correction, cancel
ALTER TABLE alarms ADD COLUMN people {{int}} NOT NULL DEFAULT 0;
ALTER TABLE alarms ADD COLUMN delegation_id {{int}}; -- by which one person could send it
ALTER TABLE alarms ADD COLUMN source_id {{int}}; -- the source of CAP messages that raised it
ALTER TABLE alarms ADD COLUMN source_name {{text}} NOT NULL DEFAULT '';

-- Prepared before the send and approved with it.
CREATE TABLE alarm_prepared (
    alarm_id {{int}} NOT NULL REFERENCES alarms (id),
    what {{text}} NOT NULL CHECK (what IN ('cancel', 'correction')),
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    PRIMARY KEY (alarm_id, what)
){{strict}};

-- unit_id 0: comes with the program, for everybody.
CREATE TABLE alarm_templates (
    id {{id}},
    unit_id {{int}} NOT NULL,
    hazard {{text}} NOT NULL,
    name {{text}} NOT NULL,
    signal {{int}} NOT NULL,
    clip {{int}} NOT NULL,
    times {{int}} NOT NULL,
    pause_ms {{int}} NOT NULL,
    again_s {{int}} NOT NULL,
    valid_s {{int}} NOT NULL,
    category {{text}} NOT NULL, -- the words of CAP from here to response
    event {{text}} NOT NULL,
    urgency {{text}} NOT NULL,
    severity {{text}} NOT NULL,
    certainty {{text}} NOT NULL,
    response {{text}} NOT NULL,
    changed_by {{int}},
    changed_at_us {{int}} NOT NULL,
    removed_at_us {{int}}
){{strict}};

CREATE INDEX alarm_templates_by_unit ON alarm_templates (unit_id, id);

-- {name} in a text is a blank to fill; the short text has none. The hashes are voices made ahead.
CREATE TABLE alarm_template_texts (
    template_id {{int}} NOT NULL REFERENCES alarm_templates (id),
    place {{int}} NOT NULL, -- their order
    language {{text}} NOT NULL,
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    short_text {{text}} NOT NULL,
    cancel_title {{text}} NOT NULL,
    cancel_text {{text}} NOT NULL,
    correction_title {{text}} NOT NULL,
    correction_text {{text}} NOT NULL,
    PRIMARY KEY (template_id, language)
){{strict}};

-- Speech for prepared texts and for alarms that are in force. Asked for by the text itself, so that
-- equal texts are spoken once.
CREATE TABLE alarm_speech (
    mark {{bytes}} PRIMARY KEY, -- hash of unit, language and text
    unit_id {{int}} NOT NULL,
    language {{text}} NOT NULL,
    text {{text}} NOT NULL,
    job_id {{int}}, -- while it is being made
    media {{bytes}}, -- when it is there
    asked_at_us {{int}} NOT NULL,
    failed_at_us {{int}} -- not asked for again before some time has passed
){{strict}};

CREATE TABLE alarm_delegations (
    id {{id}},
    unit_id {{int}} NOT NULL,
    hazard {{text}} NOT NULL,
    account_id {{int}} NOT NULL,
    account_name {{text}} NOT NULL,
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL,
    granted_by {{int}},
    granted_name {{text}} NOT NULL,
    granted_at_us {{int}} NOT NULL,
    revoked_by {{int}},
    revoked_at_us {{int}},
    CHECK (from_day < to_day)
){{strict}};

CREATE INDEX alarm_delegations_by_account ON alarm_delegations (account_id, id);
CREATE INDEX alarm_delegations_by_unit ON alarm_delegations (unit_id, id);

-- Who saw what about an alarm, before it was sent and after.
CREATE TABLE alarm_seen (
    id {{id}},
    mark {{bytes}} NOT NULL,
    what {{text}} NOT NULL CHECK (what IN ('effect', 'confirm', 'coverage', 'report')),
    words {{text}} NOT NULL, -- what stood there
    account_id {{int}} NOT NULL,
    account_name {{text}} NOT NULL,
    at_us {{int}} NOT NULL
){{strict}};

CREATE INDEX alarm_seen_by_mark ON alarm_seen (mark, id);
CREATE INDEX alarm_seen_by_account ON alarm_seen (account_id, what, mark);
