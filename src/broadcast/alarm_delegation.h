/* A named hazard in the hands of one person: within a unit, between two days, he sends its alarms
 * without a second person, and everybody else who may is told at once and says that he has read it.
 * Nobody delegates to himself. */
#ifndef LOA_BROADCAST_ALARM_DELEGATION_H
#define LOA_BROADCAST_ALARM_DELEGATION_H

#include "broadcast/alarm.h"

struct alarm_delegation {
    int64_t id;
    unit_id unit;
    enum hazard hazard;
    int64_t account;
    str account_name;
    day from;
    day to;
    int64_t granted_by; /* 0: the system */
    str granted_name;
    usec revoked_at; /* 0: in force */
};

struct alarm_delegations {
    const struct alarm_delegation *at; /* the newest first */
    size_t count;
};

CHECKED errc alarm_delegation_list(const struct desk *desk, struct db *db, unit_id unit,
                                   struct alarm_delegations *ret_list, struct why *why);
/* Needs ALARMS_WRITE over the unit, and that the other one has it too. */
CHECKED errc alarm_delegation_add(const struct desk *desk, struct db *db,
                                  const struct alarm_delegation *delegation, int64_t *ret_id,
                                  struct why *why);
CHECKED errc alarm_delegation_revoke(const struct desk *desk, struct db *db, int64_t id,
                                     struct why *why);
/* Of the actor, for this hazard and unit, today; 0: none. */
CHECKED errc alarm_delegation_of(const struct desk *desk, struct db *db, enum hazard hazard,
                                 unit_id unit, int64_t *ret_id, struct why *why);

#endif
