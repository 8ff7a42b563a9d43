/* Imports in the store. */
#include "people/import_job.h"

#include "base/text.h"
#include "people/import_report.h"
#include "people/import_sql.h"
#include "people/unit_write.h"

enum { AUDIT_REPORT_MOST = 32 * 1024 }; /* a longer one is only in the import itself */

static const char *const state_names[] = {"checked", "refused", "applied", "discarded"};

const char *import_state_name(enum import_state state)
{
    return state_names[state];
}

static enum import_state state_of(str name)
{
    for (int state = IMPORT_CHECKED; state <= IMPORT_DISCARDED; state++) {
        if (str_is(name, str_of(state_names[state]))) {
            return (enum import_state)state;
        }
    }
    return IMPORT_DISCARDED; /* the schema allows no other word */
}

/* Two statements answer the same columns. */
#define IMPORT_OF(row)                                                                             \
    ((struct import){                                                                              \
        .id = (row)->id,                                                                           \
        .filename = (row)->filename,                                                               \
        .on = (row)->on_day,                                                                       \
        .state = state_of((row)->state),                                                           \
        .created_by = (row)->has_created_by ? (row)->created_by : 0,                               \
        .created_name = (row)->created_name,                                                       \
        .created_at = (row)->created_at_us,                                                        \
    })

static errc complete(struct import *import, str kind, str report, struct arena *arena)
{
    if (!import_kind_parse(kind, &import->kind)) {
        return ERR_CORRUPT;
    }
    return import_report_read(report, arena, import);
}

errc import_page(const struct unit_job *job, struct db *db, int64_t before_id, size_t most,
                 struct imports *ret_imports, struct why *why)
{
    struct import_list_row *rows = NULL;
    size_t count = 0;
    most = most > 199 ? 199 : most;
    struct import_list_in in = {before_id == 0 ? INT64_MAX : before_id, (int64_t)most + 1};
    TRY(import_list_all(db, &in, job->arena, &rows, &count, why));
    struct import *items = arena_take_array(job->arena, count, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t shown = count > most ? most : count;
    for (size_t i = 0; i < shown; i++) {
        items[i] = IMPORT_OF(&rows[i]);
        TRY(complete(&items[i], rows[i].kind, rows[i].report, job->arena));
    }
    int64_t next = count > most && shown > 0 ? items[shown - 1].id : 0;
    *ret_imports = (struct imports){items, shown, next};
    return OK;
}

errc import_get(const struct unit_job *job, struct db *db, int64_t id, struct import *ret_import,
                struct why *why)
{
    struct import_by_id_row row;
    struct import_by_id_in in = {id};
    TRY(import_by_id(db, &in, job->arena, &row, why));
    struct import import = IMPORT_OF(&row);
    TRY(complete(&import, row.kind, row.report, job->arena));
    *ret_import = import;
    return OK;
}

struct checked {
    struct import_plan plan;
    struct forest *after; /* null: errors */
};

static void checked_finish(struct checked *checked)
{
    forest_drop(checked->after);
    checked->after = NULL;
}

static errc check(const struct unit_writing *writing, const struct import_file *file,
                  struct checked *checked, struct why *why)
{
    struct import_job job = {
        .before = writing->forest,
        .kind = file->kind,
        .on = file->on,
        .text = file->text,
        .arena = writing->job->arena,
    };
    TRY(import_check(&job, &checked->plan, &checked->after, why));
    return unit_write_may(writing, &checked->plan.patch, why);
}

/* The report is the audit's "after". */
static errc tell(const struct unit_writing *writing, const char *action,
                 const struct import *import, str report, struct why *why)
{
    struct unit_audit audit = {
        .action = action,
        .subject_kind = "import",
        .subject = import->id,
        .name = import->filename,
        .unit = writing->job->actor->unit_id,
        .after = report.len > AUDIT_REPORT_MOST ? STR_NONE : report,
    };
    TRY(db_announce(writing->db, "units", why));
    return unit_write_audit(writing, &audit, why);
}

errc import_create(const struct unit_job *job, struct db *db, const struct import_file *file,
                   int64_t *ret_id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct checked checked AUTO(checked_finish) = {.after = NULL};
    struct import_add_row row;
    str report = STR_NONE;
    if (file->filename.len > 4 * IMPORT_FILENAME_MOST || !text_is_plain(file->filename)) {
        struct bad_field unseen;
        return bad_field(job->bad == NULL ? &unseen : job->bad, "filename", "not_text");
    }
    TRY(unit_write_start(job, db, RIGHT_IMPORTS_WRITE, &writing, why));
    TRY(check(&writing, file, &checked, why));
    TRY(import_report_write(&checked.plan, job->arena, &report));
    enum import_state state = checked.after == NULL ? IMPORT_REFUSED : IMPORT_CHECKED;
    struct import_add_in in = {
        .kind = str_of(import_kind_name(file->kind)),
        .filename = file->filename,
        .on_day = file->on,
        .state = str_of(import_state_name(state)),
        .body = state == IMPORT_CHECKED ? file->text : S(""), /* a refused file may be anything */
        .report = report,
        .has_created_by = job->actor->account_id != 0,
        .created_by = job->actor->account_id,
        .created_name = job->actor->name.at == NULL ? S("") : job->actor->name,
        .created_at_us = job->actor->now,
    };
    TRY(import_add(db, &in, job->arena, &row, why));
    struct import import = {.id = row.id, .filename = file->filename};
    TRY(tell(&writing, "import_checked", &import, report, why));
    *ret_id = row.id;
    return OK;
}

static errc load_file(const struct unit_job *job, struct db *db, int64_t id, struct import *import,
                      struct import_file *ret_file, struct why *why)
{
    struct import_body_row row;
    TRY(import_get(job, db, id, import, why));
    if (import->state != IMPORT_CHECKED) {
        return fail(why, ERR_CONFLICT, "import %lld is %s", (long long)id,
                    import_state_name(import->state));
    }
    TRY(import_body(db, &(struct import_body_in){id}, job->arena, &row, why));
    *ret_file = (struct import_file){import->kind, import->on, import->filename, row.body};
    return OK;
}

/* The plan was made on the forest of this transaction; the ids of batch and units come from it too,
 * so the trial is made once more with the batch's real id. */
static errc write_plan(const struct unit_writing *writing, const struct import_file *file,
                       const struct import_plan *plan, batch_id *ret_batch, struct why *why)
{
    struct forest *after AUTO(forest_close) = NULL;
    struct unit_problems problems;
    struct unit_batch batch = {.kind = BATCH_IMPORT, .on = file->on, .title = S("")};
    if (plan->patch.count == 0) {
        *ret_batch = 0;
        return OK;
    }
    TRY(unit_problems_init(&problems, writing->job->arena));
    TRY(unit_write_check(writing, &plan->patch, &batch, &problems, &after, why));
    if (after == NULL) {
        return fail(why, ERR_CONFLICT, "the units have changed since the file was checked");
    }
    *ret_batch = batch.id;
    return unit_write_batch(writing, after, &batch, plan->patch.begun, why);
}

errc import_apply(const struct unit_job *job, struct db *db, int64_t id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct checked checked AUTO(checked_finish) = {.after = NULL};
    struct import import;
    struct import_file file;
    batch_id batch = 0;
    str report = STR_NONE;
    TRY(unit_write_start(job, db, RIGHT_IMPORTS_WRITE, &writing, why));
    TRY(load_file(job, db, id, &import, &file, why));
    TRY(check(&writing, &file, &checked, why));
    if (checked.after == NULL) {
        return fail(why, ERR_CONFLICT, "the units have changed since the file was checked");
    }
    TRY(write_plan(&writing, &file, &checked.plan, &batch, why));
    TRY(import_report_write(&checked.plan, job->arena, &report));
    struct import_mark_in in = {
        .id = id,
        .state = str_of(import_state_name(IMPORT_APPLIED)),
        .report = report,
        .has_batch_id = batch != 0,
        .batch_id = batch,
    };
    TRY(import_mark(db, &in, NULL, why));
    return tell(&writing, "import_applied", &import, report, why);
}

errc import_discard(const struct unit_job *job, struct db *db, int64_t id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct import_by_id_row row;
    TRY(unit_write_start(job, db, RIGHT_IMPORTS_WRITE, &writing, why));
    TRY(import_by_id(db, &(struct import_by_id_in){id}, job->arena, &row, why));
    struct import import = IMPORT_OF(&row);
    if (import.state != IMPORT_CHECKED && import.state != IMPORT_REFUSED) {
        return fail(why, ERR_CONFLICT, "import %lld is %s", (long long)id,
                    import_state_name(import.state));
    }
    struct import_mark_in in = {
        .id = id, .state = str_of(import_state_name(IMPORT_DISCARDED)), .report = row.report};
    TRY(import_mark(db, &in, NULL, why));
    return tell(&writing, "import_discarded", &import, STR_NONE, why);
}
