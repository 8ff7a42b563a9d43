/* Messages become alarms; see message.h. An Exercise becomes a drill or nothing. */
#include "alert/message_inside.h"

#include "alert/message_sql.h"
#include "broadcast/alarm_template.h"
#include "wire/authority.h"
#include "wire/order.h"

#define VALID_UNTOLD ((int64_t)3600 * 1000) /* ms: when the message does not say how long */
#define VALID_LEAST ((int64_t)600 * 1000)

enum { AGAIN_GRAVE_S = 300 };

static bool is_grave(const struct cap_info *info)
{
    return info->severity == CAP_SEVERITY_EXTREME || info->severity == CAP_SEVERITY_SEVERE;
}

static int64_t valid_of(const struct cap_message *message, enum alarm_kind kind, usec now)
{
    int64_t longest = authority_longest(ORDER_ALARM, alarm_class(kind)) / 1000;
    usec expires = cap_message_expires(message);
    int64_t valid = expires == 0 ? VALID_UNTOLD : (expires - now) / 1000;
    valid = valid < VALID_LEAST ? VALID_LEAST : valid;
    return valid > longest ? longest : valid;
}

/* A drill says that it is one before it says anything. */
static errc write_text(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                       const struct cap_info *info, str *ret_text, struct why *why)
{
    struct alarm_template form;
    str first = S("");
    if (kept->message.status == CAP_STATUS_EXERCISE) {
        TRY(alarm_template_of(desk, db, kept->unit, HAZARD_DRILL, &form, why));
        first = form.text_count > 0 ? form.texts[0].short_text : S("");
    }
    *ret_text = cap_message_text(info, first, desk->arena);
    return ret_text->at == NULL ? ERR_NO_MEMORY : OK;
}

errc cap_message_draft(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                       const struct cap_wish *wish, struct alarm_draft *ret_draft,
                       enum alarm_kind *ret_kind, struct why *why)
{
    const struct cap_message *message = &kept->message;
    const struct cap_info *info = cap_info_in(message, S("vi"));
    enum alarm_kind kind = message->status == CAP_STATUS_EXERCISE ? ALARM_DRILL : ALARM_REAL;
    bool own_areas = wish->area_count > 0;
    size_t count = own_areas ? wish->area_count : kept->unit_count;
    str text = wish->text;
    if (!cap_may_be_used(message->status, message->type) || info == NULL) {
        return fail(why, ERR_CONFLICT, "message %lld cannot be used", (long long)kept->id);
    }
    if (count == 0 || count > ALARM_AREAS_MOST) {
        return bad_field(desk->bad, "areas", count == 0 ? "missing" : "too_many");
    }
    TRY(text.len > 0 ? OK : write_text(desk, db, kept, info, &text, why));
    str headline = info->headline.len > 0 ? info->headline : info->event;
    bool grave = is_grave(info) && kind == ALARM_REAL;
    *ret_draft = (struct alarm_draft){
        .mark = wish->mark,
        .unit = kept->unit,
        .areas = own_areas ? wish->areas : kept->units,
        .area_count = count,
        .hazard = kept->hazard,
        .title = wish->title.len > 0 ? wish->title
                                     : cap_text_cut(headline, CAP_SPOKEN_BYTES, ALARM_TITLE_MOST),
        .text = text,
        .signal = wish->signal != 0 ? wish->signal
                  : grave           ? SIGNAL_SIREN
                                    : SIGNAL_CHIME,
        .clip = wish->clip >= 0 ? wish->clip : hazard_clip(kept->hazard),
        .times = ALARM_TIMES,
        .pause_ms = 1000,
        .again_s = grave ? AGAIN_GRAVE_S : 0,
        .valid_ms =
            wish->valid_ms != 0 ? wish->valid_ms : valid_of(message, kind, desk->actor->now),
    };
    *ret_kind = kind;
    return OK;
}

/* The end of an alarm says why, in the words of the message. */
static errc end_alarm(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                      int64_t alarm, wire_id mark, struct why *why)
{
    const struct cap_message *message = &kept->message;
    const struct cap_info *info = cap_info_in(message, S("vi"));
    str words = info != NULL && info->headline.len > 0 ? info->headline : message->note;
    struct alarm_ending ending = {
        .reason = cap_text_cut(words, CAP_SPOKEN_BYTES, ALARM_REASON_MOST),
        .say = true,
        .mark = mark,
    };
    return alarm_cancel(desk, db, alarm, &ending, why);
}

errc cap_message_apply(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                       const struct alarm_draft *draft, enum alarm_kind kind, int64_t *ret_alarm,
                       struct why *why)
{
    int64_t alarm = 0;
    struct alarm old;
    TRY(cap_message_alarm(db, kept->id, desk->arena, &alarm, why));
    switch (cap_action_of(kept->message.type, alarm != 0)) {
    case CAP_NOTHING:
        return fail(why, ERR_CONFLICT, "there is nothing to end");
    case CAP_END:
        *ret_alarm = alarm;
        return end_alarm(desk, db, kept, alarm, draft->mark, why);
    case CAP_RENEW:
        TRY(alarm_get(desk, db, alarm, &old, why));
        if (old.kind == kind && old.state == ALARM_IN_FORCE) {
            return alarm_update(desk, db, alarm, draft, ret_alarm, why);
        }
        return kind == ALARM_DRILL ? drill_raise(desk, db, draft, ret_alarm, why)
                                   : alarm_raise(desk, db, draft, ret_alarm, why);
    case CAP_RAISE:
        return kind == ALARM_DRILL ? drill_raise(desk, db, draft, ret_alarm, why)
                                   : alarm_raise(desk, db, draft, ret_alarm, why);
    }
    return ERR_INTERNAL;
}

/* An end needs no areas and no text of its own. */
static errc make_draft(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                       const struct cap_wish *wish, struct alarm_draft *ret_draft,
                       enum alarm_kind *ret_kind, struct why *why)
{
    if (kept->message.type == CAP_TYPE_CANCEL) {
        *ret_draft = (struct alarm_draft){.mark = wish->mark, .unit = kept->unit};
        *ret_kind = ALARM_REAL;
        return OK;
    }
    return cap_message_draft(desk, db, kept, wish, ret_draft, ret_kind, why);
}

errc cap_message_use(const struct desk *desk, struct db *db, int64_t id,
                     const struct cap_wish *wish, int64_t *ret_alarm, struct why *why)
{
    struct cap_kept kept;
    struct alarm_draft draft;
    enum alarm_kind kind = ALARM_REAL;
    TRY(cap_message_get(desk, db, id, &kept, why));
    TRY(make_draft(desk, db, &kept, wish, &draft, &kind, why));
    if (kept.state == STATE_USED && kept.alarm != 0 && kept.decided_by == desk->actor->account_id) {
        *ret_alarm = kept.alarm;
        return OK; /* pressed twice */
    }
    if (kept.state != STATE_WAITING && kept.state != STATE_DRAFT) {
        return fail(why, ERR_CONFLICT, "message %lld is decided", (long long)id);
    }
    TRY(cap_message_apply(desk, db, &kept, &draft, kind, ret_alarm, why));
    struct cap_decision decision = {
        .id = id, .state = STATE_USED, .note = NOTE_NONE, .alarm = *ret_alarm, .reason = S("")};
    TRY(cap_message_decide(desk, db, &decision, why));
    return cap_message_tell(desk, db, "cap_message_used", &kept, why);
}

errc cap_message_dismiss(const struct desk *desk, struct db *db, int64_t id, str reason,
                         struct why *why)
{
    struct cap_kept kept;
    TRY(cap_message_get(desk, db, id, &kept, why));
    TRY(desk_may(desk, RIGHT_ALARMS_WRITE, kept.unit));
    if (kept.state == STATE_DISMISSED) {
        return OK;
    }
    if (kept.state != STATE_WAITING && kept.state != STATE_DRAFT) {
        return fail(why, ERR_CONFLICT, "message %lld is decided", (long long)id);
    }
    struct cap_decision decision = {
        .id = id, .state = STATE_DISMISSED, .note = NOTE_NONE, .reason = reason};
    TRY(cap_message_decide(desk, db, &decision, why));
    return cap_message_tell(desk, db, "cap_message_dismissed", &kept, why);
}
