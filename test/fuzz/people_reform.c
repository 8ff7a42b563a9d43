/* Reform steps of strangers, as JSON: refused at a field, or a reform whose preview ends; when it
 * has no errors the forest after it is sound, its steps read the same again after they were
 * written, and taking it back restores every row. */
#include "base/base.h"
#include "base/crash.h"
#include "people/lineage.h"
#include "people/reform.h"
#include "people/unit_testing.h"

enum { FUZZ_SIZE_MOST = 16 * 1024 };

static void write_steps(const struct unit_kit *kit, const struct reform_steps *steps,
                        struct buf *text)
{
    struct json_out out;
    buf_init(text, 4 << 20);
    json_out_init(&out, text);
    reform_steps_write(&out, forest_tiers(kit->forest), steps);
    ENSURE(json_out_check(&out) == OK);
}

static void check_written(struct unit_kit *kit, struct tree eve, const struct reform_steps *steps)
{
    struct buf first;
    struct buf second;
    struct json_in in;
    struct bad_field bad;
    struct reform_steps again;
    write_steps(kit, steps, &first);
    ENSURE(json_in_parse(buf_str(&first), &in, NULL) == OK);
    ENSURE(reform_steps_parse(in.root, eve, kit->arena, &again, &bad) == OK);
    json_in_finish(&in);
    write_steps(kit, &again, &second);
    ENSURE(str_is(buf_str(&first), buf_str(&second)));
    buf_finish(&first);
    buf_finish(&second);
}

/* The living units of the forest after, on the eve and on the day: everybody's share is 1. */
static void check_shares(const struct unit_kit *kit, const struct forest *after, day on)
{
    for (size_t i = 0; i < forest_count(after); i++) {
        struct lineage_parts parts;
        share sum = SHARE_NONE;
        unit_id unit = forest_unit(after, i);
        ENSURE(lineage_between(after, unit, on - 1, on, kit->arena, &parts) == OK);
        for (size_t p = 0; p < parts.count; p++) {
            ENSURE(share_plus(sum, parts.parts[p].share, &sum));
        }
        ENSURE(sum.num == sum.den);
    }
}

static void check_undo(const struct unit_kit *kit, const struct forest *after)
{
    const struct unit_ledger *before = forest_ledger(kit->forest);
    struct unit_ledger *ledger = NULL;
    ENSURE(unit_ledger_copy(forest_ledger(after), &ledger) == OK);
    unit_ledger_undo(ledger, ledger->batches[ledger->batch_count - 1].id);
    ENSURE(unit_ledger_seal(ledger, NULL) == OK);
    ENSURE(ledger->life_count == before->life_count && ledger->link_count == before->link_count);
    ENSURE(ledger->fact_count == before->fact_count);
    for (size_t i = 0; i < before->fact_count; i++) {
        ENSURE(ledger->facts[i].to == before->facts[i].to);
    }
    unit_ledger_destroy(ledger);
}

static void check_reform(struct unit_kit *kit, const struct reform_steps *steps, day on)
{
    struct unit_patch patch;
    struct reform_preview preview;
    struct forest *after = NULL;
    struct reform_trial trial = {kit->forest, on, S("Thử"), steps, kit->arena};
    ENSURE(reform_preview(&trial, &patch, &preview, &after, NULL) == OK);
    ENSURE((after != NULL) == (preview.problems.errors == 0));
    if (after != NULL) {
        check_shares(kit, after, on);
        check_undo(kit, after);
    }
    forest_drop(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_in in;
    struct reform_steps steps;
    struct bad_field bad = {.name = ""};
    str text = {(const char *)data, size};
    if (size > FUZZ_SIZE_MOST || json_in_parse(text, &in, NULL) != OK) {
        return 0;
    }
    struct unit_kit kit = kit_create();
    day on = kit_day("2020-01-01");
    struct tree eve = forest_at(kit.forest, on - 1);
    kit_small_province(&kit, kit_day("2010-01-01"));
    eve.forest = kit.forest;
    errc rc = reform_steps_parse(in.root, eve, kit.arena, &steps, &bad);
    ENSURE(rc == OK || bad.name[0] != '\0');
    if (rc == OK) {
        check_written(&kit, eve, &steps);
        check_reform(&kit, &steps, on);
    }
    json_in_finish(&in);
    kit_finish(&kit);
    return 0;
}
