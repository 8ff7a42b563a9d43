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

struct demo_reform {
    const char *title;
    const char *decree;
    const char *on;
    str steps;
};

static errc reform(const struct unit_job *job, struct db *db, const struct demo_reform *demo,
                   struct why *why)
{
    struct json_in in AUTO(json_in_finish) = {NULL};
    int64_t id = 0;
    TRY(json_in_parse(demo->steps, &in, why));
    struct reform_draft draft = {
        .title = str_of(demo->title), .decree = str_of(demo->decree), .steps = in.root};
    if (!day_parse(str_of(demo->on), &draft.on)) {
        return ERR_INTERNAL;
    }
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
    const struct demo_reform reforms[] = {
        {"Sắp xếp xã giai đoạn 2019–2021", "Nghị quyết mẫu số 01", "2020-02-01",
         text_of(unit_demo_reform_2020, unit_demo_reform_2020_end)},
        {"Sắp xếp đơn vị hành chính hai cấp", "Nghị quyết mẫu số 02", "2025-07-01",
         text_of(unit_demo_reform_2025, unit_demo_reform_2025_end)},
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        TRY(import(job, db, &files[i], why));
    }
    for (size_t i = 0; i < COUNT_OF(reforms); i++) {
        TRY(reform(job, db, &reforms[i], why));
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
