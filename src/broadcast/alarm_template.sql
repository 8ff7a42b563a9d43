-- alarm_templates_all: many
-- Every prepared emergency.
-- out: id i64, unit_id i64, hazard str, name str, signal i64, clip i64, times i64, pause_ms i64, again_s i64, valid_s i64, category str, event str, urgency str, severity str, certainty str, response str
-- most: 20000
SELECT id, unit_id, hazard, name, signal, clip, times, pause_ms, again_s, valid_s, category, event,
    urgency, severity, certainty, response
FROM alarm_templates WHERE removed_at_us IS NULL ORDER BY id LIMIT 20000;

-- alarm_template_texts_of: many
-- What it says, in the order of its languages.
-- in: template_id i64
-- out: language str, title str, text str, short_text str, cancel_title str, cancel_text str, correction_title str, correction_text str
-- most: 8
SELECT language, title, text, short_text, cancel_title, cancel_text, correction_title,
    correction_text
FROM alarm_template_texts WHERE template_id = :template_id ORDER BY place LIMIT 8;

-- alarm_template_add: one
-- A unit's own.
-- in: unit_id i64, hazard str, name str, signal i64, clip i64, times i64, pause_ms i64, again_s i64, valid_s i64, category str, event str, urgency str, severity str, certainty str, response str, changed_by i64?, now_us usec
-- out: id i64
INSERT INTO alarm_templates (
    unit_id, hazard, name, signal, clip, times, pause_ms, again_s, valid_s, category, event,
    urgency, severity, certainty, response, changed_by, changed_at_us)
VALUES (
    :unit_id, :hazard, :name, :signal, :clip, :times, :pause_ms, :again_s, :valid_s, :category,
    :event, :urgency, :severity, :certainty, :response, :changed_by, :now_us)
RETURNING id;

-- alarm_template_text_add: change
-- What it says in one language.
-- in: template_id i64, place i64, language str, title str, text str, short_text str, cancel_title str, cancel_text str, correction_title str, correction_text str
-- batch
INSERT INTO alarm_template_texts (
    template_id, place, language, title, text, short_text, cancel_title, cancel_text,
    correction_title, correction_text)
VALUES (
    :template_id, :place, :language, :title, :text, :short_text, :cancel_title, :cancel_text,
    :correction_title, :correction_text);

-- alarm_template_remove: change
-- It is offered no longer; what was raised from it stays as it is.
-- in: id i64, now_us usec
UPDATE alarm_templates SET removed_at_us = :now_us WHERE id = :id AND removed_at_us IS NULL;
