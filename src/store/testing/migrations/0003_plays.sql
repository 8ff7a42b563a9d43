-- The layout of what arrives fastest: appended by key and nothing else kept up to date on the way in.
-- plays_peer is the same facts as one would write them down first, with two indexes.
CREATE TABLE plays (
    id {{id}},
    device_id {{int}} NOT NULL,
    item_id {{int}} NOT NULL,
    at_us {{int}} NOT NULL,
    state {{int}} NOT NULL,
    gain {{int}} NOT NULL
) {{strict}};

CREATE TABLE plays_peer (
    id {{id}},
    device_id {{int}} NOT NULL,
    item_id {{int}} NOT NULL,
    at_us {{int}} NOT NULL,
    state {{int}} NOT NULL,
    gain {{int}} NOT NULL
) {{strict}};
CREATE INDEX plays_peer_device ON plays_peer (device_id, at_us);
CREATE INDEX plays_peer_item ON plays_peer (item_id, at_us);
