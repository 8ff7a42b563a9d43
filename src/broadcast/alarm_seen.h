/* Who saw what about an alarm: the effect before it was sent, the page of the second person, whom
 * it had reached, the report of one that a single person sent. Each is a line of the audit too. */
#ifndef LOA_BROADCAST_ALARM_SEEN_H
#define LOA_BROADCAST_ALARM_SEEN_H

#include "broadcast/alarm.h"

enum { SEEN_WORDS_MOST = 400, SEEN_LIST_MOST = 500 };

enum alarm_sight { SEEN_EFFECT, SEEN_CONFIRM, SEEN_COVERAGE, SEEN_REPORT };

const char *alarm_sight_name(enum alarm_sight what);
CHECKED bool alarm_sight_parse(str name, enum alarm_sight *ret_what);

struct alarm_seen {
    enum alarm_sight what;
    str words; /* what stood there */
    int64_t account;
    str account_name;
    usec at;
};

struct alarm_seen_list {
    const struct alarm_seen *at; /* the oldest first */
    size_t count;
};

/* The mark is that of an alarm, or of one that is being composed. Once a minute for the same thing.
 */
CHECKED errc alarm_see(const struct desk *desk, struct db *db, wire_id mark, enum alarm_sight what,
                       str words, struct why *why);
CHECKED errc alarm_seen_of(const struct desk *desk, struct db *db, const struct alarm *alarm,
                           struct alarm_seen_list *ret_list, struct why *why);
/* Whether the actor has read the report of this alarm. */
CHECKED errc alarm_report_is_read(const struct desk *desk, struct db *db, const struct alarm *alarm,
                                  bool *ret_read, struct why *why);

#endif
