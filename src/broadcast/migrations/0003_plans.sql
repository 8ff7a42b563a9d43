-- What was sent to the devices: plans, the items in them, and which device had which plan when.

CREATE TABLE plans (
    id {{id}},
    unit_id {{int}} NOT NULL, -- the commune whose devices share it
    mark {{bytes}} NOT NULL, -- hash of its content: equal content is not sent again
    order_id {{bytes}}, -- null: could not be issued yet
    version {{int}} NOT NULL,
    from_us {{int}} NOT NULL,
    to_us {{int}} NOT NULL,
    made_at_us {{int}} NOT NULL
){{strict}};

CREATE INDEX plans_by_unit ON plans (unit_id, id);

CREATE TABLE plan_items (
    plan_id {{int}} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    at_us {{int}} NOT NULL,
    item {{bytes}} NOT NULL, -- the id that devices log
    programme_id {{int}} NOT NULL, -- 0: a signal of the session
    ms {{int}} NOT NULL,
    kind {{int}} NOT NULL,
    PRIMARY KEY (plan_id, at_us)
){{strict}};

-- Each item once, however many plans hold it: what a line of the log is about.
CREATE TABLE planned_items (
    item {{bytes}} PRIMARY KEY,
    programme_id {{int}} NOT NULL,
    at_us {{int}} NOT NULL,
    ms {{int}} NOT NULL,
    kind {{int}} NOT NULL,
    title {{text}} NOT NULL
){{strict}};

CREATE INDEX planned_items_by_time ON planned_items (at_us);

-- The plan of a device over time; until_us open: it has it now.
CREATE TABLE plan_devices (
    device_id {{int}} NOT NULL,
    since_us {{int}} NOT NULL,
    until_us {{int}} NOT NULL,
    plan_id {{int}} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    unit_id {{int}} NOT NULL, -- where the device stood
    PRIMARY KEY (device_id, since_us)
){{strict}};

CREATE INDEX plan_devices_by_plan ON plan_devices (plan_id);
CREATE INDEX plan_devices_by_end ON plan_devices (until_us);
