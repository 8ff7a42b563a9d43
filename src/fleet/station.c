/* The life of a station as a table: forward, but for the working life, and for what is given back.
 */
#include "fleet/station.h"

static const struct {
    const char *name;
    int phase;
} stages[STAGE_COUNT] = {
#define X(NAME, name, phase) [NAME] = {name, phase},
#include "fleet/stages.def"
#undef X
};

const char *station_stage_name(enum station_stage stage)
{
    return stages[stage].name;
}

bool station_stage_parse(str name, enum station_stage *ret_stage)
{
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        if (str_is(name, str_of(stages[i].name))) {
            *ret_stage = (enum station_stage)i;
            return true;
        }
    }
    return false;
}

bool station_stage_may_follow(enum station_stage before, enum station_stage after)
{
    int from = stages[before].phase;
    int to = stages[after].phase;
    int working = stages[STAGE_WORKING].phase;
    if (before == after || before == STAGE_RETIRED) {
        return false;
    }
    if (from == working && to == working) {
        return true;
    }
    bool given_back = from < working && to == from - 1;
    return to > from || given_back;
}
