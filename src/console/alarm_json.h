/* Alarms as the API writes and reads them. */
#ifndef LOA_CONSOLE_ALARM_JSON_H
#define LOA_CONSOLE_ALARM_JSON_H

#include "broadcast/alarm.h"
#include "console/air_json.h"

CHECKED errc alarm_json(struct ask *ask, const struct alarm *alarm, struct why *why);
void alarm_effect_json(struct ask *ask, enum alarm_kind kind, const struct alarm_effect *effect);
/* {"title","text"} that may be left out; in the arena. */
CHECKED errc alarm_take_words(struct ask *ask, const struct json_value *object, const char *key,
                              struct alarm_words *words);
/* "about 41,000": as exactly as anybody knows. */
int64_t alarm_about(int64_t people);
/* {"total":…,"heard":…,…}: what its devices have said, and who cannot be reached. */
CHECKED errc alarm_counts_json(struct ask *ask, const struct alarm *alarm, struct why *why);
/* From the body; everything in the arena. *ret_preview: only tell what it would do. */
CHECKED errc alarm_take(struct ask *ask, struct alarm_draft *ret_draft, bool *ret_preview,
                        struct why *why);
bool alarm_device_attached(struct ask *ask, uint64_t device);

#endif
