-- bulletin_add_row: one
-- A new bulletin; its number. Nothing when the mark is known.
-- in: mark bytes, unit_id i64, title str, category str, class str, languages str, channels str, ms i64, valid_from_us usec?, valid_to_us usec?, written_by i64?, written_name str, now_us usec, likeness bytes
-- out: id i64
INSERT INTO bulletins (
    mark, unit_id, state, revision, approved_alone, title, category, class, languages, channels, ms,
    valid_from_us, valid_to_us, reason, written_by, written_name, submitted_name, approved_name,
    created_at_us, changed_at_us, likeness)
VALUES (
    :mark, :unit_id, 'draft', 1, FALSE, :title, :category, :class, :languages, :channels, :ms,
    :valid_from_us, :valid_to_us, '', :written_by, :written_name, '', '', :now_us, :now_us,
    :likeness)
ON CONFLICT (mark) DO NOTHING
RETURNING id;

-- bulletin_by_mark: one
-- What was made under this mark.
-- in: mark bytes
-- out: id i64, unit_id i64
SELECT id, unit_id FROM bulletins WHERE mark = :mark;

-- bulletin_change_row: change
-- What it says now, when nobody else was quicker.
-- in: id i64, revision i64, title str, category str, class str, languages str, channels str, ms i64, valid_from_us usec?, valid_to_us usec?, now_us usec, likeness bytes
UPDATE bulletins SET revision = revision + 1, title = :title, category = :category, class = :class,
    languages = :languages, channels = :channels, ms = :ms, valid_from_us = :valid_from_us,
    valid_to_us = :valid_to_us, changed_at_us = :now_us, likeness = :likeness
WHERE id = :id AND revision = :revision AND state IN ('draft', 'returned', 'submitted');

-- bulletin_by_id: many
-- One bulletin.
-- in: id i64
-- out: id i64, mark bytes, unit_id i64, state str, revision i64, approved_revision i64?, approved_alone bool, title str, category str, class str, languages str, channels str, ms i64, valid_from_us usec?, valid_to_us usec?, reason str, written_by i64?, written_name str, submitted_revision i64, submitted_by i64?, submitted_name str, submitted_at_us usec?, approved_by i64?, approved_name str, approved_at_us usec?, first_at_us usec?, last_at_us usec?, created_at_us usec, changed_at_us usec
-- most: 1
SELECT id, mark, unit_id, state, revision, approved_revision, approved_alone, title, category, class,
    languages, channels, ms, valid_from_us, valid_to_us, reason, written_by, written_name,
    submitted_revision, submitted_by, submitted_name, submitted_at_us, approved_by, approved_name, approved_at_us,
    first_at_us, last_at_us, created_at_us, changed_at_us
FROM bulletins WHERE id = :id LIMIT 1;

-- bulletins_all: many
-- Numbers below another, the newest first.
-- in: before_id i64, page i64
-- out: id i64
-- most: 400
SELECT id FROM bulletins WHERE id < :before_id ORDER BY id DESC LIMIT :page;

-- bulletins_of_unit: many
-- The same of one unit.
-- in: unit_id i64, before_id i64, page i64
-- out: id i64
-- most: 400
SELECT id FROM bulletins WHERE unit_id = :unit_id AND id < :before_id
ORDER BY id DESC LIMIT :page;

-- bulletins_in_state: many
-- The same of one stored state.
-- in: state str, before_id i64, page i64
-- out: id i64
-- most: 400
SELECT id FROM bulletins WHERE state = :state AND id < :before_id ORDER BY id DESC LIMIT :page;

-- bulletins_with_words: many
-- The same of those that hold words which begin so; `words` says how many are asked for.
-- in: before_id i64, page i64, words i64, w1 bytes, e1 bytes, w2 bytes, e2 bytes, w3 bytes, e3 bytes, w4 bytes, e4 bytes, w5 bytes, e5 bytes, w6 bytes, e6 bytes
-- out: id i64
-- most: 400
SELECT id FROM bulletins
WHERE id < :before_id
    AND id IN (SELECT bulletin_id FROM bulletin_words WHERE word >= :w1 AND word < :e1)
    AND (:words < 2 OR id IN (
        SELECT bulletin_id FROM bulletin_words WHERE word >= :w2 AND word < :e2))
    AND (:words < 3 OR id IN (
        SELECT bulletin_id FROM bulletin_words WHERE word >= :w3 AND word < :e3))
    AND (:words < 4 OR id IN (
        SELECT bulletin_id FROM bulletin_words WHERE word >= :w4 AND word < :e4))
    AND (:words < 5 OR id IN (
        SELECT bulletin_id FROM bulletin_words WHERE word >= :w5 AND word < :e5))
    AND (:words < 6 OR id IN (
        SELECT bulletin_id FROM bulletin_words WHERE word >= :w6 AND word < :e6))
ORDER BY id DESC LIMIT :page;

-- bulletins_like: many
-- What the newest ones are about, to find those that say the same.
-- in: page i64
-- out: id i64, unit_id i64, likeness bytes
-- most: 20000
SELECT id, unit_id, likeness FROM bulletins WHERE state <> 'withdrawn' ORDER BY id DESC LIMIT :page;

-- bulletin_version_add: change
-- What it said from then on.
-- in: bulletin_id i64, revision i64, title str, category str, class str, valid_from_us usec?, valid_to_us usec?, sources str, saved_by i64?, saved_name str, now_us usec
INSERT INTO bulletin_versions (bulletin_id, revision, title, category, class, valid_from_us,
    valid_to_us, sources, saved_by, saved_name, saved_at_us)
VALUES (:bulletin_id, :revision, :title, :category, :class, :valid_from_us, :valid_to_us, :sources,
    :saved_by, :saved_name, :now_us);

-- bulletin_versions_of: many
-- Its versions, the newest first.
-- in: bulletin_id i64
-- out: revision i64, title str, saved_by i64?, saved_name str, saved_at_us usec
-- most: 1000
SELECT revision, title, saved_by, saved_name, saved_at_us FROM bulletin_versions
WHERE bulletin_id = :bulletin_id ORDER BY revision DESC LIMIT 1000;

-- bulletin_version_of: one
-- One version.
-- in: bulletin_id i64, revision i64
-- out: title str, category str, class str, valid_from_us usec?, valid_to_us usec?, sources str, saved_by i64?, saved_name str, saved_at_us usec
SELECT title, category, class, valid_from_us, valid_to_us, sources, saved_by, saved_name, saved_at_us
FROM bulletin_versions WHERE bulletin_id = :bulletin_id AND revision = :revision;

-- bulletin_versions_by: one
-- How many versions of it somebody saved.
-- in: bulletin_id i64, account_id i64
-- out: versions i64
SELECT CAST(COUNT(*) AS BIGINT) AS versions FROM bulletin_versions
WHERE bulletin_id = :bulletin_id AND saved_by = :account_id;

-- bulletin_area_add: change
-- A unit that it is for.
-- in: bulletin_id i64, revision i64, unit_id i64
-- batch
INSERT INTO bulletin_areas (bulletin_id, revision, unit_id)
VALUES (:bulletin_id, :revision, :unit_id);

-- bulletin_version_drop: change
-- Somebody goes on writing what nobody else has read: the version before is not kept.
-- in: bulletin_id i64, revision i64
DELETE FROM bulletin_versions WHERE bulletin_id = :bulletin_id AND revision = :revision;

-- bulletin_areas_drop: change
-- With its areas.
-- in: bulletin_id i64, revision i64
DELETE FROM bulletin_areas WHERE bulletin_id = :bulletin_id AND revision = :revision;

-- bulletin_texts_drop: change
-- With its texts.
-- in: bulletin_id i64, revision i64
DELETE FROM bulletin_texts WHERE bulletin_id = :bulletin_id AND revision = :revision;

-- bulletin_attachments_drop: change
-- With its files.
-- in: bulletin_id i64, revision i64
DELETE FROM bulletin_attachments WHERE bulletin_id = :bulletin_id AND revision = :revision;

-- bulletin_areas_of: many
-- The units that a version is for.
-- in: bulletin_id i64, revision i64
-- out: unit_id i64
-- most: 256
SELECT unit_id FROM bulletin_areas WHERE bulletin_id = :bulletin_id AND revision = :revision
ORDER BY unit_id LIMIT 256;

-- bulletin_text_add: change
-- What a version says in one language on one channel.
-- in: bulletin_id i64, revision i64, position i64, language str, channel str, title str, text str, hash bytes?, ms i64, bytes i64
-- batch
INSERT INTO bulletin_texts (bulletin_id, revision, position, language, channel, title, text, hash,
    ms, bytes)
VALUES (:bulletin_id, :revision, :position, :language, :channel, :title, :text, :hash, :ms, :bytes);

-- bulletin_texts_of: many
-- What a version says.
-- in: bulletin_id i64, revision i64
-- out: language str, channel str, title str, text str, hash bytes?, ms i64, bytes i64
-- most: 24
SELECT language, channel, title, text, hash, ms, bytes FROM bulletin_texts
WHERE bulletin_id = :bulletin_id AND revision = :revision ORDER BY position LIMIT 24;

-- bulletin_attachment_add: change
-- A file that goes with it.
-- in: bulletin_id i64, revision i64, position i64, hash hash, name str
-- batch
INSERT INTO bulletin_attachments (bulletin_id, revision, position, hash, name)
VALUES (:bulletin_id, :revision, :position, :hash, :name);

-- bulletin_attachments_of: many
-- The files that go with a version.
-- in: bulletin_id i64, revision i64
-- out: hash hash, name str
-- most: 16
SELECT hash, name FROM bulletin_attachments
WHERE bulletin_id = :bulletin_id AND revision = :revision ORDER BY position LIMIT 16;

-- bulletin_words_clear: change
-- It is not found by its old words.
-- in: bulletin_id i64
DELETE FROM bulletin_words WHERE bulletin_id = :bulletin_id;

-- bulletin_word_add: change
-- A word by which it is found.
-- in: word bytes, bulletin_id i64
-- batch
INSERT INTO bulletin_words (word, bulletin_id) VALUES (:word, :bulletin_id);

-- bulletin_submit_row: change
-- It waits for an approval.
-- in: id i64, revision i64, submitted_by i64?, submitted_name str, now_us usec
UPDATE bulletins SET state = 'submitted', submitted_revision = revision, submitted_by = :submitted_by,
    submitted_name = :submitted_name, submitted_at_us = :now_us, reason = '',
    changed_at_us = :now_us
WHERE id = :id AND revision = :revision AND state IN ('draft', 'returned');

-- bulletin_approve_row: change
-- This version may go out.
-- in: id i64, revision i64, approved_by i64?, approved_name str, approved_alone bool, now_us usec
UPDATE bulletins SET state = 'approved', approved_revision = revision,
    approved_alone = :approved_alone, approved_by = :approved_by, approved_name = :approved_name,
    approved_at_us = :now_us, reason = '', changed_at_us = :now_us
WHERE id = :id AND revision = :revision AND state = 'submitted';

-- bulletin_return_row: change
-- Back to who wrote it.
-- in: id i64, reason str, now_us usec
UPDATE bulletins SET state = 'returned', reason = :reason, approved_revision = NULL,
    approved_alone = FALSE, approved_by = NULL, approved_name = '', approved_at_us = NULL,
    changed_at_us = :now_us
WHERE id = :id AND state IN ('submitted', 'approved');

-- bulletin_withdraw_row: change
-- It is over.
-- in: id i64, reason str, now_us usec
UPDATE bulletins SET state = 'withdrawn', reason = :reason, changed_at_us = :now_us
WHERE id = :id AND state <> 'withdrawn';

-- bulletin_span_row: change
-- Where it stands and from when to when it is planned.
-- in: id i64, state str, first_at_us usec?, last_at_us usec?, now_us usec
UPDATE bulletins SET state = :state, first_at_us = :first_at_us, last_at_us = :last_at_us,
    changed_at_us = :now_us
WHERE id = :id AND state IN ('approved', 'offered', 'scheduled');

-- bulletin_rule_of: one
-- Whether one person may write and approve there.
-- in: unit_id i64
-- out: one_person bool
SELECT one_person FROM bulletin_rules WHERE unit_id = :unit_id;

-- bulletin_rule_put: change
-- The word about it.
-- in: unit_id i64, one_person bool, changed_by i64?, now_us usec
INSERT INTO bulletin_rules (unit_id, one_person, changed_by, changed_at_us)
VALUES (:unit_id, :one_person, :changed_by, :now_us)
ON CONFLICT (unit_id) DO UPDATE SET one_person = excluded.one_person,
    changed_by = excluded.changed_by, changed_at_us = excluded.changed_at_us;

-- category_has: one
-- Whether the list has it and still offers it.
-- in: code str
-- out: categories i64
SELECT CAST(COUNT(*) AS BIGINT) AS categories FROM bulletin_categories
WHERE code = :code AND NOT retired;

-- bulletin_media_names: many
-- Whatever any version refers to.
-- out: hash hash
SELECT hash FROM bulletin_texts WHERE hash IS NOT NULL
UNION SELECT hash FROM bulletin_attachments;
