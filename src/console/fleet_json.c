/* What the routes of the fleet share: reading filters and fields, writing names and faults. */
#include "console/fleet_json.h"

#include "base/text.h"
#include "console/unit_json.h"

enum { DEVICES_USUAL = 50, DEVICES_MOST = 500, SEEN_MOST = GRANTS_MOST };

struct fleet_job ask_fleet_job(struct ask *ask)
{
    return (struct fleet_job){
        .forest = ask->forest,
        .actor = &ask->actor,
        .arena = ask->arena,
        .bad = &ask->bad,
        .signing = ask->house->ports.signing,
        .entropy = ask->house->entropy,
        .zone_s = ask->house->zone / USEC_SECOND,
    };
}

errc ask_fleet_id(const struct ask *ask, int64_t *ret_id)
{
    int64_t id = ask_place_id(ask, 0);
    if (id < 0) {
        return ERR_NOT_FOUND;
    }
    *ret_id = id;
    return OK;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static errc keep(struct ask *ask, str text, str *ret_text)
{
    str copy = arena_str(ask->arena, text);
    if (copy.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_text = copy;
    return OK;
}

/* There, null or not. */
static bool is_there(const struct json_value *body, const char *key)
{
    return json_in_has(body, key) || json_in_is_null(body, key);
}

static void note_given(bool *ret_given, bool given)
{
    if (ret_given != NULL) {
        *ret_given = given;
    }
}

errc fleet_take_text(struct ask *ask, const struct json_value *body, const char *key, size_t most,
                     bool *ret_given, str *ret_text)
{
    str text = STR_NONE;
    bool given = is_there(body, key);
    note_given(ret_given, given);
    if (!given) {
        return OK;
    }
    if (json_in_is_null(body, key)) {
        *ret_text = S("");
        return OK;
    }
    TRY(json_in_str(body, key, 0, most, &text, &ask->bad));
    return keep(ask, text, ret_text);
}

errc fleet_take_lines(struct ask *ask, const struct json_value *body, const char *key,
                      bool *ret_given, str *ret_text)
{
    str text = STR_NONE;
    bool given = is_there(body, key);
    note_given(ret_given, given);
    if (!given) {
        return OK;
    }
    if (json_in_is_null(body, key)) {
        *ret_text = S("");
        return OK;
    }
    TRY(json_in_lines(body, key, 0, FLEET_NOTE_MOST, &text, &ask->bad));
    return keep(ask, text, ret_text);
}

errc fleet_take_number(struct ask *ask, const struct json_value *body, const char *key,
                       bool *ret_given, int64_t *ret_number)
{
    bool given = is_there(body, key);
    note_given(ret_given, given);
    if (given && json_in_is_null(body, key)) {
        *ret_number = CLUSTER_NONE;
        return OK;
    }
    return given ? json_in_i64(body, key, 0, INT32_MAX, ret_number, &ask->bad) : OK;
}

/* --- writing -----------------------------------------------------------------------------------
 */

void fleet_json_ref_at(struct ask *ask, const char *key, int64_t id, str name)
{
    json_key(&ask->json, key);
    if (id == 0) {
        json_null(&ask->json);
        return;
    }
    json_object(&ask->json);
    json_i64_at(&ask->json, "id", id);
    json_str_at(&ask->json, "name", name.at == NULL ? S("") : name);
    json_end(&ask->json);
}

/* As it is today; a unit that ended is shown as it was last. */
void fleet_json_unit_at(struct ask *ask, const char *key, unit_id unit)
{
    unit_json_ref_at(&ask->json, key, forest_at(ask->forest, ask->today), unit);
}

void fleet_json_number_at(struct ask *ask, const char *key, int64_t number)
{
    if (number == CLUSTER_NONE) {
        json_null_at(&ask->json, key);
    } else {
        json_i64_at(&ask->json, key, number);
    }
}

void fleet_json_usec_at(struct ask *ask, const char *key, usec instant)
{
    if (instant == 0) {
        json_null_at(&ask->json, key);
    } else {
        json_usec_at(&ask->json, key, instant);
    }
}

void fleet_json_faults_at(struct ask *ask, const char *key, uint32_t faults)
{
    json_array_at(&ask->json, key);
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        if ((faults & fault_at(i)) != 0) {
            json_text(&ask->json, fault_name(fault_at(i)));
        }
    }
    json_end(&ask->json);
}

const char *fleet_sound_name(uint64_t sound)
{
    static const char *const names[] = {
        [SOUND_NONE] = "none",   [SOUND_ITEM] = "item",   [SOUND_FILLER] = "filler",
        [SOUND_ALARM] = "alarm", [SOUND_DRILL] = "drill", [SOUND_STOPPED] = "stopped",
        [SOUND_TEST] = "test",   [SOUND_LIVE] = "live",
    };
    return sound < COUNT_OF(names) ? names[sound] : names[SOUND_NONE];
}

const char *fleet_link_name(uint64_t link)
{
    static const char *const names[] = {
        [LINK_UNKNOWN] = "unknown", [LINK_FIBRE] = "fibre", [LINK_WIFI] = "wifi",
        [LINK_4G] = "4g",           [LINK_3G] = "3g",       [LINK_2G] = "2g",
    };
    return link < COUNT_OF(names) ? names[link] : names[LINK_UNKNOWN];
}

const char *fleet_clock_name(uint64_t clock)
{
    static const char *const names[] = {
        [CLOCK_UNSURE] = "unsure",
        [CLOCK_BOUNDED] = "bounded",
        [CLOCK_HOLDING] = "holding",
        [CLOCK_SURE] = "sure",
    };
    return clock < COUNT_OF(names) ? names[clock] : names[CLOCK_UNSURE];
}

void fleet_json_fault(struct ask *ask, const struct fault *fault)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", fault->id);
    fleet_json_ref_at(ask, "device", fault->device, fault->device_name);
    fleet_json_ref_at(ask, "cluster", fault->cluster, fault->cluster_name);
    fleet_json_unit_at(ask, "unit", fault->unit);
    json_text_at(out, "kind", fault_name(fault->kind));
    json_usec_at(out, "since", fault->since);
    fleet_json_usec_at(ask, "until", fault->until);
    json_str_at(out, "detail", fault->detail);
    fleet_json_usec_at(ask, "acknowledged_at", fault->acknowledged);
    ask_write_text(ask, "acknowledged_by", fault->acknowledged_name);
    json_end(out);
}

/* --- filters -----------------------------------------------------------------------------------
 */

errc fleet_filter_seen(struct ask *ask, enum right right, struct presence_filter *filter)
{
    const struct actor *actor = &ask->actor;
    unit_id *seen = arena_take_array(ask->arena, SEEN_MOST, sizeof *seen);
    if (seen == NULL) {
        return ERR_NO_MEMORY;
    }
    filter->seen = seen;
    filter->seen_count = 0;
    filter->seen_all = unit_over_all(ask, right);
    for (size_t i = 0; i < actor->grants.count && filter->seen_count < SEEN_MOST; i++) {
        const struct grant *grant = &actor->grants.at[i];
        bool counts = grant_is_in_force(grant, actor->today) &&
                      (role_rights(grant->role) & RIGHT_BIT(right)) != 0;
        if (counts) {
            seen[filter->seen_count++] = grant->unit_id;
        }
    }
    return OK;
}

errc fleet_filter_state(struct ask *ask, str state, struct presence_filter *filter)
{
    enum presence_state live = PRESENCE_NEVER;
    filter->state = -1;
    if (state.at == NULL) {
        return OK;
    }
    if (str_is(state, S("ended"))) {
        filter->side = PRESENCE_ENDED;
        return OK;
    }
    if (!presence_state_parse(state, &live)) {
        return bad_field(&ask->bad, "state", "unknown");
    }
    filter->state = (int)live;
    return OK;
}

errc fleet_filter_fault(struct ask *ask, str fault, struct presence_filter *filter)
{
    uint32_t one = 0;
    if (fault.at == NULL) {
        return OK;
    }
    if (str_is(fault, S("any"))) {
        filter->faults = UINT32_MAX;
        return OK;
    }
    if (!fault_parse(fault, &one)) {
        return bad_field(&ask->bad, "fault", "unknown");
    }
    filter->faults = one;
    return OK;
}

errc fleet_filter_query(struct ask *ask, str query, struct presence_filter *filter)
{
    if (query.len == 0) {
        return OK;
    }
    if (text_length(query) > FLEET_QUERY_MOST) {
        return bad_field(&ask->bad, "q", "too_long");
    }
    return text_search_key(ask->arena, query, &filter->query_key);
}

static errc take_words(struct ask *ask, struct presence_filter *filter)
{
    str state = STR_NONE;
    str fault = STR_NONE;
    str kind = STR_NONE;
    str query = STR_NONE;
    str pending = STR_NONE;
    TRY(ask_query(ask, "state", &state));
    TRY(ask_query(ask, "fault", &fault));
    TRY(ask_query(ask, "kind", &kind));
    TRY(ask_query(ask, "q", &query));
    TRY(ask_query(ask, "pending", &pending));
    TRY(fleet_filter_state(ask, state, filter));
    TRY(fleet_filter_fault(ask, fault, filter));
    TRY(fleet_filter_query(ask, query, filter));
    if (kind.at != NULL && !device_kind_parse(kind, &filter->kind)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    filter->side = pending.at != NULL ? PRESENCE_WAITING : filter->side;
    return OK;
}

errc ask_fleet_filter(struct ask *ask, enum right right, struct presence_filter *ret_filter)
{
    struct presence_filter filter = {.state = -1};
    int64_t limit = DEVICES_USUAL;
    TRY(fleet_filter_seen(ask, right, &filter));
    TRY(take_words(ask, &filter));
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_i64(ask, "group", 0, &filter.group));
    TRY(ask_query_i64(ask, "cluster", 0, &filter.cluster));
    TRY(ask_query_i64(ask, "station", 0, &filter.station));
    TRY(ask_query_i64(ask, "after", 0, &filter.after));
    TRY(ask_query_i64(ask, "limit", DEVICES_USUAL, &limit));
    if (limit < 1 || limit > DEVICES_MOST) {
        return bad_field(&ask->bad, "limit", "out_of_range");
    }
    filter.limit = (size_t)limit;
    *ret_filter = filter;
    return OK;
}
