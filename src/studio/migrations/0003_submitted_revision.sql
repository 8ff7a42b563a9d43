-- Which version somebody was asked to approve: it stays as it was read, whatever is saved after it.
ALTER TABLE bulletins ADD COLUMN submitted_revision {{int}} NOT NULL DEFAULT 0;
