-- Stations, their clusters and the devices of these. Units are ids of people's units; they are not
-- referenced, because a unit that ends is still where a station was.

-- One row: moves on with every change that those who keep the fleet in memory must hear of.
CREATE TABLE fleet_state (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    version {{int}} NOT NULL
){{strict}};
INSERT INTO fleet_state (id, version) VALUES (1, 1);

CREATE TABLE stations (
    id {{id}},
    unit_id {{int}} NOT NULL,
    name {{text}} NOT NULL CHECK (name <> ''),
    sort_key {{bytes}} NOT NULL,
    search_key {{text}} NOT NULL,
    stage {{text}} NOT NULL,
    stage_day {{int}} NOT NULL, -- since when
    note {{text}} NOT NULL,
    created_at_us {{int}} NOT NULL
){{strict}};
CREATE INDEX stations_by_name ON stations (sort_key, id);
CREATE INDEX stations_by_unit ON stations (unit_id);

-- The life of a station, stage by stage; never changed afterwards.
CREATE TABLE station_stages (
    id {{id}},
    station_id {{int}} NOT NULL REFERENCES stations (id),
    stage {{text}} NOT NULL,
    on_day {{int}} NOT NULL,
    note {{text}} NOT NULL,
    account_id {{int}}, -- null: the system
    account_name {{text}} NOT NULL,
    at_us {{int}} NOT NULL
){{strict}};
CREATE INDEX station_stages_of ON station_stages (station_id, on_day, id);

CREATE TABLE clusters (
    id {{id}},
    station_id {{int}} NOT NULL REFERENCES stations (id),
    unit_id {{int}} NOT NULL, -- where it stands: the station's unit or one below
    name {{text}} NOT NULL CHECK (name <> ''),
    sort_key {{bytes}} NOT NULL,
    search_key {{text}} NOT NULL,
    technology {{text}} NOT NULL CHECK (technology IN ('ip', 'fm', 'wired', 'encoder')),
    latitude {{double}},
    longitude {{double}},
    languages {{text}} NOT NULL, -- BCP 47, with blanks between, the first one first
    power {{text}} NOT NULL,
    amplifier_w {{int}},
    horns {{int}},
    standby_h {{int}}, -- hours on the standby supply; null: there is none
    quiet_zone {{bool}} NOT NULL,
    volume_cap {{int}} CHECK (volume_cap BETWEEN 0 AND 100), -- null: none
    nearby {{text}} NOT NULL,
    note {{text}} NOT NULL,
    retired_at_us {{int}},
    created_at_us {{int}} NOT NULL,
    CHECK ((latitude IS NULL) = (longitude IS NULL))
){{strict}};
CREATE INDEX clusters_of ON clusters (station_id);
CREATE INDEX clusters_by_name ON clusters (sort_key, id);

-- Villages that hear it; the few of them are part of the place of its devices.
CREATE TABLE cluster_villages (
    cluster_id {{int}} NOT NULL REFERENCES clusters (id),
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (cluster_id, unit_id)
){{strict}};
CREATE INDEX cluster_villages_by_unit ON cluster_villages (unit_id);

CREATE TABLE cluster_photos (
    cluster_id {{int}} NOT NULL REFERENCES clusters (id),
    place {{int}} NOT NULL,
    media {{bytes}} NOT NULL, -- the name of the file
    PRIMARY KEY (cluster_id, place)
){{strict}};
CREATE INDEX cluster_photos_by_media ON cluster_photos (media);

-- A device is a key. What it says of itself is believed for showing, never for deciding.
CREATE TABLE devices (
    id {{id}},
    public_key {{bytes}} NOT NULL UNIQUE,
    fingerprint {{text}} NOT NULL UNIQUE,
    kind {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('pending', 'accepted', 'retired', 'replaced')),
    cluster_id {{int}} REFERENCES clusters (id),
    name {{text}} NOT NULL,
    sort_key {{bytes}} NOT NULL,
    search_key {{text}} NOT NULL,
    serial {{text}} NOT NULL,
    model {{text}} NOT NULL,
    program {{text}} NOT NULL,
    abilities {{int}} NOT NULL,
    address {{text}} NOT NULL, -- from where it first came
    sim_number {{text}} NOT NULL,
    sim_operator {{text}} NOT NULL,
    note {{text}} NOT NULL,
    volume {{int}} NOT NULL CHECK (volume BETWEEN 0 AND 100),
    gain_cap_mb {{int}} NOT NULL,
    delay_us {{int}} NOT NULL,
    relay_lead_ms {{int}} NOT NULL,
    relay_hold_ms {{int}} NOT NULL,
    fade_ms {{int}} NOT NULL,
    beat_ms {{int}} NOT NULL, -- 0: as the program has it
    fetch_from_min {{int}} NOT NULL,
    fetch_to_min {{int}} NOT NULL,
    month_budget_kb {{int}} NOT NULL, -- 0: none
    self_test_min {{int}} NOT NULL, -- 0: never
    drill_gain_mb {{int}} NOT NULL,
    chunk_rate {{int}} NOT NULL, -- 0: no limit
    settings_version {{int}} NOT NULL, -- of what was ordered last; 0: nothing yet
    place_path {{text}} NOT NULL, -- units as ordered last, with blanks between
    place_version {{int}} NOT NULL,
    version {{int}} NOT NULL, -- of fleet_state when this row last changed
    replaced_by {{int}} REFERENCES devices (id),
    first_seen_at_us {{int}} NOT NULL,
    accepted_at_us {{int}},
    accepted_by {{int}},
    ended_at_us {{int}},
    CHECK (state <> 'accepted' OR cluster_id IS NOT NULL)
){{strict}};
CREATE INDEX devices_by_version ON devices (version);
CREATE INDEX devices_by_cluster ON devices (cluster_id);
CREATE INDEX devices_pending ON devices (first_seen_at_us, id) WHERE state = 'pending';

CREATE TABLE device_groups (
    id {{id}},
    unit_id {{int}} NOT NULL,
    kind {{text}} NOT NULL CHECK (kind IN ('group', 'zone')),
    name {{text}} NOT NULL CHECK (name <> ''),
    sort_key {{bytes}} NOT NULL,
    created_at_us {{int}} NOT NULL
){{strict}};
CREATE INDEX device_groups_by_name ON device_groups (sort_key, id);

CREATE TABLE device_group_members (
    group_id {{int}} NOT NULL REFERENCES device_groups (id),
    device_id {{int}} NOT NULL REFERENCES devices (id),
    PRIMARY KEY (group_id, device_id)
){{strict}};
CREATE INDEX device_group_members_of ON device_group_members (device_id);

-- Boxes that are expected. Each line accepts one device, once; every mark that it names must fit.
CREATE TABLE device_lists (
    id {{id}},
    name {{text}} NOT NULL,
    created_by {{int}},
    created_name {{text}} NOT NULL,
    created_at_us {{int}} NOT NULL
){{strict}};

CREATE TABLE device_list_lines (
    id {{id}},
    list_id {{int}} NOT NULL REFERENCES device_lists (id),
    line {{int}} NOT NULL,
    serial {{text}},
    claim_hash {{bytes}}, -- the code on the box is a secret until it is used
    fingerprint {{text}},
    cluster_id {{int}} NOT NULL REFERENCES clusters (id),
    name {{text}} NOT NULL,
    used_by {{int}} REFERENCES devices (id),
    used_at_us {{int}},
    CHECK (serial IS NOT NULL OR claim_hash IS NOT NULL OR fingerprint IS NOT NULL),
    CHECK ((used_by IS NULL) = (used_at_us IS NULL))
){{strict}};
CREATE INDEX device_list_lines_of ON device_list_lines (list_id, line);
CREATE UNIQUE INDEX device_list_serials ON device_list_lines (serial)
    WHERE used_by IS NULL AND serial IS NOT NULL;
CREATE UNIQUE INDEX device_list_claims ON device_list_lines (claim_hash)
    WHERE used_by IS NULL AND claim_hash IS NOT NULL;
CREATE UNIQUE INDEX device_list_fingerprints ON device_list_lines (fingerprint)
    WHERE used_by IS NULL AND fingerprint IS NOT NULL;

-- What was wrong with a device, from when to when.
CREATE TABLE device_faults (
    id {{id}},
    device_id {{int}} NOT NULL REFERENCES devices (id),
    kind {{int}} NOT NULL, -- one bit: fleet/fault.h
    since_us {{int}} NOT NULL,
    until_us {{int}},
    detail {{text}} NOT NULL,
    acknowledged_at_us {{int}},
    acknowledged_by {{int}},
    acknowledged_name {{text}} NOT NULL
){{strict}};
CREATE UNIQUE INDEX device_faults_open ON device_faults (device_id, kind) WHERE until_us IS NULL;
CREATE INDEX device_faults_since ON device_faults (since_us, id);
CREATE INDEX device_faults_of ON device_faults (device_id, since_us);

-- Which server holds a device's connection, and what was last heard of it, to the minute or so.
CREATE TABLE device_links (
    device_id {{int}} NOT NULL PRIMARY KEY REFERENCES devices (id),
    server {{int}} NOT NULL,
    attached_at_us {{int}} NOT NULL,
    heard_at_us {{int}} NOT NULL,
    lost_at_us {{int}}, -- null: attached
    saved_at_us {{int}} NOT NULL,
    status {{bytes}} NOT NULL -- the last one, as it came
){{strict}};
CREATE INDEX device_links_saved ON device_links (saved_at_us);

CREATE TABLE device_servers (
    server {{int}} NOT NULL PRIMARY KEY,
    alive_at_us {{int}} NOT NULL
){{strict}};

CREATE TABLE device_traffic (
    device_id {{int}} NOT NULL REFERENCES devices (id),
    month {{int}} NOT NULL, -- 202611
    bytes_in {{int}} NOT NULL,
    bytes_out {{int}} NOT NULL,
    PRIMARY KEY (device_id, month)
){{strict}};
