/* What the files about messages share. */
#ifndef LOA_ALERT_MESSAGE_INSIDE_H
#define LOA_ALERT_MESSAGE_INSIDE_H

#include "alert/message.h"

enum { CAP_SPOKEN_BYTES = 3600 }; /* of a text that fits into an order */

str cap_text_cut(str text, size_t bytes, size_t characters);
/* Headline, description and instruction in one, after what is said first. */
str cap_message_text(const struct cap_info *info, str first, struct arena *arena);

struct cap_decision {
    int64_t id;
    enum cap_state state;
    enum cap_note note;
    int64_t alarm;
    str reason;
};

CHECKED errc cap_message_decide(const struct desk *desk, struct db *db,
                                const struct cap_decision *decision, struct why *why);
CHECKED errc cap_message_tell(const struct desk *desk, struct db *db, const char *action,
                              const struct cap_kept *kept, struct why *why);
/* The alarm in force that a message refers to through those that are here; 0: none. */
CHECKED errc cap_message_alarm(struct db *db, int64_t id, struct arena *arena, int64_t *ret_alarm,
                               struct why *why);
/* Without asking whether it was decided; the actor is who uses it. */
CHECKED errc cap_message_apply(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                               const struct alarm_draft *draft, enum alarm_kind kind,
                               int64_t *ret_alarm, struct why *why);

#endif
