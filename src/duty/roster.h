/* The duty roster: dated shifts of a unit, and from them who is reached for an alarm. People of the
 * unit and of every unit above it that are on duty are called by rank: first all of rank 1, and
 * when nobody looks, rank 2, and so on. Whoever may raise alarms over the unit comes last, so an
 * empty roster still reaches somebody. */
#ifndef LOA_DUTY_ROSTER_H
#define LOA_DUTY_ROSTER_H

#include "duty/duty_job.h"
#include "people/person.h"

enum {
    SHIFT_RANK_MOST = 9,
    SHIFT_NOTE_MOST = 200,
    SHIFTS_MOST = 1000, /* of one unit, put or read at once */
    ROSTER_DAYS_MOST = 92,
    REACH_STEPS_MOST = SHIFT_RANK_MOST + 1,
    REACH_BY_RIGHT_MOST = 30,
};

struct duty_shift {
    int64_t id;
    unit_id unit;
    int64_t account;
    str name;
    str phone; /* at == NULL: none */
    bool has_push;
    bool has_mail;
    int rank;
    usec from;
    usec to;
    str note;
};

struct duty_shifts {
    const struct duty_shift *at; /* by beginning, rank, id */
    size_t count;
};

struct roster_span {
    unit_id unit;
    day from;
    day to; /* exclusive */
};

/* Shifts that touch the span. Needs ALARMS_READ over the unit. */
CHECKED errc roster_read(const struct duty_job *job, struct db *db, const struct roster_span *span,
                         struct duty_shifts *ret_shifts, struct why *why);
/* Takes the place of all shifts that begin within the span. Needs DUTY_WRITE over the unit; whoever
 * is put on duty must be able to read alarms there. ERR_INVALID names the field. */
CHECKED errc roster_put(const struct duty_job *job, struct db *db, const struct roster_span *span,
                        const struct duty_shifts *shifts, struct why *why);
/* Who may be put on duty at the unit. */
CHECKED errc roster_people(const struct duty_job *job, struct db *db, unit_id unit,
                           struct people *ret_people, struct why *why);

struct reach_person {
    int64_t account;
    str name;
    str language;
    str email;
    unit_id unit;
    int rank; /* of a shift */
    bool by_shift;
    bool has_push;
    bool has_mail;
};
struct reach_crowd {
    struct reach_person *at;
    size_t count;
};
struct reach_step {
    int rank;
    const struct reach_person *people;
    size_t count;
};
struct reach {
    struct reach_step steps[REACH_STEPS_MOST];
    size_t count;
};

/* For an alarm of the unit at this moment. Nobody's rights are asked: the caller weighs them. Who
 * is in `but` (0: nobody) is left out, for he knows. */
struct reach_query {
    unit_id unit;
    usec at;
    const int64_t *but;
    size_t but_count;
};
CHECKED errc roster_reach(const struct duty_job *job, struct db *db,
                          const struct reach_query *query, struct reach *ret_reach,
                          struct why *why);

/* Pure: the shifts of units on the way up in force now (sorted by rank) and the people by right
 * become steps; each person is called once, as early as any of the two says. */
CHECKED errc reach_order(const struct reach_crowd *shifts, const struct reach_crowd *rights,
                         struct arena *arena, struct reach *ret_reach);

#endif
