/* A binary heap; `order` makes it stable. */
#include "sim/agenda.h"

#include "base/crash.h"

void agenda_init(struct agenda *agenda)
{
    *agenda = (struct agenda){.at = NULL};
}

void agenda_finish(struct agenda *agenda)
{
    for (size_t i = 0; i < agenda->count; i++) {
        agenda_free(agenda->at[i].body);
    }
    mem_give(agenda->at);
    agenda_init(agenda);
}

struct buf *agenda_body(str bytes)
{
    struct buf *body = mem_take(sizeof *body);
    buf_init(body, bytes.len);
    buf_add(body, bytes);
    return body;
}

void agenda_free(struct buf *body)
{
    if (body != NULL) {
        buf_finish(body);
        mem_give(body);
    }
}

static bool is_before(const struct agenda_event *a, const struct agenda_event *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct agenda_event *a, struct agenda_event *b)
{
    struct agenda_event held = *a;
    *a = *b;
    *b = held;
}

void agenda_put(struct agenda *agenda, const struct agenda_event *event)
{
    if (agenda->count == agenda->room) {
        size_t room = agenda->room == 0 ? 1024 : 2 * agenda->room;
        void *at = mem_try_grow(agenda->at, room * sizeof *agenda->at);
        ENSURE(at != NULL); /* a simulation without memory is over */
        agenda->at = at;
        agenda->room = room;
    }
    size_t place = agenda->count++;
    agenda->at[place] = *event;
    agenda->at[place].order = agenda->puts++;
    while (place > 0 && is_before(&agenda->at[place], &agenda->at[(place - 1) / 2])) {
        swap(&agenda->at[place], &agenda->at[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
}

bool agenda_next(const struct agenda *agenda, usec *ret_due)
{
    if (agenda->count == 0) {
        return false;
    }
    *ret_due = agenda->at[0].due;
    return true;
}

bool agenda_take(struct agenda *agenda, usec now, struct agenda_event *ret_event)
{
    if (agenda->count == 0 || agenda->at[0].due > now) {
        return false;
    }
    *ret_event = agenda->at[0];
    agenda->at[0] = agenda->at[--agenda->count];
    size_t place = 0;
    for (;;) {
        size_t least = place;
        for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++) {
            if (child < agenda->count && is_before(&agenda->at[child], &agenda->at[least])) {
                least = child;
            }
        }
        if (least == place) {
            return true;
        }
        swap(&agenda->at[place], &agenda->at[least]);
        place = least;
    }
}
