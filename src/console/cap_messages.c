/* Messages that came: seen, handed in, used, dismissed. */
#include "console/cap_json.h"
#include "console/steps.h"

static errc answer(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_kept kept;
    TRY(cap_message_get(&desk, ask->db, id, &kept, why));
    json_object(&ask->json);
    json_key(&ask->json, "message");
    TRY(cap_json_message(ask, &kept, true, why));
    json_end(&ask->json);
    return OK;
}

errc api_cap_messages_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_filter filter = {.source = 0};
    struct cap_kept_list list;
    str state = STR_NONE;
    TRY(ask_query(ask, "state", &state));
    TRY(ask_query_i64(ask, "source", 0, &filter.source));
    TRY(ask_query_i64(ask, "before", 0, &filter.before));
    TRY(ask_query_limit(ask, &filter.limit));
    filter.has_state = state.at != NULL;
    if (filter.has_state && !cap_state_parse(state, &filter.state)) {
        return bad_field(&ask->bad, "state", "unknown");
    }
    TRY(cap_message_list(&desk, ask->db, &filter, &list, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < list.count; i++) {
        TRY(cap_json_message(ask, &list.at[i], false, why));
    }
    ask_list_end_at(ask, list.next);
    return OK;
}

errc api_cap_messages_show(struct ask *ask, struct why *why)
{
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_cap_messages_xml(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_kept kept;
    TRY(cap_message_get(&desk, ask->db, ask_place_id(ask, 0), &kept, why));
    ask->type = "application/cap+xml; charset=utf-8";
    buf_add(&ask->out, kept.xml);
    return buf_check(&ask->out);
}

errc api_cap_messages_take(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_job job = {.desk = &desk, .places = ask->house->ports.places};
    struct why reason = {""};
    int64_t source = 0;
    int64_t id = 0;
    TRY(ask_query_i64(ask, "source", 0, &source));
    errc rc = cap_message_take(&job, ask->db, source, ask->body, &id, &reason);
    if (rc == ERR_INVALID || rc == ERR_BAD_UTF8) {
        ignore(fail(why, rc, "%s", reason.text));
        return bad_field(&ask->bad, "body", "not_cap");
    }
    TRY(fail_in(why, rc, "%s", reason.text));
    return answer(ask, id, why);
}

static errc take_numbers(struct ask *ask, const struct json_value *body, struct cap_wish *wish)
{
    int64_t clip = -1;
    int64_t valid_s = 0;
    str signal = STR_NONE;
    bool given = false;
    TRY(air_take_number(ask, body, "clip", 0, 255, &clip));
    TRY(air_take_number(ask, body, "valid_s", 10, 86400, &valid_s));
    TRY(ask_optional_str(ask, body, "signal", 16, &given, &signal));
    wish->clip = (int)clip;
    wish->valid_ms = valid_s * 1000;
    return !given || alarm_signal_parse(signal, &wish->signal)
               ? OK
               : bad_field(&ask->bad, "signal", "unknown");
}

static errc take_wish(struct ask *ask, struct cap_wish *wish, bool *ret_preview, struct why *why)
{
    static const char *const fields[] = {"mark",    "title", "text",    "signal", "clip",
                                         "valid_s", "areas", "preview", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    bool given = false;
    *wish = (struct cap_wish){.title = S(""), .text = S("")};
    *ret_preview = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &wish->mark));
    TRY(ask_optional_str(ask, in.root, "title", ALARM_TITLE_MOST, &given, &wish->title));
    if (json_in_has(in.root, "text")) {
        TRY(json_in_lines(in.root, "text", 0, ALARM_TEXT_MOST, &wish->text, &ask->bad));
    }
    wish->title = air_text(ask, wish->title);
    wish->text = air_text(ask, wish->text);
    TRY(air_take_units(ask, in.root, "areas", ALARM_AREAS_MOST, &wish->areas, &wish->area_count));
    if (json_in_has(in.root, "preview")) {
        TRY(json_in_bool(in.root, "preview", ret_preview, &ask->bad));
    }
    return take_numbers(ask, in.root, wish);
}

static errc foresee(struct ask *ask, int64_t id, const struct cap_wish *wish, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_kept kept;
    struct alarm_draft draft;
    struct alarm_effect effect;
    enum alarm_kind kind = ALARM_REAL;
    TRY(cap_message_get(&desk, ask->db, id, &kept, why));
    TRY(cap_message_draft(&desk, ask->db, &kept, wish, &draft, &kind, why));
    TRY(alarm_preview(&desk, ask->db, kind, &draft, &effect, why));
    json_object(&ask->json);
    json_null_at(&ask->json, "alarm");
    json_key(&ask->json, "effect");
    alarm_effect_json(ask, kind, &effect);
    json_key(&ask->json, "message");
    TRY(cap_json_message(ask, &kept, true, why));
    json_end(&ask->json);
    return OK;
}

errc api_cap_messages_use(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_kept kept;
    struct cap_wish wish;
    struct alarm alarm;
    int64_t id = ask_place_id(ask, 0);
    int64_t raised = 0;
    bool preview = false;
    TRY(take_wish(ask, &wish, &preview, why));
    if (preview) {
        return foresee(ask, id, &wish, why);
    }
    TRY(cap_message_use(&desk, ask->db, id, &wish, &raised, why));
    TRY(cap_message_get(&desk, ask->db, id, &kept, why));
    TRY(alarm_get(&desk, ask->db, raised, &alarm, why));
    json_object(&ask->json);
    json_key(&ask->json, "alarm");
    TRY(alarm_json(ask, &alarm, why));
    json_null_at(&ask->json, "effect");
    json_key(&ask->json, "message");
    TRY(cap_json_message(ask, &kept, true, why));
    json_end(&ask->json);
    return OK;
}

errc api_cap_messages_dismiss(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"reason", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    str reason = S("");
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(ask_optional_str(ask, in.root, "reason", ALARM_REASON_MOST, &given, &reason));
    TRY(cap_message_dismiss(&desk, ask->db, ask_place_id(ask, 0), reason, why));
    return answer(ask, ask_place_id(ask, 0), why);
}
