/* What people do to devices: accept, change, act, replace, retire, one or many at a time. */
#include "console/fleet_json.h"
#include "console/steps.h"
#include "console/unit_json.h"
#include "fleet/device_list.h"
#include "fleet/group.h"

/* The database has one writer: an alarm that is raised meanwhile waits for one part, not for all.
 */
enum { TEST_TONE_MS = 10000, BATCH_PART = 500 };

/* --- one ---------------------------------------------------------------------------------------
 */

errc api_devices_accept(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"cluster_id", "name", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct device_placing placing = {.name = STR_NONE};
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "cluster_id", 1, INT64_MAX, &placing.cluster, &ask->bad));
    TRY(fleet_take_text(ask, in.root, "name", FLEET_NAME_MOST, NULL, &placing.name));
    TRY(device_accept(ask->db, &job, id, &placing, why));
    return device_card_answer(ask, id, why);
}

errc api_devices_retire(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(device_retire(ask->db, &job, id, why));
    return device_card_answer(ask, id, why);
}

errc api_devices_replace(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"by", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    int64_t id = 0;
    int64_t by = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "by", 1, INT64_MAX, &by, &ask->bad));
    TRY(device_replace(ask->db, &job, id, by, why));
    return device_card_answer(ask, by, why);
}

static errc take_settings(struct ask *ask, const struct json_value *object,
                          struct device_change *change)
{
    static const char *const names[] = {
#define X(FIELD, name, least, most) #name,
#include "fleet/settings.def"
#undef X
        NULL};
    TRY(json_in_only(object, names, &ask->bad));
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        const struct device_setting *setting = device_setting_at(i);
        int64_t value = 0;
        if (json_in_has(object, setting->name)) {
            TRY(json_in_i64(object, setting->name, setting->least, setting->most, &value,
                            &ask->bad));
            device_setting_set(&change->settings, i, value);
            change->fields |= setting->field;
        }
    }
    bool from = json_in_has(object, "fetch_from_min");
    return from == json_in_has(object, "fetch_to_min")
               ? OK
               : bad_field(&ask->bad, "fetch_to_min", "missing");
}

static errc take_change(struct ask *ask, const struct json_value *body,
                        struct device_change *change)
{
    bool given = false;
    bool operator_given = false;
    TRY(fleet_take_text(ask, body, "name", FLEET_NAME_MOST, &given, &change->name));
    change->fields |= given ? (unsigned)DEVICE_NAME : 0U;
    TRY(fleet_take_lines(ask, body, "note", &given, &change->note));
    change->fields |= given ? (unsigned)DEVICE_NOTE : 0U;
    TRY(fleet_take_text(ask, body, "sim_number", DEVICE_SIM_MOST, &given, &change->sim_number));
    TRY(fleet_take_text(ask, body, "sim_operator", DEVICE_SIM_MOST, &operator_given,
                        &change->sim_operator));
    change->fields |= given || operator_given ? (unsigned)DEVICE_SIM : 0U;
    if (json_in_has(body, "cluster_id")) {
        TRY(json_in_i64(body, "cluster_id", 1, INT64_MAX, &change->cluster, &ask->bad));
        change->fields |= DEVICE_CLUSTER;
    }
    const struct json_value *settings = json_in_get(body, "settings");
    return settings == NULL ? OK : take_settings(ask, settings, change);
}

errc api_devices_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"name",       "note",     "sim_number", "sim_operator",
                                         "cluster_id", "settings", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct device_change change = {.fields = 0};
    struct device device;
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(device_read(ask->db, &job, id, &device, why));
    change.sim_number = device.sim_number; /* of the two, the one that is not given stays */
    change.sim_operator = device.sim_operator;
    TRY(take_change(ask, in.root, &change));
    TRY(device_change(ask->db, &job, id, &change, why));
    return device_card_answer(ask, id, why);
}

static errc take_action(struct ask *ask, const struct json_value *body,
                        struct wire_action *ret_action)
{
    static const struct {
        const char *name;
        enum action_what what;
    } actions[] = {{"test_tone", ACTION_TEST_TONE},
                   {"restart", ACTION_RESTART},
                   {"self_test", ACTION_SELF_TEST},
                   {"send_log", ACTION_SEND_LOG}};
    str name = STR_NONE;
    TRY(json_in_str(body, "action", 1, 32, &name, &ask->bad));
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (str_is(name, str_of(actions[i].name))) {
            bool tone = actions[i].what == ACTION_TEST_TONE;
            *ret_action = (struct wire_action){actions[i].what, tone ? TEST_TONE_MS : 0};
            return OK;
        }
    }
    return bad_field(&ask->bad, "action", "unknown");
}

errc api_devices_act(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"action", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct wire_action action;
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_action(ask, in.root, &action));
    return device_act(ask->db, &job, id, &action, why);
}

/* --- many --------------------------------------------------------------------------------------
 */

struct batch {
    struct ask *ask;
    struct arena *arena; /* the request's own is too small for the whole fleet */
    struct fleet_job job;
    int64_t *ids_taken;
    struct device_ids ids; /* the same; of this part, ascending */
    int64_t after;
    int64_t next; /* where the next part begins; 0: all are done */
    bool preview;
    struct device_change change;
    bool acts;
    struct wire_action action;
    int64_t group_add;
    int64_t group_drop;
    struct device_batch outcome;
};

static errc take_ids(struct batch *batch, const struct json_value *array)
{
    struct bad_field *bad = &batch->ask->bad;
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count == 0 || count > DEVICE_BATCH_MOST) {
        return bad_field(bad, "ids", "out_of_range");
    }
    int64_t *ids = arena_take_array(batch->arena, count, sizeof *ids);
    if (ids == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(json_in_as_id(json_in_at(array, i), "ids", &ids[i], bad));
    }
    batch->ids_taken = ids;
    batch->ids = (struct device_ids){ids, count};
    return OK;
}

static errc take_filter_words(struct ask *ask, const struct json_value *object,
                              struct presence_filter *filter)
{
    static const char *const fields[] = {"unit", "state", "fault", "group", "q", NULL};
    str state = STR_NONE;
    str fault = STR_NONE;
    str query = STR_NONE;
    bool given = false;
    TRY(json_in_only(object, fields, &ask->bad));
    TRY(ask_optional_str(ask, object, "state", 32, &given, &state));
    TRY(ask_optional_str(ask, object, "fault", 32, &given, &fault));
    TRY(ask_optional_str(ask, object, "q", FLEET_QUERY_MOST, &given, &query));
    TRY(fleet_filter_state(ask, state.len > 0 ? state : STR_NONE, filter));
    TRY(fleet_filter_fault(ask, fault.len > 0 ? fault : STR_NONE, filter));
    TRY(fleet_filter_query(ask, query, filter));
    if (json_in_has(object, "unit")) {
        TRY(json_in_i64(object, "unit", 1, INT64_MAX, &filter->unit, &ask->bad));
    }
    if (json_in_has(object, "group")) {
        TRY(json_in_i64(object, "group", 1, INT64_MAX, &filter->group, &ask->bad));
    }
    filter->side = PRESENCE_IN_USE;
    return OK;
}

static errc take_found(struct batch *batch, const struct json_value *object)
{
    struct ask *ask = batch->ask;
    struct presence_filter filter = {.state = -1};
    struct presence_lines lines;
    TRY(fleet_filter_seen(ask, RIGHT_FLEET_READ, &filter));
    TRY(take_filter_words(ask, object, &filter));
    TRY(presence_list(ask->house->ports.presence, &filter, batch->arena, &lines));
    if (lines.count > DEVICE_BATCH_MOST) {
        return bad_field(&ask->bad, "filter", "out_of_range");
    }
    int64_t *ids = arena_take_array(batch->arena, lines.count + 1, sizeof *ids);
    if (ids == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < lines.count; i++) {
        ids[i] = lines.at[i].id;
    }
    batch->ids_taken = ids;
    batch->ids = (struct device_ids){ids, lines.count};
    return OK;
}

static errc take_what(struct batch *batch, const struct json_value *object)
{
    static const char *const fields[] = {"settings", "action", "group_add", "group_drop", NULL};
    struct ask *ask = batch->ask;
    TRY(json_in_only(object, fields, &ask->bad));
    if (json_in_has(object, "settings")) {
        TRY(take_settings(ask, json_in_get(object, "settings"), &batch->change));
    }
    batch->acts = json_in_has(object, "action");
    if (batch->acts) {
        TRY(take_action(ask, object, &batch->action));
    }
    if (json_in_has(object, "group_add")) {
        TRY(json_in_i64(object, "group_add", 1, INT64_MAX, &batch->group_add, &ask->bad));
    }
    if (json_in_has(object, "group_drop")) {
        TRY(json_in_i64(object, "group_drop", 1, INT64_MAX, &batch->group_drop, &ask->bad));
    }
    bool nothing = batch->change.fields == 0 && !batch->acts && batch->group_add == 0 &&
                   batch->group_drop == 0;
    return nothing ? bad_field(&ask->bad, "change", "missing") : OK;
}

static int by_number(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t two = *(const int64_t *)b;
    return one < two ? -1 : one > two;
}

/* In the order of numbers, each once, those that earlier parts have done left out. */
static void take_part(struct batch *batch)
{
    int64_t *ids = batch->ids_taken;
    size_t count = 0;
    qsort(ids, batch->ids.count, sizeof *ids, by_number);
    for (size_t i = 0; i < batch->ids.count; i++) {
        if (ids[i] > batch->after && (count == 0 || ids[count - 1] != ids[i])) {
            ids[count++] = ids[i];
        }
    }
    if (!batch->preview && count > BATCH_PART) {
        count = BATCH_PART;
        batch->next = ids[count - 1];
    }
    batch->ids = (struct device_ids){ids, count};
}

static errc take_batch(struct batch *batch, struct why *why)
{
    static const char *const fields[] = {"preview", "ids", "filter", "change", "after", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct ask *ask = batch->ask;
    TRY(ask_body(ask, fields, &in, why));
    if (json_in_has(in.root, "preview")) {
        TRY(json_in_bool(in.root, "preview", &batch->preview, &ask->bad));
    }
    if (json_in_has(in.root, "after")) {
        TRY(json_in_i64(in.root, "after", 0, INT64_MAX, &batch->after, &ask->bad));
    }
    if (!json_in_has(in.root, "change")) {
        return bad_field(&ask->bad, "change", "missing");
    }
    TRY(take_what(batch, json_in_get(in.root, "change")));
    bool listed = json_in_has(in.root, "ids");
    if (listed == json_in_has(in.root, "filter")) {
        return bad_field(&ask->bad, "ids", listed ? "unknown_field" : "missing");
    }
    TRY(listed ? take_ids(batch, json_in_get(in.root, "ids"))
               : take_found(batch, json_in_get(in.root, "filter")));
    take_part(batch);
    return OK;
}

/* How many would be changed, in how many units. */
static errc count_batch(struct batch *batch, size_t *ret_units)
{
    struct ask *ask = batch->ask;
    struct right_view view = unit_right_view(ask->forest);
    unit_id *units = arena_take_array(batch->arena, batch->ids.count + 1, sizeof *units);
    size_t count = 0;
    size_t distinct = 0;
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < batch->ids.count; i++) {
        struct presence_key key;
        bool may = presence_by_id(ask->house->ports.presence, batch->ids.at[i], &key) &&
                   key.state == DEVICE_IS_ACCEPTED &&
                   actor_may(&ask->actor, RIGHT_FLEET_WRITE, key.place.unit, &view);
        if (may) {
            units[count++] = key.place.unit;
        }
    }
    qsort(units, count, sizeof *units, by_number);
    for (size_t i = 0; i < count; i++) {
        distinct += i == 0 || units[i] != units[i - 1] ? 1 : 0;
    }
    batch->outcome = (struct device_batch){count, batch->ids.count - count};
    *ret_units = distinct;
    return OK;
}

static errc do_batch(struct batch *batch, struct why *why)
{
    struct db *db = batch->ask->db;
    const struct fleet_job *job = &batch->job;
    struct device_ids ids = batch->ids;
    struct device_batch *outcome = &batch->outcome;
    if (batch->change.fields != 0) {
        TRY(device_change_many(db, job, ids, &batch->change, outcome, why));
    }
    if (batch->acts) {
        TRY(device_act_many(db, job, ids, &batch->action, outcome, why));
    }
    if (batch->group_add != 0) {
        TRY(group_change_members(db, job, batch->group_add, ids, true, outcome, why));
    }
    if (batch->group_drop != 0) {
        TRY(group_change_members(db, job, batch->group_drop, ids, false, outcome, why));
    }
    return OK;
}

errc api_devices_batch(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    size_t units = 0;
    TRY(arena_create((size_t)8 * FLEET_ANSWER_ARENA, &arena));
    struct batch batch = {.ask = ask, .arena = arena, .job = ask_fleet_job(ask)};
    batch.job.arena = arena;
    TRY(take_batch(&batch, why));
    TRY(count_batch(&batch, &units));
    if (!batch.preview) {
        TRY(do_batch(&batch, why));
    }
    json_object(&ask->json);
    json_i64_at(&ask->json, "devices", (int64_t)batch.outcome.changed);
    json_i64_at(&ask->json, "units", (int64_t)units);
    json_i64_at(&ask->json, "skipped", (int64_t)batch.outcome.skipped);
    fleet_json_number_at(ask, "next", batch.next == 0 ? CLUSTER_NONE : batch.next);
    json_end(&ask->json);
    return OK;
}

/* --- preloaded lists ---------------------------------------------------------------------------
 */

errc api_device_lists_load(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct json_out *out = &ask->json;
    struct device_list_report report;
    str name = STR_NONE;
    TRY(ask_query(ask, "name", &name));
    TRY(arena_create(FLEET_ANSWER_ARENA, &arena));
    struct fleet_job job = ask_fleet_job(ask);
    job.arena = arena;
    TRY(device_list_load(ask->db, &job, name.at == NULL ? S("csv") : name, ask->body, &report,
                         why));
    json_object(out);
    fleet_json_number_at(ask, "id", report.id == 0 ? CLUSTER_NONE : report.id);
    json_i64_at(out, "lines", (int64_t)report.lines);
    json_i64_at(out, "accepted", (int64_t)report.accepted);
    json_array_at(out, "problems");
    for (size_t i = 0; i < report.problem_count; i++) {
        const struct device_list_problem *problem = &report.problems[i];
        json_object(out);
        json_i64_at(out, "line", (int64_t)problem->line);
        json_text_at(out, "code", problem->code);
        json_str_at(out, "message", ask_word(ask, "device_list.problem.", str_of(problem->code)));
        ask_write_text(ask, "about", problem->about);
        json_end(out);
    }
    json_end(out);
    json_end(out);
    return OK;
}
