-- template_add_row: one
-- A new template; its number.
-- in: unit_id i64, name str, title str, category str, class str, changed_by i64?, now_us usec
-- out: id i64
INSERT INTO bulletin_templates (unit_id, name, title, category, class, version, changed_by,
    changed_at_us)
VALUES (:unit_id, :name, :title, :category, :class, 1, :changed_by, :now_us)
RETURNING id;

-- template_change_row: change
-- Everything of it anew, when nobody else was quicker.
-- in: id i64, version i64, name str, title str, category str, class str, changed_by i64?, now_us usec
UPDATE bulletin_templates SET name = :name, title = :title, category = :category, class = :class,
    version = version + 1, changed_by = :changed_by, changed_at_us = :now_us
WHERE id = :id AND version = :version AND removed_at_us IS NULL;

-- template_remove_row: change
-- It is not offered any more.
-- in: id i64, now_us usec
UPDATE bulletin_templates SET removed_at_us = :now_us WHERE id = :id AND removed_at_us IS NULL;

-- templates_all: many
-- Templates by name (of one: its number with `only_id`).
-- in: only_id i64
-- out: id i64, unit_id i64, name str, title str, category str, class str, version i64
-- most: 20000
SELECT id, unit_id, name, title, category, class, version FROM bulletin_templates
WHERE removed_at_us IS NULL AND (:only_id = 0 OR id = :only_id) ORDER BY name, id LIMIT 20000;

-- template_texts_of: many
-- What a template says.
-- in: template_id i64
-- out: language str, channel str, title str, text str
-- most: 24
SELECT language, channel, title, text FROM bulletin_template_texts
WHERE template_id = :template_id ORDER BY position LIMIT 24;

-- template_text_add: change
-- What it says in one language on one channel.
-- in: template_id i64, position i64, language str, channel str, title str, text str
INSERT INTO bulletin_template_texts (template_id, position, language, channel, title, text)
VALUES (:template_id, :position, :language, :channel, :title, :text);

-- template_texts_clear: change
-- It says nothing any more.
-- in: template_id i64
DELETE FROM bulletin_template_texts WHERE template_id = :template_id;
