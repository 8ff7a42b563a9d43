/* See hazards.def. */
#include "broadcast/hazard.h"

static const struct {
    const char *name;
    int clip;
} hazards[] = {
#define X(NAME, name, clip) {name, clip},
#include "broadcast/hazards.def"
#undef X
};

const char *hazard_name(enum hazard hazard)
{
    return hazards[hazard].name;
}

bool hazard_parse(str name, enum hazard *ret_hazard)
{
    for (size_t i = 0; i < COUNT_OF(hazards); i++) {
        if (str_is(name, str_of(hazards[i].name))) {
            *ret_hazard = (enum hazard)i;
            return true;
        }
    }
    return false;
}

int hazard_clip(enum hazard hazard)
{
    return hazards[hazard].clip;
}
