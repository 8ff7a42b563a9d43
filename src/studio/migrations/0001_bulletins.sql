-- Bulletins: one object for every channel. What a bulletin says is kept in versions that are never
-- changed; the bulletin's own row says where it stands and repeats what lists show. unit_id names a
-- unit and carries no reference: units are never removed, only end.

-- A controlled list, kept as data: it follows decrees.
CREATE TABLE bulletin_categories (
    code {{text}} PRIMARY KEY,
    position {{int}} NOT NULL,
    name_vi {{text}} NOT NULL,
    name_en {{text}} NOT NULL,
    retired {{bool}} NOT NULL -- kept for what was written under it, not offered any more
){{strict}};

CREATE TABLE bulletins (
    id {{id}},
    mark {{bytes}} NOT NULL UNIQUE, -- given by whoever writes it, so that it is made once
    unit_id {{int}} NOT NULL, -- issues it
    state {{text}} NOT NULL CHECK (state IN (
        'draft', 'submitted', 'returned', 'approved', 'offered', 'scheduled', 'withdrawn')),
    revision {{int}} NOT NULL, -- the newest version
    approved_revision {{int}},
    approved_alone {{bool}} NOT NULL, -- by who wrote it, as the unit's rule allows
    title {{text}} NOT NULL,
    category {{text}} NOT NULL, -- code, or empty in a draft
    class {{text}} NOT NULL CHECK (class IN ('ordinary', 'priority', 'emergency')),
    languages {{text}} NOT NULL, -- "vi tyz"
    channels {{text}} NOT NULL, -- "sound portal"
    ms {{int}} NOT NULL, -- of its longest sound
    valid_from_us {{int}}, -- null: from its approval
    valid_to_us {{int}}, -- null: until it is withdrawn
    reason {{text}} NOT NULL, -- of the last return or withdrawal
    written_by {{int}}, -- account; null: the system
    written_name {{text}} NOT NULL,
    submitted_by {{int}},
    submitted_name {{text}} NOT NULL,
    submitted_at_us {{int}},
    approved_by {{int}},
    approved_name {{text}} NOT NULL,
    approved_at_us {{int}},
    first_at_us {{int}}, -- of everything that is planned of it
    last_at_us {{int}}, -- and its end
    created_at_us {{int}} NOT NULL,
    changed_at_us {{int}} NOT NULL,
    likeness {{bytes}} NOT NULL -- of its words, to find what says the same
){{strict}};

CREATE INDEX bulletins_by_unit ON bulletins (unit_id, id);
CREATE INDEX bulletins_by_state ON bulletins (state, id);
CREATE INDEX bulletins_by_approval ON bulletins (approved_at_us);

CREATE TABLE bulletin_versions (
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    revision {{int}} NOT NULL,
    title {{text}} NOT NULL,
    category {{text}} NOT NULL,
    class {{text}} NOT NULL,
    valid_from_us {{int}},
    valid_to_us {{int}},
    sources {{text}} NOT NULL,
    saved_by {{int}},
    saved_name {{text}} NOT NULL,
    saved_at_us {{int}} NOT NULL,
    PRIMARY KEY (bulletin_id, revision)
){{strict}};

-- Where it is for; without a row everywhere in its unit.
CREATE TABLE bulletin_areas (
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    revision {{int}} NOT NULL,
    unit_id {{int}} NOT NULL,
    PRIMARY KEY (bulletin_id, revision, unit_id)
){{strict}};

-- What it says, in each language and on each channel. Of a sound the text is the transcript.
CREATE TABLE bulletin_texts (
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    revision {{int}} NOT NULL,
    position {{int}} NOT NULL,
    language {{text}} NOT NULL,
    channel {{text}} NOT NULL CHECK (channel IN ('sound', 'board', 'portal')),
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    hash {{bytes}}, -- sound or picture
    ms {{int}} NOT NULL,
    bytes {{int}} NOT NULL,
    PRIMARY KEY (bulletin_id, revision, position)
){{strict}};

CREATE TABLE bulletin_attachments (
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    revision {{int}} NOT NULL,
    position {{int}} NOT NULL,
    hash {{bytes}} NOT NULL,
    name {{text}} NOT NULL,
    PRIMARY KEY (bulletin_id, revision, position)
){{strict}};

-- The words of the newest version, each as it is written and without marks, in UTF-8: bytes, so
-- that both databases order them alike.
CREATE TABLE bulletin_words (
    word {{bytes}} NOT NULL,
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    PRIMARY KEY (word, bulletin_id)
-- only: sqlite
) STRICT, WITHOUT ROWID;
-- end
-- only: postgresql
);
-- end

CREATE INDEX bulletin_words_by_bulletin ON bulletin_words (bulletin_id);

-- Whether one person may write and approve, of a unit and all below it; the lowest word counts.
CREATE TABLE bulletin_rules (
    unit_id {{int}} PRIMARY KEY,
    one_person {{bool}} NOT NULL,
    changed_by {{int}},
    changed_at_us {{int}} NOT NULL
){{strict}};

-- Where it was put into a programme; the programme may be there for it alone.
CREATE TABLE bulletin_airings (
    id {{id}},
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    unit_id {{int}} NOT NULL, -- of the programme
    programme_id {{int}} NOT NULL,
    on_day {{int}} NOT NULL,
    at_us {{int}} NOT NULL, -- when the programme begins on that day
    end_us {{int}} NOT NULL, -- when the last of it is over
    one_off {{bool}} NOT NULL,
    added_by {{int}},
    added_name {{text}} NOT NULL,
    added_at_us {{int}} NOT NULL,
    removed_at_us {{int}}
){{strict}};

CREATE INDEX bulletin_airings_by_bulletin ON bulletin_airings (bulletin_id, on_day);

-- What upper units sent down. Ordinary ones wait for the commune's choice, priority ones have
-- entered its programme.
CREATE TABLE bulletin_offers (
    id {{id}},
    bulletin_id {{int}} NOT NULL REFERENCES bulletins (id),
    unit_id {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('waiting', 'taken', 'declined', 'entered', 'gone')),
    sent_by {{int}},
    sent_name {{text}} NOT NULL,
    sent_at_us {{int}} NOT NULL,
    decided_by {{int}},
    decided_name {{text}} NOT NULL,
    decided_at_us {{int}},
    reason {{text}} NOT NULL,
    airing_id {{int}} REFERENCES bulletin_airings (id),
    UNIQUE (bulletin_id, unit_id)
){{strict}};

CREATE INDEX bulletin_offers_by_unit ON bulletin_offers (unit_id, id);

CREATE TABLE bulletin_templates (
    id {{id}},
    unit_id {{int}} NOT NULL,
    name {{text}} NOT NULL,
    title {{text}} NOT NULL,
    category {{text}} NOT NULL,
    class {{text}} NOT NULL,
    version {{int}} NOT NULL, -- grows with every change
    changed_by {{int}},
    changed_at_us {{int}} NOT NULL,
    removed_at_us {{int}}
){{strict}};

CREATE INDEX bulletin_templates_by_unit ON bulletin_templates (unit_id, id);

CREATE TABLE bulletin_template_texts (
    template_id {{int}} NOT NULL REFERENCES bulletin_templates (id),
    position {{int}} NOT NULL,
    language {{text}} NOT NULL,
    channel {{text}} NOT NULL,
    title {{text}} NOT NULL,
    text {{text}} NOT NULL,
    PRIMARY KEY (template_id, position)
){{strict}};

-- Programmes that came out of somebody's calendar, so that the same calendar again changes them
-- instead of doubling them.
CREATE TABLE calendar_events (
    unit_id {{int}} NOT NULL,
    uid {{text}} NOT NULL,
    programme_id {{int}} NOT NULL,
    mark {{bytes}} NOT NULL, -- of what the event said
    PRIMARY KEY (unit_id, uid)
){{strict}};
