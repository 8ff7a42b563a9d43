-- Figures of a unit that hold from a day on until the next one, such as how many people live there.
-- What a reform made of units shows by their lineage, not by writing figures anew.
CREATE TABLE unit_figures (
    unit_id {{int}} NOT NULL REFERENCES units (id),
    kind {{text}} NOT NULL CHECK (kind IN ('population')),
    from_day {{int}} NOT NULL,
    value {{int}} NOT NULL CHECK (value >= 0),
    source {{text}} NOT NULL, -- who counted: a document, a census
    changed_by {{int}}, -- account; null: the system
    changed_at_us {{int}} NOT NULL,
    PRIMARY KEY (unit_id, kind, from_day)
){{strict}};
