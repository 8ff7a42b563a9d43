/* Emergencies, drills and all-stops: what they would do, raising, the second person, updates, the
 * end, and whom they have reached. */
#include "console/alarm_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static errc answer(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm alarm;
    TRY(alarm_get(&desk, ask->db, id, &alarm, why));
    json_object(&ask->json);
    json_key(&ask->json, "alarm");
    TRY(alarm_json(ask, &alarm, why));
    json_null_at(&ask->json, "effect");
    json_end(&ask->json);
    return OK;
}

static errc foresee(struct ask *ask, enum alarm_kind kind, const struct alarm_draft *draft,
                    struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_effect effect;
    TRY(alarm_preview(&desk, ask->db, kind, draft, &effect, why));
    json_object(&ask->json);
    json_null_at(&ask->json, "alarm");
    json_key(&ask->json, "effect");
    alarm_effect_json(ask, kind, &effect);
    json_end(&ask->json);
    return OK;
}

typedef errc alarm_raiser(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                          int64_t *ret_id, struct why *why);

static errc raise(struct ask *ask, enum alarm_kind kind, alarm_raiser *raiser, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_draft draft;
    bool preview = false;
    int64_t id = 0;
    TRY(alarm_take(ask, &draft, &preview, why));
    if (preview) {
        return foresee(ask, kind, &draft, why);
    }
    TRY(raiser(&desk, ask->db, &draft, &id, why));
    return answer(ask, id, why);
}

errc api_alarms_raise(struct ask *ask, struct why *why)
{
    return raise(ask, ALARM_REAL, alarm_raise, why);
}

errc api_drills_raise(struct ask *ask, struct why *why)
{
    return raise(ask, ALARM_DRILL, drill_raise, why);
}

errc api_all_stop_raise(struct ask *ask, struct why *why)
{
    return raise(ask, ALARM_STOP, all_stop_raise, why);
}

errc api_alarms_show(struct ask *ask, struct why *why)
{
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_alarms_confirm(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    TRY(alarm_confirm(&desk, ask->db, ask_place_id(ask, 0), why));
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_alarms_update(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_draft draft;
    struct alarm old;
    bool preview = false;
    int64_t id = 0;
    TRY(alarm_take(ask, &draft, &preview, why));
    if (preview) {
        TRY(alarm_get(&desk, ask->db, ask_place_id(ask, 0), &old, why));
        draft.unit = old.unit;
        return foresee(ask, old.kind, &draft, why);
    }
    TRY(alarm_update(&desk, ask->db, ask_place_id(ask, 0), &draft, &id, why));
    return answer(ask, id, why);
}

errc api_alarms_cancel(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"reason", "mark", "say", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct alarm_ending ending = {.reason = S("")};
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(ask_optional_str(ask, in.root, "reason", ALARM_REASON_MOST, &given, &ending.reason));
    if (json_in_has(in.root, "say")) {
        TRY(json_in_bool(in.root, "say", &ending.say, &ask->bad));
    }
    if (ending.say) {
        TRY(air_take_id(ask, in.root, "mark", &ending.mark));
    }
    TRY(alarm_cancel(&desk, ask->db, ask_place_id(ask, 0), &ending, why));
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_alarms_correct(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    wire_id mark = {{0}};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &mark));
    TRY(alarm_correct(&desk, ask->db, ask_place_id(ask, 0), mark, &id, why));
    return answer(ask, id, why);
}

errc api_all_stop_release(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm alarm;
    TRY(alarm_get(&desk, ask->db, ask_place_id(ask, 0), &alarm, why));
    return alarm.kind == ALARM_STOP ? api_alarms_cancel(ask, why)
                                    : fail(why, ERR_NOT_FOUND, "it is no all-stop");
}

errc api_alarms_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_filter filter = {.unit = 0};
    struct alarms alarms;
    str kind = STR_NONE;
    int64_t open = 0;
    int64_t unread = 0;
    TRY(ask_query(ask, "kind", &kind));
    TRY(ask_query_i64(ask, "open", 0, &open));
    TRY(ask_query_i64(ask, "report", 0, &unread));
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_i64(ask, "after", 0, &filter.before));
    TRY(ask_query_limit(ask, &filter.limit));
    filter.only_open = open != 0;
    filter.unread = unread != 0;
    filter.has_kind = kind.at != NULL;
    if (filter.has_kind && !alarm_kind_parse(kind, &filter.kind)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    TRY(alarm_list(&desk, ask->db, &filter, &alarms, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < alarms.count; i++) {
        TRY(alarm_json(ask, &alarms.at[i], why));
    }
    ask_list_end_at(ask, alarms.next);
    return OK;
}

/* --- coverage --------------------------------------------------------------------------------- */

enum group { GROUP_ALL, GROUP_HEARD, GROUP_UNREACHABLE, GROUP_WAITING, GROUP_STATE };

struct wanted {
    enum group group;
    enum coverage_state state;
};

static errc take_group(struct ask *ask, struct wanted *ret_wanted)
{
    struct wanted wanted = {.group = GROUP_ALL};
    str text = STR_NONE;
    TRY(ask_query(ask, "group", &text));
    if (text.at == NULL) {
        wanted.group = GROUP_ALL;
    } else if (str_is(text, S("heard"))) {
        wanted.group = GROUP_HEARD;
    } else if (str_is(text, S("unreachable"))) {
        wanted.group = GROUP_UNREACHABLE;
    } else if (str_is(text, S("waiting"))) {
        wanted.group = GROUP_WAITING;
    } else if (coverage_state_parse(text, &wanted.state)) {
        wanted.group = GROUP_STATE;
    } else {
        return bad_field(&ask->bad, "group", "unknown");
    }
    *ret_wanted = wanted;
    return OK;
}

static bool is_in(struct ask *ask, const struct wanted *wanted, const struct coverage_device *line)
{
    bool silent = line->state == COVERAGE_WAITING;
    switch (wanted->group) {
    case GROUP_ALL:
        return true;
    case GROUP_HEARD:
        return line->state == COVERAGE_SOUNDING || line->state == COVERAGE_SOUNDED ||
               (line->state == COVERAGE_ENDED && line->times > 0);
    case GROUP_UNREACHABLE:
        return silent && !alarm_device_attached(ask, line->device);
    case GROUP_WAITING:
        return silent && alarm_device_attached(ask, line->device);
    case GROUP_STATE:
        return line->state == wanted->state;
    }
    return false;
}

static void write_line(struct ask *ask, const struct coverage_device *line)
{
    struct json_out *out = &ask->json;
    bool gone = line->state == COVERAGE_WAITING && !alarm_device_attached(ask, line->device);
    json_object(out);
    air_device_at(ask, "device", line->device);
    air_unit_at(ask, "unit", line->unit);
    json_text_at(out, "state", gone ? "unreachable" : coverage_state_name(line->state));
    air_reason(ask, gone ? REASON_UNREACHABLE : line->reason);
    json_i64_at(out, "times", line->times);
    air_usec_at(out, "at", line->at);
    json_end(out);
}

errc api_alarms_coverage(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm alarm;
    struct coverage_device *lines = NULL;
    struct wanted wanted = {.group = GROUP_ALL};
    size_t count = 0;
    size_t limit = 0;
    size_t written = 0;
    int64_t after = 0;
    int64_t next = 0;
    TRY(take_group(ask, &wanted));
    TRY(ask_query_i64(ask, "after", 0, &after));
    TRY(ask_query_limit(ask, &limit));
    TRY(alarm_get(&desk, ask->db, ask_place_id(ask, 0), &alarm, why));
    TRY(alarm_lines(ask->db, ask->house->ports.coverage, &alarm, ask->arena, &lines, &count, why));
    json_object(&ask->json);
    json_key(&ask->json, "counts");
    TRY(alarm_counts_json(ask, &alarm, why));
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < count && next == 0; i++) {
        bool wants = (int64_t)lines[i].device > after && is_in(ask, &wanted, &lines[i]);
        if (wants && written == limit) {
            next = (int64_t)lines[i - 1].device;
        } else if (wants) {
            write_line(ask, &lines[i]);
            written++;
        }
    }
    ask_list_end_at(ask, next);
    return OK;
}
