/* For tests of units: a forest built up by patches, step by step, with the tiers and kinds of the
 * national model, everything invented. Each change goes through unit_check, as in earnest. */
#ifndef LOA_PEOPLE_UNIT_TESTING_H
#define LOA_PEOPLE_UNIT_TESTING_H

#include "people/forest.h"
#include "people/reform.h"
#include "people/unit_check.h"

#include "base/crash.h"

struct unit_kit {
    struct forest *forest;
    struct arena *arena;
    struct unit_patch patch;
};

static inline day kit_day(const char *text)
{
    day on = 0;
    ENSURE(day_parse(str_of(text), &on));
    return on;
}

static inline void kit_tiers(struct tier_set *set)
{
    day reform = kit_day("2025-07-01");
    static const char *const tiers[] = {"country", "province", "district", "commune", "village"};
    for (int i = 0; i < 5; i++) {
        ENSURE(tier_add(set, str_of(tiers[i]), i, DAY_FIRST, i == 2 ? reform : DAY_OPEN) == OK);
    }
    ENSURE(kind_add(set, S("tinh"), S("province"), S("Tỉnh"), DAY_FIRST, DAY_OPEN) == OK);
    ENSURE(kind_add(set, S("huyen"), S("district"), S("Huyện"), DAY_FIRST, reform) == OK);
    ENSURE(kind_add(set, S("thanh_pho"), S("district"), S("Thành phố"), DAY_FIRST, reform) == OK);
    ENSURE(kind_add(set, S("xa"), S("commune"), S("Xã"), DAY_FIRST, DAY_OPEN) == OK);
    ENSURE(kind_add(set, S("phuong"), S("commune"), S("Phường"), DAY_FIRST, DAY_OPEN) == OK);
    ENSURE(kind_add(set, S("thi_tran"), S("commune"), S("Thị trấn"), DAY_FIRST, reform) == OK);
    ENSURE(kind_add(set, S("thon"), S("village"), S("Thôn"), DAY_FIRST, DAY_OPEN) == OK);
}

static inline struct unit_kit kit_create(void)
{
    struct unit_kit kit = {0};
    struct unit_ledger *ledger = NULL;
    ENSURE(unit_ledger_create(&ledger) == OK);
    kit_tiers(&ledger->tiers);
    ENSURE(unit_ledger_seal(ledger, NULL) == OK);
    ENSURE(forest_create(ledger, &kit.forest, NULL) == OK);
    ENSURE(arena_create(512 * 1024 * 1024, &kit.arena) == OK);
    unit_patch_init(&kit.patch, kit.arena);
    return kit;
}

static inline void kit_finish(struct unit_kit *kit)
{
    forest_drop(kit->forest);
    arena_destroy(kit->arena);
}

/* Begins a unit in the patch that is being made; the parent may be one of the same patch. */
static inline unit_id kit_begin(struct unit_kit *kit, day on, const char *kind, const char *name,
                                const char *code, unit_id parent)
{
    struct unit_edit edit = {
        .on = on,
        .other = parent,
        .unit_kind = kind_find(forest_tiers(kit->forest), str_of(kind)),
        .name = arena_str(kit->arena, str_of(name)),
        .code = arena_str(kit->arena, str_of(code)),
    };
    unit_id unit = 0;
    ENSURE(unit_patch_begin(&kit->patch, &edit, &unit) == OK);
    return unit;
}

/* Checks and takes over what has been begun; real ids are first + n - 1 for patch id -n. */
static inline unit_id kit_commit(struct unit_kit *kit, day on)
{
    struct unit_problems problems;
    struct forest *after = NULL;
    struct unit_batch batch = {.kind = BATCH_IMPORT, .on = on};
    struct unit_trial trial = {kit->forest, &kit->patch, &batch};
    unit_id first = forest_ledger(kit->forest)->next_unit;
    ENSURE(unit_problems_init(&problems, kit->arena) == OK);
    struct why why = {""};
    errc rc = unit_check(&trial, &problems, &after, &why);
    if (rc != OK || after == NULL) {
        fprintf(stderr, "commit: %s %s\n", error_key(rc), why.text);
        for (size_t i = 0; i < problems.count; i++) {
            fprintf(stderr, "  %zu %s %.*s\n", problems.items[i].origin,
                    unit_problem_key(problems.items[i].code), STR_ARG(problems.items[i].about));
        }
        crash("a test's own units are wrong");
    }
    forest_drop(kit->forest);
    kit->forest = after;
    unit_patch_init(&kit->patch, kit->arena);
    return first;
}

static inline unit_id kit_find(const struct unit_kit *kit, day on, const char *code)
{
    return tree_by_code(forest_at(kit->forest, on), -1, str_of(code));
}

/* Previews; takes the outcome over when nothing is wrong. Returns the number of errors. */
static inline size_t kit_reform(struct unit_kit *kit, day on, const struct reform_step *steps,
                                size_t count, struct reform_preview *ret_preview)
{
    struct reform_steps all = {steps, count};
    struct reform_trial trial = {kit->forest, on, S("Thử"), &all, kit->arena};
    struct unit_patch patch;
    struct forest *after = NULL;
    struct why why = {""};
    errc rc = reform_preview(&trial, &patch, ret_preview, &after, &why);
    if (rc != OK) {
        fprintf(stderr, "preview: %s %s\n", error_key(rc), why.text);
        crash("a test's own reform cannot even be tried");
    }
    if (after != NULL) {
        forest_drop(kit->forest);
        kit->forest = after;
    }
    return ret_preview->problems.errors;
}

static inline bool kit_has_problem(const struct unit_problems *problems,
                                   enum unit_problem_code code)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].code == code) {
            return true;
        }
    }
    return false;
}

/* A small province: two districts of three communes each, two villages in every commune. Codes:
 * 91; 911, 912; 91101…91103, 91201…91203; 9110101… */
static inline void kit_small_province(struct unit_kit *kit, day on)
{
    unit_id province = kit_begin(kit, on, "tinh", "Tỉnh Sơn Hà", "91", 0);
    static const char *const districts[] = {"Huyện Khe Vàng", "Huyện Suối Ngà"};
    static const char *const communes[] = {"Thị trấn Khe Vàng", "Xã Hoà Lâm",  "Xã Đồng Sen",
                                           "Thị trấn Suối Ngà", "Xã Thuỵ Khê", "Xã Đồng Sen"};
    for (int d = 0; d < 2; d++) {
        char code[16];
        ignore_int(snprintf(code, sizeof code, "91%d", d + 1));
        unit_id district = kit_begin(kit, on, "huyen", districts[d], code, province);
        for (int c = 0; c < 3; c++) {
            ignore_int(snprintf(code, sizeof code, "91%d0%d", d + 1, c + 1));
            unit_id commune =
                kit_begin(kit, on, c == 0 ? "thi_tran" : "xa", communes[3 * d + c], code, district);
            for (int v = 0; v < 2; v++) {
                char village[16];
                ignore_int(snprintf(village, sizeof village, "%.8s0%d", code, v + 1));
                ignore_int(kit_begin(kit, on, "thon", v == 0 ? "Thôn Thượng" : "Thôn Hạ", village,
                                     commune));
            }
        }
    }
    ignore_int(kit_commit(kit, on));
}

#endif
