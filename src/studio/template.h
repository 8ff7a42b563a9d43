/* Prepared bulletins of a unit, for it and everybody below it: what comes again every month is not
 * typed again. A template has no sound, no area and no dates; it becomes a bulletin by being copied
 * into one. */
#ifndef LOA_STUDIO_TEMPLATE_H
#define LOA_STUDIO_TEMPLATE_H

#include "studio/bulletin.h"

enum { TEMPLATE_NAME_MOST = 160, TEMPLATES_MOST = 2000 };

struct bulletin_template {
    int64_t id;
    unit_id unit;
    str name;
    str title;
    str category;
    enum bulletin_class class;
    int64_t version;
    const struct bulletin_text *texts;
    size_t text_count;
};
struct bulletin_templates {
    const struct bulletin_template *at; /* by name */
    size_t count;
};

/* Those of the unit and of all above it. */
CHECKED errc templates_load(const struct desk *desk, struct db *db, unit_id unit,
                            struct bulletin_templates *ret_list, struct why *why);
CHECKED errc template_get(const struct desk *desk, struct db *db, int64_t id,
                          struct bulletin_template *ret_template, struct why *why);
/* Need BULLETINS_WRITE over its unit. ERR_VERSION: somebody was quicker. */
CHECKED errc template_add(const struct desk *desk, struct db *db,
                          const struct bulletin_template *template, int64_t *ret_id,
                          struct why *why);
CHECKED errc template_change(const struct desk *desk, struct db *db,
                             const struct bulletin_template *template, struct why *why);
CHECKED errc template_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why);

#endif
