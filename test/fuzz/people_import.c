/* Unit files of strangers: the first byte chooses the kind. Whatever the file says, the check ends,
 * every problem has a line of the file, a plan without errors makes a sound forest, and importing
 * the same file into that forest changes nothing any more. */
#include "base/base.h"
#include "base/crash.h"
#include "people/import.h"
#include "people/import_text.h"
#include "people/unit_testing.h"

enum { FUZZ_SIZE_MOST = 16 * 1024, KINDS = 5 };

static void check_problems(const struct import_plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++) {
        ENSURE(plan->problems.items[i].origin <= plan->lines + FUZZ_SIZE_MOST);
    }
}

static void check_again(struct import_job *job, const struct forest *forest)
{
    struct import_plan plan;
    struct forest *after = NULL;
    job->before = forest;
    ENSURE(import_check(job, &plan, &after, NULL) == OK);
    ENSURE(plan.problems.errors > 0 || plan.patch.count == 0);
    forest_drop(after);
}

static void check_file(struct unit_kit *kit, enum import_kind kind, str text)
{
    struct import_plan plan;
    struct forest *after = NULL;
    struct import_job job = {kit->forest, kind, kit_day("2025-07-01"), text, kit->arena};
    ENSURE(import_check(&job, &plan, &after, NULL) == OK);
    check_problems(&plan);
    ENSURE((after != NULL) == (plan.problems.errors == 0));
    if (after != NULL) {
        check_again(&job, after);
    }
    forest_drop(after);
}

static void check_wording(struct unit_kit *kit, str text)
{
    struct text_report report;
    struct buf csv;
    struct text_job job = {kit->forest, kit_day("2025-07-01"), text, kit->arena};
    buf_init(&csv, 8 << 20);
    ENSURE(import_text(&job, &csv, &report) == OK);
    ENSURE(report.resolved <= report.mentions);
    buf_finish(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > FUZZ_SIZE_MOST) {
        return 0;
    }
    struct unit_kit kit = kit_create();
    str text = {(const char *)data + 1, size - 1};
    kit_small_province(&kit, kit_day("2010-01-01"));
    if (data[0] % KINDS == KINDS - 1) {
        check_wording(&kit, text);
    } else {
        check_file(&kit, (enum import_kind)(data[0] % KINDS), text);
    }
    kit_finish(&kit);
    return 0;
}
