/* Stations: list, one with its life, making and changing, and the next stage. */
#include "fleet/station.h"

#include "console/fleet_json.h"
#include "console/steps.h"

static void write_station(struct ask *ask, const struct station *station)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", station->id);
    json_str_at(out, "name", station->name);
    fleet_json_unit_at(ask, "unit", station->unit);
    json_text_at(out, "stage", station_stage_name(station->stage));
    json_day_at(out, "stage_day", station->stage_day);
    json_str_at(out, "note", station->note);
    json_i64_at(out, "clusters", station->clusters);
    json_i64_at(out, "devices", station->devices);
    json_end(out);
}

static errc write_card(struct ask *ask, int64_t id, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct station station;
    struct station_steps steps;
    struct json_out *out = &ask->json;
    TRY(station_read(ask->db, &job, id, &station, &steps, why));
    json_object(out);
    json_key(out, "station");
    write_station(ask, &station);
    json_array_at(out, "steps");
    for (size_t i = 0; i < steps.count; i++) {
        json_object(out);
        json_text_at(out, "stage", station_stage_name(steps.at[i].stage));
        json_day_at(out, "on", steps.at[i].on);
        json_str_at(out, "note", steps.at[i].note);
        json_str_at(out, "by", steps.at[i].account_name);
        json_usec_at(out, "at", steps.at[i].at);
        json_end(out);
    }
    json_end(out);
    json_end(out);
    return OK;
}

errc api_stations_list(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct station_filter filter = {.query = STR_NONE};
    struct station_page page;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query(ask, "stage", &filter.stage));
    TRY(ask_query(ask, "q", &filter.query));
    TRY(ask_query(ask, "after", &filter.after));
    TRY(ask_query_limit(ask, &filter.limit));
    TRY(station_list(ask->db, &job, &filter, &page, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < page.count; i++) {
        write_station(ask, &page.at[i]);
    }
    ask_list_end(ask, page.next);
    return OK;
}

errc api_stations_show(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    return write_card(ask, id, why);
}

static errc take_stage(struct ask *ask, const struct json_value *body,
                       enum station_stage *ret_stage)
{
    str stage = STR_NONE;
    TRY(json_in_str(body, "stage", 1, 32, &stage, &ask->bad));
    return station_stage_parse(stage, ret_stage) ? OK : bad_field(&ask->bad, "stage", "unknown");
}

errc api_stations_create(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "name", "note", "stage", "stage_day", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct station_draft draft = {.note = S(""), .stage_day = ask->today};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &draft.unit, &ask->bad));
    TRY(json_in_str(in.root, "name", 1, FLEET_NAME_MOST, &draft.name, &ask->bad));
    TRY(fleet_take_lines(ask, in.root, "note", NULL, &draft.note));
    TRY(take_stage(ask, in.root, &draft.stage));
    if (json_in_has(in.root, "stage_day")) {
        TRY(json_in_day(in.root, "stage_day", &draft.stage_day, &ask->bad));
    }
    TRY(station_create(ask->db, &job, &draft, &id, why));
    return write_card(ask, id, why);
}

errc api_stations_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "name", "note", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct station_patch patch = {.unit = 0};
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    if (json_in_has(in.root, "unit_id")) {
        TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &patch.unit, &ask->bad));
    }
    TRY(fleet_take_text(ask, in.root, "name", FLEET_NAME_MOST, NULL, &patch.name));
    TRY(fleet_take_lines(ask, in.root, "note", NULL, &patch.note));
    TRY(station_change(ask->db, &job, id, &patch, why));
    return write_card(ask, id, why);
}

errc api_stations_step(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"stage", "on", "note", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct station_step step = {.on = ask->today, .note = S("")};
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_stage(ask, in.root, &step.stage));
    if (json_in_has(in.root, "on")) {
        TRY(json_in_day(in.root, "on", &step.on, &ask->bad));
    }
    TRY(fleet_take_lines(ask, in.root, "note", NULL, &step.note));
    TRY(station_step(ask->db, &job, id, &step, why));
    return write_card(ask, id, why);
}
