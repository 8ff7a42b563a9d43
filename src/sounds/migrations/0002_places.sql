-- The bytes of an upload lie with one server, and only that one can work on them: `place` is the number
-- of its folder. 0: any. And the height of a sound is drawn long after its job was forgotten.
ALTER TABLE uploads ADD COLUMN place {{int}} NOT NULL DEFAULT 0;
ALTER TABLE sounds ADD COLUMN place {{int}} NOT NULL DEFAULT 0;

CREATE TABLE sound_peaks (
    hash {{bytes}} PRIMARY KEY,
    ms {{int}} NOT NULL,
    peaks {{bytes}} NOT NULL -- one byte each, over the whole
){{strict}};
