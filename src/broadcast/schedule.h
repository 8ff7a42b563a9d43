/* Programmes, rules, choices and holidays in the database: changed piece by piece, read as one
 * snapshot for the compiler. Every change is checked here, written to the audit trail and announced
 * as `programmes`, upon which plans are made anew. */
#ifndef LOA_BROADCAST_SCHEDULE_H
#define LOA_BROADCAST_SCHEDULE_H

#include "broadcast/desk.h"
#include "broadcast/programme.h"

/* All that may still sound on this day or later, of every unit. In the desk's arena. */
CHECKED errc schedule_load(const struct desk *desk, struct db *db, day today,
                           struct schedule *ret_schedule, struct why *why);

/* Pure: what is wrong with a programme; ERR_INVALID with the field in `bad`. */
CHECKED errc programme_check(const struct programme *programme, struct bad_field *bad);

/* Needs PROGRAMMES_WRITE over its unit; areas lie in it; every sound is known. */
CHECKED errc programme_add(const struct desk *desk, struct db *db,
                           const struct programme *programme, int64_t *ret_id, struct why *why);
/* ERR_VERSION: somebody was quicker. The unit stays what it is. */
CHECKED errc programme_change(const struct desk *desk, struct db *db,
                              const struct programme *programme, struct why *why);
CHECKED errc programme_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why);
/* One that the actor may see; ERR_NOT_FOUND for others and for what was removed. */
CHECKED errc programme_get(const struct desk *desk, struct db *db, int64_t id,
                           struct programme *ret_programme, struct why *why);

/* A unit takes an offer from above or not. Needs PROGRAMMES_WRITE over the unit. */
CHECKED errc programme_choose(const struct desk *desk, struct db *db,
                              const struct programme_choice *choice, struct why *why);
/* Of two colliding priority programmes the first goes first where the unit stands. */
CHECKED errc clash_decide(const struct desk *desk, struct db *db, const struct clash_order *order,
                          struct why *why);

/* What a unit is called in lists, removed programmes too; ascending by id, in the arena. */
struct programme_name {
    int64_t id;
    unit_id unit;
    str name;
};
struct programme_name_list {
    const struct programme_name *at;
    size_t count;
};
CHECKED errc programme_names_load(const struct desk *desk, struct db *db,
                                  struct programme_name_list *ret_names, struct why *why);
str programme_name_of(const struct programme_name_list *names, int64_t id);

/* The unit's own limits, signals and fillers are replaced as a whole. */
struct rule_set {
    unit_id unit;
    const struct broadcast_rule *rules;
    size_t rule_count;
    const struct broadcast_sound *sounds; /* unit and position are filled in */
    size_t sound_count;
};
CHECKED errc rule_set_put(const struct desk *desk, struct db *db, const struct rule_set *set,
                          struct why *why);
/* The unit's own holidays (0: of the country, for who stands over everything) from today on. */
struct holiday_set {
    unit_id unit;
    const struct holiday *holidays;
    size_t count;
};
CHECKED errc holiday_set_put(const struct desk *desk, struct db *db, const struct holiday_set *set,
                             struct why *why);

/* The addresses of all streams that programmes relay, each once. */
CHECKED errc programme_sources(struct db *db, struct arena *arena, const str **ret_sources,
                               size_t *ret_count, struct why *why);

#endif
