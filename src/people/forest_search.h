/* Finding units by what a person types: any part of a name, with or without diacritics, present
 * and former names, or the beginning of a code. */
#ifndef LOA_PEOPLE_FOREST_SEARCH_H
#define LOA_PEOPLE_FOREST_SEARCH_H

#include "people/forest.h"

enum { FOREST_HITS_MOST = 200, FOREST_QUERY_MOST = 480 };

struct forest_query {
    str text;     /* at most FOREST_QUERY_MOST bytes */
    bool any_day; /* also past units and former names */
    day on;       /* the day, or with any_day the day that counts as the present */
    size_t most;  /* up to FOREST_HITS_MOST */
    bool (*may_see)(void *ctx, unit_id unit); /* null: everything */
    void *ctx;
};

struct forest_hit {
    unit_id unit;
    str matched;      /* the name or code that matched; a loan from the forest */
    uint32_t quality; /* smaller is better; for tests */
};

/* The best hits first: whole name before its beginning, before the beginning of a word, before the
 * middle of one; typed diacritics that agree before those that do not; living units before past
 * ones; higher tiers first; then the alphabet. Each unit once. In the arena. ERR_TOO_BIG,
 * ERR_BAD_UTF8. */
CHECKED errc forest_search(const struct forest *forest, const struct forest_query *query,
                           struct arena *arena, const struct forest_hit **ret_hits,
                           size_t *ret_count);

#endif
