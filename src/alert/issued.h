/* Our emergencies as signed messages of CAP, for everybody: each version that was sent, and each
 * end. A drill goes out as an Exercise. They are written after the alarm went out, never before:
 * nothing waits for them. */
#ifndef LOA_ALERT_ISSUED_H
#define LOA_ALERT_ISSUED_H

#include "broadcast/alarm.h"
#include "cap/cap_seal.h"

enum { ISSUED_PAGE = 50, ISSUED_A_TIME = 20 };

/* Who we are. */
struct cap_issuer {
    str key; /* PEM */
    str certificate;
    str sender;
    str origin; /* "https://loa.example", for links; may be empty */
};

struct cap_issued {
    str identifier;
    int64_t alarm;
    unit_id unit;
    str sender;
    usec sent;
    str title;
    str summary;
    str xml;
};

struct cap_issued_list {
    const struct cap_issued *at; /* the newest first; without their XML */
    size_t count;
};

/* Those that are due, at most ISSUED_A_TIME; *ret_more: there are others. */
CHECKED errc cap_issue_due(const struct desk *desk, struct db *db, const struct cap_issuer *issuer,
                           bool *ret_more, struct why *why);
/* Of the unit and below; everybody may. */
CHECKED errc cap_issued_list(struct tree tree, struct db *db, unit_id unit, struct arena *arena,
                             struct cap_issued_list *ret_list, struct why *why);
CHECKED errc cap_issued_get(struct db *db, str identifier, struct arena *arena,
                            struct cap_issued *ret_issued, struct why *why);

#endif
