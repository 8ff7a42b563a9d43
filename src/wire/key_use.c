/* The limits of each use. Emergency and drill never share a key: that is what keeps a drill from
 * becoming real and a real alarm from being taken for one. */
#include "wire/key_use.h"

#include "wire/order.h"

#define CLASS(name) (1U << CLASS_##name)
#define KIND(name) (1U << ORDER_##name)

struct key_limits key_use_limits(enum key_use use, uint64_t tier)
{
    uint64_t loud = KIND(ALARM) | KIND(STOP) | KIND(RELEASE);
    uint64_t daily = KIND(SETTINGS) | KIND(PLAN) | KIND(CLIPS) | KIND(ACTION) | KIND(LIVE);
    switch (use) {
    case KEY_ROOT:
        break;
    case KEY_DAILY:
        daily |= tier == TIER_PROVINCE ? KIND(PLACEMENT) | KIND(RETIRE) : 0;
        return (struct key_limits){CLASS(ORDINARY) | CLASS(PRIORITY), daily};
    case KEY_EMERGENCY:
        return (struct key_limits){CLASS(EMERGENCY), loud};
    case KEY_DRILL:
        return (struct key_limits){CLASS(DRILL), loud};
    }
    return (struct key_limits){0, 0};
}

const char *key_use_name(enum key_use use)
{
    switch (use) {
    case KEY_ROOT:
        return "root";
    case KEY_DAILY:
        return "daily";
    case KEY_EMERGENCY:
        return "emergency";
    case KEY_DRILL:
        return "drill";
    }
    return "";
}
