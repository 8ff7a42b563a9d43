/* Waits that are mostly moved and seldom reached, tens of thousands of them: moving one later costs
 * a store. They fire up to DEADLINE_STEP late, never early. Loop thread only. */
#ifndef LOA_LOOP_DEADLINE_H
#define LOA_LOOP_DEADLINE_H

#include "base/base.h"

#define DEADLINE_STEP (50 * (usec)1000)

struct deadline {
    struct deadline *next; /* null: not waiting */
    struct deadline *prev;
    usec due;
    usec slot_due; /* when its slot is looked at */
    void (*fn)(void *ctx);
    void *ctx;
};

enum { WHEEL_SLOTS = 512 };

struct wheel {
    struct deadline slots[WHEEL_SLOTS]; /* heads of rings */
    usec turned; /* slots up to here have been looked at; a multiple of DEADLINE_STEP */
    size_t count;
};

void wheel_init(struct wheel *wheel, usec now);
void deadline_set(struct wheel *wheel, struct deadline *deadline, usec due);
void deadline_clear(struct wheel *wheel, struct deadline *deadline);
static inline bool deadline_is_set(const struct deadline *deadline)
{
    return deadline->next != NULL;
}
/* Calls fn of each that is due; fn may set and clear any deadline. */
void wheel_turn(struct wheel *wheel, usec now);

#endif
