/* Traffic of SIM cards in a month, beside their budgets. */
#include "fleet/traffic.h"

#include "console/fleet_json.h"
#include "console/steps.h"

static void write_line(struct ask *ask, const struct traffic_line *line)
{
    struct json_out *out = &ask->json;
    json_object(out);
    fleet_json_ref_at(ask, "device", line->device, line->device_name);
    fleet_json_unit_at(ask, "unit", line->unit);
    json_str_at(out, "sim_number", line->sim_number);
    json_str_at(out, "sim_operator", line->sim_operator);
    json_i64_at(out, "bytes_in", line->bytes_in);
    json_i64_at(out, "bytes_out", line->bytes_out);
    fleet_json_number_at(ask, "budget_kb", line->budget_kb == 0 ? CLUSTER_NONE : line->budget_kb);
    json_end(out);
}

errc api_traffic_show(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct civil today = day_civil(ask->today);
    struct traffic_filter filter = {.month = (int64_t)today.year * 100 + today.month};
    struct traffic traffic;
    struct json_out *out = &ask->json;
    TRY(ask_query_i64(ask, "month", filter.month, &filter.month));
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_limit(ask, &filter.limit));
    TRY(traffic_read(ask->db, &job, &filter, &traffic, why));
    json_object(out);
    json_i64_at(out, "month", filter.month);
    json_i64_at(out, "sims", (int64_t)traffic.sims);
    json_i64_at(out, "over_budget", (int64_t)traffic.over_budget);
    json_i64_at(out, "bytes_in", traffic.bytes_in);
    json_i64_at(out, "bytes_out", traffic.bytes_out);
    json_array_at(out, "items");
    for (size_t i = 0; i < traffic.count; i++) {
        write_line(ask, &traffic.at[i]);
    }
    json_end(out);
    json_end(out);
    return OK;
}
