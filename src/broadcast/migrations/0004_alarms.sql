-- Emergencies, drills and all-stops. A version is a row; an update is a new row that replaces one.

CREATE TABLE alarms (
    id {{id}},
    mark {{bytes}} NOT NULL UNIQUE, -- given by whoever raises it, so that it is raised once; the order's id
    kind {{text}} NOT NULL CHECK (kind IN ('alarm', 'drill', 'stop')),
    unit_id {{int}} NOT NULL, -- issues it
    root_id {{int}} NOT NULL, -- the first version
    version {{int}} NOT NULL,
    replaces_id {{int}} REFERENCES alarms (id),
    state {{text}} NOT NULL CHECK (state IN ('waiting', 'in_force', 'replaced', 'cancelled', 'expired', 'refused')),
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    signal {{int}} NOT NULL,
    clip {{int}} NOT NULL, -- 0: none
    times {{int}} NOT NULL,
    pause_ms {{int}} NOT NULL,
    again_s {{int}} NOT NULL,
    gain_mb {{int}} NOT NULL,
    start_us {{int}} NOT NULL, -- 0: at once
    expires_us {{int}} NOT NULL,
    valid_ms {{int}} NOT NULL, -- from the approval to the expiry, as it was asked for
    devices {{int}} NOT NULL, -- that it concerned when it was sent
    units {{int}} NOT NULL, -- communes
    raised_by {{int}},
    raised_name {{text}} NOT NULL,
    raised_at_us {{int}} NOT NULL,
    approved_by {{int}},
    approved_name {{text}} NOT NULL,
    approved_at_us {{int}},
    sent_at_us {{int}},
    ended_by {{int}},
    ended_name {{text}} NOT NULL,
    ended_at_us {{int}},
    end_mark {{bytes}}, -- the order that ended it
    end_reason {{text}} NOT NULL
){{strict}};

CREATE INDEX alarms_by_state ON alarms (state, id);
CREATE INDEX alarms_by_root ON alarms (root_id, version);

CREATE TABLE alarm_areas (
    alarm_id {{int}} NOT NULL REFERENCES alarms (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (alarm_id, unit_id)
){{strict}};

CREATE TABLE alarm_voices (
    alarm_id {{int}} NOT NULL REFERENCES alarms (id),
    position {{int}} NOT NULL,
    language {{text}} NOT NULL,
    hash {{bytes}} NOT NULL,
    bytes {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    PRIMARY KEY (alarm_id, position)
){{strict}};

-- What each device that it concerns has said so far. state: enum coverage_state.
CREATE TABLE alarm_devices (
    alarm_id {{int}} NOT NULL REFERENCES alarms (id),
    device_id {{int}} NOT NULL,
    unit_id {{int}} NOT NULL,
    state {{int}} NOT NULL,
    reason {{int}} NOT NULL,
    times {{int}} NOT NULL,
    at_us {{int}} NOT NULL, -- of the last step
    PRIMARY KEY (alarm_id, device_id)
){{strict}};

-- Clips that every device keeps, per unit; the lowest unit that has the number counts.
CREATE TABLE alarm_clips (
    unit_id {{int}} NOT NULL,
    number {{int}} NOT NULL CHECK (number BETWEEN 1 AND 255),
    language {{text}} NOT NULL,
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    signal {{int}} NOT NULL,
    hash {{bytes}} NOT NULL,
    bytes {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    changed_by {{int}},
    changed_at_us {{int}} NOT NULL,
    PRIMARY KEY (unit_id, number, language)
){{strict}};
