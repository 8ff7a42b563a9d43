/* Thresholds and impossibilities. A device whose connection broke has a while to come back; one
 * whose connection stands but is silent, or was given up because of its silence, is measured from
 * the last word. Nothing here holds state, so every rule is a row of a test. */
#include "fleet/presence_rules.h"

static const char *const state_names[] = {
    [PRESENCE_NEVER] = "never",
    [PRESENCE_ALIVE] = "alive",
    [PRESENCE_LATE] = "late",
    [PRESENCE_DEAD] = "dead",
};

const char *presence_state_name(enum presence_state state)
{
    return state_names[state];
}

bool presence_state_parse(str name, enum presence_state *ret_state)
{
    for (size_t i = 0; i < COUNT_OF(state_names); i++) {
        if (str_is(name, str_of(state_names[i]))) {
            *ret_state = (enum presence_state)i;
            return true;
        }
    }
    return false;
}

struct presence_timing presence_timing_default(void)
{
    return (struct presence_timing){
        .late_after = 8 * USEC_SECOND,
        .dead_after = 15 * USEC_SECOND,
        .dead_after_lost = 30 * USEC_SECOND,
    };
}

enum presence_state presence_judge(const struct presence_timing *timing,
                                   const struct presence_link *link, usec now)
{
    if (!link->known) {
        return PRESENCE_NEVER;
    }
    usec due = link->heard + link->beat;
    bool given_up = link->lost > due + timing->late_after;
    bool by_silence = link->attached || (given_up && !link->excused);
    if (!by_silence) {
        return now < link->lost + timing->dead_after_lost ? PRESENCE_LATE : PRESENCE_DEAD;
    }
    if (now >= due + timing->dead_after) {
        return PRESENCE_DEAD;
    }
    return link->attached && now < due + timing->late_after ? PRESENCE_ALIVE : PRESENCE_LATE;
}

/* A message may have waited on its way for this long; a clock may be that wrong. */
enum { WAITED_S = 120, FUTURE_S = 300 };

static const struct {
    uint32_t lie;
    const char *name;
} lies[PRESENCE_LIES] = {
    {LIE_OTHER_ID, "other_id"},       {LIE_LOG_BACK, "log_back"},
    {LIE_STATE_AHEAD, "state_ahead"}, {LIE_TRUST_AHEAD, "trust_ahead"},
    {LIE_UPTIME, "uptime"},           {LIE_TRAFFIC_BACK, "traffic_back"},
    {LIE_FUTURE, "future"},           {LIE_RECEIPT, "receipt"},
    {LIE_LOG_FORGED, "log_forged"},
};

uint32_t presence_lie_at(size_t index)
{
    return lies[index].lie;
}

const char *presence_lie_name(uint32_t lie)
{
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        if (lies[i].lie == lie) {
            return lies[i].name;
        }
    }
    return NULL;
}

/* A start of a disk that was damaged and mended may know less than before, and says so. */
static uint32_t lies_about_versions(const struct wire_status *status,
                                    const struct presence_facts *facts)
{
    uint32_t found = 0;
    bool mended = (status->faults & FAULT_STORE) != 0;
    found |= status->log_seq < facts->log_kept && !mended ? LIE_LOG_BACK : 0U;
    found |=
        facts->state_most != 0 && status->state_version > facts->state_most ? LIE_STATE_AHEAD : 0U;
    found |=
        facts->trust_most != 0 && status->trust_version > facts->trust_most ? LIE_TRUST_AHEAD : 0U;
    return found;
}

static uint32_t lies_about_time(const struct wire_status *before, const struct wire_status *status,
                                const struct presence_facts *facts)
{
    uint32_t found = 0;
    bool sure = status->clock == CLOCK_SURE || status->clock == CLOCK_HOLDING;
    if (sure && status->playing_since > facts->now_utc + FUTURE_S * USEC_SECOND) {
        found |= LIE_FUTURE;
    }
    if (before != NULL && facts->same_boot) {
        uint64_t passed = (uint64_t)(facts->since_before / USEC_SECOND) + WAITED_S;
        bool impossible =
            status->uptime_s < before->uptime_s || status->uptime_s - before->uptime_s > passed;
        found |= impossible ? LIE_UPTIME : 0U;
    }
    return found;
}

uint32_t presence_lies(const struct wire_status *before, const struct wire_status *status,
                       const struct presence_facts *facts)
{
    uint32_t found = lies_about_versions(status, facts) | lies_about_time(before, status, facts);
    bool backwards = before != NULL && facts->same_boot && facts->same_month &&
                     (status->bytes_in < before->bytes_in || status->bytes_out < before->bytes_out);
    return found | (backwards ? LIE_TRAFFIC_BACK : 0U);
}
