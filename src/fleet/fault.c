/* Names of faults, and folding many into few lines: thirty poles of a commune that fall silent
 * together are one thing that happened, and one line that somebody reads. */
#include "fleet/fault.h"

#include "fleet/place.h"

static const struct {
    uint32_t fault;
    const char *name;
} kinds[FAULT_KINDS] = {
    /* the gravest first */
    {FAULT_LIES, "lies"},         {FAULT_DEAD, "dead"},   {FAULT_UNEXPECTED, "unexpected"},
    {FAULT_NO_SOUND, "no_sound"}, {FAULT_SINK, "sink"},   {FAULT_RELAY, "relay"},
    {FAULT_SUPPLY, "supply"},     {FAULT_MEDIA, "media"}, {FAULT_CLOCK, "clock"},
    {FAULT_DISK, "disk"},         {FAULT_STORE, "store"}, {FAULT_HEAT, "heat"},
    {FAULT_BUDGET, "budget"},
};

uint32_t fault_at(size_t index)
{
    return kinds[index].fault;
}

const char *fault_name(uint32_t fault)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (kinds[i].fault == fault) {
            return kinds[i].name;
        }
    }
    return NULL;
}

bool fault_parse(str name, uint32_t *ret_fault)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_is(name, str_of(kinds[i].name))) {
            *ret_fault = kinds[i].fault;
            return true;
        }
    }
    return false;
}

/* A fault on its way into a line. */
struct folding {
    const struct fault *fault;
    unit_id commune; /* of today; 0: nobody knows */
};

static size_t gravity(uint32_t kind)
{
    size_t index = 0;
    while (index < FAULT_KINDS && kinds[index].fault != kind) {
        index++;
    }
    return index;
}

/* The commune tier where there is one, else the unit itself. */
static errc commune_of(const struct forest *forest, unit_id unit, day today, struct arena *arena,
                       unit_id *ret_commune)
{
    unit_id above[UNIT_DEPTH];
    unit_id now = 0;
    int tier = tier_find(forest_tiers(forest), S("commune"));
    TRY(place_unit_on(forest, unit, today, arena, &now));
    size_t count = tree_ancestors(forest_at(forest, today), now, above);
    for (size_t i = 0; i < count; i++) {
        const struct unit_life *life = forest_life(forest, above[i]);
        if (life != NULL && life->tier == tier) {
            now = above[i];
            break;
        }
    }
    *ret_commune = now;
    return OK;
}

static int by_kind_and_place(const void *a, const void *b)
{
    const struct folding *one = a;
    const struct folding *two = b;
    size_t first = gravity(one->fault->kind);
    size_t second = gravity(two->fault->kind);
    if (first != second) {
        return first < second ? -1 : 1;
    }
    if (one->commune != two->commune) {
        return one->commune < two->commune ? -1 : 1;
    }
    return one->fault->id < two->fault->id ? -1 : 1;
}

static int by_worth(const void *a, const void *b)
{
    const struct fault_line *one = a;
    const struct fault_line *two = b;
    size_t first = gravity(one->kind);
    size_t second = gravity(two->kind);
    if (first != second) {
        return first < second ? -1 : 1;
    }
    if (one->count != two->count) {
        return one->count > two->count ? -1 : 1;
    }
    return one->since < two->since ? -1 : one->since > two->since;
}

static void add_to(struct fault_line *line, const struct fault *fault)
{
    line->since = line->count == 0 || fault->since < line->since ? fault->since : line->since;
    line->latest = fault->since > line->latest ? fault->since : line->latest;
    line->acknowledged += fault->acknowledged != 0 ? 1 : 0;
    line->device = line->count == 0 ? fault->device : 0;
    line->device_name = line->count == 0 ? fault->device_name : STR_NONE;
    line->count++;
}

/* Lines of one kind and commune: one, or as many as there are faults when they are few. */
static size_t fold_run(const struct folding *run, size_t count, struct fault_line *lines)
{
    bool together = count >= FAULT_TOGETHER;
    size_t made = together ? 1 : count;
    for (size_t i = 0; i < count; i++) {
        struct fault_line *line = &lines[together ? 0 : i];
        line->kind = run[i].fault->kind;
        line->commune = run[i].commune;
        add_to(line, run[i].fault);
    }
    return made;
}

static size_t fold_all(const struct folding *foldings, size_t count, struct fault_line *lines)
{
    size_t made = 0;
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && foldings[end].commune == foldings[begin].commune &&
               foldings[end].fault->kind == foldings[begin].fault->kind) {
            end++;
        }
        made += fold_run(&foldings[begin], end - begin, &lines[made]);
        begin = end;
    }
    return made;
}

errc fault_fold(const struct fault *faults, size_t count, const struct forest *forest, day today,
                struct arena *arena, struct fault_digest *ret_digest)
{
    struct folding *foldings = arena_take_array(arena, count + 1, sizeof *foldings);
    struct fault_line *lines = arena_take_array(arena, count + 1, sizeof *lines);
    if (foldings == NULL || lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        foldings[i].fault = &faults[i];
        TRY(commune_of(forest, faults[i].unit, today, arena, &foldings[i].commune));
    }
    qsort(foldings, count, sizeof *foldings, by_kind_and_place);
    size_t made = fold_all(foldings, count, lines);
    qsort(lines, made, sizeof *lines, by_worth);
    *ret_digest = (struct fault_digest){.at = lines, .count = made, .faults = count};
    return OK;
}
