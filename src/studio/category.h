/* What bulletins are about: a controlled list, kept as data because decrees change it. A category
 * is never removed, only retired: what was written under it keeps its name. */
#ifndef LOA_STUDIO_CATEGORY_H
#define LOA_STUDIO_CATEGORY_H

#include "studio/bulletin.h"

enum { CATEGORIES_MOST = 100, CATEGORY_NAME_MOST = 160 };

struct category {
    str code; /* [a-z0-9_] */
    str name_vi;
    str name_en;
    bool retired;
};
struct categories {
    const struct category *at; /* in the order of the list */
    size_t count;
};

CHECKED errc categories_load(const struct desk *desk, struct db *db, struct categories *ret_list,
                             struct why *why);
/* The whole list anew; those that are left out are retired. Whoever calls has made sure that the
 * actor stands over everything. */
CHECKED errc categories_put(const struct desk *desk, struct db *db, const struct categories *list,
                            struct why *why);
const struct category *category_find(const struct categories *list, str code); /* or null */

#endif
