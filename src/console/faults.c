/* Faults: the list, the digest that folds many into few lines, and having seen one. */
#include "fleet/fault.h"

#include "console/fleet_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { DIGEST_FAULTS = 20000 };

errc api_faults_list(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct fault_filter filter = {.unit = 0};
    struct fault_page page;
    str kind = STR_NONE;
    str past = STR_NONE;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_i64(ask, "device", 0, &filter.device));
    TRY(ask_query_i64(ask, "after", 0, &filter.before));
    TRY(ask_query(ask, "kind", &kind));
    TRY(ask_query(ask, "past", &past));
    TRY(ask_query_limit(ask, &filter.limit));
    if (kind.at != NULL && !fault_parse(kind, &filter.kinds)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    filter.with_past = past.at != NULL;
    TRY(fault_list(ask->db, &job, &filter, &page, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < page.count; i++) {
        fleet_json_fault(ask, &page.at[i]);
    }
    ask_list_end_at(ask, page.next);
    return OK;
}

static void write_digest_line(struct ask *ask, const struct fault_line *line)
{
    struct json_out *out = &ask->json;
    struct presence_counts counts;
    presence_count(ask->house->ports.presence, line->commune, &counts);
    json_object(out);
    json_text_at(out, "kind", fault_name(line->kind));
    fleet_json_unit_at(ask, "unit", line->commune);
    json_i64_at(out, "count", (int64_t)line->count);
    json_i64_at(out, "acknowledged", (int64_t)line->acknowledged);
    json_i64_at(out, "devices", (int64_t)counts.devices);
    json_usec_at(out, "since", line->since);
    json_usec_at(out, "latest", line->latest);
    fleet_json_ref_at(ask, "device", line->device, line->device_name);
    json_end(out);
}

errc api_faults_digest(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct fault_filter filter = {.limit = DIGEST_FAULTS};
    struct fault_page page;
    struct fault_digest digest;
    struct json_out *out = &ask->json;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(arena_create(FLEET_ANSWER_ARENA, &arena));
    struct fleet_job job = ask_fleet_job(ask);
    job.arena = arena;
    TRY(fault_list(ask->db, &job, &filter, &page, why));
    TRY(fault_fold(page.at, page.count, ask->forest, ask->today, arena, &digest));
    json_object(out);
    json_i64_at(out, "faults", (int64_t)digest.faults);
    json_array_at(out, "items");
    for (size_t i = 0; i < digest.count; i++) {
        write_digest_line(ask, &digest.at[i]);
    }
    json_end(out);
    json_end(out);
    return OK;
}

errc api_faults_acknowledge(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    return fault_acknowledge(ask->db, &job, id, why);
}
