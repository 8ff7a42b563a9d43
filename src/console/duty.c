/* The roster, who is reached for an alarm, who was called and looked. */
#include "console/air_json.h"
#include "console/duty_json.h"
#include "console/steps.h"
#include "console/unit_json.h"
#include "duty/call.h"
#include "duty/roster.h"

enum { WEEK = 7 };

struct duty_job ask_duty_job(struct ask *ask)
{
    return (struct duty_job){
        .actor = &ask->actor,
        .forest = ask->forest,
        .arena = ask->arena,
        .bad = &ask->bad,
        .policy = &ask->duty,
        .words = ask->house->words,
        .zone = ask->house->zone,
    };
}

void duty_json_reached_at(struct ask *ask, const char *key, bool push, bool mail)
{
    json_object_at(&ask->json, key);
    json_bool_at(&ask->json, "push", push);
    json_bool_at(&ask->json, "mail", mail);
    json_end(&ask->json);
}

/* --- the roster ------------------------------------------------------------------------------- */

static void write_shift(struct ask *ask, const struct duty_shift *shift)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", shift->id);
    air_name_at(out, "account", shift->account, shift->name);
    json_str_at(out, "phone", shift->phone);
    json_usec_at(out, "from", shift->from);
    json_usec_at(out, "to", shift->to);
    json_i64_at(out, "rank", shift->rank);
    json_str_at(out, "note", shift->note);
    duty_json_reached_at(ask, "reached", shift->has_push, shift->has_mail);
    json_end(out);
}

static void write_person(struct ask *ask, const struct person *person)
{
    json_object(&ask->json);
    json_i64_at(&ask->json, "id", person->id);
    json_str_at(&ask->json, "name", person->name);
    air_unit_at(ask, "unit", person->unit);
    json_end(&ask->json);
}

static errc answer(struct ask *ask, const struct roster_span *span, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct duty_shifts shifts = {.count = 0};
    struct people people = {.count = 0};
    struct json_out *out = &ask->json;
    bool may_write = unit_may(ask, RIGHT_DUTY_WRITE, span->unit) == OK;
    TRY(roster_read(&job, ask->db, span, &shifts, why));
    if (may_write) {
        TRY(roster_people(&job, ask->db, span->unit, &people, why));
    }
    json_object(out);
    air_unit_at(ask, "unit", span->unit);
    json_bool_at(out, "may_write", may_write);
    json_day_at(out, "from", span->from);
    json_day_at(out, "to", span->to);
    json_array_at(out, "shifts");
    for (size_t i = 0; i < shifts.count; i++) {
        write_shift(ask, &shifts.at[i]);
    }
    json_end(out);
    json_array_at(out, "people");
    for (size_t i = 0; i < people.count; i++) {
        write_person(ask, &people.at[i]);
    }
    json_end(out);
    json_end(out);
    return OK;
}

/* Days began on a Thursday in 1970; weeks begin on Mondays. */
static day week_of(day today)
{
    return today - ((today + 3) % WEEK + WEEK) % WEEK;
}

errc api_duty_show(struct ask *ask, struct why *why)
{
    struct roster_span span = {.unit = 0};
    day week = week_of(ask->today);
    TRY(air_query_unit(ask, &span.unit));
    TRY(ask_query_day(ask, "from", week, &span.from));
    TRY(ask_query_day(ask, "to", span.from + WEEK, &span.to));
    if (span.to <= span.from || span.to - span.from > ROSTER_DAYS_MOST) {
        return bad_field(&ask->bad, "to", "out_of_range");
    }
    return answer(ask, &span, why);
}

static errc take_time(struct ask *ask, const struct json_value *value, const char *key,
                      usec *ret_time)
{
    str text = STR_NONE;
    TRY(json_in_str(value, key, 1, 40, &text, &ask->bad));
    return usec_parse(text, ret_time) ? OK : bad_field(&ask->bad, key, "not_a_time");
}

static errc take_shift(struct ask *ask, const struct json_value *value, struct duty_shift *shift)
{
    static const char *const fields[] = {"account_id", "from", "to", "rank", "note", NULL};
    int64_t rank = 1;
    if (!json_in_is_object(value)) {
        return bad_field(&ask->bad, "shifts", "wrong_type");
    }
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(json_in_i64(value, "account_id", 1, INT64_MAX, &shift->account, &ask->bad));
    TRY(take_time(ask, value, "from", &shift->from));
    TRY(take_time(ask, value, "to", &shift->to));
    TRY(air_take_number(ask, value, "rank", 1, SHIFT_RANK_MOST, &rank));
    shift->rank = (int)rank;
    shift->note = S("");
    if (json_in_has(value, "note")) {
        str note = STR_NONE;
        TRY(json_in_str(value, "note", 0, SHIFT_NOTE_MOST, &note, &ask->bad));
        shift->note = air_text(ask, note);
    }
    return OK;
}

static errc take_roster(struct ask *ask, struct roster_span *span, struct duty_shifts *ret_shifts,
                        struct why *why)
{
    static const char *const fields[] = {"from", "to", "shifts", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_day(in.root, "from", &span->from, &ask->bad));
    TRY(json_in_day(in.root, "to", &span->to, &ask->bad));
    TRY(ask_take_array(ask, in.root, "shifts", SHIFTS_MOST, &array, &count));
    struct duty_shift *shifts = arena_take_array(ask->arena, count + 1, sizeof *shifts);
    if (shifts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_shift(ask, json_in_at(array, i), &shifts[i]));
    }
    *ret_shifts = (struct duty_shifts){shifts, count};
    return OK;
}

errc api_duty_put(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct roster_span span = {.unit = 0};
    struct duty_shifts shifts = {.count = 0};
    TRY(air_query_unit(ask, &span.unit));
    TRY(take_roster(ask, &span, &shifts, why));
    TRY(roster_put(&job, ask->db, &span, &shifts, why));
    return answer(ask, &span, why);
}

/* --- who is reached --------------------------------------------------------------------------- */

static void write_step(struct ask *ask, const struct reach_step *step)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "rank", step->rank);
    json_array_at(out, "people");
    for (size_t i = 0; i < step->count; i++) {
        const struct reach_person *person = &step->people[i];
        json_object(out);
        air_name_at(out, "account", person->account, person->name);
        air_unit_at(ask, "unit", person->unit);
        json_text_at(out, "by", person->by_shift ? "shift" : "right");
        duty_json_reached_at(ask, "reached", person->has_push, person->has_mail);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

errc api_duty_reach(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct reach_query query = {.at = ask->now};
    struct reach reach;
    TRY(air_query_unit(ask, &query.unit));
    TRY(unit_may(ask, RIGHT_ALARMS_READ, query.unit));
    TRY(roster_reach(&job, ask->db, &query, &reach, why));
    json_object(&ask->json);
    json_i64_at(&ask->json, "wait_s", job.policy->call_wait / USEC_SECOND);
    json_bool_at(&ask->json, "mail", job.policy->mail_is_ready);
    json_array_at(&ask->json, "steps");
    for (size_t i = 0; i < reach.count; i++) {
        write_step(ask, &reach.steps[i]);
    }
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}

/* --- calls ------------------------------------------------------------------------------------ */

static void write_call(struct ask *ask, const struct call *call)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", call->id);
    json_i64_at(out, "alarm", call->alarm);
    json_text_at(out, "event", call->waits ? "waiting" : "raised");
    air_name_at(out, "account", call->account, call->name);
    air_unit_at(ask, "unit", call->unit);
    json_i64_at(out, "rank", call->step);
    json_text_at(out, "by", call->by_shift ? "shift" : "right");
    json_usec_at(out, "called_at", call->called);
    json_i64_at(out, "push", (int64_t)call->push);
    json_i64_at(out, "mail", (int64_t)call->mail);
    air_usec_at(out, "seen_at", call->seen);
    json_end(out);
}

errc api_duty_calls(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct calls calls = {.count = 0};
    int64_t alarm = 0;
    TRY(ask_query_i64(ask, "alarm", 0, &alarm));
    TRY(calls_of_alarm(&job, ask->db, alarm, &calls, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < calls.count; i++) {
        write_call(ask, &calls.at[i]);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_duty_call_seen(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    return call_seen(&job, ask->db, ask_place_id(ask, 0), why);
}

errc api_duty_alarm_seen(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    return calls_seen(&job, ask->db, ask_place_id(ask, 0), why);
}
