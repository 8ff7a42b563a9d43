/* Groups and zones of devices. */
#include "fleet/group.h"

#include "console/fleet_json.h"
#include "console/steps.h"

static void write_group(struct ask *ask, const struct group *group)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", group->id);
    json_str_at(out, "name", group->name);
    json_text_at(out, "kind", group->is_zone ? "zone" : "group");
    fleet_json_unit_at(ask, "unit", group->unit);
    json_i64_at(out, "devices", group->devices);
    json_end(out);
}

errc api_groups_list(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct groups groups;
    TRY(group_list(ask->db, &job, &groups, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < groups.count; i++) {
        write_group(ask, &groups.at[i]);
    }
    ask_list_end(ask, STR_NONE);
    return OK;
}

static errc take_devices(struct ask *ask, const struct json_value *body, struct group_draft *draft)
{
    const struct json_value *array = json_in_get(body, "devices");
    if (array == NULL) {
        return OK;
    }
    size_t count = json_in_is_array(array) ? json_in_count(array) : GROUP_DEVICES_MOST + 1;
    if (count > GROUP_DEVICES_MOST) {
        return bad_field(&ask->bad, "devices", "out_of_range");
    }
    int64_t *devices = arena_take_array(ask->arena, count + 1, sizeof *devices);
    if (devices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(json_in_as_id(json_in_at(array, i), "devices", &devices[i], &ask->bad));
    }
    draft->devices = devices;
    draft->device_count = count;
    return OK;
}

static errc put(struct ask *ask, int64_t id, struct why *why)
{
    static const char *const fields[] = {"name", "unit_id", "kind", "devices", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct group_draft draft = {.id = id};
    str kind = S("group");
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "name", 1, FLEET_NAME_MOST, &draft.name, &ask->bad));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &draft.unit, &ask->bad));
    TRY(fleet_take_text(ask, in.root, "kind", 16, NULL, &kind));
    draft.is_zone = str_is(kind, S("zone"));
    if (!draft.is_zone && !str_is(kind, S("group"))) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    TRY(take_devices(ask, in.root, &draft));
    TRY(group_put(ask->db, &job, &draft, &id, why));
    struct group group = {.id = id,
                          .unit = draft.unit,
                          .is_zone = draft.is_zone,
                          .name = draft.name,
                          .devices = (int64_t)draft.device_count};
    json_object(&ask->json);
    json_key(&ask->json, "group");
    write_group(ask, &group);
    json_end(&ask->json);
    return OK;
}

errc api_groups_create(struct ask *ask, struct why *why)
{
    return put(ask, 0, why);
}

errc api_groups_put(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    return put(ask, id, why);
}
