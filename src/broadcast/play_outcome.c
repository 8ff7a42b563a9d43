/* Names of what became of an item. */
#include "broadcast/play_log.h"

static const char *const outcomes[PLAY_OUTCOMES] = {"played", "partly", "not_played",
                                                    "not_reported"};

const char *play_outcome_name(enum play_outcome outcome)
{
    return outcomes[outcome];
}

bool play_outcome_parse(str text, enum play_outcome *ret_outcome)
{
    for (size_t i = 0; i < PLAY_OUTCOMES; i++) {
        if (str_is(text, str_of(outcomes[i]))) {
            *ret_outcome = (enum play_outcome)i;
            return true;
        }
    }
    return false;
}
