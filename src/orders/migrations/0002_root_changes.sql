-- The last word of each root that was replaced: revocations that name the next one, for devices which
-- still believe the old. Kept for ever, for a device may come back after years.
CREATE TABLE root_changes (
    version {{int}} NOT NULL PRIMARY KEY, -- the trust version that brought them
    revocations {{bytes}} NOT NULL, -- COSE, signed by the root that goes
    made_at_us {{int}} NOT NULL
){{strict}};
