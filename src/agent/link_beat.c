#include "agent/link_beat.h"

/* An end this soon after something was sent is laid to the silence before it. */
#define BLAME_WITHIN (90 * USEC_SECOND)
#define GOOD_FOR USEC_DAY

struct link_beat link_beat_start(void)
{
    return (struct link_beat){.most_ms = LINK_BEAT_UNKNOWN_MS};
}

void link_beat_opened(struct link_beat *beat, usec now)
{
    beat->gap = 0;
    beat->sent_at = now;
    beat->good_since = now;
}

void link_beat_sent(struct link_beat *beat, usec now)
{
    beat->gap = now - beat->sent_at;
    beat->sent_at = now;
}

/* Twice in a row: one end may be chance. */
void link_beat_broke(struct link_beat *beat, usec now, usec heard_at)
{
    bool is_idle_drop = beat->gap >= (usec)LINK_BEAT_LEAST_MS * 1000 && heard_at < beat->sent_at &&
                        now - beat->sent_at < BLAME_WITHIN;
    if (!is_idle_drop) {
        beat->drops = 0;
        return;
    }
    beat->drops++;
    if (beat->drops >= 2) {
        usec shorter = beat->gap * 2 / 3000;
        beat->most_ms = shorter > LINK_BEAT_LEAST_MS ? (uint32_t)shorter : LINK_BEAT_LEAST_MS;
        beat->drops = 0;
    }
}

usec link_beat_due(struct link_beat *beat, uint64_t told_ms, usec now)
{
    if (now - beat->good_since >= GOOD_FOR && beat->most_ms < LINK_BEAT_UNKNOWN_MS) {
        beat->most_ms += beat->most_ms / 4;
        beat->good_since = now;
    }
    uint64_t ms = told_ms < beat->most_ms ? told_ms : beat->most_ms;
    return (usec)ms * 1000;
}
