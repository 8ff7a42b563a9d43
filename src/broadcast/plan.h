/* The plan compiler: what shall sound at a device, second by second, and why what does not sound
 * does not. Pure: a schedule, the facts of a device and an interval give ordered items that never
 * overlap, and a note for everything that was left out, cut or moved.
 *
 * What must hold for every plan: nothing outside of the hours, lengths and days that the rules of
 * any unit above the device allow; no two items at once; a priority programme never gives way to an
 * ordinary one; the same input gives the same plan, whoever compiles it and whenever. */
#ifndef LOA_BROADCAST_PLAN_H
#define LOA_BROADCAST_PLAN_H

#include "broadcast/programme.h"
#include "broadcast/receiver.h"
#include "wire/types.h"

enum plan_note_key {
#define X(NAME, name) NAME,
#include "broadcast/plan_notes.def"
#undef X
};

enum {
    PLAN_NOTES = 0
#define X(NAME, name) +1
#include "broadcast/plan_notes.def"
#undef X
};

/* Why an occurrence is not there, or not as planned; words: `plan.note.<name>`. */
struct plan_note {
    enum plan_note_key key;
    int64_t programme;
    usec at;       /* when it was to begin */
    usec moved_to; /* PLAN_NOTE_MOVED…; else 0 */
    int64_t ms;    /* what was cut off; else 0 */
    int64_t other; /* the programme, rule or unit that is the reason; else 0 */
};

struct plan_line {
    wire_id id; /* the same at every device that plays the same thing at the same second */
    usec at;
    int64_t ms;
    enum plan_kind kind;
    enum order_class order_class;
    int tier;
    hash media; /* zero: none */
    int64_t bytes;
    int64_t media_ms;
    int64_t gain_mb;
    unsigned rules; /* enum plan_rule */
    str title;
    str source;
    int64_t programme; /* 0: a signal of the session */
    int64_t bulletin;  /* 0: none */
};

struct device_plan {
    usec from;
    usec to;
    const struct plan_line *lines;
    size_t count;
    const struct plan_note *notes;
    size_t note_count;
    const hash *filler;
    size_t filler_count;
    hash mark; /* of what a device would be sent */
};

struct plan_request {
    const struct schedule *schedule;
    usec from;
    usec to;
    bool with_notes;
};

const char *plan_note_name(enum plan_note_key key);

/* In the arena. */
CHECKED errc plan_compile(const struct plan_request *request, const struct receiver *receiver,
                          struct arena *arena, struct device_plan *ret_plan, struct why *why);

/* Plans of many devices: those with equal facts are compiled once. `plan_of[i]` is the index of the
 * plan of receivers[i]. In the arena. */
struct plan_set {
    const struct device_plan *plans;
    size_t plan_count;
    const uint32_t *plan_of;
};
CHECKED errc plan_compile_all(const struct plan_request *request, const struct receivers *receivers,
                              struct arena *arena, struct plan_set *ret_set, struct why *why);

/* As an order carries it, into an empty buf; without titles, which a device does not need, when
 * there is no room for them. ERR_TOO_BIG: ask for a shorter interval. */
CHECKED errc plan_write(const struct device_plan *plan, struct arena *arena, struct buf *out);

/* Two programmes of which one takes the other's place somewhere in the interval. */
struct plan_clash {
    unit_id unit;  /* the commune */
    int64_t first; /* keeps its time */
    int64_t second;
    usec at;
    bool is_decided; /* by the commune; else by tier and age */
};
struct plan_clashes {
    const struct plan_clash *at;
    size_t count;
};
/* Of priority programmes, by commune, programmes and the first time it happens. */
CHECKED errc plan_clashes_find(const struct plan_request *request,
                               const struct receivers *receivers, struct arena *arena,
                               struct plan_clashes *ret_clashes, struct why *why);

#endif
