/* See sort.h. The first rule that fits decides. */
#include "alert/sort.h"

#define SOON (2 * USEC_MINUTE) /* clocks of senders differ */

static const char *const states[CAP_STATES] = {"draft", "waiting",  "used",      "dismissed",
                                               "noted", "replaced", "cancelled", "expired"};
static const char *const notes[] = {
#define X(NAME, name) name,
    CAP_NOTES(X)
#undef X
};

const char *cap_state_name(enum cap_state state)
{
    return states[state];
}

bool cap_state_parse(str name, enum cap_state *ret_state)
{
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (str_is(name, str_of(states[i]))) {
            *ret_state = (enum cap_state)i;
            return true;
        }
    }
    return false;
}

const char *cap_note_name(enum cap_note note)
{
    return notes[note];
}

bool cap_note_parse(str name, enum cap_note *ret_note)
{
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        if (str_is(name, str_of(notes[i]))) {
            *ret_note = (enum cap_note)i;
            return true;
        }
    }
    return false;
}

enum cap_action cap_action_of(enum cap_name type, bool refers_alarm)
{
    if (type == CAP_TYPE_CANCEL) {
        return refers_alarm ? CAP_END : CAP_NOTHING;
    }
    return type == CAP_TYPE_UPDATE && refers_alarm ? CAP_RENEW : CAP_RAISE;
}

bool cap_may_be_used(enum cap_name status, enum cap_name type)
{
    bool real = status == CAP_STATUS_ACTUAL || status == CAP_STATUS_EXERCISE;
    bool says = type == CAP_TYPE_ALERT || type == CAP_TYPE_UPDATE || type == CAP_TYPE_CANCEL;
    return real && says;
}

/* The gravest of its infos; severities stand in that order in the list. */
static enum cap_name severity_of(const struct cap_message *message)
{
    enum cap_name gravest = CAP_SEVERITY_UNKNOWN;
    for (size_t i = 0; i < message->info_count; i++) {
        enum cap_name severity = message->infos[i].severity;
        gravest = severity < gravest ? severity : gravest;
    }
    return gravest;
}

static bool is_over(const struct cap_case *about)
{
    usec expires = cap_message_expires(about->message);
    return expires != 0 && expires <= about->now;
}

static bool begins_later(const struct cap_case *about)
{
    const struct cap_message *message = about->message;
    usec first = message->info_count == 0 ? 0 : message->infos[0].effective;
    for (size_t i = 1; i < message->info_count; i++) {
        usec effective = message->infos[i].effective;
        first = effective < first ? effective : first;
    }
    return first > about->now + SOON;
}

static bool is_past(const struct cap_message *message)
{
    for (size_t i = 0; i < message->info_count; i++) {
        if (message->infos[i].urgency != CAP_URGENCY_PAST) {
            return false;
        }
    }
    return message->info_count > 0;
}

/* Why nothing happens by itself, although the policy would. */
static enum cap_note objection(const struct cap_case *about, bool ends)
{
    if (!about->confirmed) {
        return NOTE_NOT_CONFIRMED;
    }
    if (about->signature != CAP_SIGNATURE_GOOD) {
        return NOTE_NOT_SIGNED;
    }
    if (about->message->scope != CAP_SCOPE_PUBLIC) {
        return NOTE_NOT_PUBLIC;
    }
    if (ends) {
        return NOTE_NONE; /* an end is never too mild */
    }
    if (severity_of(about->message) > about->severity_least) {
        return NOTE_MILD;
    }
    if (is_past(about->message)) {
        return NOTE_PAST;
    }
    return begins_later(about) ? NOTE_LATER : NOTE_NONE;
}

/* What nobody needs to decide about. */
static bool is_settled(const struct cap_case *about, struct cap_fate *fate)
{
    const struct cap_message *message = about->message;
    if (message->type == CAP_TYPE_ACK || message->type == CAP_TYPE_ERROR) {
        *fate = (struct cap_fate){STATE_NOTED, NOTE_ANSWER, CAP_NOTHING};
        return true;
    }
    if (message->status != CAP_STATUS_ACTUAL && message->status != CAP_STATUS_EXERCISE) {
        *fate = (struct cap_fate){STATE_NOTED, NOTE_NOT_REAL, CAP_NOTHING};
        return true;
    }
    if (message->type == CAP_TYPE_CANCEL) {
        *fate = (struct cap_fate){STATE_NOTED, NOTE_NOTHING_TO_END, CAP_NOTHING};
        return !about->refers_alarm;
    }
    if (is_over(about)) {
        *fate = (struct cap_fate){STATE_EXPIRED, NOTE_EXPIRED, CAP_NOTHING};
        return true;
    }
    if (about->areas > 0 && about->units == 0) {
        *fate = (struct cap_fate){STATE_NOTED, NOTE_OUTSIDE, CAP_NOTHING};
        return true;
    }
    return false;
}

struct cap_fate cap_sort(const struct cap_case *about)
{
    struct cap_fate fate = {STATE_WAITING, NOTE_POLICY, CAP_NOTHING};
    bool ends = about->message->type == CAP_TYPE_CANCEL;
    if (is_settled(about, &fate)) {
        return fate;
    }
    fate.state = about->policy == POLICY_DRAFT ? STATE_DRAFT : STATE_WAITING;
    fate.note = NOTE_POLICY;
    fate.action = cap_action_of(about->message->type, about->refers_alarm);
    if (!ends && about->message->info_count == 0) {
        fate.note = NOTE_NO_INFO;
    } else if (!ends && about->units == 0) {
        fate.note = NOTE_NO_AREA;
    } else if (about->policy == POLICY_AUTOMATIC) {
        fate.note = objection(about, ends);
        fate.state = fate.note == NOTE_NONE ? STATE_USED : STATE_WAITING;
        fate.note = fate.note == NOTE_NONE ? NOTE_AUTOMATIC : fate.note;
    }
    return fate;
}
