/* What becomes of a message: the rules of CAP, the policy of its source, and what stands here
 * already. Pure.
 *
 * What must never happen: an Exercise, a Test or a message that nobody signed becomes an alarm by
 * itself, and an Exercise becomes anything but a drill. */
#ifndef LOA_ALERT_SORT_H
#define LOA_ALERT_SORT_H

#include "alert/source.h"

enum cap_state {
    STATE_DRAFT,   /* for somebody to work on */
    STATE_WAITING, /* asks somebody */
    STATE_USED,
    STATE_DISMISSED,
    STATE_NOTED, /* nothing is to be done */
    STATE_REPLACED,
    STATE_CANCELLED,
    STATE_EXPIRED,
};
enum { CAP_STATES = 8 };

enum cap_action { CAP_NOTHING, CAP_RAISE, CAP_RENEW, CAP_END };

/* Keys of words: why it is so. */
#define CAP_NOTES(X)                                                                               \
    X(NOTE_NONE, "none")                                                                           \
    X(NOTE_POLICY, "policy")                                                                       \
    X(NOTE_ANSWER, "answer")                                                                       \
    X(NOTE_NOT_REAL, "not_real")                                                                   \
    X(NOTE_EXPIRED, "expired")                                                                     \
    X(NOTE_NO_AREA, "no_area")                                                                     \
    X(NOTE_OUTSIDE, "outside")                                                                     \
    X(NOTE_NOTHING_TO_END, "nothing_to_end")                                                       \
    X(NOTE_NOT_CONFIRMED, "not_confirmed")                                                         \
    X(NOTE_NOT_SIGNED, "not_signed")                                                               \
    X(NOTE_NOT_PUBLIC, "not_public")                                                               \
    X(NOTE_MILD, "mild")                                                                           \
    X(NOTE_LATER, "later")                                                                         \
    X(NOTE_PAST, "past")                                                                           \
    X(NOTE_NO_INFO, "no_info")                                                                     \
    X(NOTE_AUTOMATIC, "automatic")                                                                 \
    X(NOTE_FAILED, "failed")

enum cap_note {
#define X(NAME, name) NAME,
    CAP_NOTES(X)
#undef X
        CAP_NOTE_COUNT
};

const char *cap_state_name(enum cap_state state);
CHECKED bool cap_state_parse(str name, enum cap_state *ret_state);
const char *cap_note_name(enum cap_note note);
CHECKED bool cap_note_parse(str name, enum cap_note *ret_note);

struct cap_case {
    const struct cap_message *message;
    enum cap_policy policy;
    bool confirmed;
    enum cap_signature signature;
    enum cap_name severity_least;
    size_t areas;       /* that the message names */
    size_t units;       /* of ours that they meet */
    bool refers_alarm;  /* to a message of which an alarm is in force */
    bool refers_to_any; /* to a message that is here */
    usec now;
};

struct cap_fate {
    enum cap_state state;
    enum cap_note note;
    enum cap_action action; /* with STATE_USED now; else what using it will do */
};

struct cap_fate cap_sort(const struct cap_case *about);
/* What using it does, whoever does it. */
enum cap_action cap_action_of(enum cap_name type, bool refers_alarm);
/* Whether it may be used at all. */
bool cap_may_be_used(enum cap_name status, enum cap_name type);

#endif
