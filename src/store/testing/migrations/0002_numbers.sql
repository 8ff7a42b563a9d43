-- Acknowledged numbers, for the tests that kill the process; a counter, for those that collide.
CREATE TABLE numbers (
    number {{int}} PRIMARY KEY,
    text {{text}} NOT NULL
) {{strict}};

CREATE TABLE counters (
    name {{text}} PRIMARY KEY,
    value {{int}} NOT NULL
) {{strict}};
