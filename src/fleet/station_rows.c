/* Stations in the store. Every change goes the same way: hold the audit, read what is there, ask
 * whether the actor may, write, and tell the trail. */
#include "base/text.h"
#include "fleet/fleet_inside.h"
#include "fleet/station_sql.h"
#include "people/audit.h"
#include "store/db.h"

static enum station_stage stage_of(str name)
{
    enum station_stage stage = STAGE_SURVEYED;
    ignore_int(station_stage_parse(name, &stage));
    return stage;
}

static errc check_day(const struct fleet_job *job, const char *field, day on, day least,
                      struct why *why)
{
    bool fits = on >= least && on <= job->actor->today;
    return fits ? OK : fleet_field(job, field, "out_of_range", why);
}

static errc add_stage(struct db *db, const struct fleet_job *job, int64_t id,
                      const struct station_step *step, struct why *why)
{
    struct station_stage_add_in in = {
        .station_id = id,
        .stage = str_of(station_stage_name(step->stage)),
        .on_day = step->on,
        .note = step->note,
        .has_account_id = job->actor->account_id > 0,
        .account_id = job->actor->account_id,
        .account_name = job->actor->name.at == NULL ? S("") : job->actor->name,
        .now_us = job->actor->now,
    };
    return station_stage_add(db, &in, NULL, why);
}

static errc tell(struct db *db, const struct fleet_job *job, const struct station *station,
                 const char *action, const struct station *before, struct why *why)
{
    const struct station *sides[] = {before, station};
    str json[2] = {STR_NONE, STR_NONE};
    for (size_t i = 0; i < 2; i++) {
        if (sides[i] == NULL) {
            continue;
        }
        AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
        fleet_story_begin(&story);
        json_str_at(&story.json, "name", sides[i]->name);
        json_i64_at(&story.json, "unit_id", sides[i]->unit);
        json_text_at(&story.json, "stage", station_stage_name(sides[i]->stage));
        json_day_at(&story.json, "stage_day", sides[i]->stage_day);
        json_str_at(&story.json, "note", sides[i]->note);
        TRY(fleet_story_end(&story, job->arena, &json[i]));
    }
    struct fleet_tale tale = {.action = action,
                              .kind = "station",
                              .id = station->id,
                              .name = station->name,
                              .unit = station->unit,
                              .before = json[0],
                              .after = json[1]};
    return fleet_tell(db, job, "stations", &tale, why);
}

errc station_create(struct db *db, const struct fleet_job *job, const struct station_draft *draft,
                    int64_t *ret_id, struct why *why)
{
    struct fleet_keys keys;
    struct station_add_row row;
    TRY(audit_hold(db, why));
    TRY(fleet_check_name(job, "name", draft->name, why));
    TRY(fleet_check_note(job, draft->note, why));
    TRY(fleet_check_unit(job, "unit_id", RIGHT_FLEET_WRITE, draft->unit, why));
    TRY(check_day(job, "stage_day", draft->stage_day, DAY_LEAST, why));
    TRY(fleet_keys_make(job->arena, draft->name, S(""), &keys, why));
    struct station_add_in in = {
        .unit_id = draft->unit,
        .name = keys.name,
        .sort_key = keys.sort,
        .search_key = keys.search,
        .stage = str_of(station_stage_name(draft->stage)),
        .stage_day = draft->stage_day,
        .note = draft->note,
        .now_us = job->actor->now,
    };
    TRY(station_add(db, &in, job->arena, &row, why));
    struct station_step step = {.stage = draft->stage, .on = draft->stage_day, .note = S("")};
    TRY(add_stage(db, job, row.id, &step, why));
    struct station made = {.id = row.id,
                           .unit = draft->unit,
                           .name = keys.name,
                           .stage = draft->stage,
                           .stage_day = draft->stage_day,
                           .note = draft->note};
    TRY(tell(db, job, &made, "station_created", NULL, why));
    *ret_id = row.id;
    return OK;
}

static errc read_one(struct db *db, const struct fleet_job *job, int64_t id, enum right right,
                     struct station *ret_station, struct why *why)
{
    struct station_by_id_in in = {id};
    struct station_by_id_row row;
    TRY(station_by_id(db, &in, job->arena, &row, why));
    TRY(fleet_may(job, right, row.unit_id, why));
    *ret_station = (struct station){
        .id = row.id,
        .unit = row.unit_id,
        .name = row.name,
        .stage = stage_of(row.stage),
        .stage_day = row.stage_day,
        .note = row.note,
        .created = row.created_at_us,
        .clusters = row.clusters,
        .devices = row.devices,
    };
    return OK;
}

errc station_read(struct db *db, const struct fleet_job *job, int64_t id,
                  struct station *ret_station, struct station_steps *ret_steps, struct why *why)
{
    struct station_stages_of_in in = {id};
    struct station_stages_of_row *rows = NULL;
    size_t count = 0;
    TRY(read_one(db, job, id, RIGHT_FLEET_READ, ret_station, why));
    if (ret_steps == NULL) {
        return OK;
    }
    TRY(station_stages_of_all(db, &in, job->arena, &rows, &count, why));
    struct station_step *steps = arena_take_array(job->arena, count + 1, sizeof *steps);
    if (steps == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        steps[i] = (struct station_step){.stage = stage_of(rows[i].stage),
                                         .on = rows[i].on_day,
                                         .note = rows[i].note,
                                         .account_name = rows[i].account_name,
                                         .at = rows[i].at_us};
    }
    *ret_steps = (struct station_steps){steps, count};
    return OK;
}

/* --- pages -------------------------------------------------------------------------------------
 */

struct filling {
    const struct fleet_job *job;
    const struct station_filter *filter;
    str query_key;
    struct station *stations;
    size_t limit;
    size_t count;
    bool more;
};

static str keep(const struct filling *filling, str text)
{
    return text.at == NULL ? STR_NONE : arena_str(filling->job->arena, text);
}

/* ERR_CANCELLED ends the reading when the page is full. */
static errc on_station(void *ctx, const struct stations_page_row *row)
{
    struct filling *filling = ctx;
    unit_id within = filling->filter->unit;
    bool wanted = fleet_sees(filling->job, row->unit_id) &&
                  (within == 0 || fleet_is_below(filling->job, within, row->unit_id)) &&
                  text_key_has(row->search_key, filling->query_key);
    if (!wanted) {
        return OK;
    }
    if (filling->count == filling->limit) {
        filling->more = true;
        return ERR_CANCELLED;
    }
    filling->stations[filling->count++] = (struct station){
        .id = row->id,
        .unit = row->unit_id,
        .name = keep(filling, row->name),
        .stage = stage_of(row->stage),
        .stage_day = row->stage_day,
        .note = keep(filling, row->note),
        .created = row->created_at_us,
        .clusters = row->clusters,
        .devices = row->devices,
    };
    return OK;
}

errc station_list(struct db *db, const struct fleet_job *job, const struct station_filter *filter,
                  struct station_page *ret_page, struct why *why)
{
    struct filling filling = {.job = job, .filter = filter, .limit = filter->limit};
    struct stations_page_in in = {.stage = filter->stage};
    enum station_stage stage;
    if (filter->stage.at != NULL && !station_stage_parse(filter->stage, &stage)) {
        return fleet_field(job, "stage", "unknown", why);
    }
    if (filter->after.at != NULL && !str_to_i64(filter->after, &in.after_id)) {
        return fleet_field(job, "after", "wrong_type", why);
    }
    if (filter->query.len > 0) {
        TRY(text_search_key(job->arena, filter->query, &filling.query_key));
    }
    filling.stations = arena_take_array(job->arena, filling.limit + 1, sizeof *filling.stations);
    if (filling.stations == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = stations_page(db, &in, on_station, &filling, why);
    if (rc != OK && !(rc == ERR_CANCELLED && filling.more)) {
        return rc;
    }
    struct station_page page = {filling.stations, filling.count, STR_NONE};
    if (filling.more) {
        page.next =
            arena_format(job->arena, "%lld", (long long)filling.stations[filling.count - 1].id);
    }
    *ret_page = page;
    return arena_failed(job->arena) ? ERR_NO_MEMORY : OK;
}

/* --- changes -----------------------------------------------------------------------------------
 */

errc station_change(struct db *db, const struct fleet_job *job, int64_t id,
                    const struct station_patch *patch, struct why *why)
{
    struct station before;
    struct fleet_keys keys;
    TRY(audit_hold(db, why));
    TRY(read_one(db, job, id, RIGHT_FLEET_WRITE, &before, why));
    struct station after = before;
    after.name = patch->name.at == NULL ? before.name : patch->name;
    after.note = patch->note.at == NULL ? before.note : patch->note;
    TRY(fleet_check_name(job, "name", after.name, why));
    TRY(fleet_check_note(job, after.note, why));
    if (patch->unit != 0 && patch->unit != before.unit) {
        TRY(fleet_check_unit(job, "unit_id", RIGHT_FLEET_WRITE, patch->unit, why));
        after.unit = patch->unit;
    }
    TRY(fleet_keys_make(job->arena, after.name, S(""), &keys, why));
    after.name = keys.name;
    struct station_set_in in = {.id = id,
                                .unit_id = after.unit,
                                .name = keys.name,
                                .sort_key = keys.sort,
                                .search_key = keys.search,
                                .note = after.note};
    TRY(station_set(db, &in, NULL, why));
    int64_t version = 0;
    TRY(fleet_bump(db, job, &version, why));
    TRY(station_touch_devices(db, &(struct station_touch_devices_in){id, version}, NULL, why));
    return tell(db, job, &after, "station_changed", &before, why);
}

errc station_step(struct db *db, const struct fleet_job *job, int64_t id,
                  const struct station_step *step, struct why *why)
{
    struct station before;
    TRY(audit_hold(db, why));
    TRY(read_one(db, job, id, RIGHT_FLEET_WRITE, &before, why));
    if (!station_stage_may_follow(before.stage, step->stage)) {
        return fleet_field(job, "stage", "out_of_order", why);
    }
    TRY(check_day(job, "on", step->on, before.stage_day, why));
    TRY(fleet_check_note(job, step->note, why));
    struct station_set_stage_in in = {id, str_of(station_stage_name(step->stage)), step->on};
    TRY(station_set_stage(db, &in, NULL, why));
    TRY(add_stage(db, job, id, step, why));
    struct station after = before;
    after.stage = step->stage;
    after.stage_day = step->on;
    return tell(db, job, &after, "station_stage", &before, why);
}
