/* A ring of slots, each DEADLINE_STEP long. A deadline lies in the slot of its time or, when it was
 * moved later or lies beyond the ring, in an earlier one, and is put forward when that one is
 * looked at. */
#include "loop/deadline.h"

static struct deadline *slot_of(struct wheel *wheel, usec time)
{
    return &wheel->slots[(time / DEADLINE_STEP) % WHEEL_SLOTS];
}

void wheel_init(struct wheel *wheel, usec now)
{
    wheel->turned = now / DEADLINE_STEP * DEADLINE_STEP;
    wheel->count = 0;
    for (size_t i = 0; i < WHEEL_SLOTS; i++) {
        wheel->slots[i].next = wheel->slots[i].prev = &wheel->slots[i];
    }
}

static void unlink_deadline(struct deadline *deadline)
{
    deadline->next->prev = deadline->prev;
    deadline->prev->next = deadline->next;
    deadline->next = NULL;
}

static void link_deadline(struct wheel *wheel, struct deadline *deadline)
{
    usec step = (deadline->due + DEADLINE_STEP - 1) / DEADLINE_STEP * DEADLINE_STEP;
    usec first = wheel->turned + DEADLINE_STEP;
    usec last = wheel->turned + (WHEEL_SLOTS - 1) * DEADLINE_STEP;
    deadline->slot_due = step < first ? first : step > last ? last : step;
    struct deadline *head = slot_of(wheel, deadline->slot_due);
    deadline->next = head;
    deadline->prev = head->prev;
    head->prev->next = deadline;
    head->prev = deadline;
}

void deadline_set(struct wheel *wheel, struct deadline *deadline, usec due)
{
    deadline->due = due;
    if (deadline->next != NULL) {
        if (deadline->slot_due <= due) {
            return;
        }
        unlink_deadline(deadline);
    } else {
        wheel->count++;
    }
    link_deadline(wheel, deadline);
}

void deadline_clear(struct wheel *wheel, struct deadline *deadline)
{
    if (deadline->next != NULL) {
        unlink_deadline(deadline);
        wheel->count--;
    }
}

static void look_at_slot(struct wheel *wheel, usec now)
{
    struct deadline *head = slot_of(wheel, wheel->turned);
    struct deadline ring = {.next = &ring, .prev = &ring};
    if (head->next == head) {
        return;
    }
    ring = (struct deadline){.next = head->next, .prev = head->prev};
    ring.next->prev = &ring;
    ring.prev->next = &ring;
    head->next = head->prev = head;
    while (ring.next != &ring) {
        struct deadline *deadline = ring.next;
        unlink_deadline(deadline);
        if (deadline->due > now) {
            link_deadline(wheel, deadline);
        } else {
            wheel->count--;
            deadline->fn(deadline->ctx);
        }
    }
}

void wheel_turn(struct wheel *wheel, usec now)
{
    usec most = now - WHEEL_SLOTS * DEADLINE_STEP; /* after a long sleep each slot once is enough */
    if (wheel->turned < most) {
        wheel->turned = most / DEADLINE_STEP * DEADLINE_STEP;
    }
    while (wheel->turned + DEADLINE_STEP <= now) {
        wheel->turned += DEADLINE_STEP;
        look_at_slot(wheel, now);
    }
}
