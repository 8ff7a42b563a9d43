/* A unit's card as JSON. */
#ifndef LOA_CONSOLE_UNITS_CARD_H
#define LOA_CONSOLE_UNITS_CARD_H

#include "console/unit_json.h"

/* ERR_NOT_FOUND for what who asks may not see. The forest is the ask's own. */
CHECKED errc unit_card_answer(struct ask *ask, unit_id unit, day at);

#endif
