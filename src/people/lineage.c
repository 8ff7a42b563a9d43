/* Following links. The state is a short list of parts (unit, share, flags); one step replaces the
 * parts that have links in the next batch by what these links say. */
#include "people/lineage.h"

enum { STEP_MOST = 4096 };

/* Links of one unit made by one batch on one day act together. */
struct stage {
    day on;
    batch_id event;
};

struct follow {
    const struct forest *forest;
    struct arena *arena;
    struct lineage_part *parts;
    size_t count;
};

static int compare_stages(struct stage a, struct stage b)
{
    if (a.on != b.on) {
        return a.on < b.on ? -1 : 1;
    }
    return a.event < b.event ? -1 : a.event > b.event;
}

static struct stage stage_of(const struct unit_link *link)
{
    return (struct stage){link->on, link->event};
}

/* Adds a share of a unit to the list, to the part that is there already if there is one. */
static errc add_part(struct follow *follow, struct lineage_part part)
{
    for (size_t i = 0; i < follow->count; i++) {
        struct lineage_part *old = &follow->parts[i];
        if (old->unit == part.unit) {
            old->flags |= part.flags;
            return share_plus(old->share, part.share, &old->share) ? OK : ERR_TOO_BIG;
        }
    }
    if (follow->count == LINEAGE_PARTS_MOST) {
        return ERR_TOO_BIG;
    }
    follow->parts[follow->count++] = part;
    return OK;
}

/* The links of one unit in one stage, and what they leave. */
struct division {
    const struct unit_link *links;
    size_t count;
    struct stage stage;
    struct lineage_part part; /* what is divided */
    struct follow *into;
};

static errc give(struct division *division, unit_id to, share of, unsigned flags)
{
    struct lineage_part part = {.unit = to, .flags = division->part.flags | flags};
    if (!share_times(division->part.share, of, &part.share)) {
        return ERR_TOO_BIG;
    }
    return add_part(division->into, part);
}

/* Does the unit live on after the stage? Also when a later batch of the same day ends it. */
static bool stays(const struct division *division)
{
    const struct unit_life *life = forest_life(division->into->forest, division->part.unit);
    return life->to > division->stage.on ||
           (life->to == division->stage.on && life->ended_by > division->stage.event);
}

static str code_before(const struct forest *forest, unit_id unit, day on)
{
    struct unit_line line;
    return tree_line(forest_at(forest, on - 1), unit, &line) ? line.code : S("");
}

static bool bears_code(const struct forest *forest, unit_id unit, day on, str code)
{
    struct unit_line line;
    return code.len > 0 && tree_line(forest_at(forest, on), unit, &line) && str_is(line.code, code);
}

/* Among undeclared parts: the successor with the same code, else the oldest unit. */
static unit_id heir_of(const struct division *division)
{
    const struct forest *forest = division->into->forest;
    str code = code_before(forest, division->part.unit, division->stage.on);
    unit_id heir = 0;
    for (size_t i = 0; i < division->count; i++) {
        const struct unit_link *link = &division->links[i];
        if (share_is_declared(link->share)) {
            continue;
        }
        if (bears_code(forest, link->to, division->stage.on, code)) {
            return link->to;
        }
        heir = heir == 0 || link->to < heir ? link->to : heir;
    }
    return heir;
}

struct leftover {
    share share;       /* what the declared parts leave */
    size_t undeclared; /* parts without a share, the rest among them */
    unit_id rest;      /* of a LINK_REST, or 0 */
};

/* Gives the declared parts; *ret_left is what remains. */
static errc give_declared(struct division *division, struct leftover *ret_left)
{
    struct leftover left = {.share = SHARE_WHOLE};
    for (size_t i = 0; i < division->count; i++) {
        const struct unit_link *link = &division->links[i];
        if (link->relation == LINK_REST) {
            left.rest = link->to;
        }
        if (link->relation == LINK_REST || !share_is_declared(link->share)) {
            left.undeclared++;
            continue;
        }
        if (!share_minus(left.share, link->share, &left.share)) {
            return ERR_CORRUPT;
        }
        TRY(give(division, link->to, link->share, 0));
    }
    *ret_left = left;
    return OK;
}

/* Undeclared parts other than the holder get nothing that can be counted, and a flag. */
static errc flag_undeclared(struct division *division, unit_id holder)
{
    for (size_t i = 0; i < division->count; i++) {
        const struct unit_link *link = &division->links[i];
        if (!share_is_declared(link->share) && link->to != holder) {
            TRY(give(division, link->to, SHARE_NONE, PART_ASSUMED));
        }
    }
    return OK;
}

static errc divide(struct division *division)
{
    struct leftover left;
    TRY(give_declared(division, &left));
    unit_id holder = 0;
    if (stays(division)) {
        holder = division->part.unit;
    } else if (left.rest != 0) {
        holder = left.rest;
    } else {
        holder = heir_of(division);
    }
    TRY(flag_undeclared(division, holder));
    bool is_holder_undeclared = holder != division->part.unit && holder != 0;
    bool is_assumed = left.undeclared > (is_holder_undeclared ? 1U : 0U);
    if (left.share.num == 0 && !is_assumed) {
        return OK;
    }
    unsigned flags = holder == 0 ? PART_LOST : is_assumed ? PART_ASSUMED : 0;
    return give(division, holder, left.share, flags);
}

/* The links of a unit in the stage after `last`, when it is the earliest so far. */
static const struct unit_link *next_out(const struct follow *follow, unit_id unit,
                                        struct stage last, size_t *ret_count)
{
    size_t count = 0;
    const struct unit_link *links = forest_links_out(follow->forest, unit, &count);
    size_t first = 0;
    while (first < count && compare_stages(stage_of(&links[first]), last) <= 0) {
        first++;
    }
    size_t end = first;
    while (end < count && compare_stages(stage_of(&links[end]), stage_of(&links[first])) == 0) {
        end++;
    }
    *ret_count = end - first;
    return end == first ? NULL : &links[first];
}

static bool earliest_stage(const struct follow *follow, struct stage last, day until,
                           struct stage *ret_stage)
{
    bool found = false;
    struct stage best = {0};
    for (size_t i = 0; i < follow->count; i++) {
        size_t count = 0;
        const struct unit_link *links = next_out(follow, follow->parts[i].unit, last, &count);
        if (links != NULL && links->on <= until &&
            (!found || compare_stages(stage_of(links), best) < 0)) {
            best = stage_of(links);
            found = true;
        }
    }
    *ret_stage = best;
    return found;
}

/* A second list of parts for the step; the two change places after each. */
static errc make_room(struct follow *follow)
{
    follow->count = 0;
    follow->parts = arena_take_array(follow->arena, LINEAGE_PARTS_MOST, sizeof *follow->parts);
    return follow->parts == NULL ? ERR_NO_MEMORY : OK;
}

static errc step_forward(const struct follow *now, struct stage last, struct stage stage,
                         struct follow *next)
{
    next->count = 0;
    for (size_t i = 0; i < now->count; i++) {
        struct division division = {.stage = stage, .part = now->parts[i], .into = next};
        division.links = next_out(now, now->parts[i].unit, last, &division.count);
        if (division.links != NULL && compare_stages(stage_of(division.links), stage) == 0) {
            TRY(divide(&division));
        } else {
            TRY(add_part(next, now->parts[i]));
        }
    }
    return OK;
}

static errc follow_forward(struct follow *follow, day from, day to)
{
    struct follow other = *follow;
    TRY(make_room(&other));
    struct stage last = {from, INT64_MAX};
    struct stage stage;
    for (int steps = 0; earliest_stage(follow, last, to, &stage); steps++) {
        if (steps == STEP_MOST) {
            return ERR_TOO_BIG;
        }
        TRY(step_forward(follow, last, stage, &other));
        struct follow swap = *follow;
        *follow = other;
        other = swap;
        last = stage;
    }
    return OK;
}

/* The links into a unit in the stage before `last`. */
static const struct unit_link *next_in(const struct follow *follow, unit_id unit, struct stage last,
                                       size_t *ret_count)
{
    size_t end = 0;
    const struct unit_link *links = forest_links_in(follow->forest, unit, &end);
    while (end > 0 && compare_stages(stage_of(&links[end - 1]), last) >= 0) {
        end--;
    }
    size_t first = end;
    while (first > 0 &&
           compare_stages(stage_of(&links[first - 1]), stage_of(&links[end - 1])) == 0) {
        first--;
    }
    *ret_count = end - first;
    return end == first ? NULL : &links[first];
}

static bool latest_stage(const struct follow *follow, struct stage last, day until,
                         struct stage *ret_stage)
{
    bool found = false;
    struct stage best = {0};
    for (size_t i = 0; i < follow->count; i++) {
        size_t count = 0;
        const struct unit_link *links = next_in(follow, follow->parts[i].unit, last, &count);
        if (links != NULL && links->on > until &&
            (!found || compare_stages(stage_of(links), best) > 0)) {
            best = stage_of(links);
            found = true;
        }
    }
    *ret_stage = best;
    return found;
}

static bool was_there_before(const struct division *division)
{
    const struct unit_life *life = forest_life(division->into->forest, division->part.unit);
    return life->from < division->stage.on ||
           (life->from == division->stage.on && life->begun_by < division->stage.event);
}

/* The origin that keeps a figure going back: the unit itself, the same code, the oldest. */
static unit_id origin_of(const struct division *division)
{
    const struct forest *forest = division->into->forest;
    if (was_there_before(division)) {
        return division->part.unit;
    }
    struct unit_line line;
    str code = S("");
    if (tree_line(forest_at(forest, division->stage.on), division->part.unit, &line)) {
        code = line.code;
    }
    unit_id origin = 0;
    for (size_t i = 0; i < division->count; i++) {
        unit_id from = division->links[i].from;
        if (bears_code(forest, from, division->stage.on - 1, code)) {
            return from;
        }
        origin = origin == 0 || from < origin ? from : origin;
    }
    return origin;
}

static errc gather(struct division *division)
{
    unit_id origin = origin_of(division);
    size_t origins = division->count + (was_there_before(division) ? 1 : 0);
    unsigned flags = origins > 1 ? PART_ASSUMED : 0;
    for (size_t i = 0; i < division->count; i++) {
        if (division->links[i].from != origin) {
            TRY(give(division, division->links[i].from, SHARE_NONE, flags));
        }
    }
    return give(division, origin, SHARE_WHOLE, flags);
}

static errc step_back(const struct follow *now, struct stage last, struct stage stage,
                      struct follow *next)
{
    next->count = 0;
    for (size_t i = 0; i < now->count; i++) {
        struct division division = {.stage = stage, .part = now->parts[i], .into = next};
        division.links = next_in(now, now->parts[i].unit, last, &division.count);
        if (division.links != NULL && compare_stages(stage_of(division.links), stage) == 0) {
            TRY(gather(&division));
        } else {
            TRY(add_part(next, now->parts[i]));
        }
    }
    return OK;
}

static errc follow_back(struct follow *follow, day from, day to)
{
    struct follow other = *follow;
    TRY(make_room(&other));
    struct stage last = {from, INT64_MAX};
    struct stage stage;
    for (int steps = 0; latest_stage(follow, last, to, &stage); steps++) {
        if (steps == STEP_MOST) {
            return ERR_TOO_BIG;
        }
        TRY(step_back(follow, last, stage, &other));
        struct follow swap = *follow;
        *follow = other;
        other = swap;
        last = stage;
    }
    return OK;
}

/* Parts on units that are not there on the target day, with no link to say where they went, are
 * lost; a part that asks for nothing (a flag only) is then left out. */
static errc drop_absent(struct follow *follow, day to)
{
    struct follow kept = *follow;
    TRY(make_room(&kept));
    for (size_t i = 0; i < follow->count; i++) {
        struct lineage_part part = follow->parts[i];
        if (part.unit != 0 && !tree_has(forest_at(follow->forest, to), part.unit)) {
            part.unit = 0;
            part.flags |= PART_LOST;
        }
        if (part.unit != 0 || part.share.num > 0) {
            TRY(add_part(&kept, part));
        }
    }
    *follow = kept;
    return OK;
}

static int compare_parts(const void *left, const void *right)
{
    const struct lineage_part *a = left;
    const struct lineage_part *b = right;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

errc lineage_between(const struct forest *forest, unit_id unit, day from, day to,
                     struct arena *arena, struct lineage_parts *ret_parts)
{
    if (!forest_knows(forest, unit)) {
        return ERR_NOT_FOUND;
    }
    struct arena *scratch AUTO(arena_close) = NULL;
    TRY(arena_create(1024 * 1024, &scratch));
    struct follow follow = {.forest = forest, .arena = scratch};
    TRY(make_room(&follow));
    TRY(add_part(&follow, (struct lineage_part){.unit = unit, .share = SHARE_WHOLE}));
    TRY(from <= to ? follow_forward(&follow, from, to) : follow_back(&follow, from, to));
    TRY(drop_absent(&follow, to));
    qsort(follow.parts, follow.count, sizeof *follow.parts, compare_parts);
    struct lineage_part *parts = arena_take_array(arena, follow.count, sizeof *parts);
    if (parts == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(parts, follow.parts, follow.count * sizeof *parts);
    *ret_parts = (struct lineage_parts){parts, follow.count};
    return OK;
}

/* Is any of what became of the unit there, and is any of that covered? */
static bool successors_cover(struct tree tree, unit_id above, const struct unit_life *life,
                             bool *ret_any)
{
    struct arena *arena AUTO(arena_close) = NULL;
    struct lineage_parts parts = {0};
    *ret_any = false;
    if (arena_create(256 * 1024, &arena) != OK ||
        lineage_between(tree.forest, life->id, life->to - 1, tree.on, arena, &parts) != OK) {
        return false;
    }
    for (size_t i = 0; i < parts.count; i++) {
        *ret_any = *ret_any || parts.parts[i].unit != 0;
        if (parts.parts[i].unit != 0 && tree_covers(tree, above, parts.parts[i].unit)) {
            return true;
        }
    }
    return false;
}

bool lineage_covers(struct tree tree, unit_id above, unit_id unit)
{
    const struct unit_life *life = forest_life(tree.forest, unit);
    if (life == NULL || !tree_has(tree, above)) {
        return false;
    }
    if (tree.on < life->from) {
        return tree_covers(forest_at(tree.forest, life->from), above, unit);
    }
    if (tree.on < life->to) {
        return tree_covers(tree, above, unit);
    }
    bool has_successors = false;
    bool covered = successors_cover(tree, above, life, &has_successors);
    return has_successors ? covered
                          : tree_covers(forest_at(tree.forest, life->to - 1), above, unit);
}
