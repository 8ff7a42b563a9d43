/* Units as the API writes them, for every handler that shows one. */
#ifndef LOA_CONSOLE_UNIT_JSON_H
#define LOA_CONSOLE_UNIT_JSON_H

#include "console/ask.h"
#include "people/forest.h"

/* The fields of UNIT_LINE, without the braces; a unit that is unknown writes nothing and is false. */
bool unit_json_fields(struct json_out *out, struct tree tree, unit_id unit);
void unit_json_line(struct json_out *out, struct tree tree, unit_id unit); /* null when unknown */
/* {"id","name"} and {"id","name","kind"} as of the tree's day; null for 0 or an unknown unit. */
void unit_json_name_at(struct json_out *out, const char *key, struct tree tree, unit_id unit);
void unit_json_ref_at(struct json_out *out, const char *key, struct tree tree, unit_id unit);
const char *unit_json_kind(const struct forest *forest, int kind);

/* Whether who asks may see the unit, also one of the past or to come of his own (lineage). */
bool unit_may_see(const struct ask *ask, unit_id unit);
/* The same as a right over it today; ERR_NOT_FOUND where it may not even be seen. */
CHECKED errc unit_may(const struct ask *ask, enum right right, unit_id unit);
struct right_view unit_view(const struct ask *ask);

#endif
