/* Single changes by hand: a small patch each, checked and written like a reform. */
#include "people/unit_job.h"

#include "base/json_out.h"
#include "people/unit_sight.h"
#include "people/unit_write.h"

/* The field of the request that a problem is about. */
static const char *field_of(enum unit_problem_code code)
{
    static const struct {
        enum unit_problem_code code;
        const char *field;
    } fields[] = {
        {PROBLEM_NAME_UNFIT, "name"},          {PROBLEM_CODE_UNFIT, "code"},
        {PROBLEM_CODE_TAKEN, "code"},          {PROBLEM_KIND_UNKNOWN, "kind"},
        {PROBLEM_KIND_NOT_VALID, "kind"},      {PROBLEM_KIND_OF_OTHER_TIER, "kind"},
        {PROBLEM_PARENT_UNKNOWN, "parent_id"}, {PROBLEM_PARENT_ENDED, "parent_id"},
        {PROBLEM_PARENT_TIER, "parent_id"},    {PROBLEM_CHILDREN_LEFT, "ends"},
        {PROBLEM_UNIT_UNKNOWN, "unit_id"},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (fields[i].code == code) {
            return fields[i].field;
        }
    }
    return "on";
}

/* The first error as a wrong field. */
static errc refuse(const struct unit_job *job, const struct unit_problems *problems,
                   struct why *why)
{
    for (size_t i = 0; i < problems->count; i++) {
        enum unit_problem_code code = problems->items[i].code;
        if (unit_problem_severity(code) == UNIT_ERROR) {
            struct bad_field unseen;
            errc rc = bad_field(job->bad == NULL ? &unseen : job->bad, field_of(code),
                                unit_problem_key(code));
            return fail(why, rc, "%s", unit_problem_key(code));
        }
    }
    return ERR_INTERNAL;
}

/* A unit as the audit keeps it. */
static errc describe(struct tree tree, unit_id unit, struct arena *arena, str *ret_json)
{
    struct unit_line line;
    struct buf text AUTO(buf_finish) = {.at = NULL};
    struct json_out out;
    if (!tree_line(tree, unit, &line)) {
        *ret_json = STR_NONE;
        return OK;
    }
    buf_init(&text, 8192);
    json_out_init(&out, &text);
    json_object(&out);
    json_str_at(&out, "name", line.name);
    json_str_at(&out, "code", line.code.len > 0 ? line.code : STR_NONE);
    json_text_at(&out, "kind",
                 line.kind < 0 ? "" : forest_tiers(tree.forest)->kinds[line.kind].name);
    json_i64_at(&out, "parent_id", line.parent);
    json_day_at(&out, "from", line.from);
    json_day_at(&out, "to", line.to);
    json_end(&out);
    TRY(json_out_check(&out));
    *ret_json = arena_str(arena, buf_str(&text));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

/* One unit's change on its way. */
struct single {
    struct unit_writing *writing;
    const char *action;
    day on;
    unit_id unit; /* 0: the one that is begun */
};

static errc write_single(const struct single *single, const struct unit_patch *patch,
                         unit_id *ret_unit, struct why *why)
{
    struct unit_writing *writing = single->writing;
    struct arena *arena = writing->job->arena;
    struct unit_problems problems;
    struct forest *after AUTO(forest_close) = NULL;
    struct unit_batch batch = {.kind = BATCH_CHANGE, .on = single->on, .title = S("")};
    TRY(unit_problems_init(&problems, arena));
    TRY(unit_write_check(writing, patch, &batch, &problems, &after, why));
    if (after == NULL) {
        return refuse(writing->job, &problems, why);
    }
    TRY(unit_write_batch(writing, after, &batch, patch->begun, why));
    unit_id unit = single->unit == 0 ? forest_ledger(writing->forest)->next_unit : single->unit;
    struct unit_line line = {.name = S("")};
    struct tree now = forest_at(after, single->on);
    struct unit_audit audit = {
        .action = single->action, .subject_kind = "unit", .subject = unit, .unit = unit};
    TRY(describe(forest_at(writing->forest, single->on), unit, arena, &audit.before));
    TRY(describe(now, unit, arena, &audit.after));
    if (tree_line(now, unit, &line)) {
        audit.name = line.name;
    }
    TRY(unit_write_audit(writing, &audit, why));
    *ret_unit = unit;
    return OK;
}

errc unit_create(const struct unit_job *job, struct db *db, const struct unit_draft *draft,
                 unit_id *ret_unit, struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct bad_field unseen;
    struct bad_field *bad = job->bad == NULL ? &unseen : job->bad;
    TRY(unit_write_start(job, db, RIGHT_UNITS_WRITE, &writing, why));
    const struct tier_set *tiers = forest_tiers(writing.forest);
    int kind = kind_find(tiers, draft->kind);
    if (kind < 0) {
        return bad_field(bad, "kind", unit_problem_key(PROBLEM_KIND_UNKNOWN));
    }
    if (draft->tier.len > 0 && tier_find(tiers, draft->tier) != tiers->kinds[kind].tier) {
        return bad_field(bad, "tier", unit_problem_key(PROBLEM_KIND_OF_OTHER_TIER));
    }
    struct unit_edit edit = {
        .on = draft->from,
        .other = draft->parent,
        .unit_kind = kind,
        .name = draft->name,
        .code = draft->code.at == NULL ? S("") : draft->code,
    };
    struct unit_patch patch;
    unit_id new_unit = 0;
    unit_patch_init(&patch, job->arena);
    TRY(unit_patch_begin(&patch, &edit, &new_unit));
    struct single single = {&writing, "unit_created", draft->from, 0};
    return write_single(&single, &patch, ret_unit, why);
}

static errc add_change(struct unit_patch *patch, const struct unit_changes *changes,
                       struct unit_edit edit)
{
    edit.on = changes->on;
    edit.unit = changes->unit;
    return unit_patch_add(patch, &edit);
}

static errc make_patch(const struct unit_changes *changes, int kind, struct unit_patch *patch)
{
    if (changes->has_name) {
        struct unit_edit edit = {.kind = EDIT_NAME, .name = changes->name};
        TRY(add_change(patch, changes, edit));
    }
    if (changes->has_code) {
        struct unit_edit edit = {.kind = EDIT_CODE,
                                 .code = changes->code.at == NULL ? S("") : changes->code};
        TRY(add_change(patch, changes, edit));
    }
    if (changes->has_kind) {
        TRY(add_change(patch, changes, (struct unit_edit){.kind = EDIT_KIND, .unit_kind = kind}));
    }
    if (changes->has_parent) {
        struct unit_edit edit = {.kind = EDIT_PARENT, .other = changes->parent};
        TRY(add_change(patch, changes, edit));
    }
    if (changes->ends) {
        TRY(add_change(patch, changes, (struct unit_edit){.kind = EDIT_END}));
    }
    return OK;
}

errc unit_change(const struct unit_job *job, struct db *db, const struct unit_changes *changes,
                 struct why *why)
{
    struct unit_writing writing AUTO(unit_write_finish) = {.job = job};
    struct bad_field unseen;
    struct bad_field *bad = job->bad == NULL ? &unseen : job->bad;
    TRY(unit_write_start(job, db, RIGHT_UNITS_WRITE, &writing, why));
    struct unit_sight sight = {writing.forest, job->actor, RIGHT_UNITS_READ};
    if (!unit_may_see(&sight, changes->unit)) {
        return ERR_NOT_FOUND;
    }
    int kind = kind_find(forest_tiers(writing.forest), changes->kind);
    if (changes->has_kind && kind < 0) {
        return bad_field(bad, "kind", unit_problem_key(PROBLEM_KIND_UNKNOWN));
    }
    struct unit_patch patch;
    unit_id unit = 0;
    unit_patch_init(&patch, job->arena);
    TRY(make_patch(changes, kind, &patch));
    if (patch.count == 0) {
        return OK;
    }
    struct single single = {&writing, "unit_changed", changes->on, changes->unit};
    return write_single(&single, &patch, &unit, why);
}
