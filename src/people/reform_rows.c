/* Reforms in the store. The document is one row; what it did is a batch of units. */
#include "people/reform_job.h"

#include "base/text.h"
#include "people/reform_sql.h"
#include "people/unit_sight.h"
#include "people/unit_write.h"

enum { STEPS_SIZE_MOST = 4 * 1024 * 1024 };

static const char *const state_names[] = {"draft", "applied", "undone"};

const char *reform_state_name(enum reform_state state)
{
    return state_names[state];
}

static enum reform_state state_of(str name)
{
    for (int state = REFORM_DRAFT; state <= REFORM_UNDONE; state++) {
        if (str_is(name, str_of(state_names[state]))) {
            return (enum reform_state)state;
        }
    }
    return REFORM_UNDONE; /* the schema allows no other word */
}

/* Two statements answer the same columns. */
#define REFORM_OF(row)                                                                             \
    ((struct reform){                                                                              \
        .id = (row)->id,                                                                           \
        .title = (row)->title,                                                                     \
        .decree = (row)->decree,                                                                   \
        .on = (row)->on_day,                                                                       \
        .state = state_of((row)->state),                                                           \
        .batch = (row)->has_batch_id ? (row)->batch_id : 0,                                        \
        .created_by = (row)->has_created_by ? (row)->created_by : 0,                               \
        .created_name = (row)->created_name,                                                       \
        .created_at = (row)->created_at_us,                                                        \
        .applied_by = (row)->has_applied_by ? (row)->applied_by : 0,                               \
        .applied_name = (row)->applied_name,                                                       \
        .applied_at = (row)->has_applied_at_us ? (row)->applied_at_us : 0,                         \
    })

/* The units that a batch began. */
static errc units_begun(const struct unit_ledger *ledger, batch_id batch, struct arena *arena,
                        const unit_id **ret_units, size_t *ret_count)
{
    unit_id *units = arena_take_array(arena, ledger->life_count, sizeof *units);
    size_t count = 0;
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < ledger->life_count; i++) {
        if (ledger->lives[i].begun_by == batch) {
            units[count++] = ledger->lives[i].id;
        }
    }
    *ret_units = units;
    *ret_count = count;
    return OK;
}

/* Sets can_undo or why_not_undo. */
static errc judge_undo(const struct unit_job *job, struct db *db, const struct forest *forest,
                       struct reform *reform, struct why *why)
{
    if (reform->state != REFORM_APPLIED) {
        reform->why_not_undo = reform->state == REFORM_UNDONE ? "undone" : "not_applied";
        return OK;
    }
    batch_id later = 0;
    TRY(unit_ledger_dependant(forest_ledger(forest), reform->batch, &later));
    if (later != 0) {
        reform->why_not_undo = "later_change";
        return OK;
    }
    const unit_id *units = NULL;
    size_t count = 0;
    TRY(units_begun(forest_ledger(forest), reform->batch, job->arena, &units, &count));
    for (size_t i = 0; i < job->dependant_count && count > 0; i++) {
        const struct unit_dependants *dependants = &job->dependants[i];
        bool any = false;
        TRY(dependants->find(dependants->ctx, db, units, count, &any, why));
        if (any) {
            reform->why_not_undo = dependants->what;
            return OK;
        }
    }
    reform->can_undo = true;
    return OK;
}

errc reform_page(const struct unit_job *job, struct db *db, int64_t before_id, size_t most,
                 struct reforms *ret_reforms, struct why *why)
{
    struct forest *forest AUTO(forest_close) = NULL;
    struct reform_list_row *rows = NULL;
    size_t count = 0;
    TRY(unit_book_read(job->book, db, &forest, why));
    most = most > 199 ? 199 : most;
    struct reform_list_in in = {before_id == 0 ? INT64_MAX : before_id, (int64_t)most + 1};
    TRY(reform_list_all(db, &in, job->arena, &rows, &count, why));
    struct reform *items = arena_take_array(job->arena, count, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t shown = count > most ? most : count;
    for (size_t i = 0; i < shown; i++) {
        items[i] = REFORM_OF(&rows[i]);
        TRY(judge_undo(job, db, forest, &items[i], why));
    }
    int64_t next = count > most && shown > 0 ? items[shown - 1].id : 0;
    *ret_reforms = (struct reforms){items, shown, next};
    return OK;
}

static errc parse_steps(const struct forest *forest, day on, str json, struct arena *arena,
                        struct reform_steps *ret_steps)
{
    struct json_in in AUTO(json_in_finish) = {NULL};
    struct bad_field bad;
    TRY(json_in_parse(json, &in, NULL));
    errc rc = reform_steps_parse(in.root, forest_at(forest, on - 1), arena, ret_steps, &bad);
    return rc == ERR_INVALID || rc == ERR_UNKNOWN_FIELD ? ERR_CORRUPT : rc;
}

/* A stored reform with its steps, against a forest. */
static errc load(const struct unit_job *job, struct db *db, const struct forest *forest, int64_t id,
                 struct reform_view *ret_view, struct why *why)
{
    struct reform_by_id_row row;
    struct reform_by_id_in in = {id};
    TRY(reform_by_id(db, &in, job->arena, &row, why));
    ret_view->reform = REFORM_OF(&row);
    errc rc = parse_steps(forest, row.on_day, row.steps, job->arena, &ret_view->steps);
    return rc == OK ? OK : fail(why, rc, "steps of reform %lld", (long long)id);
}

/* What a batch did, counted in the ledger. */
static void count_batch(const struct unit_ledger *ledger, batch_id batch,
                        struct reform_preview *preview)
{
    preview->ends = preview->begins = preview->renames = preview->moves = preview->parts = 0;
    for (size_t i = 0; i < ledger->life_count; i++) {
        preview->begins += ledger->lives[i].begun_by == batch;
        preview->ends += ledger->lives[i].ended_by == batch;
    }
    for (size_t i = 0; i < ledger->fact_count; i++) {
        const struct unit_fact *fact = &ledger->facts[i];
        const struct unit_life *life = unit_ledger_life(ledger, fact->unit);
        bool is_change = fact->begun_by == batch && life->begun_by != batch;
        preview->renames += is_change && fact->aspect == UNIT_NAME;
        preview->moves += is_change && fact->aspect == UNIT_PARENT;
    }
    for (size_t i = 0; i < ledger->link_count; i++) {
        preview->parts +=
            ledger->links[i].batch == batch && ledger->links[i].relation != LINK_WHOLE;
    }
}

/* A draft is tried against the units as they are; of another only the description makes sense,
 * since its sources have ended by itself. */
static errc preview(const struct unit_job *job, const struct forest *forest,
                    struct reform_view *view, struct forest **ret_after, struct why *why)
{
    struct unit_patch patch;
    struct reform_trial trial = {
        .before = forest,
        .on = view->reform.on,
        .title = view->reform.title,
        .steps = &view->steps,
        .arena = job->arena,
    };
    TRY(reform_preview(&trial, &patch, &view->preview, ret_after, why));
    if (view->reform.state != REFORM_DRAFT) {
        view->preview.problems.count = 0;
        view->preview.problems.errors = 0;
        view->preview.problems.warnings = 0;
        if (view->reform.state ==
            REFORM_APPLIED) { /* an undone one shows what its steps would do */
            count_batch(forest_ledger(forest), view->reform.batch, &view->preview);
        }
    }
    return OK;
}

errc reform_get(const struct unit_job *job, struct db *db, int64_t id, struct reform_view *ret_view,
                struct why *why)
{
    struct forest *forest AUTO(forest_close) = NULL;
    struct reform_view view;
    TRY(unit_book_read(job->book, db, &forest, why));
    TRY(load(job, db, forest, id, &view, why));
    TRY(judge_undo(job, db, forest, &view.reform, why));
    TRY(preview(job, forest, &view, NULL, why));
    *ret_view = view;
    return OK;
}

/* The steps as JSON of our own, when they make enough sense to be kept: every unit is known and the
 * actor's. A draft may still have problems; that is what the preview is for. */
static errc take_steps(const struct unit_writing *writing, const struct reform_draft *draft,
                       str *ret_json, struct why *why)
{
    const struct unit_job *job = writing->job;
    struct bad_field unseen;
    struct bad_field *bad = job->bad == NULL ? &unseen : job->bad;
    struct reform_steps steps;
    struct unit_problems problems;
    struct unit_patch patch;
    if (draft->title.len == 0 || !text_is_plain(draft->title) ||
        text_length(draft->title) > REFORM_TITLE_MOST) {
        return bad_field(bad, "title", "not_text");
    }
    if (!text_is_plain(draft->decree) || text_length(draft->decree) > REFORM_TITLE_MOST) {
        return bad_field(bad, "decree", "not_text");
    }
    if (draft->on < DAY_LEAST || draft->on > DAY_MOST) {
        return bad_field(bad, "on", "not_a_date");
    }
    TRY(reform_steps_parse(draft->steps, forest_at(writing->forest, draft->on - 1), job->arena,
                           &steps, bad));
    unit_patch_init(&patch, job->arena);
    TRY(unit_problems_init(&problems, job->arena));
    TRY(reform_plan(forest_at(writing->forest, draft->on), &steps, &patch, &problems));
    TRY(unit_write_may(writing, &patch, why));
    struct buf text AUTO(buf_finish) = {.at = NULL};
    struct json_out out;
    buf_init(&text, STEPS_SIZE_MOST);
    json_out_init(&out, &text);
    reform_steps_write(&out, forest_tiers(writing->forest), &steps);
    TRY(json_out_check(&out));
    *ret_json = arena_str(job->arena, buf_str(&text));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

/* The document without its steps, for the audit. */
static errc describe(struct arena *arena, const struct reform_view *view, str *ret_json)
{
    struct buf text AUTO(buf_finish) = {.at = NULL};
    struct json_out out;
    buf_init(&text, 16384);
    json_out_init(&out, &text);
    json_object(&out);
    json_str_at(&out, "title", view->reform.title);
    json_str_at(&out, "decree", view->reform.decree);
    json_day_at(&out, "on", view->reform.on);
    json_text_at(&out, "state", reform_state_name(view->reform.state));
    json_i64_at(&out, "steps", (int64_t)view->steps.count);
    json_end(&out);
    TRY(json_out_check(&out));
    *ret_json = arena_str(arena, buf_str(&text));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

/* What has become of a reform, told to the audit and to the watchers. */
static errc tell(const struct unit_writing *writing, const char *action, int64_t id, str before,
                 struct why *why)
{
    const struct unit_job *job = writing->job;
    struct reform_view view = {.reform = {.id = id}};
    struct unit_audit audit = {
        .action = action, .subject_kind = "reform", .subject = id, .before = before};
    audit.unit = job->actor->unit_id;
    errc rc = load(job, writing->db, writing->forest, id, &view, why);
    if (rc == OK) {
        TRY(describe(job->arena, &view, &audit.after));
        audit.name = view.reform.title;
    } else if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    TRY(db_announce(writing->db, "units", why));
    return unit_write_audit(writing, &audit, why);
}

errc reform_create(const struct unit_job *job, struct db *db, const struct reform_draft *draft,
                   int64_t *ret_id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    str steps = STR_NONE;
    struct reform_add_row row;
    TRY(unit_write_start(job, db, RIGHT_REFORMS_WRITE, &writing, why));
    TRY(take_steps(&writing, draft, &steps, why));
    struct reform_add_in in = {
        .title = draft->title,
        .decree = draft->decree,
        .on_day = draft->on,
        .steps = steps,
        .has_created_by = job->actor->account_id != 0,
        .created_by = job->actor->account_id,
        .created_name = job->actor->name.at == NULL ? S("") : job->actor->name,
        .created_at_us = job->actor->now,
    };
    TRY(reform_add(db, &in, job->arena, &row, why));
    TRY(tell(&writing, "reform_created", row.id, STR_NONE, why));
    *ret_id = row.id;
    return OK;
}

/* A reform in the state that is asked for, described for the audit. */
static errc load_in_state(const struct unit_writing *writing, int64_t id, enum reform_state state,
                          struct reform_view *ret_view, str *ret_before, struct why *why)
{
    TRY(load(writing->job, writing->db, writing->forest, id, ret_view, why));
    if (ret_view->reform.state != state) {
        return fail(why, ERR_CONFLICT, "reform %lld is %s", (long long)id,
                    reform_state_name(ret_view->reform.state));
    }
    return describe(writing->job->arena, ret_view, ret_before);
}

/* May the actor touch what the stored steps touch? */
static errc may_touch(const struct unit_writing *writing, const struct reform_view *view,
                      struct why *why)
{
    struct unit_patch patch;
    struct unit_problems problems;
    unit_patch_init(&patch, writing->job->arena);
    TRY(unit_problems_init(&problems, writing->job->arena));
    TRY(reform_plan(forest_at(writing->forest, view->reform.on), &view->steps, &patch, &problems));
    return unit_write_may(writing, &patch, why);
}

errc reform_replace(const struct unit_job *job, struct db *db, int64_t id,
                    const struct reform_draft *draft, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct reform_view view;
    str before = STR_NONE;
    str steps = STR_NONE;
    TRY(unit_write_start(job, db, RIGHT_REFORMS_WRITE, &writing, why));
    TRY(load_in_state(&writing, id, REFORM_DRAFT, &view, &before, why));
    TRY(may_touch(&writing, &view, why));
    TRY(take_steps(&writing, draft, &steps, why));
    struct reform_set_in in = {id, draft->title, draft->decree, draft->on, steps};
    TRY(reform_set(db, &in, NULL, why));
    return tell(&writing, "reform_changed", id, before, why);
}

errc reform_remove(const struct unit_job *job, struct db *db, int64_t id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct reform_view view;
    str before = STR_NONE;
    TRY(unit_write_start(job, db, RIGHT_REFORMS_WRITE, &writing, why));
    TRY(load_in_state(&writing, id, REFORM_DRAFT, &view, &before, why));
    TRY(may_touch(&writing, &view, why));
    TRY(reform_drop(db, &(struct reform_drop_in){id}, NULL, why));
    return tell(&writing, "reform_removed", id, before, why);
}

errc reform_apply(const struct unit_job *job, struct db *db, int64_t id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct forest *after AUTO(forest_close) = NULL;
    struct reform_view view;
    str before = STR_NONE;
    TRY(unit_write_start(job, db, RIGHT_REFORMS_WRITE, &writing, why));
    TRY(load_in_state(&writing, id, REFORM_DRAFT, &view, &before, why));
    struct unit_patch patch;
    struct unit_problems problems;
    struct unit_batch batch = {
        .kind = BATCH_REFORM, .on = view.reform.on, .title = view.reform.title};
    unit_patch_init(&patch, job->arena);
    TRY(unit_problems_init(&problems, job->arena));
    TRY(reform_plan(forest_at(writing.forest, view.reform.on), &view.steps, &patch, &problems));
    if (problems.errors == 0) {
        TRY(unit_write_check(&writing, &patch, &batch, &problems, &after, why));
    }
    if (after == NULL) {
        return fail(why, ERR_CONFLICT, "reform %lld has %zu problems", (long long)id,
                    problems.errors);
    }
    TRY(unit_write_batch(&writing, after, &batch, patch.begun, why));
    struct reform_mark_applied_in in = {
        .id = id,
        .batch_id = batch.id,
        .has_applied_by = job->actor->account_id != 0,
        .applied_by = job->actor->account_id,
        .applied_name = job->actor->name.at == NULL ? S("") : job->actor->name,
        .applied_at_us = job->actor->now,
    };
    TRY(reform_mark_applied(db, &in, NULL, why));
    return tell(&writing, "reform_applied", id, before, why);
}

errc reform_undo(const struct unit_job *job, struct db *db, int64_t id, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct reform_view view;
    str before = STR_NONE;
    TRY(unit_write_start(job, db, RIGHT_REFORMS_WRITE, &writing, why));
    TRY(load_in_state(&writing, id, REFORM_APPLIED, &view, &before, why));
    TRY(may_touch(&writing, &view, why));
    TRY(judge_undo(job, db, writing.forest, &view.reform, why));
    if (!view.reform.can_undo) {
        return fail(why, ERR_IN_USE, "reform %lld: %s", (long long)id, view.reform.why_not_undo);
    }
    TRY(reform_mark_undone(db, &(struct reform_mark_undone_in){id}, NULL, why));
    TRY(unit_rows_undo(db, view.reform.batch, why));
    return tell(&writing, "reform_undone", id, before, why);
}
