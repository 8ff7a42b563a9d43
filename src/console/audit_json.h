/* Audit lines as the API writes them. */
#ifndef LOA_CONSOLE_AUDIT_JSON_H
#define LOA_CONSOLE_AUDIT_JSON_H

#include "console/ask.h"

/* "history": the newest lines about one subject. */
CHECKED errc audit_json_history(struct ask *ask, const char *kind, int64_t subject_id, size_t limit,
                                struct why *why);

#endif
