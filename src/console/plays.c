/* What was played, where, and what was not, with its reason. */
#include "broadcast/play.h"

#include "console/air_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { DEVICES_MOST = 400, PLAYS_MOST = 5000 };

struct wanted {
    bool has_outcome;
    enum play_outcome outcome;
    int64_t programme; /* 0: any */
};

static void write_play(struct ask *ask, const struct play *play,
                       const struct programme_name_list *names)
{
    struct json_out *out = &ask->json;
    json_object(out);
    air_device_at(ask, "device", play->device);
    json_usec_at(out, "at", play->at);
    air_name_at(out, "programme", play->programme, programme_name_of(names, play->programme));
    json_str_at(out, "title", play->title);
    json_text_at(out, "outcome", play_outcome_name(play->outcome));
    air_reason(ask, play->reason);
    json_i64_at(out, "ms", play->ms);
    json_i64_at(out, "planned_ms", play->planned_ms);
    json_end(out);
}

static errc take_wanted(struct ask *ask, struct wanted *ret_wanted)
{
    struct wanted wanted = {.has_outcome = false};
    str outcome = STR_NONE;
    TRY(ask_query(ask, "outcome", &outcome));
    TRY(ask_query_i64(ask, "programme", 0, &wanted.programme));
    wanted.has_outcome = outcome.at != NULL;
    if (wanted.has_outcome && !play_outcome_parse(outcome, &wanted.outcome)) {
        return bad_field(&ask->bad, "outcome", "unknown");
    }
    *ret_wanted = wanted;
    return OK;
}

static bool fits(const struct wanted *wanted, const struct play *play)
{
    return (!wanted->has_outcome || play->outcome == wanted->outcome) &&
           (wanted->programme == 0 || play->programme == wanted->programme);
}

/* One device, or those of a unit; the devices behind ?after= when there are many. */
static errc find_devices(struct ask *ask, struct receivers *ret_receivers, struct why *why)
{
    struct desk desk = ask_desk(ask);
    int64_t device = 0;
    unit_id unit = 0;
    struct receiver *one = arena_take(ask->arena, sizeof *one);
    TRY(ask_query_i64(ask, "device", 0, &device));
    if (desk.receivers == NULL || one == NULL) {
        return one == NULL ? ERR_NO_MEMORY : ERR_NOT_FOUND;
    }
    if (device > 0) {
        TRY(desk.receivers->find(desk.receivers->ctx, ask->db, (uint64_t)device, ask->arena, one,
                                 why));
        *ret_receivers = (struct receivers){one, 1};
        return unit_may(ask, RIGHT_PLAYS_READ, receiver_unit(one));
    }
    TRY(air_query_unit(ask, &unit));
    TRY(unit_may(ask, RIGHT_PLAYS_READ, unit));
    return desk.receivers->list(desk.receivers->ctx, ask->db, unit, ask->arena, ret_receivers, why);
}

static errc write_device(struct ask *ask, uint64_t device, day on, const struct wanted *wanted,
                         size_t *written, struct why *why)
{
    struct desk desk = ask_desk(ask);
    const struct programme_name_list *names = ask->carried;
    struct plays plays = {.count = 0};
    TRY(plays_of_device(&desk, ask->db, device, on, &plays, why));
    for (size_t i = 0; i < plays.count; i++) {
        if (fits(wanted, &plays.at[i])) {
            write_play(ask, &plays.at[i], names);
            (*written)++;
        }
    }
    return OK;
}

errc api_plays_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct programme_name_list names;
    struct receivers receivers = {.count = 0};
    struct wanted wanted = {.programme = 0};
    int64_t after = 0;
    int64_t next = 0;
    size_t written = 0;
    size_t looked = 0;
    day on = 0;
    TRY(ask_query_day(ask, "day", ask->today, &on));
    TRY(ask_query_i64(ask, "after", 0, &after));
    TRY(take_wanted(ask, &wanted));
    TRY(find_devices(ask, &receivers, why));
    TRY(programme_names_load(&desk, ask->db, &names, why));
    ask->carried = &names;
    ask_list_begin(ask);
    for (size_t i = 0; i < receivers.count && next == 0; i++) {
        if (receivers.at[i].device <= (uint64_t)after) {
            continue;
        }
        TRY(write_device(ask, receivers.at[i].device, on, &wanted, &written, why));
        bool more = i + 1 < receivers.count;
        bool enough = ++looked == DEVICES_MOST || written >= PLAYS_MOST;
        next = more && enough ? (int64_t)receivers.at[i].device : 0;
    }
    ask->carried = NULL;
    ask_list_end_at(ask, next);
    return OK;
}

/* --- sums ------------------------------------------------------------------------------------- */

static void write_counts(struct json_out *out, const struct play_counts *counts)
{
    json_i64_at(out, "planned", counts->planned);
    json_i64_at(out, "played", counts->played);
    json_i64_at(out, "partly", counts->partly);
    json_i64_at(out, "not_played", counts->not_played);
    json_i64_at(out, "not_reported", counts->not_reported);
    json_i64_at(out, "ms", counts->ms);
}

static void write_sum(struct ask *ask, const struct play_line *line, enum play_by by,
                      const struct programme_name_list *names)
{
    struct json_out *out = &ask->json;
    json_object(out);
    switch (by) {
    case PLAYS_BY_DAY:
        json_day_at(out, "day", line->on);
        break;
    case PLAYS_BY_UNIT:
        air_unit_at(ask, "unit", line->unit);
        break;
    case PLAYS_BY_PROGRAMME:
        air_name_at(out, "programme", line->programme, programme_name_of(names, line->programme));
        break;
    }
    write_counts(out, &line->counts);
    json_end(out);
}

static errc take_question(struct ask *ask, struct play_question *ret_question)
{
    static const char *const names[] = {"day", "unit", "programme"};
    struct play_question question = {.by = PLAYS_BY_DAY};
    str by = STR_NONE;
    TRY(air_query_unit(ask, &question.unit));
    TRY(ask_query_day(ask, "from", ask->today - 7, &question.from));
    TRY(ask_query_day(ask, "to", ask->today + 1, &question.to));
    TRY(ask_query(ask, "by", &by));
    if (question.to <= question.from || question.to - question.from > 800) {
        return bad_field(&ask->bad, "to", "out_of_range");
    }
    bool known = by.at == NULL;
    for (size_t i = 0; i < COUNT_OF(names) && !known; i++) {
        known = str_is(by, str_of(names[i]));
        question.by = (enum play_by)i;
    }
    *ret_question = question;
    return known ? OK : bad_field(&ask->bad, "by", "unknown");
}

errc api_plays_summary(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct programme_name_list names;
    struct play_question question;
    struct play_summary summary;
    struct json_out *out = &ask->json;
    TRY(take_question(ask, &question));
    TRY(plays_summary(&desk, ask->db, &question, &summary, why));
    TRY(programme_names_load(&desk, ask->db, &names, why));
    json_object(out);
    json_object_at(out, "total");
    write_counts(out, &summary.total);
    json_end(out);
    json_array_at(out, "reasons");
    for (size_t i = 0; i < summary.reason_count; i++) {
        json_object(out);
        air_reason(ask, summary.reasons[i].reason);
        json_i64_at(out, "plays", summary.reasons[i].plays);
        json_end(out);
    }
    json_end(out);
    json_array_at(out, "items");
    for (size_t i = 0; i < summary.line_count; i++) {
        write_sum(ask, &summary.lines[i], question.by, &names);
    }
    json_end(out);
    json_end(out);
    return OK;
}
