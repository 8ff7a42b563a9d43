/* Calling in the database; see call.h. Step 0 of a round is "nobody yet"; step n is the n-th of
 * roster_reach, counted anew each time: who went on duty meanwhile is called too. */
#include "duty/call.h"

#include "duty/call_sql.h"
#include "duty/notice.h"
#include "duty/roster.h"
#include "people/audit.h"

enum { OWN_DAYS = 7 };

static str event_of(bool waits)
{
    return waits ? S("waiting") : S("raised");
}

/* --- what is due ------------------------------------------------------------------------------ */

enum doing { NOTHING, BEGIN, NEXT, END };

static enum doing judge(const struct duty_job *job, const struct call_alarm *alarm, errc found,
                        const struct alarm_round_of_row *row)
{
    usec now = job->actor->now;
    if (found == ERR_NOT_FOUND) {
        return now - alarm->at <= job->policy->call_fresh ? BEGIN : NOTHING;
    }
    if (row->has_ended_at_us) {
        return NOTHING;
    }
    if (row->looked > 0) {
        return END;
    }
    bool waited = row->step == 0 || now - row->called_at_us >= job->policy->call_wait;
    return waited ? NEXT : NOTHING;
}

static bool is_open(const struct call_alarms *alarms, const struct alarm_rounds_open_row *row)
{
    for (size_t i = 0; i < alarms->count; i++) {
        if (alarms->at[i].id == row->alarm_id &&
            str_is(row->event, event_of(alarms->at[i].waits))) {
            return true;
        }
    }
    return false;
}

static errc find_round(struct db *db, const struct call_alarm *alarm, struct arena *arena,
                       errc *ret_found, struct alarm_round_of_row *ret_row, struct why *why)
{
    struct alarm_round_of_in in = {alarm->id, event_of(alarm->waits)};
    *ret_found = alarm_round_of(db, &in, arena, ret_row, why);
    return *ret_found == ERR_NOT_FOUND ? OK : *ret_found;
}

errc calls_are_due(const struct duty_job *job, struct db *db, const struct call_alarms *alarms,
                   bool *ret_due, struct why *why)
{
    struct alarm_rounds_open_row *open = NULL;
    size_t open_count = 0;
    bool due = false;
    TRY(alarm_rounds_open_all(db, job->arena, &open, &open_count, why));
    for (size_t i = 0; i < open_count; i++) {
        due |= !is_open(alarms, &open[i]);
    }
    for (size_t i = 0; i < alarms->count && !due; i++) {
        struct alarm_round_of_row row;
        errc found = OK;
        TRY(find_round(db, &alarms->at[i], job->arena, &found, &row, why));
        due = judge(job, &alarms->at[i], found, &row) != NOTHING;
    }
    *ret_due = due;
    return OK;
}

/* --- calling ---------------------------------------------------------------------------------- */

/* One alarm of which the next are called. */
struct calling {
    const struct duty_job *job;
    struct db *db;
    const struct call_alarm *alarm;
    int step;
    size_t sent; /* pushes and letters */
    struct why *why;
};

static errc write_letters(struct calling *calling, const struct reach_person *person)
{
    const struct duty_job *job = calling->job;
    const struct call_alarm *alarm = calling->alarm;
    struct notice_reader reader = {job, words_language_of(person->language)};
    struct letter letter = {
        .account = person->account, .urgent = true, .expires = job->actor->now + USEC_HOUR};
    size_t pushes = 0;
    bool is_new = false;
    letter.mark = arena_format(job->arena, "call:%lld:%s:%lld", (long long)alarm->id,
                               alarm->waits ? "waiting" : "raised", (long long)person->account);
    TRY(notice_call_push(&reader, alarm, &letter));
    TRY(letter_add_push(job, calling->db, &letter, &pushes, calling->why));
    calling->sent += pushes;
    if (!person->has_mail) {
        return OK;
    }
    letter.address = person->email;
    TRY(notice_call_mail(&reader, alarm, &letter));
    TRY(letter_add(job, calling->db, &letter, &is_new, calling->why));
    calling->sent += is_new;
    return OK;
}

static errc call_person(struct calling *calling, const struct reach_person *person)
{
    const struct call_alarm *alarm = calling->alarm;
    struct alarm_call_add_in in = {
        .alarm_id = alarm->id,
        .event = event_of(alarm->waits),
        .account_id = person->account,
        .unit_id = person->unit,
        .step = calling->step,
        .by_shift = person->by_shift,
        .title = alarm->title,
        .link = notice_alarm_link(alarm, calling->job->arena),
        .now_us = calling->job->actor->now,
    };
    int64_t added = 0;
    TRY(alarm_call_add(calling->db, &in, &added, calling->why));
    return added == 1 ? write_letters(calling, person) : OK;
}

/* The next step, and the one after it where nobody of a step can be reached at all. */
static errc call_next(const struct duty_job *job, struct db *db, const struct call_alarm *alarm,
                      int64_t step, struct why *why)
{
    struct calling calling = {.job = job, .db = db, .alarm = alarm, .why = why};
    int64_t but[] = {alarm->raised_by, alarm->approved_by};
    struct reach_query query = {alarm->unit, job->actor->now, but, COUNT_OF(but)};
    struct reach reach;
    int64_t next = step;
    TRY(roster_reach(job, db, &query, &reach, why));
    while (calling.sent == 0 && next < (int64_t)reach.count) {
        const struct reach_step *found = &reach.steps[next++];
        calling.step = found->rank;
        for (size_t i = 0; i < found->count; i++) {
            TRY(call_person(&calling, &found->people[i]));
        }
    }
    str event = event_of(alarm->waits);
    if (next == step) {
        struct alarm_round_end_in end = {alarm->id, event, job->actor->now};
        return alarm_round_end(db, &end, NULL, why);
    }
    struct alarm_round_step_in in = {alarm->id, event, step, next, job->actor->now};
    TRY(alarm_round_step(db, &in, NULL, why));
    return db_announce(db, "inbox", why);
}

static errc advance(const struct duty_job *job, struct db *db, const struct call_alarm *alarm,
                    struct why *why)
{
    struct alarm_round_of_row row = {.step = 0};
    struct alarm_round_end_in end = {alarm->id, event_of(alarm->waits), job->actor->now};
    struct alarm_round_begin_in begin = {alarm->id, end.event, alarm->unit, job->actor->now};
    errc found = OK;
    TRY(find_round(db, alarm, job->arena, &found, &row, why));
    switch (judge(job, alarm, found, &row)) {
    case NOTHING:
        return OK;
    case BEGIN:
        TRY(alarm_round_begin(db, &begin, NULL, why));
        return call_next(job, db, alarm, 0, why);
    case NEXT:
        return call_next(job, db, alarm, row.step, why);
    case END:
        return alarm_round_end(db, &end, NULL, why);
    }
    return OK;
}

errc calls_advance(const struct duty_job *job, struct db *db, const struct call_alarms *alarms,
                   struct why *why)
{
    struct alarm_rounds_open_row *open = NULL;
    size_t open_count = 0;
    TRY(alarm_rounds_open_all(db, job->arena, &open, &open_count, why));
    for (size_t i = 0; i < open_count; i++) {
        struct alarm_round_end_in end = {open[i].alarm_id, open[i].event, job->actor->now};
        if (!is_open(alarms, &open[i])) {
            TRY(alarm_round_end(db, &end, NULL, why));
            TRY(db_announce(db, "inbox", why));
        }
    }
    for (size_t i = 0; i < alarms->count; i++) {
        TRY(advance(job, db, &alarms->at[i], why));
    }
    return OK;
}

/* --- who was called, who looked --------------------------------------------------------------- */

errc calls_of_alarm(const struct duty_job *job, struct db *db, int64_t alarm,
                    struct calls *ret_calls, struct why *why)
{
    char topic[40];
    struct alarm_calls_of_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    notice_alarm_topic(alarm, topic);
    struct alarm_calls_of_in in = {alarm, str_of(topic)};
    TRY(alarm_calls_of_all(db, &in, job->arena, &rows, &count, why));
    struct call *calls = arena_take_array(job->arena, count + 1, sizeof *calls);
    if (calls == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for calls");
    }
    for (size_t i = 0; i < count; i++) {
        if (duty_may(job, RIGHT_ALARMS_READ, rows[i].round_unit_id) != OK) {
            continue;
        }
        calls[kept++] = (struct call){
            .id = rows[i].id,
            .alarm = alarm,
            .waits = str_is(rows[i].event, S("waiting")),
            .account = rows[i].account_id,
            .name = rows[i].name,
            .unit = rows[i].unit_id,
            .step = (int)rows[i].step,
            .by_shift = rows[i].by_shift,
            .called = rows[i].called_at_us,
            .seen = rows[i].has_seen_at_us ? rows[i].seen_at_us : 0,
            .push = (size_t)rows[i].push,
            .mail = (size_t)rows[i].mail,
        };
    }
    *ret_calls = (struct calls){calls, kept};
    return OK;
}

errc call_seen(const struct duty_job *job, struct db *db, int64_t call, struct why *why)
{
    struct alarm_call_by_id_in in = {call, job->actor->account_id};
    struct alarm_call_by_id_row row;
    TRY(alarm_call_by_id(db, &in, job->arena, &row, why));
    if (row.has_seen_at_us) {
        return OK;
    }
    struct alarm_call_looked_in looked = {call, job->actor->now};
    struct audit_entry entry = {
        .actor = job->actor,
        .action = "alarm_call_seen",
        .subject_kind = "alarm",
        .subject_id = row.alarm_id,
        .subject_name = row.title,
        .subject_unit_id = row.round_unit_id,
    };
    TRY(alarm_call_looked(db, &looked, NULL, why));
    TRY(db_announce(db, "inbox", why));
    TRY(db_announce(db, "duty", why));
    return audit_append(db, &entry, why);
}

errc calls_seen(const struct duty_job *job, struct db *db, int64_t alarm, struct why *why)
{
    struct alarm_calls_unseen_in in = {alarm, job->actor->account_id};
    struct alarm_calls_unseen_row *rows = NULL;
    size_t count = 0;
    TRY(alarm_calls_unseen_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        TRY(call_seen(job, db, rows[i].id, why));
    }
    return OK;
}

errc calls_list_own(const struct inbox_job *job, struct db *db, struct inbox *inbox,
                    struct why *why)
{
    struct alarm_calls_own_in in = {job->actor->account_id,
                                    job->actor->now - (usec)OWN_DAYS * USEC_DAY};
    struct alarm_calls_own_row *rows = NULL;
    size_t count = 0;
    TRY(alarm_calls_own_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct inbox_item item = {
            .kind = INBOX_ALARM_CALL,
            .id = arena_format(job->arena, "%lld", (long long)rows[i].id),
            .unit = rows[i].unit_id,
            .title = rows[i].title,
            .since = rows[i].called_at_us,
            .link = rows[i].link,
        };
        inbox_add(inbox, &item);
    }
    return OK;
}
