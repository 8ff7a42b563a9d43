/* Inside of alarms: the parts that decide, apart from those that write. */
#ifndef LOA_BROADCAST_ALARM_INSIDE_H
#define LOA_BROADCAST_ALARM_INSIDE_H

#include "broadcast/alarm.h"

CHECKED errc alarm_check(const struct alarm_draft *draft, enum alarm_kind kind, usec now,
                         struct bad_field *bad);
int64_t alarm_sounding_ms(const struct alarm_draft *draft);
/* Of all devices of the unit, those in the draft's area. */
CHECKED errc alarm_receivers(const struct receivers *all, const struct alarm_draft *draft,
                             struct arena *arena, struct receivers *ret_receivers);
CHECKED errc alarm_communes(const struct receivers *receivers, struct arena *arena,
                            int64_t *ret_communes);
bool alarm_needs_second(enum alarm_kind kind, int64_t devices,
                        const struct broadcast_policy *policy);

#endif
