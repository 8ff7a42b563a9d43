/* Units as the API writes them, for every handler that shows one. */
#ifndef LOA_CONSOLE_UNIT_JSON_H
#define LOA_CONSOLE_UNIT_JSON_H

#include "console/ask.h"
#include "people/unit_sight.h"

/* The fields of UNIT_LINE, without the braces. */
void unit_json_fields(struct json_out *out, const struct forest *forest,
                      const struct unit_line *line);
void unit_json_line(struct json_out *out, const struct forest *forest,
                    const struct unit_line *line);
/* {"id","name"} and {"id","name","kind"} as of the tree's day; null for 0 or an unknown unit. */
void unit_json_name_at(struct json_out *out, const char *key, struct tree tree, unit_id unit);
void unit_json_ref_at(struct json_out *out, const char *key, struct tree tree, unit_id unit);
const char *unit_json_kind(const struct forest *forest, int kind);

/* Units as who asks may see them. */
struct unit_sight unit_sight_of(const struct ask *ask);
/* Whether who asks holds the right over every root: what concerns the whole house, such as its
 * settings, is not for whoever administers one commune. */
bool unit_over_all(const struct ask *ask, enum right right);
/* The same for the right of the ask's own route: OK or ERR_FORBIDDEN. */
CHECKED errc ask_over_all(const struct ask *ask);
/* Whether who asks holds the right over the unit: ERR_NOT_FOUND where he may not even see it. */
CHECKED errc unit_may(const struct ask *ask, enum right right, unit_id unit);

#endif
