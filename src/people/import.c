/* From a file to a plan: which reader it is for, and the trial of what it read. */
#include "people/import.h"

#include "people/import_table.h"

static const char *const kind_names[] = {"units_before", "units_after", "lineage", "units"};

const char *import_kind_name(enum import_kind kind)
{
    return kind_names[kind];
}

bool import_kind_parse(str text, enum import_kind *ret_kind)
{
    for (size_t i = 0; i < COUNT_OF(kind_names); i++) {
        if (str_is(text, str_of(kind_names[i]))) {
            *ret_kind = (enum import_kind)i;
            return true;
        }
    }
    return false;
}

/* That a list does not say where a unit went is not worth a note for each: lineage follows. */
static void drop_successor_notes(struct unit_problems *problems)
{
    size_t kept = 0;
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].code == PROBLEM_NO_SUCCESSOR) {
            problems->warnings--;
        } else {
            problems->items[kept++] = problems->items[i];
        }
    }
    problems->count = kept;
}

static errc try_patch(const struct import_job *job, struct import_plan *plan,
                      struct forest **ret_after, struct why *why)
{
    struct unit_batch batch = {.kind = BATCH_IMPORT, .on = job->on};
    struct unit_trial trial = {job->before, &plan->patch, &batch};
    if (plan->problems.errors > 0) {
        return OK;
    }
    return unit_check(&trial, &plan->problems, ret_after, why);
}

static errc read_file(const struct import_job *job, struct import_plan *plan,
                      struct forest **ret_after, struct why *why)
{
    switch (job->kind) {
    case IMPORT_UNITS_BEFORE:
        TRY(import_before(job, plan));
        break;
    case IMPORT_UNITS_AFTER:
        TRY(import_after(job, plan));
        TRY(try_patch(job, plan, ret_after, why));
        drop_successor_notes(&plan->problems);
        return OK;
    case IMPORT_UNITS:
        TRY(import_units(job, plan));
        break;
    case IMPORT_LINEAGE:
        return import_lineage(job, plan, ret_after, why);
    }
    return try_patch(job, plan, ret_after, why);
}

errc import_check(const struct import_job *job, struct import_plan *ret_plan,
                  struct forest **ret_after, struct why *why)
{
    struct import_plan plan = {0};
    struct forest *after AUTO(forest_close) = NULL;
    unit_patch_init(&plan.patch, job->arena);
    TRY(unit_problems_init(&plan.problems, job->arena));
    errc rc = read_file(job, &plan, &after, why);
    if (rc != OK) {
        return fail_in(why, rc, "import %s", import_kind_name(job->kind));
    }
    *ret_plan = plan;
    if (ret_after != NULL) {
        *ret_after = after;
        after = NULL;
    }
    return OK;
}
