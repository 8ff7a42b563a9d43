/* The end of alarms: cancelled, released, withdrawn, expired; see alarm.h. */
#include "broadcast/alarm_inside.h"

#include "broadcast/alarm_sql.h"
#include "orders/order_book.h"
#include "wire/authority.h"
#include "wire/codec.h"
#include "wire/order.h"

enum { BODY_MOST = 1024 };

#define WAIT_MOST (24 * USEC_HOUR) /* for the second person */
#define STOP_OUTLIVES USEC_MINUTE

static struct alarm_ended_in end_of(const struct alarm *alarm, const struct actor *actor,
                                    enum alarm_state state, str reason)
{
    return (struct alarm_ended_in){
        .id = alarm->id,
        .from_state = str_of(alarm_state_name(alarm->state)),
        .state = str_of(alarm_state_name(state)),
        .has_ended_by = actor->account_id != 0,
        .ended_by = actor->account_id,
        .ended_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
        .end_reason = reason.len == 0 ? S("") : reason,
    };
}

/* The order that ends it on the devices: a stop of an alarm, a release of a stop. It outlives what
 * it ends, so that a device that comes back late does not take it up again. */
static errc issue_end(const struct raising *run, const struct alarm *alarm, wire_id *ret_mark)
{
    AUTO(buf_finish) struct buf body;
    struct order order;
    struct order_job job = desk_order_job(run->desk);
    struct wire_stop stop = {.target = alarm->mark};
    struct wire_release release = {.target = alarm->mark};
    bool releases = alarm->kind == ALARM_STOP;
    usec now = run->desk->actor->now;
    enum order_kind kind = releases ? ORDER_RELEASE : ORDER_STOP;
    usec longest = authority_longest(kind, alarm_class(alarm->kind));
    usec expires = alarm->expires + STOP_OUTLIVES;
    buf_init(&body, BODY_MOST);
    TRY(releases ? wire_record_write(&wire_record_release, &release, &body)
                 : wire_record_write(&wire_record_stop, &stop, &body));
    struct order_draft draft = {
        .kind = kind,
        .order_class = alarm_class(alarm->kind),
        .issuer = alarm->unit,
        .right = alarm_right(alarm->kind),
        .area = alarm_area_of(&run->draft),
        .not_before = now,
        .expires = expires > now + longest ? now + longest : expires,
        .body = buf_str(&body),
        .written_by = run->desk->actor->account_id,
    };
    TRY(order_issue(run->db, &job, &draft, &order, run->why));
    *ret_mark = order.wire_id;
    return order_end(run->db, alarm->mark, REASON_CANCELLED, now, run->why);
}

#define LAST_LEAST (10 * 60 * 1000) /* ms: as long as the last word is given to who comes late */

/* The version that says what was prepared. Areas and hazard stay; a chime instead of the siren. */
static struct alarm_draft last_word(const struct alarm *alarm, enum alarm_purpose purpose,
                                    wire_id mark)
{
    bool ends = purpose == PURPOSE_CANCEL;
    struct alarm_draft draft = alarm_draft_of(alarm);
    const struct alarm_words *words = ends ? &alarm->cancel : &alarm->correction;
    draft.mark = mark;
    draft.purpose = purpose;
    draft.title = words->title.len > 0 ? words->title : alarm->title;
    draft.text = words->text;
    draft.signal = SIGNAL_CHIME;
    draft.clip = !ends                        ? 0
                 : alarm->kind == ALARM_DRILL ? hazard_clip(HAZARD_DRILL)
                                              : CLIP_ALL_CLEAR;
    draft.times = 2;
    draft.again_s = 0;
    draft.start = 0;
    draft.voices = NULL;
    draft.voice_count = 0;
    draft.valid_ms = LAST_LEAST;
    return draft;
}

/* What is over is spoken of by a version that replaces nothing: the devices were told to stop. */
static errc say_end(const struct desk *desk, struct db *db, const struct alarm *alarm,
                    const struct alarm_ending *ending, struct why *why)
{
    struct raising run = {.desk = desk,
                          .db = db,
                          .kind = alarm->kind,
                          .after = alarm,
                          .draft = last_word(alarm, PURPOSE_CANCEL, ending->mark),
                          .why = why};
    int64_t id = 0;
    return alarm_run(&run, &id);
}

errc alarm_correct(const struct desk *desk, struct db *db, int64_t id, wire_id mark,
                   int64_t *ret_id, struct why *why)
{
    struct alarm old;
    TRY(alarm_get(desk, db, id, &old, why));
    struct raising run = {.desk = desk,
                          .db = db,
                          .kind = old.kind,
                          .old = &old,
                          .draft = last_word(&old, PURPOSE_CORRECTION, mark),
                          .why = why};
    int64_t left = (old.expires - desk->actor->now) / 1000;
    run.draft.valid_ms = left > LAST_LEAST ? left : LAST_LEAST;
    bool again = old.state == ALARM_REPLACED; /* alarm_run finds the mark */
    if ((old.state != ALARM_IN_FORCE && !again) || old.kind == ALARM_STOP) {
        return fail(why, ERR_CONFLICT, "alarm %lld is not in force", (long long)id);
    }
    return alarm_run(&run, ret_id);
}

errc alarm_cancel(const struct desk *desk, struct db *db, int64_t id,
                  const struct alarm_ending *ending, struct why *why)
{
    str reason = ending->reason;
    struct alarm alarm;
    wire_id mark = {{0}};
    int64_t changed = 0;
    TRY(alarm_get(desk, db, id, &alarm, why));
    struct raising run = {.desk = desk,
                          .db = db,
                          .kind = alarm.kind,
                          .draft = alarm_draft_of(&alarm),
                          .id = id,
                          .why = why};
    run.effect.devices = alarm.devices;
    TRY(desk_may(desk, alarm_right(alarm.kind), alarm.unit));
    if (alarm.state == ALARM_CANCELLED || alarm.state == ALARM_REFUSED) {
        return OK;
    }
    if (alarm.state != ALARM_WAITING && alarm.state != ALARM_IN_FORCE) {
        return fail(why, ERR_CONFLICT, "alarm %lld is over", (long long)id);
    }
    bool waits = alarm.state == ALARM_WAITING;
    struct alarm_ended_in in =
        end_of(&alarm, desk->actor, waits ? ALARM_REFUSED : ALARM_CANCELLED, reason);
    TRY(order_hold(db, why));
    if (!waits) {
        TRY(issue_end(&run, &alarm, &mark));
        in.end_mark = alarm_id_bytes(&mark);
    }
    TRY(alarm_ended(db, &in, &changed, why));
    if (changed == 0) {
        return fail(why, ERR_CONFLICT, "somebody else was quicker");
    }
    const char *ended = alarm.kind == ALARM_STOP ? "released" : "cancelled";
    TRY(alarm_tell(&run, waits ? "refused" : ended, reason));
    bool says = ending->say && !waits && alarm.kind != ALARM_STOP;
    return says ? say_end(desk, db, &alarm, ending, why) : OK;
}

static errc expire(const struct desk *desk, struct db *db, const struct alarms_due_row *row,
                   struct coverage *coverage, struct why *why)
{
    bool waited = str_is(row->state, S("waiting"));
    wire_id mark;
    struct alarm_ended_in in = {
        .id = row->id,
        .from_state = row->state,
        .state = waited ? S("refused") : S("expired"),
        .ended_name = S(""),
        .now_us = desk->actor->now,
        .end_reason = S(""),
    };
    TRY(alarm_ended(db, &in, NULL, why));
    if (row->mark.len == sizeof mark.bytes && coverage != NULL) {
        memcpy(mark.bytes, row->mark.at, sizeof mark.bytes);
        coverage_end(coverage, mark);
    }
    return OK;
}

errc alarms_expire(const struct desk *desk, struct db *db, struct coverage *coverage,
                   struct why *why)
{
    struct alarms_due_in in = {desk->actor->now, desk->actor->now - WAIT_MOST};
    struct alarms_due_row *rows = NULL;
    size_t count = 0;
    TRY(alarms_due_all(db, &in, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        TRY(expire(desk, db, &rows[i], coverage, why));
    }
    return count == 0 ? OK : db_announce(db, "alarms", why);
}
