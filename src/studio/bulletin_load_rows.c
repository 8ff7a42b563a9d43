/* Reading bulletins; see bulletin_desk.h. */
#include "people/forest.h"
#include "people/unit_sight.h"
#include "studio/bulletin_inside.h"
#include "studio/bulletin_sql.h"

static struct bulletin_person person(bool has_account, int64_t account, str name, usec at)
{
    return (struct bulletin_person){has_account ? account : 0, name, at};
}

static errc fill(struct bulletin_line *to, const struct bulletin_by_id_row *row, usec now)
{
    *to = (struct bulletin_line){
        .id = row->id,
        .unit = row->unit_id,
        .revision = row->revision,
        .submitted_revision = row->submitted_revision,
        .approved_revision = row->has_approved_revision ? row->approved_revision : 0,
        .approved_alone = row->approved_alone,
        .title = row->title,
        .category = row->category,
        .languages = row->languages,
        .channels = row->channels,
        .ms = row->ms,
        .valid_from = row->has_valid_from_us ? row->valid_from_us : 0,
        .valid_to = row->has_valid_to_us ? row->valid_to_us : 0,
        .reason = row->reason,
        .written =
            person(row->has_written_by, row->written_by, row->written_name, row->created_at_us),
        .submitted = person(row->has_submitted_by, row->submitted_by, row->submitted_name,
                            row->has_submitted_at_us ? row->submitted_at_us : 0),
        .approved = person(row->has_approved_by, row->approved_by, row->approved_name,
                           row->has_approved_at_us ? row->approved_at_us : 0),
        .first_at = row->has_first_at_us ? row->first_at_us : 0,
        .last_at = row->has_last_at_us ? row->last_at_us : 0,
        .changed_at = row->changed_at_us,
    };
    if (row->mark.len != WIRE_ID_SIZE || !bulletin_class_parse(row->class, &to->class) ||
        !bulletin_state_parse(row->state, &to->kept)) {
        return ERR_CORRUPT;
    }
    memcpy(to->mark.bytes, row->mark.at, WIRE_ID_SIZE);
    to->state = bulletin_state_at(to, now);
    return OK;
}

errc bulletin_load_line(const struct bulletin_job *job, struct bulletin_line *ret_line)
{
    struct bulletin_by_id_in in = {job->id};
    struct bulletin_by_id_row *rows = NULL;
    size_t count = 0;
    TRY(bulletin_by_id_all(job->db, &in, job->desk->arena, &rows, &count, job->why));
    return count == 0 ? fail(job->why, ERR_NOT_FOUND, "no bulletin %lld", (long long)job->id)
                      : fill(ret_line, &rows[0], job->desk->actor->now);
}

/* Those above see everything; those below what was approved for them to hear. */
bool bulletin_is_seen(const struct desk *desk, const struct bulletin_line *line)
{
    struct right_view view = unit_right_view(desk->forest);
    if (actor_may(desk->actor, RIGHT_BULLETINS_READ, line->unit, &view)) {
        return true;
    }
    return line->approved_revision != 0 && desk_sees(desk, RIGHT_BULLETINS_READ, line->unit);
}

errc bulletin_get_line(const struct desk *desk, struct db *db, int64_t id,
                       struct bulletin_line *ret_line, struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    TRY(bulletin_load_line(&job, &line));
    if (!bulletin_is_seen(desk, &line)) {
        return fail(why, ERR_NOT_FOUND, "no bulletin %lld to be seen", (long long)id);
    }
    *ret_line = line;
    return OK;
}

/* --- what it says ----------------------------------------------------------------------------- */

static errc load_areas(const struct bulletin_job *job, int64_t revision, struct bulletin_body *body)
{
    struct bulletin_areas_of_in in = {job->id, revision};
    struct bulletin_areas_of_row *rows = NULL;
    struct arena *arena = job->desk->arena;
    TRY(bulletin_areas_of_all(job->db, &in, arena, &rows, &body->area_count, job->why));
    unit_id *areas = arena_take_array(arena, body->area_count + 1, sizeof *areas);
    if (areas == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < body->area_count; i++) {
        areas[i] = rows[i].unit_id;
    }
    body->areas = areas;
    return OK;
}

static errc load_texts(const struct bulletin_job *job, int64_t revision, struct bulletin_body *body)
{
    struct bulletin_texts_of_in in = {job->id, revision};
    struct bulletin_texts_of_row *rows = NULL;
    struct arena *arena = job->desk->arena;
    TRY(bulletin_texts_of_all(job->db, &in, arena, &rows, &body->text_count, job->why));
    struct bulletin_text *texts = arena_take_array(arena, body->text_count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < body->text_count; i++) {
        texts[i] = (struct bulletin_text){.language = rows[i].language,
                                          .title = rows[i].title,
                                          .text = rows[i].text,
                                          .ms = rows[i].ms,
                                          .bytes = rows[i].bytes};
        if (!bulletin_channel_parse(rows[i].channel, &texts[i].channel)) {
            return ERR_CORRUPT;
        }
        if (rows[i].hash.len == HASH_SIZE) {
            memcpy(texts[i].media.bytes, rows[i].hash.at, HASH_SIZE);
        }
    }
    body->texts = texts;
    return OK;
}

static errc load_attachments(const struct bulletin_job *job, int64_t revision,
                             struct bulletin_body *body)
{
    struct bulletin_attachments_of_in in = {job->id, revision};
    struct bulletin_attachments_of_row *rows = NULL;
    struct arena *arena = job->desk->arena;
    TRY(bulletin_attachments_of_all(job->db, &in, arena, &rows, &body->attachment_count, job->why));
    struct bulletin_attachment *files =
        arena_take_array(arena, body->attachment_count + 1, sizeof *files);
    if (files == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < body->attachment_count; i++) {
        files[i] = (struct bulletin_attachment){rows[i].hash, rows[i].name};
    }
    body->attachments = files;
    return OK;
}

errc bulletin_load_body(const struct bulletin_job *job, int64_t revision,
                        struct bulletin_body *ret_body, struct bulletin_version *ret_version)
{
    struct bulletin_version_of_in in = {job->id, revision};
    struct bulletin_version_of_row row;
    TRY(bulletin_version_of(job->db, &in, job->desk->arena, &row, job->why));
    struct bulletin_body body = {
        .title = row.title,
        .category = row.category,
        .valid_from = row.has_valid_from_us ? row.valid_from_us : 0,
        .valid_to = row.has_valid_to_us ? row.valid_to_us : 0,
        .sources = row.sources,
    };
    if (!bulletin_class_parse(row.class, &body.class)) {
        return ERR_CORRUPT;
    }
    TRY(load_areas(job, revision, &body));
    TRY(load_texts(job, revision, &body));
    TRY(load_attachments(job, revision, &body));
    *ret_body = body;
    *ret_version = (struct bulletin_version){
        revision, row.title,
        person(row.has_saved_by, row.saved_by, row.saved_name, row.saved_at_us)};
    return OK;
}

errc bulletin_get(const struct desk *desk, struct db *db, int64_t id, struct bulletin *ret_bulletin,
                  struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_version version;
    struct bulletin bulletin;
    TRY(bulletin_get_line(desk, db, id, &bulletin.line, why));
    TRY(bulletin_load_body(&job, bulletin.line.revision, &bulletin.body, &version));
    *ret_bulletin = bulletin;
    return OK;
}

/* --- versions --------------------------------------------------------------------------------- */

errc bulletin_versions_load(const struct desk *desk, struct db *db, int64_t id,
                            struct bulletin_versions *ret_versions, struct why *why)
{
    struct bulletin_versions_of_in in = {id};
    struct bulletin_versions_of_row *rows = NULL;
    struct bulletin_line line;
    size_t count = 0;
    TRY(bulletin_get_line(desk, db, id, &line, why));
    TRY(bulletin_versions_of_all(db, &in, desk->arena, &rows, &count, why));
    struct bulletin_version *versions = arena_take_array(desk->arena, count + 1, sizeof *versions);
    if (versions == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        versions[i] = (struct bulletin_version){rows[i].revision, rows[i].title,
                                                person(rows[i].has_saved_by, rows[i].saved_by,
                                                       rows[i].saved_name, rows[i].saved_at_us)};
    }
    *ret_versions = (struct bulletin_versions){versions, count};
    return OK;
}

errc bulletin_version_get(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                          struct bulletin_version *ret_version, struct bulletin_body *ret_body,
                          struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    TRY(bulletin_get_line(desk, db, id, &line, why));
    return bulletin_load_body(&job, revision, ret_body, ret_version);
}

/* --- media ----------------------------------------------------------------------------------- */

struct each_medium {
    void (*on_media)(void *ctx, hash media);
    void *ctx;
};

static errc on_medium(void *ctx, const struct bulletin_media_names_row *row)
{
    const struct each_medium *each = ctx;
    each->on_media(each->ctx, row->hash);
    return OK;
}

errc bulletin_media_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                         struct why *why)
{
    struct each_medium each = {on_media, ctx};
    return bulletin_media_names(db, on_medium, &each, why);
}
