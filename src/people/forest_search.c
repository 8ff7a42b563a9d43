/* Search: all names stand in one long text without diacritics, which memmem runs through faster
 * than any index of so few names could pay for. Each place found is a name; only the best are kept.
 */
#include "people/forest_search.h"

#include "base/text.h"
#include "people/forest_inside.h"

struct ranked {
    struct forest_hit hit;
    uint32_t alphabet;
};

struct search {
    const struct forest *forest;
    const struct forest_query *query;
    str plain;              /* the query without diacritics */
    str toned;              /* the query with them */
    str titles[KINDS_MOST]; /* of kinds, without diacritics */
    struct ranked *best;
    size_t count;
};

/* How a name matches, from best to worst; the upper bits of a quality. */
enum match { MATCH_WHOLE, MATCH_FRONT, MATCH_WORD, MATCH_INSIDE };

/* A name without the words of its kind: "can ty" of "xa can ty". */
static size_t title_size(const struct search *search, const struct unit_fact *name, str key)
{
    uint32_t index = forest_index(search->forest, name->unit);
    const struct unit_fact *kind = forest_fact_at(search->forest, index, UNIT_KIND, name->from);
    if (kind == NULL) {
        return 0;
    }
    str title = search->titles[kind->value];
    bool has = str_starts(key, title) && key.len > title.len + 1 && key.at[title.len] == ' ';
    return has ? title.len + 1 : 0;
}

static enum match match_at(const struct search *search, str key, size_t title, size_t place)
{
    if (place == title || place == 0) {
        return place + search->plain.len == key.len ? MATCH_WHOLE : MATCH_FRONT;
    }
    return key.at[place - 1] == ' ' ? MATCH_WORD : MATCH_INSIDE;
}

static uint32_t quality_of(const struct search *search, enum match match, bool is_toned,
                           const struct unit_fact *fact)
{
    const struct unit_life *life = forest_life(search->forest, fact->unit);
    bool is_present = day_within(search->query->on, fact->from, fact->to);
    int rank = search->forest->ledger->tiers.tiers[life->tier].rank;
    return (uint32_t)match << 16 | (uint32_t)!is_toned << 15 | (uint32_t)!is_present << 14 |
           (uint32_t)rank;
}

static bool is_better(const struct ranked *a, const struct ranked *b)
{
    if (a->hit.quality != b->hit.quality) {
        return a->hit.quality < b->hit.quality;
    }
    if (a->alphabet != b->alphabet) {
        return a->alphabet < b->alphabet;
    }
    return a->hit.unit < b->hit.unit;
}

/* The unit's place among the best, or count. */
static size_t place_of(const struct search *search, unit_id unit)
{
    size_t place = 0;
    while (place < search->count && search->best[place].hit.unit != unit) {
        place++;
    }
    return place;
}

static void offer(struct search *search, const struct ranked *found)
{
    const struct forest_query *query = search->query;
    bool is_full = search->count == query->most;
    if (is_full && !is_better(found, &search->best[search->count - 1])) {
        return;
    }
    size_t known = place_of(search, found->hit.unit);
    if (known < search->count) {
        if (!is_better(found, &search->best[known])) {
            return;
        }
        memmove(&search->best[known], &search->best[known + 1],
                (search->count - known - 1) * sizeof *found);
        search->count--;
    } else if (query->may_see != NULL && !query->may_see(query->ctx, found->hit.unit)) {
        return;
    } else if (is_full) {
        search->count--;
    }
    size_t at = search->count++;
    for (; at > 0 && is_better(found, &search->best[at - 1]); at--) {
        search->best[at] = search->best[at - 1];
    }
    search->best[at] = *found;
}

static bool is_wanted(const struct search *search, const struct unit_fact *fact)
{
    if (fact->from >= fact->to) {
        return false;
    }
    return search->query->any_day || day_within(search->query->on, fact->from, fact->to);
}

static void offer_name(struct search *search, size_t index, size_t place)
{
    const struct forest *forest = search->forest;
    uint32_t number = forest->names[index].fact;
    const struct unit_fact *name = &forest->ledger->facts[number];
    if (!is_wanted(search, name)) {
        return;
    }
    uint32_t at = forest->haystack_at[index];
    str key = {forest->haystack + at, forest->haystack_at[index + 1] - 1 - at};
    enum match match = match_at(search, key, title_size(search, name, key), place);
    str same = forest->names[index].key;
    bool is_toned = memmem(same.at, same.len, search->toned.at, search->toned.len) != NULL;
    struct ranked found = {
        .hit = {.unit = name->unit,
                .matched = name->text,
                .quality = quality_of(search, match, is_toned, name)},
        .alphabet = forest->rank[number],
    };
    offer(search, &found);
}

/* Which name a place in the haystack belongs to. */
static size_t name_at(const struct forest *forest, size_t place)
{
    size_t low = 0;
    size_t high = forest->name_count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (forest->haystack_at[middle] <= place) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static void search_names(struct search *search)
{
    const struct forest *forest = search->forest;
    const char *end = forest->haystack + forest->haystack_size;
    const char *at = forest->haystack;
    while (at < end) {
        at = memmem(at, (size_t)(end - at), search->plain.at, search->plain.len);
        if (at == NULL) {
            return;
        }
        size_t index = name_at(forest, (size_t)(at - forest->haystack));
        offer_name(search, index, (size_t)(at - forest->haystack) - forest->haystack_at[index]);
        at++;
    }
}

static void search_codes(struct search *search, str prefix)
{
    const struct forest *forest = search->forest;
    for (size_t i = 0; i < forest->code_count; i++) {
        const struct forest_key *code = &forest->codes[i];
        const struct unit_fact *fact = &forest->ledger->facts[code->fact];
        if (!str_starts(code->key, prefix) || !is_wanted(search, fact)) {
            continue;
        }
        enum match match = code->key.len == prefix.len ? MATCH_WHOLE : MATCH_FRONT;
        struct ranked found = {
            .hit = {.unit = fact->unit,
                    .matched = fact->text,
                    .quality = quality_of(search, match, true, fact)},
            .alphabet = (uint32_t)i,
        };
        offer(search, &found);
    }
}

static errc prepare(struct search *search, struct arena *arena)
{
    const struct tier_set *tiers = &search->forest->ledger->tiers;
    TRY(text_search_key(arena, search->query->text, &search->plain));
    TRY(text_same_key(arena, search->query->text, &search->toned));
    for (size_t i = 0; i < tiers->kind_count; i++) {
        TRY(text_search_key(arena, str_of(tiers->kinds[i].title), &search->titles[i]));
    }
    size_t most = search->query->most;
    search->best = arena_take_array(arena, most == 0 ? 1 : most, sizeof *search->best);
    return search->best == NULL ? ERR_NO_MEMORY : OK;
}

errc forest_search(const struct forest *forest, const struct forest_query *query,
                   struct arena *arena, const struct forest_hit **ret_hits, size_t *ret_count)
{
    if (query->text.len > FOREST_QUERY_MOST || query->most > FOREST_HITS_MOST) {
        return ERR_TOO_BIG;
    }
    if (!text_is_utf8(query->text)) {
        return ERR_BAD_UTF8;
    }
    struct search search = {.forest = forest, .query = query};
    TRY(prepare(&search, arena));
    if (search.plain.len > 0 && query->most > 0) {
        search_names(&search);
        search_codes(&search, str_trim(query->text));
    }
    struct forest_hit *hits = arena_take_array(arena, search.count, sizeof *hits);
    if (hits == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < search.count; i++) {
        hits[i] = search.best[i].hit;
    }
    *ret_hits = hits;
    *ret_count = search.count;
    return OK;
}
