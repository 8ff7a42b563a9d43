/* The table of tiers and kinds: small, copied by value, looked through from front to back. */
#include "people/tier.h"

#include "base/text.h"

int tier_find(const struct tier_set *set, str name)
{
    for (size_t i = 0; i < set->tier_count; i++) {
        if (str_is(str_of(set->tiers[i].name), name)) {
            return (int)i;
        }
    }
    return -1;
}

int kind_find(const struct tier_set *set, str name)
{
    for (size_t i = 0; i < set->kind_count; i++) {
        if (str_is(str_of(set->kinds[i].name), name)) {
            return (int)i;
        }
    }
    return -1;
}

errc tier_add(struct tier_set *set, str name, int64_t rank, day from, day to)
{
    if (set->tier_count == TIERS_MOST) {
        return ERR_TOO_BIG;
    }
    struct tier tier = {.rank = (int)rank, .from = from, .to = to};
    if (rank < 0 || rank > 1000 || from >= to || name.len == 0 || tier_find(set, name) >= 0 ||
        !str_to_array(name, tier.name, sizeof tier.name)) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < set->tier_count; i++) {
        if (set->tiers[i].rank == tier.rank) {
            return ERR_INVALID;
        }
    }
    set->tiers[set->tier_count++] = tier;
    return OK;
}

errc kind_add(struct tier_set *set, str name, str tier, str title, day from, day to)
{
    if (set->kind_count == KINDS_MOST) {
        return ERR_TOO_BIG;
    }
    struct kind kind = {.from = from, .to = to};
    int of = tier_find(set, tier);
    if (of < 0 || from >= to || name.len == 0 || title.len == 0 || kind_find(set, name) >= 0 ||
        !str_to_array(name, kind.name, sizeof kind.name) ||
        !str_to_array(title, kind.title, sizeof kind.title)) {
        return ERR_INVALID;
    }
    kind.tier = (uint8_t)of;
    set->kinds[set->kind_count++] = kind;
    return OK;
}

bool tier_is_valid(const struct tier_set *set, int tier, day on)
{
    return tier >= 0 && (size_t)tier < set->tier_count &&
           day_within(on, set->tiers[tier].from, set->tiers[tier].to);
}

bool kind_is_valid(const struct tier_set *set, int kind, day on)
{
    return kind >= 0 && (size_t)kind < set->kind_count &&
           day_within(on, set->kinds[kind].from, set->kinds[kind].to) &&
           tier_is_valid(set, set->kinds[kind].tier, on);
}

/* Is the title the whole text, or only its first words? */
enum title_match { TITLE_WHOLE, TITLE_IN_FRONT };

static bool matches(str key, str title, enum title_match how)
{
    if (how == TITLE_WHOLE) {
        return str_is(key, title);
    }
    return str_starts(key, title) && key.len > title.len && key.at[title.len] == ' ';
}

struct title_search {
    const struct tier_set *set;
    int tier;
    day on;
    enum title_match how;
};

/* The longest title wins ("Thành phố" before "Thành"), then one in force. */
static int better_of(const struct title_search *search, int old, int next)
{
    if (old < 0) {
        return next;
    }
    size_t old_size = strlen(search->set->kinds[old].title);
    size_t next_size = strlen(search->set->kinds[next].title);
    if (old_size != next_size) {
        return next_size > old_size ? next : old;
    }
    bool next_wins = kind_is_valid(search->set, next, search->on) &&
                     !kind_is_valid(search->set, old, search->on);
    return next_wins ? next : old;
}

static errc find_title(const struct title_search *search, str text, int *ret_kind)
{
    struct arena *arena AUTO(arena_close) = NULL;
    TRY(arena_create(256 * 1024, &arena));
    str key = STR_NONE;
    TRY(text_same_key(arena, text, &key));
    int found = -1;
    for (size_t i = 0; i < search->set->kind_count; i++) {
        const struct kind *kind = &search->set->kinds[i];
        str title = STR_NONE;
        if (search->tier >= 0 && kind->tier != search->tier) {
            continue;
        }
        TRY(text_same_key(arena, str_of(kind->title), &title));
        if (matches(key, title, search->how)) {
            found = better_of(search, found, (int)i);
        }
    }
    *ret_kind = found;
    return OK;
}

errc kind_of_title(const struct tier_set *set, int tier, str title, day on, int *ret_kind)
{
    struct title_search search = {.set = set, .tier = tier, .on = on, .how = TITLE_WHOLE};
    return find_title(&search, title, ret_kind);
}

errc kind_of_name(const struct tier_set *set, int tier, str name, day on, int *ret_kind)
{
    struct title_search search = {.set = set, .tier = tier, .on = on, .how = TITLE_IN_FRONT};
    return find_title(&search, name, ret_kind);
}
