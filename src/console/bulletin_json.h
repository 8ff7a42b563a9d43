/* Bulletins as the API writes and reads them. */
#ifndef LOA_CONSOLE_BULLETIN_JSON_H
#define LOA_CONSOLE_BULLETIN_JSON_H

#include "console/air_json.h"
#include "studio/airing.h"
#include "studio/bulletin_desk.h"
#include "studio/category.h"

/* The whole bulletin with its places and what who asks may do; loads what it needs. */
CHECKED errc bulletin_json(struct ask *ask, int64_t id, struct why *why);
void bulletin_json_line(struct ask *ask, const struct bulletin_line *line,
                        const struct categories *categories);
void bulletin_json_version(struct ask *ask, const struct bulletin_version *version,
                           const struct bulletin_body *body, const struct categories *categories);
/* {"id","name"} under a key, null for nobody. */
void bulletin_json_person(struct json_out *out, const char *key,
                          const struct bulletin_person *person);
void bulletin_json_category(struct ask *ask, str code, const struct categories *categories);
void bulletin_json_airing(struct ask *ask, const struct airing *airing);
void bulletin_json_texts(struct ask *ask, const struct bulletin_text *texts, size_t count);

/* From the body; everything in the arena. */
CHECKED errc bulletin_take(struct ask *ask, const struct json_value *body,
                           struct bulletin_body *ret_body);
CHECKED errc bulletin_take_texts(struct ask *ask, const struct json_value *body,
                                 struct bulletin_text **ret_texts, size_t *ret_count);
CHECKED errc bulletin_take_class(struct ask *ask, const struct json_value *body,
                                 enum bulletin_class *ret_class);
CHECKED errc bulletin_take_place(struct ask *ask, const struct json_value *body,
                                 struct airing_place *ret_place);
/* A line of text that may be left out, in the arena. */
CHECKED errc bulletin_take_text(struct ask *ask, const struct json_value *object, const char *key,
                                size_t most, str *ret_text);

#endif
