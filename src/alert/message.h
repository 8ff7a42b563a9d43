/* Messages that came: kept as they came, sorted by the policy of their source, used by somebody or
 * by themselves. An Update and a Cancel find what they refer to. A message is taken once. */
#ifndef LOA_ALERT_MESSAGE_H
#define LOA_ALERT_MESSAGE_H

#include "alert/reach.h"
#include "alert/sort.h"
#include "broadcast/alarm.h"

enum { MESSAGES_PAGE_MOST = 200, MESSAGE_LINKS_MOST = 64 };

struct cap_kept {
    int64_t id;
    int64_t source;
    str source_name;
    unit_id unit;
    enum cap_state state;
    enum cap_note note;
    enum cap_signature signature;
    enum hazard hazard;
    int64_t outside;
    int64_t alarm; /* it became; 0: none */
    str xml;
    usec received_at;
    int64_t decided_by;
    str decided_name;
    usec decided_at; /* 0: not yet */
    str reason;
    const unit_id *units;
    size_t unit_count;
    const int64_t *earlier; /* messages here that it refers to */
    size_t earlier_count;
    struct cap_message message;
};

struct cap_kept_list {
    const struct cap_kept *at; /* the newest first */
    size_t count;
    int64_t next;
};

struct cap_filter {
    bool has_state;
    enum cap_state state;
    int64_t source; /* 0: any */
    int64_t before;
    size_t limit;
};

/* Whoever works with messages also knows where things stand. */
struct cap_job {
    const struct desk *desk;
    const struct alert_places *places;
};

CHECKED errc cap_message_list(const struct desk *desk, struct db *db,
                              const struct cap_filter *filter, struct cap_kept_list *ret_list,
                              struct why *why);
CHECKED errc cap_message_get(const struct desk *desk, struct db *db, int64_t id,
                             struct cap_kept *ret_kept, struct why *why);
/* Takes a message of this source: reads, verifies, sorts, and does what the policy says. Needs
 * CAP_WRITE over the source's unit (the system has it). ERR_INVALID with the reason: it is not
 * kept. */
CHECKED errc cap_message_take(const struct cap_job *job, struct db *db, int64_t source, str xml,
                              int64_t *ret_id, struct why *why);

/* What somebody changes of what the message says. */
struct cap_wish {
    wire_id mark;
    str title; /* empty: the message's */
    str text;
    int signal;       /* 0: by severity */
    int clip;         /* -1: the hazard's */
    int64_t valid_ms; /* 0: until it expires */
    const unit_id *areas;
    size_t area_count;
};

/* The draft that using it would raise, for a preview; its kind in *ret_kind. */
CHECKED errc cap_message_draft(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                               const struct cap_wish *wish, struct alarm_draft *ret_draft,
                               enum alarm_kind *ret_kind, struct why *why);
/* Raises, updates or cancels; ERR_CONFLICT for what cannot be used or is decided. Needs the right
 * of what it becomes over the source's unit. */
CHECKED errc cap_message_use(const struct desk *desk, struct db *db, int64_t id,
                             const struct cap_wish *wish, int64_t *ret_alarm, struct why *why);
CHECKED errc cap_message_dismiss(const struct desk *desk, struct db *db, int64_t id, str reason,
                                 struct why *why);
/* Those that become alarms by themselves, the oldest first. */
struct cap_ready {
    const int64_t *ids;
    size_t count;
};
CHECKED errc cap_messages_ready(struct db *db, struct arena *arena, struct cap_ready *ret_ready,
                                struct why *why);
/* One of them, in the name of who confirmed its source and with what he may today. What fails is
 * given to people with cap_message_give_up. */
CHECKED errc cap_message_run(const struct desk *desk, struct db *db, int64_t id, struct why *why);
CHECKED errc cap_message_give_up(struct db *db, int64_t id, struct why *why);
/* Those that wait and whose time is over; for a job of every minute. */
CHECKED errc cap_messages_expire(struct db *db, usec now, struct why *why);

/* Pure: which hazard it speaks of, by event and category. */
enum hazard cap_hazard_of(const struct cap_message *message);

#endif
