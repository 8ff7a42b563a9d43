-- Who is on duty and when, who was called for an alarm, how each person wants to be told, and what
-- is on its way to people. unit_id and alarm_id name rows of other rooms without a reference.

CREATE TABLE duty_shifts (
    id {{id}},
    unit_id {{int}} NOT NULL,
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    rank {{int}} NOT NULL CHECK (rank BETWEEN 1 AND 9), -- 1 is called first
    from_us {{int}} NOT NULL,
    to_us {{int}} NOT NULL,
    note {{text}} NOT NULL,
    added_by {{int}},
    added_at_us {{int}} NOT NULL,
    CHECK (from_us < to_us)
){{strict}};

CREATE INDEX duty_shifts_by_unit ON duty_shifts (unit_id, from_us);
CREATE INDEX duty_shifts_by_end ON duty_shifts (to_us);

-- How far the calling for one alarm has come. The row is what two servers agree on.
CREATE TABLE alarm_rounds (
    alarm_id {{int}} NOT NULL,
    event {{text}} NOT NULL CHECK (event IN ('waiting', 'raised')),
    unit_id {{int}} NOT NULL,
    step {{int}} NOT NULL,
    called_at_us {{int}} NOT NULL,
    ended_at_us {{int}},
    PRIMARY KEY (alarm_id, event)
){{strict}};

CREATE TABLE alarm_calls (
    id {{id}},
    alarm_id {{int}} NOT NULL,
    event {{text}} NOT NULL CHECK (event IN ('waiting', 'raised')),
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    unit_id {{int}} NOT NULL, -- where the person is on duty, or stands over
    step {{int}} NOT NULL,
    by_shift {{bool}} NOT NULL, -- else by right, because nobody was on duty
    title {{text}} NOT NULL,
    link {{text}} NOT NULL,
    called_at_us {{int}} NOT NULL,
    seen_at_us {{int}},
    UNIQUE (alarm_id, event, account_id)
){{strict}};

CREATE INDEX alarm_calls_by_account ON alarm_calls (account_id, called_at_us);

CREATE TABLE notice_choices (
    account_id {{int}} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    push {{bool}} NOT NULL,
    mail {{bool}} NOT NULL,
    digest {{bool}} NOT NULL,
    digest_at_min {{int}} NOT NULL CHECK (digest_at_min BETWEEN 0 AND 1439),
    quiet_from_min {{int}} CHECK (quiet_from_min BETWEEN 0 AND 1439),
    quiet_to_min {{int}} CHECK (quiet_to_min BETWEEN 0 AND 1439),
    muted {{text}} NOT NULL, -- names of kinds, with blanks between
    CHECK ((quiet_from_min IS NULL) = (quiet_to_min IS NULL))
){{strict}};

-- One key pair of the whole house: a browser's subscription is bound to it.
CREATE TABLE push_keys (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    public_key {{bytes}} NOT NULL,
    private_key {{bytes}} NOT NULL, -- sealed with the server's key
    made_at_us {{int}} NOT NULL
){{strict}};

CREATE TABLE push_subscriptions (
    id {{id}},
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    endpoint {{text}} NOT NULL UNIQUE,
    public_key {{bytes}} NOT NULL,
    auth {{bytes}} NOT NULL,
    name {{text}} NOT NULL,
    added_at_us {{int}} NOT NULL,
    used_at_us {{int}},
    failures {{int}} NOT NULL
){{strict}};

CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id, added_at_us);

-- What is on its way to a person. The mark makes two servers write the same letter once.
CREATE TABLE letters (
    id {{id}},
    mark {{text}} NOT NULL UNIQUE,
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    subscription_id {{int}} REFERENCES push_subscriptions (id) ON DELETE CASCADE, -- null: e-mail
    topic {{text}} NOT NULL, -- of a push: a newer one takes its place
    urgent {{bool}} NOT NULL,
    address {{text}} NOT NULL, -- of an e-mail
    subject {{text}} NOT NULL,
    body {{text}} NOT NULL,
    html {{text}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts {{int}} NOT NULL,
    due_at_us {{int}} NOT NULL, -- not before; while it is being sent: when the sender is given up
    expires_at_us {{int}} NOT NULL,
    added_at_us {{int}} NOT NULL,
    done_at_us {{int}},
    reason {{text}} NOT NULL
){{strict}};

CREATE INDEX letters_due ON letters (urgent, due_at_us) WHERE state = 'waiting';
CREATE INDEX letters_by_age ON letters (added_at_us);

-- What somebody was told of already; a thing that waits anew has another `since`.
CREATE TABLE told_items (
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    kind {{text}} NOT NULL,
    item {{text}} NOT NULL,
    since_us {{int}} NOT NULL,
    told_at_us {{int}} NOT NULL,
    PRIMARY KEY (account_id, kind, item, since_us)
){{strict}};

CREATE INDEX told_items_by_age ON told_items (told_at_us);

CREATE TABLE digests (
    account_id {{int}} NOT NULL REFERENCES accounts (id),
    on_day {{int}} NOT NULL,
    made_at_us {{int}} NOT NULL,
    PRIMARY KEY (account_id, on_day)
){{strict}};
