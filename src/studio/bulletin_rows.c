/* Writing bulletins and keeping every version; see bulletin_desk.h. */
#include "base/json_out.h"
#include "broadcast/media_item.h"
#include "people/audit.h"
#include "people/forest.h"
#include "studio/bulletin_inside.h"
#include "studio/bulletin_sql.h"
#include "studio/likeness.h"
#include "studio/search_words.h"

#define ONE_GO (10 * USEC_MINUTE) /* of writing, without a longer rest */

struct saving {
    struct bulletin_job job;
    const struct bulletin_body *body; /* with what the media say */
    int64_t revision;
    struct search_words words;
    unsigned char likeness[LIKENESS_SIZE];
    str languages;
    str channels;
    int64_t ms;
};

static str or_empty(str text)
{
    return text.len == 0 ? S("") : text;
}

/* --- what is checked -------------------------------------------------------------------------- */

static errc check_category(const struct bulletin_job *job, str code)
{
    struct category_has_in in = {code};
    struct category_has_row row;
    if (code.len == 0) {
        return OK;
    }
    TRY(category_has(job->db, &in, job->desk->arena, &row, job->why));
    return row.categories > 0 ? OK : bad_field(job->desk->bad, "category", "unknown");
}

static errc check_areas(const struct bulletin_job *job, unit_id unit,
                        const struct bulletin_body *body)
{
    struct tree tree = forest_at(job->desk->forest, job->desk->actor->today);
    for (size_t i = 0; i < body->area_count; i++) {
        if (!tree_covers(tree, unit, body->areas[i])) {
            return bad_field(job->desk->bad, "areas", "outside");
        }
        for (size_t j = 0; j < i; j++) {
            if (body->areas[j] == body->areas[i]) {
                return bad_field(job->desk->bad, "areas", "twice");
            }
        }
    }
    return OK;
}

/* Sounds are known ones, and say how long they are. */
static errc fill_sounds(const struct bulletin_job *job, struct bulletin_body *body)
{
    static const hash none;
    struct bulletin_text *texts =
        arena_take_array(job->desk->arena, body->text_count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < body->text_count; i++) {
        struct media_item item = {.ms = 0};
        texts[i] = body->texts[i];
        texts[i].ms = 0;
        texts[i].bytes = 0;
        if (texts[i].channel != CHANNEL_SOUND || hash_is(texts[i].media, none)) {
            continue;
        }
        errc rc = media_item_find(job->desk, job->db, texts[i].media, &item, job->why);
        if (rc == ERR_NOT_FOUND) {
            return bad_field(job->desk->bad, "media", "no_such_media");
        }
        TRY(rc);
        texts[i].ms = item.ms;
        texts[i].bytes = item.bytes;
    }
    body->texts = texts;
    return OK;
}

static errc check_body(const struct bulletin_job *job, unit_id unit, struct bulletin_body *body)
{
    TRY(bulletin_check(body, job->desk->bad));
    TRY(check_category(job, body->category));
    TRY(check_areas(job, unit, body));
    return fill_sounds(job, body);
}

/* --- what is kept beside it ------------------------------------------------------------------- */

static void add_once(struct buf *to, str word)
{
    str rest = buf_str(to);
    while (rest.at != NULL && rest.len > 0) {
        if (str_is(str_split(rest, ' ', &rest), word)) {
            return;
        }
    }
    buf_add(to, to->len > 0 ? S(" ") : S(""));
    buf_add(to, word);
}

static errc sum_up(struct saving *run)
{
    AUTO(buf_finish) struct buf languages;
    AUTO(buf_finish) struct buf channels;
    const struct bulletin_body *body = run->body;
    struct arena *arena = run->job.desk->arena;
    buf_init(&languages, 1024);
    buf_init(&channels, 64);
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        add_once(&languages, text->language);
        add_once(&channels, str_of(bulletin_channel_name(text->channel)));
        run->ms = text->ms > run->ms ? text->ms : run->ms;
    }
    TRY(buf_check(&languages));
    run->languages = or_empty(arena_str(arena, buf_str(&languages)));
    run->channels = or_empty(arena_str(arena, buf_str(&channels)));
    return OK;
}

static errc read_words(struct saving *run)
{
    const struct bulletin_body *body = run->body;
    struct arena *arena = run->job.desk->arena;
    struct likeness likeness;
    str *texts = arena_take_array(arena, 2 * body->text_count + 2, sizeof *texts);
    size_t count = 0;
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    texts[count++] = body->title;
    for (size_t i = 0; i < body->text_count; i++) {
        texts[count++] = or_empty(body->texts[i].title);
        texts[count++] = or_empty(body->texts[i].text);
    }
    TRY(search_words_of(texts, count, arena, &run->words));
    str first = body->text_count == 0 ? S("") : or_empty(body->texts[0].text);
    TRY(likeness_of(body->title, first, arena, &likeness));
    likeness_write(&likeness, run->likeness);
    return OK;
}

static errc write_words(const struct saving *run)
{
    struct bulletin_words_clear_in clear = {run->job.id};
    struct bulletin_word_add_in *rows =
        arena_take_array(run->job.desk->arena, run->words.count + 1, sizeof *rows);
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->words.count; i++) {
        rows[i] = (struct bulletin_word_add_in){run->words.at[i], run->job.id};
    }
    TRY(bulletin_words_clear(run->job.db, &clear, NULL, run->job.why));
    return run->words.count == 0
               ? OK
               : bulletin_word_add_batch(run->job.db, rows, run->words.count, run->job.why);
}

static errc write_texts(const struct saving *run)
{
    static const hash none;
    for (size_t i = 0; i < run->body->text_count; i++) {
        const struct bulletin_text *text = &run->body->texts[i];
        bool silent = hash_is(text->media, none);
        struct bulletin_text_add_in in = {
            .bulletin_id = run->job.id,
            .revision = run->revision,
            .position = (int64_t)i,
            .language = text->language,
            .channel = str_of(bulletin_channel_name(text->channel)),
            .title = or_empty(text->title),
            .text = or_empty(text->text),
            .hash = silent ? STR_NONE : (str){(const char *)text->media.bytes, HASH_SIZE},
            .ms = text->ms,
            .bytes = text->bytes,
        };
        TRY(bulletin_text_add(run->job.db, &in, NULL, run->job.why));
    }
    return OK;
}

static errc write_version(const struct saving *run)
{
    const struct bulletin_body *body = run->body;
    const struct actor *actor = run->job.desk->actor;
    struct bulletin_version_add_in in = {
        .bulletin_id = run->job.id,
        .revision = run->revision,
        .title = body->title,
        .category = or_empty(body->category),
        .class = str_of(bulletin_class_name(body->class)),
        .has_valid_from_us = body->valid_from != 0,
        .valid_from_us = body->valid_from,
        .has_valid_to_us = body->valid_to != 0,
        .valid_to_us = body->valid_to,
        .sources = or_empty(body->sources),
        .has_saved_by = actor->account_id != 0,
        .saved_by = actor->account_id,
        .saved_name = or_empty(actor->name),
        .now_us = actor->now,
    };
    TRY(bulletin_version_add(run->job.db, &in, NULL, run->job.why));
    for (size_t i = 0; i < body->area_count; i++) {
        struct bulletin_area_add_in area = {run->job.id, run->revision, body->areas[i]};
        TRY(bulletin_area_add(run->job.db, &area, NULL, run->job.why));
    }
    for (size_t i = 0; i < body->attachment_count; i++) {
        struct bulletin_attachment_add_in file = {run->job.id, run->revision, (int64_t)i,
                                                  body->attachments[i].media,
                                                  body->attachments[i].name};
        TRY(bulletin_attachment_add(run->job.db, &file, NULL, run->job.why));
    }
    TRY(write_texts(run));
    return write_words(run);
}

/* --- the audit trail -------------------------------------------------------------------------- */

errc bulletin_tell(const struct bulletin_job *job, const char *action,
                   const struct bulletin_line *line, str reason)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_i64_at(&out, "revision", line->revision);
    json_text_at(&out, "class", bulletin_class_name(line->class));
    json_str_at(&out, "reason", reason.len > 0 ? reason : STR_NONE);
    json_end(&out);
    struct audit_entry entry = {
        .actor = job->desk->actor,
        .action = action,
        .subject_kind = "bulletin",
        .subject_id = job->id,
        .subject_name = line->title,
        .subject_unit_id = line->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(job->db, "bulletins", job->why));
    return audit_append(job->db, &entry, job->why);
}

/* --- creating and changing -------------------------------------------------------------------- */

static errc check_unit(const struct desk *desk, unit_id unit)
{
    uint64_t tier = unit_key_tier(desk->forest, unit);
    TRY(desk_may(desk, RIGHT_BULLETINS_WRITE, unit));
    return tier != 0 && tier <= TIER_COMMUNE ? OK : bad_field(desk->bad, "unit_id", "not_here");
}

static errc add_row(struct saving *run, const struct bulletin_draft *draft, bool *ret_added)
{
    const struct bulletin_body *body = run->body;
    const struct actor *actor = run->job.desk->actor;
    struct bulletin_add_row_row row = {.id = 0};
    struct bulletin_add_row_in in = {
        .mark = {(const char *)draft->mark.bytes, WIRE_ID_SIZE},
        .unit_id = draft->unit,
        .title = body->title,
        .category = or_empty(body->category),
        .class = str_of(bulletin_class_name(body->class)),
        .languages = run->languages,
        .channels = run->channels,
        .ms = run->ms,
        .has_valid_from_us = body->valid_from != 0,
        .valid_from_us = body->valid_from,
        .has_valid_to_us = body->valid_to != 0,
        .valid_to_us = body->valid_to,
        .has_written_by = actor->account_id != 0,
        .written_by = actor->account_id,
        .written_name = or_empty(actor->name),
        .now_us = actor->now,
        .likeness = {(const char *)run->likeness, LIKENESS_SIZE},
    };
    errc rc = bulletin_add_row(run->job.db, &in, run->job.desk->arena, &row, run->job.why);
    *ret_added = rc == OK;
    run->job.id = row.id;
    return rc == ERR_NOT_FOUND ? OK : rc;
}

static errc find_made(struct saving *run, const struct bulletin_draft *draft)
{
    struct bulletin_by_mark_in in = {{(const char *)draft->mark.bytes, WIRE_ID_SIZE}};
    struct bulletin_by_mark_row row;
    TRY(bulletin_by_mark(run->job.db, &in, run->job.desk->arena, &row, run->job.why));
    run->job.id = row.id;
    return row.unit_id == draft->unit
               ? OK
               : fail(run->job.why, ERR_EXISTS, "the mark belongs to something else");
}

errc bulletin_create(const struct desk *desk, struct db *db, const struct bulletin_draft *draft,
                     int64_t *ret_id, struct why *why)
{
    struct bulletin_body body = draft->body;
    struct saving run = {.job = {desk, db, 0, why}, .body = &body, .revision = 1};
    struct bulletin_line line;
    bool added = false;
    TRY(check_unit(desk, draft->unit));
    TRY(check_body(&run.job, draft->unit, &body));
    TRY(sum_up(&run));
    TRY(read_words(&run));
    TRY(add_row(&run, draft, &added));
    if (!added) {
        TRY(find_made(&run, draft));
        *ret_id = run.job.id;
        return OK;
    }
    TRY(write_version(&run));
    TRY(bulletin_load_line(&run.job, &line));
    *ret_id = run.job.id;
    return bulletin_tell(&run.job, "bulletin_created", &line, STR_NONE);
}

static errc change_row(const struct saving *run)
{
    const struct bulletin_body *body = run->body;
    struct bulletin_change_row_in in = {
        .id = run->job.id,
        .revision = run->revision - 1,
        .title = body->title,
        .category = or_empty(body->category),
        .class = str_of(bulletin_class_name(body->class)),
        .languages = run->languages,
        .channels = run->channels,
        .ms = run->ms,
        .has_valid_from_us = body->valid_from != 0,
        .valid_from_us = body->valid_from,
        .has_valid_to_us = body->valid_to != 0,
        .valid_to_us = body->valid_to,
        .now_us = run->job.desk->actor->now,
        .likeness = {(const char *)run->likeness, LIKENESS_SIZE},
    };
    int64_t changed = 0;
    TRY(bulletin_change_row(run->job.db, &in, &changed, run->job.why));
    return changed == 1 ? OK : fail(run->job.why, ERR_VERSION, "somebody else was quicker");
}

/* Pages save by themselves while somebody writes. Of what one person saves in one go, and nobody
 * was asked to read, the last version is enough. */
static errc forget_last(const struct saving *run, const struct bulletin_line *line,
                        const struct bulletin_version *last, bool *ret_goes_on)
{
    const struct actor *actor = run->job.desk->actor;
    int64_t id = run->job.id;
    bool own = last->saved.account != 0 && last->saved.account == actor->account_id;
    bool unread = line->kept == BULLETIN_DRAFT || last->revision > line->submitted_revision;
    if (!own || !unread || line->kept == BULLETIN_SUBMITTED ||
        actor->now - last->saved.at > ONE_GO) {
        *ret_goes_on = false;
        return OK;
    }
    *ret_goes_on = true;
    struct bulletin_areas_drop_in areas = {id, last->revision};
    struct bulletin_texts_drop_in texts = {id, last->revision};
    struct bulletin_attachments_drop_in files = {id, last->revision};
    struct bulletin_version_drop_in version = {id, last->revision};
    TRY(bulletin_areas_drop(run->job.db, &areas, NULL, run->job.why));
    TRY(bulletin_texts_drop(run->job.db, &texts, NULL, run->job.why));
    TRY(bulletin_attachments_drop(run->job.db, &files, NULL, run->job.why));
    return bulletin_version_drop(run->job.db, &version, NULL, run->job.why);
}

static errc check_change(const struct saving *run, const struct bulletin_line *line)
{
    if (line->revision != run->revision - 1) {
        return fail(run->job.why, ERR_VERSION, "somebody else was quicker");
    }
    if (!bulletin_step_fits(line->state, line->class, STEP_CHANGE)) {
        return fail(run->job.why, ERR_CONFLICT, "it is past changing");
    }
    return line->revision < BULLETIN_REVISIONS_MOST
               ? OK
               : bad_field(run->job.desk->bad, "revision", "too_many");
}

errc bulletin_change(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                     const struct bulletin_body *new_body, struct why *why)
{
    struct bulletin_body body = *new_body;
    struct saving run = {.job = {desk, db, id, why}, .body = &body, .revision = revision + 1};
    struct bulletin_line line;
    struct bulletin_body old;
    struct bulletin_version last;
    bool goes_on = false;
    TRY(bulletin_get_line(desk, db, id, &line, why));
    TRY(desk_may(desk, RIGHT_BULLETINS_WRITE, line.unit));
    TRY(bulletin_load_body(&run.job, line.revision, &old, &last));
    if (bulletin_says_same(&body, &old)) {
        return OK; /* also when an answer was lost and the page asks again */
    }
    TRY(check_change(&run, &line));
    TRY(check_body(&run.job, line.unit, &body));
    TRY(sum_up(&run));
    TRY(read_words(&run));
    TRY(change_row(&run));
    TRY(forget_last(&run, &line, &last, &goes_on));
    TRY(write_version(&run));
    if (goes_on) {
        return db_announce(db, "bulletins", why);
    }
    TRY(bulletin_load_line(&run.job, &line));
    return bulletin_tell(&run.job, "bulletin_changed", &line, STR_NONE);
}

errc bulletin_copy(const struct desk *desk, struct db *db, int64_t id, wire_id mark, unit_id unit,
                   int64_t *ret_id, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct bulletin_draft draft = {.mark = mark, .unit = unit};
    struct bulletin bulletin;
    TRY(bulletin_get(desk, db, id, &bulletin, why));
    draft.unit = unit == 0 ? bulletin.line.unit : unit;
    draft.body = bulletin.body;
    draft.body.valid_from = 0;
    draft.body.valid_to = 0;
    for (size_t i = 0; i < bulletin.body.area_count; i++) {
        if (!tree_covers(tree, draft.unit, bulletin.body.areas[i])) {
            draft.body.area_count = 0;
        }
    }
    return bulletin_create(desk, db, &draft, ret_id, why);
}
