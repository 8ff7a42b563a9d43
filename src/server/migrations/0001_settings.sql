-- Values that the console laid over the settings file. Only live keys; the audit log has their history.
CREATE TABLE setting_values (
    key {{text}} NOT NULL PRIMARY KEY,
    value {{text}} NOT NULL,
    changed_at_us {{int}} NOT NULL,
    changed_by {{int}} NOT NULL
) {{strict}};
