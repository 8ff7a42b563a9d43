/* How long an order may be valid. What is dangerous is short: a stolen order is worthless soon. */
#include "wire/authority.h"

#define LASTING (10 * 366 * USEC_DAY) /* what stands until something else replaces it */

usec authority_longest(enum order_kind kind, enum order_class order_class)
{
    switch (kind) {
    case ORDER_PLACEMENT:
    case ORDER_SETTINGS:
    case ORDER_CLIPS:
    case ORDER_RETIRE:
        return LASTING;
    case ORDER_PLAN:
        return 40 * USEC_DAY;
    case ORDER_ALARM:
        return order_class == CLASS_DRILL ? 2 * USEC_HOUR : USEC_DAY;
    case ORDER_STOP:
    case ORDER_RELEASE:
        return 2 * USEC_DAY; /* outlives what it stops */
    case ORDER_ACTION:
        return USEC_HOUR;
    }
    return 0;
}
