/* Programmes as the API writes and reads them. */
#ifndef LOA_CONSOLE_PROGRAMME_JSON_H
#define LOA_CONSOLE_PROGRAMME_JSON_H

#include "console/air_json.h"

/* Inside an object that the caller begins and ends. */
void programme_json_fields(struct ask *ask, const struct programme *programme,
                           const struct programme_choice *choice);
/* "clashes": with which priorities of others it collides within the next weeks. */
CHECKED errc programme_json_clashes(struct ask *ask, const struct programme *programme,
                                    struct why *why);
/* `choice` is what the unit that is looked at made of an offer, or null. */
void programme_json(struct ask *ask, const struct programme *programme,
                    const struct programme_choice *choice);
/* The recurrence as an object. */
void programme_json_when(struct json_out *out, const struct recurrence *when);
/* From the body; everything in the arena. */
CHECKED errc programme_take(struct ask *ask, const struct json_value *body,
                            struct programme *ret_programme);

#endif
