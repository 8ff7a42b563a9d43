/* Judging a patch: first the edits one by one against the forest as it is, then the forest as it
 * would be. The second half is in unit_check_after.c. */
#include "people/unit_check.h"

#include "people/unit_check_after.h"

const char *unit_problem_key(enum unit_problem_code code)
{
    static const char *const keys[] = {
#define X(name, severity, key) key,
#include "people/unit_problems.def"
#undef X
    };
    return keys[code];
}

enum unit_severity unit_problem_severity(enum unit_problem_code code)
{
    static const enum unit_severity severities[] = {
#define X(name, severity, key) UNIT_##severity,
#include "people/unit_problems.def"
#undef X
    };
    return severities[code];
}

errc unit_problems_init(struct unit_problems *problems, struct arena *arena)
{
    struct unit_problem *items = arena_take_array(arena, UNIT_PROBLEMS_MOST, sizeof *items);
    *problems = (struct unit_problems){.arena = arena, .items = items};
    return items == NULL ? ERR_NO_MEMORY : OK;
}

void unit_problem_add(struct unit_problems *problems, enum unit_problem_code code, size_t origin,
                      str about)
{
    if (unit_problem_severity(code) == UNIT_ERROR) {
        problems->errors++;
    } else {
        problems->warnings++;
    }
    if (problems->count < UNIT_PROBLEMS_MOST) {
        problems->items[problems->count++] = (struct unit_problem){
            .code = code, .origin = origin, .about = arena_str(problems->arena, about)};
    }
}

/* Judging the edits one by one. */
struct judging {
    const struct unit_trial *trial;
    struct unit_problems *problems;
    const struct unit_edit **begins; /* by number of the new unit, from 0 */
};

static void add(const struct judging *run, enum unit_problem_code code,
                const struct unit_edit *edit, str about)
{
    unit_problem_add(run->problems, code, edit->origin, about);
}

static bool is_new(const struct judging *run, unit_id unit)
{
    return unit < 0 && (uint64_t)-unit <= run->trial->patch->begun;
}

static const struct unit_edit *begin_of(const struct judging *run, unit_id unit)
{
    return run->begins[-unit - 1];
}

static str name_of(const struct judging *run, unit_id unit, day on)
{
    struct unit_line line;
    if (is_new(run, unit)) {
        return begin_of(run, unit)->name;
    }
    return tree_line(forest_at(run->trial->before, on), unit, &line) ? line.name : S("");
}

/* The tier of a unit that is there or is begun; -1: neither. */
static int tier_of(const struct judging *run, unit_id unit)
{
    const struct tier_set *tiers = forest_tiers(run->trial->before);
    if (is_new(run, unit)) {
        int kind = begin_of(run, unit)->unit_kind;
        return kind < 0 || (size_t)kind >= tiers->kind_count ? -1 : tiers->kinds[kind].tier;
    }
    const struct unit_life *life = forest_life(run->trial->before, unit);
    return life == NULL ? -1 : life->tier;
}

static void judge_kind(const struct judging *run, const struct unit_edit *edit)
{
    const struct tier_set *tiers = forest_tiers(run->trial->before);
    if (edit->unit_kind < 0 || (size_t)edit->unit_kind >= tiers->kind_count) {
        add(run, PROBLEM_KIND_UNKNOWN, edit, S(""));
        return;
    }
    str name = str_of(tiers->kinds[edit->unit_kind].name);
    if (!kind_is_valid(tiers, edit->unit_kind, edit->on)) {
        add(run, PROBLEM_KIND_NOT_VALID, edit, name);
    }
    if (edit->kind == EDIT_KIND && tiers->kinds[edit->unit_kind].tier != tier_of(run, edit->unit)) {
        add(run, PROBLEM_KIND_OF_OTHER_TIER, edit, name);
    }
}

static void judge_parent(const struct judging *run, const struct unit_edit *edit)
{
    const struct tier_set *tiers = forest_tiers(run->trial->before);
    int own = tier_of(run, edit->unit);
    if (edit->other == 0) {
        if (edit->kind == EDIT_BEGIN && own >= 0 && tiers->tiers[own].rank > 1) {
            add(run, PROBLEM_PARENT_MISSING, edit, edit->name);
        }
        return;
    }
    int above = tier_of(run, edit->other);
    if (above < 0) {
        add(run, PROBLEM_PARENT_UNKNOWN, edit, name_of(run, edit->unit, edit->on));
    } else if (own >= 0 && tiers->tiers[above].rank >= tiers->tiers[own].rank) {
        add(run, PROBLEM_PARENT_TIER, edit, name_of(run, edit->other, edit->on));
    }
}

static void judge_link(const struct judging *run, const struct unit_edit *edit)
{
    int from = tier_of(run, edit->unit);
    int to = tier_of(run, edit->other);
    str name = name_of(run, edit->unit, edit->on - 1);
    if (from < 0 || to < 0) {
        add(run, PROBLEM_UNIT_UNKNOWN, edit, name);
    } else if (edit->unit == edit->other) {
        add(run, PROBLEM_LINK_ITSELF, edit, name);
    } else if (from != to) {
        add(run, PROBLEM_LINK_TIER, edit, name);
    }
    bool is_fit = !share_is_declared(edit->share) ||
                  (edit->share.num > 0 && edit->share.den <= SHARE_DENOMINATOR_MOST &&
                   edit->relation != LINK_REST);
    if (!is_fit || (edit->kind == EDIT_SHARE && !share_is_declared(edit->share))) {
        add(run, PROBLEM_SHARE_UNFIT, edit, name);
    }
}

/* An edit of a unit that was there before the patch: does it live, and may it still change? */
static void judge_unit(const struct judging *run, const struct unit_edit *edit)
{
    if (is_new(run, edit->unit)) {
        return;
    }
    const struct unit_life *life = forest_life(run->trial->before, edit->unit);
    if (life == NULL) {
        add(run, PROBLEM_UNIT_UNKNOWN, edit, S(""));
    } else if (life->to != DAY_OPEN) {
        add(run, PROBLEM_UNIT_ENDED, edit, name_of(run, edit->unit, edit->on));
    } else if (life->from > edit->on) {
        add(run, PROBLEM_UNIT_NOT_BEGUN, edit, name_of(run, edit->unit, edit->on));
    }
}

static void judge_name(const struct judging *run, const struct unit_edit *edit)
{
    if (!unit_name_is_fit(edit->name)) {
        add(run, PROBLEM_NAME_UNFIT, edit, str_cut(edit->name, 0, UNIT_NAME_MOST));
    }
}

static void judge_code(const struct judging *run, const struct unit_edit *edit)
{
    if (!unit_code_is_fit(edit->code)) {
        add(run, PROBLEM_CODE_UNFIT, edit, str_cut(edit->code, 0, UNIT_NAME_MOST));
    }
}

static void judge(const struct judging *run, const struct unit_edit *edit)
{
    if (edit->on < DAY_LEAST || edit->on > DAY_MOST) {
        add(run, PROBLEM_DATE_UNFIT, edit, S(""));
    }
    switch (edit->kind) {
    case EDIT_BEGIN:
        judge_name(run, edit);
        judge_code(run, edit);
        judge_kind(run, edit);
        judge_parent(run, edit);
        return;
    case EDIT_END:
        judge_unit(run, edit);
        return;
    case EDIT_NAME:
        judge_unit(run, edit);
        judge_name(run, edit);
        return;
    case EDIT_CODE:
        judge_unit(run, edit);
        judge_code(run, edit);
        return;
    case EDIT_KIND:
        judge_unit(run, edit);
        judge_kind(run, edit);
        return;
    case EDIT_PARENT:
        judge_unit(run, edit);
        judge_parent(run, edit);
        return;
    case EDIT_LINK:
    case EDIT_SHARE:
        judge_link(run, edit);
        return;
    }
}

static errc judge_all(const struct unit_trial *trial, struct unit_problems *problems)
{
    const struct unit_patch *patch = trial->patch;
    struct judging run = {.trial = trial, .problems = problems};
    run.begins = arena_take_array(problems->arena, patch->begun, sizeof *run.begins);
    if (run.begins == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t begun = 0;
    for (size_t i = 0; i < patch->count; i++) {
        if (patch->edits[i].kind == EDIT_BEGIN) {
            run.begins[begun++] = &patch->edits[i];
        }
    }
    for (size_t i = 0; i < patch->count; i++) {
        judge(&run, &patch->edits[i]);
    }
    return OK;
}

static batch_id next_batch(const struct unit_ledger *ledger)
{
    return ledger->batch_count == 0 ? 1 : ledger->batches[ledger->batch_count - 1].id + 1;
}

errc unit_check(const struct unit_trial *trial, struct unit_problems *problems,
                struct forest **ret_after, struct why *why)
{
    TRY(judge_all(trial, problems));
    struct unit_ledger *ledger AUTO(unit_ledger_close) = NULL;
    *ret_after = NULL;
    if (problems->errors > 0) {
        return OK;
    }
    TRY(unit_ledger_copy(forest_ledger(trial->before), &ledger));
    struct unit_batch batch = *trial->batch;
    batch.id = batch.id == 0 ? next_batch(ledger) : batch.id;
    struct unit_check_after look = {
        .trial = trial, .problems = problems, .first_new = ledger->next_unit};
    size_t at = 0;
    errc rc = unit_ledger_apply(ledger, trial->patch, &batch, &at);
    if (rc == ERR_CONFLICT) {
        unit_problem_add(problems, PROBLEM_CHANGED_LATER, trial->patch->edits[at].origin, S(""));
        return OK;
    }
    TRY(rc);
    unit_check_links(&look, ledger);
    if (problems->errors > 0) {
        return OK;
    }
    TRY(unit_ledger_seal(ledger, why));
    struct forest *after AUTO(forest_close) = NULL;
    struct unit_ledger *given = ledger;
    ledger = NULL;
    TRY(forest_create(given, &after, why));
    look.after = after;
    unit_check_outcome(&look);
    if (problems->errors == 0) {
        *ret_after = after;
        after = NULL;
    }
    return OK;
}
