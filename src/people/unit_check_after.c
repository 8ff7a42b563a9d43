/* Looking at the forest as a patch would leave it. Only what the patch touched is looked at, so
 * that an old flaw elsewhere cannot block today's work. */
#include "people/unit_check_after.h"

static unit_id real_id(const struct unit_check_after *look, unit_id unit)
{
    return unit < 0 ? look->first_new - unit - 1 : unit;
}

static void add(const struct unit_check_after *look, enum unit_problem_code code,
                const struct unit_edit *edit, str about)
{
    unit_problem_add(look->problems, code, edit->origin, about);
}

static str name_on(const struct unit_check_after *look, unit_id unit, day on)
{
    struct unit_line line;
    return tree_line(forest_at(look->after, on), unit, &line) ? line.name : S("");
}

static bool is_timely(const struct unit_life *from, const struct unit_life *to, day on)
{
    return from != NULL && to != NULL && from->from <= on && on <= from->to && to->from <= on &&
           on < to->to;
}

void unit_check_links(const struct unit_check_after *look, const struct unit_ledger *ledger)
{
    const struct unit_patch *patch = look->trial->patch;
    for (size_t i = 0; i < patch->count; i++) {
        const struct unit_edit *edit = &patch->edits[i];
        if (edit->kind != EDIT_LINK) {
            continue;
        }
        if (!is_timely(unit_ledger_life(ledger, real_id(look, edit->unit)),
                       unit_ledger_life(ledger, real_id(look, edit->other)), edit->on)) {
            add(look, PROBLEM_LINK_DEAD, edit, S(""));
        }
    }
}

/* Another unit of the tier bears the code at some time from that day on. */
static void check_code(const struct unit_check_after *look, const struct unit_edit *edit)
{
    unit_id unit = real_id(look, edit->unit);
    const struct unit_life *life = forest_life(look->after, unit);
    if (edit->code.len > 0 &&
        forest_code_clashes(look->after, unit, life->tier, edit->code, edit->on)) {
        add(look, PROBLEM_CODE_TAKEN, edit, edit->code);
    }
}

static void check_name(const struct unit_check_after *look, const struct unit_edit *edit)
{
    if (tree_has_namesake(forest_at(look->after, edit->on), real_id(look, edit->unit))) {
        add(look, PROBLEM_NAME_TAKEN, edit, edit->name);
    }
}

static void check_parent(const struct unit_check_after *look, const struct unit_edit *edit)
{
    if (edit->other == 0) {
        return;
    }
    const struct unit_life *parent = forest_life(look->after, real_id(look, edit->other));
    unit_id unit = real_id(look, edit->unit);
    /* Replaced by a later edit of the patch: nothing to check. */
    bool holds = tree_has(forest_at(look->after, edit->on), unit);
    if (holds && (parent->from > edit->on || parent->to <= edit->on)) {
        add(look, PROBLEM_PARENT_ENDED, edit, name_on(look, parent->id, edit->on));
    }
}

/* A unit that ends must leave no child behind. */
static void check_end(const struct unit_check_after *look, const struct unit_edit *edit)
{
    unit_id unit = real_id(look, edit->unit);
    size_t left = forest_children_left(look->after, unit);
    if (left > 0) {
        add(look, PROBLEM_CHILDREN_LEFT, edit, name_on(look, unit, edit->on - 1));
    }
    size_t links = 0;
    if (forest_links_out(look->after, unit, &links) == NULL || links == 0) {
        add(look, PROBLEM_NO_SUCCESSOR, edit, name_on(look, unit, edit->on - 1));
    }
}

struct division {
    const struct unit_link *links;
    size_t count;
    bool stays;
};

/* What the links of one event give away, and how many of each sort there are. */
struct tally {
    share given;
    size_t wholes;
    size_t rests;
    size_t undeclared;
    bool too_much;
};

static struct tally tally_of(const struct division *division)
{
    struct tally tally = {.given = SHARE_NONE};
    for (size_t i = 0; i < division->count; i++) {
        const struct unit_link *link = &division->links[i];
        tally.wholes += link->relation == LINK_WHOLE;
        tally.rests += link->relation == LINK_REST;
        tally.undeclared += link->relation == LINK_PART && !share_is_declared(link->share);
        if (share_is_declared(link->share) && !share_plus(tally.given, link->share, &tally.given)) {
            tally.too_much = true;
        }
    }
    return tally;
}

static void check_division(const struct unit_check_after *look, const struct unit_edit *edit,
                           const struct division *division)
{
    struct tally tally = tally_of(division);
    str name = name_on(look, division->links[0].from, edit->on - 1);
    bool is_all_given = tally.given.num == tally.given.den;
    if (tally.too_much || tally.rests > 1 || (tally.wholes > 0 && division->count > 1) ||
        (is_all_given && tally.rests + tally.undeclared > 0)) {
        add(look, PROBLEM_SHARE_TOO_MUCH, edit, name);
    } else if (division->stays && (tally.wholes > 0 || tally.rests > 0 || is_all_given)) {
        add(look, PROBLEM_WHOLE_BUT_STAYS, edit, name);
    } else if (!division->stays && !is_all_given && tally.rests + tally.undeclared == 0) {
        add(look, PROBLEM_SHARE_INCOMPLETE, edit, name);
    }
    if (tally.undeclared > 0) {
        add(look, PROBLEM_SHARE_UNDECLARED, edit, name);
    }
}

/* The same successor on the same day, by this patch or an earlier one. */
static bool is_linked_twice(const struct unit_link *links, size_t count, day on)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count && links[i].on == on; j++) {
            if (links[j].on == on && links[j].to == links[i].to) {
                return true;
            }
        }
    }
    return false;
}

/* All links that the unit has of the event to which this edit's link belongs; checked once, at the
 * first of its edits. */
static void check_link(const struct unit_check_after *look, const struct unit_edit *edit)
{
    unit_id unit = real_id(look, edit->unit);
    const struct unit_edit *edits = look->trial->patch->edits;
    for (const struct unit_edit *past = edits; past < edit; past++) {
        if ((past->kind == EDIT_LINK || past->kind == EDIT_SHARE) && past->on == edit->on &&
            real_id(look, past->unit) == unit) {
            return;
        }
    }
    size_t count = 0;
    const struct unit_link *links = forest_links_out(look->after, unit, &count);
    const struct unit_life *life = forest_life(look->after, unit);
    if (is_linked_twice(links, count, edit->on)) {
        add(look, PROBLEM_LINK_TWICE, edit, name_on(look, unit, edit->on - 1));
    }
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1;
        while (end < count && links[end].on == links[i].on && links[end].event == links[i].event) {
            end++;
        }
        if (links[i].on == edit->on) {
            struct division division = {&links[i], end - i, life->to > edit->on};
            check_division(look, edit, &division);
        }
        i = end - 1;
    }
}

static void check_edit(const struct unit_check_after *look, const struct unit_edit *edit)
{
    switch (edit->kind) {
    case EDIT_BEGIN:
        check_code(look, edit);
        check_parent(look, edit);
        check_name(look, edit);
        return;
    case EDIT_END:
        check_end(look, edit);
        return;
    case EDIT_NAME:
        check_name(look, edit);
        return;
    case EDIT_CODE:
        check_code(look, edit);
        return;
    case EDIT_KIND:
        return;
    case EDIT_PARENT:
        check_parent(look, edit);
        return;
    case EDIT_LINK:
    case EDIT_SHARE:
        check_link(look, edit);
        return;
    }
}

void unit_check_outcome(const struct unit_check_after *look)
{
    for (size_t i = 0; i < look->trial->patch->count; i++) {
        check_edit(look, &look->trial->patch->edits[i]);
    }
}
