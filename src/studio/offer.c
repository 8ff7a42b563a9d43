/* The names of offers, as stored and as the API says them. */
#include "studio/offer.h"

static const char *const states[OFFER_STATES] = {"waiting", "taken", "declined", "entered", "gone"};
static const char *const results[SEND_RESULTS] = {"offered", "entered", "already", "refused"};

const char *offer_state_name(enum offer_state state)
{
    return states[state];
}

bool offer_state_parse(str text, enum offer_state *ret_state)
{
    for (size_t i = 0; i < OFFER_STATES; i++) {
        if (str_is(text, str_of(states[i]))) {
            *ret_state = (enum offer_state)i;
            return true;
        }
    }
    return false;
}

const char *send_result_name(enum send_result result)
{
    return results[result];
}
