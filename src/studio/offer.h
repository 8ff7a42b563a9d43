/* What upper units send down, and what communes make of it. An ordinary bulletin lands in the
 * commune's inbox, to be taken at a time of its own or not (Circular 39/2020); a priority one
 * enters the programme, and where it meets the commune's own the commune says which goes first
 * (clashes). An emergency is not sent: it is an alarm. Topic: `bulletins`. */
#ifndef LOA_STUDIO_OFFER_H
#define LOA_STUDIO_OFFER_H

#include "studio/airing.h"
#include "studio/bulletin.h"

enum offer_state { OFFER_WAITING, OFFER_TAKEN, OFFER_DECLINED, OFFER_ENTERED, OFFER_GONE };
enum { OFFER_STATES = 5, OFFER_UNITS_MOST = 1024 };

struct offer {
    int64_t id;
    struct bulletin_line bulletin;
    unit_id unit;
    enum offer_state state;
    struct bulletin_person sent;
    struct bulletin_person decided;
    str reason;
    int64_t airing; /* 0: none */
};

struct offer_filter {
    unit_id unit; /* and those below it */
    bool has_state;
    enum offer_state state;
    int64_t before; /* 0: from the newest */
    size_t limit;
};
struct offers {
    const struct offer *at; /* the newest first */
    size_t count;
    int64_t next;
};

enum send_result { SEND_OFFERED, SEND_ENTERED, SEND_ALREADY, SEND_REFUSED };
enum { SEND_RESULTS = 4 };

struct send_line {
    unit_id unit;
    enum send_result result;
    const char *code; /* why it was refused; null */
};
struct send_lines {
    const struct send_line *at;
    size_t count;
};
/* `place` says when a priority bulletin sounds; its unit and areas do not count. */
struct sending {
    const unit_id *units; /* one above the communes stands for all communes below it */
    size_t unit_count;
    bool has_place;
    struct airing_place place;
};

const char *offer_state_name(enum offer_state state);
CHECKED bool offer_state_parse(str text, enum offer_state *ret_state);
const char *send_result_name(enum send_result result);

/* Needs BULLETINS_WRITE over the issuer; for a priority one PROGRAMMES_WRITE too. */
CHECKED errc bulletin_send(const struct desk *desk, struct db *db, int64_t bulletin,
                           const struct sending *sending, struct send_lines *ret_lines,
                           struct why *why);

CHECKED errc offer_list(const struct desk *desk, struct db *db, const struct offer_filter *filter,
                        struct offers *ret_offers, struct why *why);
CHECKED errc offer_get(const struct desk *desk, struct db *db, int64_t id, struct offer *ret_offer,
                       struct why *why);
/* Needs PROGRAMMES_WRITE over the commune. What was declined may be taken after all. */
CHECKED errc offer_take(const struct desk *desk, struct db *db, int64_t id,
                        const struct airing_place *place, struct why *why);
CHECKED errc offer_decline(const struct desk *desk, struct db *db, int64_t id, str reason,
                           struct why *why);

/* Whether the bulletin was sent to the unit (0: to anybody) and is not gone. */
CHECKED errc offer_is_there(const struct desk *desk, struct db *db, int64_t bulletin, unit_id unit,
                            bool *ret_there, struct why *why);
/* The bulletin was withdrawn: nobody can choose it any more. Asks for no right. */
CHECKED errc offers_end(const struct desk *desk, struct db *db, int64_t bulletin, struct why *why);

#endif
