/* Who saw what about an alarm. */
#include "broadcast/alarm_seen.h"

#include "console/air_json.h"
#include "console/steps.h"

errc api_alarms_see(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark", "what", "words", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    enum alarm_sight what = SEEN_EFFECT;
    wire_id mark = {{0}};
    str name = STR_NONE;
    str words = S("");
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &mark));
    TRY(json_in_str(in.root, "what", 1, 20, &name, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "words", SEEN_WORDS_MOST, &given, &words));
    if (!alarm_sight_parse(name, &what)) {
        return bad_field(&ask->bad, "what", "unknown");
    }
    return alarm_see(&desk, ask->db, mark, what, air_text(ask, words), why);
}

errc api_alarms_seen(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct json_out *out = &ask->json;
    struct alarm_seen_list list;
    struct alarm alarm;
    TRY(alarm_get(&desk, ask->db, ask_place_id(ask, 0), &alarm, why));
    TRY(alarm_seen_of(&desk, ask->db, &alarm, &list, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < list.count; i++) {
        const struct alarm_seen *seen = &list.at[i];
        json_object(out);
        json_text_at(out, "what", alarm_sight_name(seen->what));
        json_str_at(out, "words", seen->words);
        air_name_at(out, "by", seen->account, seen->account_name);
        json_usec_at(out, "at", seen->at);
        json_end(out);
    }
    ask_list_end_at(ask, 0);
    return OK;
}
