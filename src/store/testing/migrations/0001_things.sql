-- Things of every type, a child that refers to them, and a log without an index.
CREATE TABLE things (
    id {{id}},
    name {{text}} NOT NULL UNIQUE,
    size {{int}} NOT NULL CHECK (size >= 0),
    note {{text}},
    picture {{bytes}},
    fine {{bool}} NOT NULL,
    seen_at_us {{int}} NOT NULL,
    from_day {{int}} NOT NULL,
    to_day {{int}},
    hash {{bytes}} NOT NULL,
    weight {{double}},
    rank {{int}}
) {{strict}};

CREATE TABLE parts (
    id {{id}},
    thing_id {{int}} NOT NULL REFERENCES things (id),
    name {{text}} NOT NULL
) {{strict}};

-- only: sqlite
CREATE TABLE only_here (a INTEGER) STRICT;
-- end
-- only: postgresql
CREATE TABLE only_here (a BIGINT);
-- end
