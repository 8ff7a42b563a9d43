-- Accounts, their roles over time, second factors, sessions, and the count of wrong sign-ins.
-- unit_id names a unit and carries no reference: units are never removed, only end, and the rows
-- of accounts must be writable while a reform is being undone.

CREATE TABLE accounts (
    id {{id}},
    login {{text}} NOT NULL UNIQUE, -- small ASCII letters, digits and . _ - @: its own key
    throttle_key {{bytes}} NOT NULL UNIQUE, -- the row of login_throttles that counts for it
    name {{text}} NOT NULL,
    sort_key {{bytes}} NOT NULL, -- of the name, in Vietnamese order
    search_key {{text}} NOT NULL, -- login, name and e-mail without diacritics
    unit_id {{int}} NOT NULL,
    language {{text}} NOT NULL CHECK (language IN ('vi', 'en')),
    email {{text}},
    phone {{text}},
    password_hash {{text}} NOT NULL,
    password_changed_at_us {{int}} NOT NULL,
    must_change_password {{bool}} NOT NULL,
    disabled_at_us {{int}},
    disabled_by {{text}} CHECK (disabled_by IN ('administrator', 'inactivity')),
    enabled_at_us {{int}} NOT NULL, -- inactivity counts from here
    created_at_us {{int}} NOT NULL,
    signed_in_at_us {{int}},
    CHECK ((disabled_at_us IS NULL) = (disabled_by IS NULL))
){{strict}};

CREATE INDEX accounts_by_name ON accounts (sort_key, id);
CREATE INDEX accounts_by_unit ON accounts (unit_id);

-- A revoked role keeps its row and ends on the day of the revocation.
CREATE TABLE role_grants (
    id {{id}},
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    role {{text}} NOT NULL,
    unit_id {{int}} NOT NULL,
    from_day {{int}} NOT NULL,
    to_day {{int}} NOT NULL, -- exclusive
    granted_by {{int}}, -- account; null: the system
    granted_at_us {{int}} NOT NULL,
    CHECK (from_day <= to_day)
){{strict}};

CREATE INDEX role_grants_by_account ON role_grants (account_id, to_day);
CREATE INDEX role_grants_by_role ON role_grants (role, to_day);

CREATE TABLE factors (
    id {{id}},
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    kind {{text}} NOT NULL CHECK (kind IN ('totp', 'webauthn')),
    name {{text}} NOT NULL,
    confirmed {{bool}} NOT NULL,
    secret {{bytes}}, -- totp: sealed with the server's key
    last_step {{int}} NOT NULL, -- totp: no step up to this one is accepted
    credential_id {{bytes}} UNIQUE, -- webauthn
    public_key {{bytes}},
    algorithm {{int}},
    sign_count {{int}} NOT NULL,
    added_at_us {{int}} NOT NULL,
    used_at_us {{int}},
    CHECK ((kind = 'totp') = (secret IS NOT NULL)),
    CHECK ((kind = 'webauthn') = (credential_id IS NOT NULL)),
    CHECK ((kind = 'webauthn') = (public_key IS NOT NULL)),
    CHECK ((kind = 'webauthn') = (algorithm IS NOT NULL))
){{strict}};

CREATE INDEX factors_by_account ON factors (account_id);

CREATE TABLE recovery_codes (
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    mark {{bytes}} NOT NULL, -- keyed digest of the code
    used_at_us {{int}},
    PRIMARY KEY (account_id, mark)
){{strict}};

CREATE TABLE sessions (
    id {{id}},
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    token {{bytes}} NOT NULL UNIQUE, -- hash of the cookie
    needs_second_factor {{bool}} NOT NULL,
    created_at_us {{int}} NOT NULL,
    seen_at_us {{int}} NOT NULL,
    locked_at_us {{int}},
    address {{text}} NOT NULL,
    agent {{text}} NOT NULL
){{strict}};

CREATE INDEX sessions_by_account ON sessions (account_id, created_at_us);
CREATE INDEX sessions_by_age ON sessions (created_at_us);

CREATE TABLE webauthn_challenges (
    session_id {{int}} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    purpose {{text}} NOT NULL CHECK (purpose IN ('sign_in', 'enrol')),
    challenge {{bytes}} NOT NULL,
    expires_at_us {{int}} NOT NULL,
    PRIMARY KEY (session_id, purpose)
){{strict}};

-- Counts for names and addresses alike, known or not, so that no answer tells whether a name is
-- known. Keys are digests: people type passwords into the field for the name.
CREATE TABLE login_throttles (
    throttle_key {{bytes}} PRIMARY KEY,
    failures {{int}} NOT NULL,
    locks {{int}} NOT NULL,
    failed_at_us {{int}} NOT NULL,
    locked_until_us {{int}} NOT NULL
){{strict}};

CREATE INDEX login_throttles_by_age ON login_throttles (failed_at_us);
