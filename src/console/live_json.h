/* Lives and their sources as the API writes and reads them. */
#ifndef LOA_CONSOLE_LIVE_JSON_H
#define LOA_CONSOLE_LIVE_JSON_H

#include "console/air_json.h"
#include "live/board.h"
#include "live/source.h"

void live_json(struct ask *ask, const struct live *live);
/* `live` on the air that comes from it: 0, none; `password` only for who has just made it. */
void source_json(struct ask *ask, const struct live_source *source, int64_t live,
                 const char *password);
/* From the body; texts in the arena. */
CHECKED errc live_take(struct ask *ask, struct live_draft *ret_draft, struct why *why);
CHECKED errc source_take(struct ask *ask, struct live_source *ret_source, struct why *why);

#endif
