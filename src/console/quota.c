/* How much of the allowed minutes a unit has taken, while somebody plans. */
#include "broadcast/plan_use.h"
#include "console/air_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { DAYS_MOST = 31 };

#define QUOTA_ROOM ((size_t)256 * 1024 * 1024)

/* A unit without a pole has its rules all the same. */
static errc find_receivers(struct ask *ask, unit_id unit, struct receivers *receivers,
                           size_t *ret_real, struct why *why)
{
    struct desk desk = ask_desk(ask);
    uint64_t path[SIGNING_PATH_MOST];
    if (desk.receivers != NULL) {
        TRY(desk.receivers->list(desk.receivers->ctx, ask->db, unit, ask->arena, receivers, why));
    }
    *ret_real = receivers->count;
    if (receivers->count > 0) {
        return OK;
    }
    struct receiver *nobody = arena_take(ask->arena, sizeof *nobody);
    if (nobody == NULL) {
        return ERR_NO_MEMORY;
    }
    nobody->commune = unit;
    nobody->path_count = unit_key_path(ask->forest, unit, ask->today, path);
    for (size_t i = 0; i < nobody->path_count && i < UNIT_DEPTH; i++) {
        nobody->path[i] = (unit_id)path[i];
    }
    *receivers = (struct receivers){nobody, 1};
    return OK;
}

static void write_limit(struct json_out *out, const char *key, int64_t most)
{
    json_key(out, key);
    most == 0 ? json_null(out) : json_i64(out, most);
}

static str rule_name(const struct schedule *schedule, const struct plan_day_use *use)
{
    int64_t id = use->silent_rule != 0 ? use->silent_rule : use->day_rule;
    id = id != 0 ? id : use->session_rule;
    for (size_t i = 0; i < schedule->rule_count; i++) {
        if (id != 0 && schedule->rules[i].id == id) {
            return schedule->rules[i].name;
        }
    }
    return STR_NONE;
}

static void write_day(struct ask *ask, const struct schedule *schedule,
                      const struct plan_day_use *use, size_t devices)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_day_at(out, "day", use->on);
    json_i64_at(out, "devices", (int64_t)devices);
    json_i64_at(out, "used_ms", use->used_ms);
    write_limit(out, "day_most_ms", use->day_most_ms);
    write_limit(out, "session_most_ms", use->session_most_ms);
    json_str_at(out, "rule", rule_name(schedule, use));
    json_bool_at(out, "silent", use->silent_rule != 0);
    json_array_at(out, "hours");
    for (size_t i = 0; i < use->hour_count; i++) {
        json_object(out);
        air_time_at(out, "from", use->hours[i].from_s);
        air_time_at(out, "to", use->hours[i].to_s);
        json_end(out);
    }
    json_end(out);
    json_array_at(out, "sessions");
    for (size_t i = 0; i < use->session_count; i++) {
        const struct plan_session *session = &use->sessions[i];
        json_object(out);
        json_usec_at(out, "from", session->from);
        json_usec_at(out, "to", session->to);
        json_i64_at(out, "used_ms", (session->to - session->from) / 1000);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

static errc find(struct ask *ask, struct arena *arena, struct plan_request *request,
                 struct plan_uses *ret_uses, size_t *ret_real, struct why *why)
{
    struct receivers receivers = {.count = 0};
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, unit));
    TRY(find_receivers(ask, unit, &receivers, ret_real, why));
    return plan_uses_find(request, &receivers, arena, ret_uses, why);
}

errc api_quota_show(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct desk desk = ask_desk(ask);
    struct schedule schedule;
    struct plan_uses uses;
    size_t real = 0;
    int64_t days = 0;
    day from = 0;
    TRY(ask_query_day(ask, "day", ask->today, &from));
    TRY(ask_query_i64(ask, "days", 7, &days));
    if (days < 1 || days > DAYS_MOST || from < ask->today - 366 || from > ask->today + 366) {
        return bad_field(&ask->bad, "days", "out_of_range");
    }
    TRY(schedule_load(&desk, ask->db, from < ask->today ? from : ask->today, &schedule, why));
    TRY(arena_create(QUOTA_ROOM, &arena));
    struct plan_request request = {.schedule = &schedule,
                                   .from = day_start(from, ask->house->zone),
                                   .to = day_start(from + (day)days, ask->house->zone)};
    TRY(find(ask, arena, &request, &uses, &real, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < uses.count; i++) {
        write_day(ask, &schedule, &uses.at[i], real == 0 ? 0 : uses.at[i].devices);
    }
    ask_list_end_at(ask, 0);
    return OK;
}
