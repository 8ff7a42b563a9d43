#include "live/live.h"

const char *live_mode_name(enum live_mode mode)
{
    return mode == LIVE_TALK ? "talk" : "continuous";
}

bool live_mode_parse(str name, enum live_mode *ret_mode)
{
    *ret_mode = str_is(name, S("talk")) ? LIVE_TALK : LIVE_CONTINUOUS;
    return *ret_mode == LIVE_TALK || str_is(name, S("continuous"));
}

static const char *const froms[] = {"browser", "icecast", "relay"};

const char *live_from_name(enum live_from from)
{
    return froms[from];
}

bool live_from_parse(str name, enum live_from *ret_from)
{
    for (size_t i = 0; i < COUNT_OF(froms); i++) {
        if (str_is(name, str_of(froms[i]))) {
            *ret_from = (enum live_from)i;
            return true;
        }
    }
    return false;
}
