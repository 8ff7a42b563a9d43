#include "live/delays.h"

/* Each a good deal longer than the one before, so that a place seldom moves. */
static const uint64_t steps[] = {LIVE_DELAY_LEAST_MS, 240, 360, 520, 760, 1100, 1600, 2400,
                                 LIVE_DELAY_MOST_MS};

enum { QUICK_MOST_MS = 240 };

struct place {
    uint64_t unit;
    uint64_t ms;
};

struct live_delays {
    struct place *places;
    size_t count;
    size_t room;
};

struct live_delays *live_delays_create(void)
{
    return mem_take(sizeof(struct live_delays));
}

void live_delays_destroy(struct live_delays *delays)
{
    if (delays != NULL) {
        mem_give(delays->places);
        mem_give(delays);
    }
}

static uint64_t guess(enum device_link link)
{
    switch (link) {
    case LINK_UNKNOWN:
    case LINK_FIBRE:
    case LINK_WIFI:
        return LIVE_DELAY_LEAST_MS;
    case LINK_4G:
        return 520;
    case LINK_3G:
        return 1100;
    case LINK_2G:
        return 2400;
    }
    return LIVE_DELAY_LEAST_MS;
}

static uint64_t step_of(uint64_t need_ms)
{
    size_t step = 0;
    while (step + 1 < COUNT_OF(steps) && steps[step] < need_ms) {
        step++;
    }
    return steps[step];
}

/* Where the unit is, or would be: places stand in order of their units. */
static size_t search(const struct live_delays *delays, uint64_t unit)
{
    size_t low = 0;
    size_t high = delays->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (delays->places[middle].unit < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_at(const struct live_delays *delays, size_t at, uint64_t unit)
{
    return at < delays->count && delays->places[at].unit == unit;
}

static void insert(struct live_delays *delays, size_t at, uint64_t unit)
{
    if (delays->count == delays->room) {
        size_t room = delays->room == 0 ? 16 : delays->room * 2;
        struct place *places = mem_take(room * sizeof *places);
        if (delays->count > 0) {
            memcpy(places, delays->places, delays->count * sizeof *places);
        }
        mem_give(delays->places);
        delays->places = places;
        delays->room = room;
    }
    memmove(&delays->places[at + 1], &delays->places[at],
            (delays->count - at) * sizeof *delays->places);
    delays->places[at] = (struct place){.unit = unit};
    delays->count++;
}

bool live_delays_hear(struct live_delays *delays, uint64_t place, enum device_link link,
                      uint64_t need_ms, uint64_t *ret_ms)
{
    size_t at = search(delays, place);
    if (!is_at(delays, at, place)) {
        insert(delays, at, place);
    }
    uint64_t wanted = need_ms == 0 ? guess(link) : step_of(need_ms);
    uint64_t before = delays->places[at].ms;
    delays->places[at].ms = wanted > before ? wanted : before;
    *ret_ms = delays->places[at].ms;
    return *ret_ms != before;
}

uint64_t live_delays_of(const struct live_delays *delays, uint64_t place)
{
    size_t at = search(delays, place);
    return is_at(delays, at, place) ? delays->places[at].ms : 0;
}

uint64_t live_delays_longest(const struct live_delays *delays)
{
    uint64_t longest = 0;
    for (size_t i = 0; i < delays->count; i++) {
        longest = delays->places[i].ms > longest ? delays->places[i].ms : longest;
    }
    return longest;
}

enum live_lane live_delay_lane(uint64_t delay_ms)
{
    return delay_ms <= QUICK_MOST_MS ? LANE_QUICK : LANE_USUAL;
}
