/* Inside of alarms: the parts that decide, apart from those that write. */
#ifndef LOA_BROADCAST_ALARM_INSIDE_H
#define LOA_BROADCAST_ALARM_INSIDE_H

#include "broadcast/alarm.h"

CHECKED errc alarm_check(const struct alarm_draft *draft, enum alarm_kind kind, usec now,
                         struct bad_field *bad);
int64_t alarm_sounding_ms(const struct alarm_draft *draft);
/* Of all devices of the unit, those in the draft's area. */
CHECKED errc alarm_receivers(const struct receivers *all, const struct alarm_draft *draft,
                             struct arena *arena, struct receivers *ret_receivers);
CHECKED errc alarm_communes(const struct receivers *receivers, struct arena *arena,
                            int64_t *ret_communes);
enum alarm_second alarm_second(const struct alarm_draft *draft, enum alarm_kind kind,
                               const struct alarm_effect *effect,
                               const struct broadcast_policy *policy);

/* One alarm on its way: what was asked for, whom it concerns, what it became. */
struct raising {
    const struct desk *desk;
    struct db *db;
    enum alarm_kind kind;
    const struct alarm *old;   /* replaced by this one, or null */
    const struct alarm *after; /* is over already and is only spoken of, or null */
    struct alarm_draft draft;
    struct receivers receivers;
    struct alarm_effect effect;
    int64_t id;
    struct why *why;
};

/* Fills in everything that the effect says, and refuses what cannot be. */
CHECKED errc alarm_foresee(struct raising *run);
CHECKED errc alarm_run(struct raising *run, int64_t *ret_id);
/* What was prepared, or else what the hazard's template says. */
CHECKED errc alarm_prepare(struct raising *run);
CHECKED errc alarm_prepared_keep(const struct raising *run);
CHECKED errc alarm_prepared_load(struct db *db, struct alarm *alarm, struct arena *arena,
                                 struct why *why);

str alarm_id_bytes(const wire_id *id);
struct alarm_draft alarm_draft_of(const struct alarm *alarm);
struct wire_uints alarm_area_of(const struct alarm_draft *draft); /* borrows the draft */
/* A line of the audit trail: "alarm_raised", "drill_cancelled", …; announces `alarms`. */
CHECKED errc alarm_tell(const struct raising *run, const char *step, str note);

#endif
