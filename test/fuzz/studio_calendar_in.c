/* Calendars from strangers: whatever they say, every event is a place that a programme may have, or
 * a problem with a name. */
#include "studio/calendar_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct calendar_events events;
    if (arena_create((size_t)64 * 1024 * 1024, &arena) != OK) {
        return 0;
    }
    errc rc = calendar_read((str){(const char *)data, size}, 7 * USEC_HOUR, arena, &events, NULL);
    for (size_t i = 0; rc == OK && i < events.count; i++) {
        const struct calendar_event *event = &events.at[i];
        if (event->problem == NULL) {
            bool fits = event->start_s >= 0 && event->start_s < DAY_S && event->place_ms > 0;
            if (!fits || recurrence_problem(&event->when) != NULL || event->name.len == 0) {
                abort();
            }
        }
    }
    return 0;
}
