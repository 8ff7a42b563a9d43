/* A named hazard in the hands of one person. */
#include "broadcast/alarm_delegation.h"

#include "console/air_json.h"
#include "console/steps.h"

static void write_delegation(struct ask *ask, const struct alarm_delegation *delegation)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", delegation->id);
    air_unit_at(ask, "unit", delegation->unit);
    json_text_at(out, "hazard", hazard_name(delegation->hazard));
    air_name_at(out, "account", delegation->account, delegation->account_name);
    json_day_at(out, "from", delegation->from);
    json_day_at(out, "to", delegation->to);
    air_name_at(out, "by", delegation->granted_by, delegation->granted_name);
    air_usec_at(out, "revoked_at", delegation->revoked_at);
    json_end(out);
}

static errc show(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_delegations list;
    TRY(alarm_delegation_list(&desk, ask->db, unit, &list, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < list.count; i++) {
        write_delegation(ask, &list.at[i]);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_delegations_list(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show(ask, unit, why);
}

errc api_delegations_add(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "hazard", "account_id", "from", "to", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct alarm_delegation delegation = {.id = 0};
    str hazard = STR_NONE;
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &delegation.unit, &ask->bad));
    TRY(json_in_i64(in.root, "account_id", 1, INT64_MAX, &delegation.account, &ask->bad));
    TRY(json_in_str(in.root, "hazard", 1, 20, &hazard, &ask->bad));
    TRY(json_in_day(in.root, "from", &delegation.from, &ask->bad));
    TRY(json_in_day(in.root, "to", &delegation.to, &ask->bad));
    if (!hazard_parse(hazard, &delegation.hazard)) {
        return bad_field(&ask->bad, "hazard", "unknown");
    }
    TRY(alarm_delegation_add(&desk, ask->db, &delegation, &id, why));
    return show(ask, delegation.unit, why);
}

errc api_delegations_revoke(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return alarm_delegation_revoke(&desk, ask->db, ask_place_id(ask, 0), why);
}
