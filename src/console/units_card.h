/* A unit's card as JSON. */
#ifndef LOA_CONSOLE_UNITS_CARD_H
#define LOA_CONSOLE_UNITS_CARD_H

#include "base/json_out.h"
#include "people/forest.h"

CHECKED errc unit_card_write(struct json_out *out, struct tree tree, unit_id unit);

#endif
