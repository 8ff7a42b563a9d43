/* Inside the compiler: what belongs to one device (plan_select), what wants to sound on a day
 * (plan_day), what the rules allow (plan_limit), and who gets which seconds (plan_place). */
#ifndef LOA_BROADCAST_PLAN_INSIDE_H
#define LOA_BROADCAST_PLAN_INSIDE_H

#include "broadcast/plan.h"

enum { HOURS_MOST = 32 };

#define PLAN_LEAST (15 * USEC_SECOND)      /* what is shorter after a cut is left out */
#define PLAN_KEPT (60 * USEC_SECOND)       /* a cut programme still makes sense from here on */
#define PLAN_WAITS (30 * USEC_MINUTE)      /* longest that a programme waits for another */
#define PLAN_SESSION_GAP (5 * USEC_MINUTE) /* a longer silence ends a session */

/* A programme that concerns the device, and what its unit chose about it. */
struct plan_own {
    const struct programme *programme;
    const struct programme_choice *choice; /* null: nothing to choose, or not chosen */
    bool needs_choice;
};

/* What one device's plan depends on, and nothing else: equal choices give equal plans. */
struct plan_choice {
    const struct receiver *receiver;
    const struct plan_own *own;
    size_t own_count;
    const struct broadcast_rule *const *rules;
    size_t rule_count;
    const struct broadcast_sound *opening; /* or null */
    const struct broadcast_sound *closing;
    const hash *filler;
    size_t filler_count;
};

/* A stretch of the day in which sound is allowed, and which rule ends it. */
struct plan_hours {
    int from_s;
    int to_s;
    int64_t from_rule; /* 0: the day begins */
    int64_t to_rule;
};

/* What all rules together allow on one day. */
struct plan_limit {
    day on;
    bool is_known;
    int64_t silent_rule; /* not 0: no sound at all */
    struct plan_hours hours[HOURS_MOST];
    size_t hour_count;
    int64_t session_most_ms; /* 0: none */
    int64_t session_rule;
    int64_t day_most_ms;
    int64_t day_rule;
    int64_t gain_most_mb;
    int64_t gain_rule;
};

/* One occurrence, from what it wants to what it gets. */
struct plan_wish {
    const struct programme *programme;
    day base; /* whose day's items it plays */
    int sort; /* place among equal ones */
    usec at;
    usec end;
    usec wanted; /* its own time, before it was moved */
    int64_t gain_mb;
};

struct plan_wishes {
    struct plan_wish *at;
    size_t count;
    size_t room;
};

struct plan_note_list {
    struct plan_note *at;
    size_t count;
    size_t room;
};

struct plan_run {
    const struct plan_request *request;
    const struct plan_choice *choice;
    struct arena *arena;
    usec zone;
    day first; /* days that are looked at */
    day last;
    const bool *holiday;       /* by day - first + PROGRAMME_REACH */
    struct plan_limit *limits; /* by day - first */
    usec *sounding;            /* of the day, by its start; by day - first */
    struct plan_wishes placed; /* by time, without overlap */
    struct plan_wishes wishes; /* of the day at hand */
    struct plan_note_list notes;
    struct plan_clash *clashes; /* null: not asked for */
    size_t clash_count;
    size_t clash_room;
    errc rc; /* first failure of memory */
};

enum { PROGRAMME_REACH = 31 }; /* days over which repeats reach */

/* plan_select.c */
CHECKED errc plan_choose(const struct plan_request *request, const struct receiver *receiver,
                         struct arena *arena, struct plan_choice *ret_choice);
hash plan_choice_key(const struct plan_choice *choice);

/* plan_limit.c */
const struct plan_limit *plan_limit_of(struct plan_run *run, day on);
/* Until when sound is allowed from `at` on; 0: not at `at`. The rule that says so. */
usec plan_allowed_until(struct plan_run *run, usec at, int64_t *ret_rule);

/* plan_day.c */
/* What wants to sound from a start on that day, highest rank first. */
void plan_wish_day(struct plan_run *run, day on);
/* The item in the language of the device for each place of that day; *ret_count of them. */
const struct programme_item **plan_items_of(struct plan_run *run, const struct programme *programme,
                                            day base, size_t *ret_count,
                                            enum plan_note_key *ret_why);

/* plan_place.c */
void plan_place(struct plan_run *run, struct plan_wish wish);

bool plan_wish_sounds(const struct plan_wish *wish); /* anything but silence on purpose */
/* The smallest limit of a session on the days that it touches, 0: none. */
usec plan_session_most(struct plan_run *run, usec from, usec to, int64_t *ret_rule);

/* plan_lines.c: what was placed, item by item, with the signals of its sessions. */
CHECKED errc plan_lines_write(struct plan_run *run, struct device_plan *plan);

/* plan.c */
void plan_note_add(struct plan_run *run, const struct plan_note *note);
void plan_clash_add(struct plan_run *run, int64_t first, int64_t second, usec at);
void plan_wish_add(struct plan_run *run, struct plan_wishes *list, size_t index,
                   const struct plan_wish *wish);

#endif
