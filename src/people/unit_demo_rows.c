/* Loading the demo province, in the order in which it lived. */
#include "people/unit_demo.h"

#include "people/import_job.h"
#include "people/reform_job.h"
#include "people/unit_rows.h"

extern const char unit_demo_units[], unit_demo_units_end[];
extern const char unit_demo_villages[], unit_demo_villages_end[];
extern const char unit_demo_reform_2020[], unit_demo_reform_2020_end[];
extern const char unit_demo_reform_2025[], unit_demo_reform_2025_end[];

static errc import(const struct unit_job *job, struct db *db, const struct import_file *file,
                   struct why *why)
{
    int64_t id = 0;
    TRY(import_create(job, db, file, &id, why));
    return import_apply(job, db, id, why);
}

static errc reform(const struct unit_job *job, struct db *db, str text, struct why *why)
{
    AUTO(json_in_finish) struct json_in in = {NULL};
    struct bad_field bad = {.name = ""};
    struct reform_draft draft = {.steps = NULL};
    int64_t id = 0;
    TRY(json_in_parse(text, &in, why));
    TRY(json_in_str(in.root, "title", 1, REFORM_TITLE_MOST, &draft.title, &bad));
    TRY(json_in_str(in.root, "decree", 1, REFORM_TITLE_MOST, &draft.decree, &bad));
    TRY(json_in_day(in.root, "on", &draft.on, &bad));
    draft.steps = json_in_get(in.root, "steps");
    TRY(reform_create(job, db, &draft, &id, why));
    return reform_apply(job, db, id, why);
}

static str text_of(const char *from, const char *to)
{
    return (str){from, (size_t)(to - from)};
}

static errc load(const struct unit_job *job, struct db *db, day begin, struct why *why)
{
    const struct import_file files[] = {
        {IMPORT_UNITS_BEFORE, begin, S("units-2010.csv"),
         text_of(unit_demo_units, unit_demo_units_end)},
        {IMPORT_UNITS, begin, S("villages-2010.csv"),
         text_of(unit_demo_villages, unit_demo_villages_end)},
    };
    const str reforms[] = {
        text_of(unit_demo_reform_2020, unit_demo_reform_2020_end),
        text_of(unit_demo_reform_2025, unit_demo_reform_2025_end),
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        TRY(import(job, db, &files[i], why));
    }
    for (size_t i = 0; i < COUNT_OF(reforms); i++) {
        TRY(reform(job, db, reforms[i], why));
    }
    return OK;
}

errc unit_demo_load(const struct unit_job *job, struct db *db, unit_id *ret_province,
                    struct why *why)
{
    struct unit_state state;
    day begin = 0;
    TRY(unit_rows_state(db, &state, why));
    if (state.next_unit != 1) {
        return fail(why, ERR_EXISTS, "there are units already");
    }
    if (!day_parse(S("2010-01-01"), &begin)) {
        return ERR_INTERNAL;
    }
    errc rc = load(job, db, begin, why);
    if (rc != OK) {
        return fail_in(why, rc, "demo province");
    }
    *ret_province = state.next_unit; /* the first unit of the first file */
    return OK;
}
