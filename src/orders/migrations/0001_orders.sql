-- The keys of the units and the book of orders. unit_id and device name rows of other rooms and
-- carry no reference: what was signed stands for itself.

-- One row, which whoever issues holds: numbers become visible in their order.
CREATE TABLE order_heads (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    last_order {{int}} NOT NULL,
    trust_version {{int}} NOT NULL, -- of certificates and revocations together; only grows
    last_serial {{int}} NOT NULL,
    revocations_version {{int}} NOT NULL, -- the trust version that brought them
    revocations {{bytes}} NOT NULL -- COSE, signed by the root; empty before there is one
){{strict}};

-- only: sqlite
INSERT INTO order_heads VALUES (1, 0, 0, 0, 0, x'');
-- end
-- only: postgresql
INSERT INTO order_heads VALUES (1, 0, 0, 0, 0, ''::BYTEA);
-- end

CREATE TABLE unit_keys (
    id {{id}},
    kid {{bytes}} NOT NULL UNIQUE,
    key_use {{int}} NOT NULL CHECK (key_use BETWEEN 1 AND 4),
    unit_id {{int}} NOT NULL, -- 0: the root
    tier {{int}} NOT NULL,
    from_us {{int}} NOT NULL,
    to_us {{int}} NOT NULL, -- exclusive
    serial {{int}} NOT NULL UNIQUE,
    public_key {{bytes}} NOT NULL,
    sealed {{bytes}} NOT NULL, -- the secret, as only the signer can open it
    cert {{bytes}} NOT NULL, -- COSE; empty for the root
    sequence {{int}} NOT NULL, -- of the order signed last
    made_at_us {{int}} NOT NULL,
    made_by {{int}} NOT NULL, -- account; 0: the server
    revoked_at_us {{int}},
    revoked_by {{int}},
    trust_version {{int}} NOT NULL,
    CHECK ((key_use = 1) = (unit_id = 0)),
    CHECK ((revoked_at_us IS NULL) = (revoked_by IS NULL))
){{strict}};

CREATE INDEX unit_keys_by_unit ON unit_keys (unit_id, key_use);

CREATE TABLE orders (
    id {{int}} NOT NULL PRIMARY KEY,
    wire_id {{bytes}} NOT NULL UNIQUE,
    kind {{int}} NOT NULL,
    order_class {{int}} NOT NULL,
    issuer {{int}} NOT NULL,
    tier {{int}} NOT NULL,
    kid {{bytes}} NOT NULL REFERENCES unit_keys (kid),
    sequence {{int}} NOT NULL,
    expires_us {{int}} NOT NULL,
    version {{int}} NOT NULL,
    cose {{bytes}} NOT NULL, -- what is sent
    written_by {{int}} NOT NULL,
    issued_by {{int}} NOT NULL,
    issued_at_us {{int}} NOT NULL,
    ended_at_us {{int}},
    ended_why {{int}},
    UNIQUE (kid, sequence),
    CHECK ((ended_at_us IS NULL) = (ended_why IS NULL))
){{strict}};

CREATE INDEX orders_by_expiry ON orders (expires_us);

-- Orders for everybody in their area …
CREATE TABLE order_areas (
    unit_id {{int}} NOT NULL,
    order_id {{int}} NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    expires_us {{int}} NOT NULL,
    PRIMARY KEY (unit_id, order_id)
){{strict}};

CREATE INDEX order_areas_by_expiry ON order_areas (unit_id, expires_us);
CREATE INDEX order_areas_by_order ON order_areas (order_id);

-- … and orders for devices that are named.
CREATE TABLE order_devices (
    device_id {{int}} NOT NULL,
    order_id {{int}} NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    expires_us {{int}} NOT NULL,
    PRIMARY KEY (device_id, order_id)
){{strict}};

CREATE INDEX order_devices_by_expiry ON order_devices (device_id, expires_us);
CREATE INDEX order_devices_by_order ON order_devices (order_id);

-- What an order needs, so that no sweep takes it away.
CREATE TABLE order_media_refs (
    media {{bytes}} NOT NULL,
    order_id {{int}} NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    PRIMARY KEY (media, order_id)
){{strict}};

CREATE INDEX order_media_refs_by_order ON order_media_refs (order_id);
