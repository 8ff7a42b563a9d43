/* See airing.h. */
#include "studio/airing.h"

#include "base/text.h"
#include "broadcast/schedule.h"
#include "studio/airing_sql.h"
#include "studio/bulletin_inside.h"
#include "studio/bulletin_sql.h"
#include "studio/offer.h"

struct placing {
    struct bulletin_job job;
    const struct airing_place *place;
    struct bulletin bulletin;
    struct programme_item *items; /* its sounds, one for each language */
    size_t item_count;
    struct programme programme;
    int64_t airing;
};

/* --- what is checked -------------------------------------------------------------------------- */

static errc take_sounds(struct placing *run)
{
    static const hash none;
    const struct bulletin_body *body = &run->bulletin.body;
    struct arena *arena = run->job.desk->arena;
    run->items = arena_take_array(arena, body->text_count + 1, sizeof *run->items);
    if (run->items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        if (text->channel != CHANNEL_SOUND || hash_is(text->media, none)) {
            continue;
        }
        run->items[run->item_count++] = (struct programme_item){
            .on = DAY_FIRST,
            .position = 1,
            .language = text->language,
            .media = text->media,
            .ms = text->ms,
            .bytes = text->bytes,
            .title = text->title.len > 0 ? text->title : body->title,
            .bulletin = run->job.id,
        };
    }
    return run->item_count > 0 ? OK : bad_field(run->job.desk->bad, "texts", "no_sound");
}

static errc check_state(struct placing *run)
{
    struct bulletin_job *job = &run->job;
    TRY(bulletin_get(job->desk, job->db, job->id, &run->bulletin, job->why));
    const struct bulletin_line *line = &run->bulletin.line;
    if (line->class == BULLETIN_EMERGENCY) {
        return fail(job->why, ERR_BY_ALARM, "an emergency is given as an alarm");
    }
    return bulletin_step_fits(line->state, line->class, STEP_SCHEDULE)
               ? OK
               : fail(job->why, ERR_CONFLICT, "it is not approved");
}

/* The issuer's own place, or one of a unit to which the bulletin was sent. */
static errc check_unit(const struct placing *run, unit_id unit)
{
    const struct bulletin_job *job = &run->job;
    bool offered = false;
    if (unit == run->bulletin.line.unit) {
        return OK;
    }
    TRY(offer_is_there(job->desk, job->db, job->id, unit, &offered, job->why));
    return offered ? OK : bad_field(job->desk->bad, "unit_id", "outside");
}

static errc check_time(const struct placing *run, usec at, usec end)
{
    const struct desk *desk = run->job.desk;
    const struct bulletin_line *line = &run->bulletin.line;
    if (run->place->on < desk->actor->today || end <= desk->actor->now) {
        return bad_field(desk->bad, "on", "in_the_past");
    }
    if (run->place->on > desk->actor->today + 366) {
        return bad_field(desk->bad, "on", "out_of_range");
    }
    bool valid = at >= line->valid_from && (line->valid_to == 0 || at < line->valid_to);
    return valid ? OK : bad_field(desk->bad, "on", "not_valid_then");
}

/* --- placing ---------------------------------------------------------------------------------- */

static int64_t length_on(const struct programme *programme, day on)
{
    int64_t ms = 0;
    int position = -1;
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        if (item->on == on && item->position != position) {
            ms += item->ms;
            position = item->position;
        }
    }
    return programme->place_ms > ms ? programme->place_ms : ms;
}

/* Where the last repeat of that day's content begins. */
static usec last_start(const struct programme *programme, day on, usec zone)
{
    usec last = day_start(on, zone) + programme->start_s * USEC_SECOND;
    for (size_t i = 0; i < programme->repeat_count; i++) {
        const struct programme_repeat *repeat = &programme->repeats[i];
        usec at = day_start(on + repeat->days_after, zone) + repeat->start_s * USEC_SECOND;
        last = at > last ? at : last;
    }
    return last;
}

static errc keep(struct placing *run, usec at, usec end)
{
    const struct desk *desk = run->job.desk;
    struct airing_add_row row;
    struct airing_add_in in = {
        .bulletin_id = run->job.id,
        .unit_id = run->programme.unit,
        .programme_id = run->programme.id,
        .on_day = run->place->on,
        .at_us = at,
        .end_us = end,
        .one_off = run->place->programme == 0,
        .has_added_by = desk->actor->account_id != 0,
        .added_by = desk->actor->account_id,
        .added_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(airing_add(run->job.db, &in, desk->arena, &row, run->job.why));
    run->airing = row.id;
    TRY(bulletin_settle(&run->job, &run->bulletin.line));
    return bulletin_tell(&run->job, "bulletin_scheduled", &run->bulletin.line, STR_NONE);
}

static errc place_into(struct placing *run)
{
    const struct desk *desk = run->job.desk;
    const struct airing_place *place = run->place;
    struct db *db = run->job.db;
    struct programme_place there = {place->programme, run->job.id, place->on, run->items,
                                    run->item_count};
    struct airing_there_in in = {run->job.id, place->programme, place->on};
    struct airing_there_row row;
    TRY(programme_get(desk, db, place->programme, &run->programme, run->job.why));
    TRY(check_unit(run, run->programme.unit));
    TRY(airing_there(db, &in, desk->arena, &row, run->job.why));
    if (row.airings > 0) {
        return bad_field(desk->bad, "programme", "twice");
    }
    usec at = day_start(place->on, desk->zone) + run->programme.start_s * USEC_SECOND;
    usec last = last_start(&run->programme, place->on, desk->zone);
    TRY(check_time(run, at, last + run->bulletin.line.ms * 1000));
    TRY(programme_place(desk, db, &there, run->job.why));
    TRY(programme_get(desk, db, place->programme, &run->programme, run->job.why));
    return keep(run, at, last + length_on(&run->programme, place->on) * 1000);
}

static struct programme own_programme(const struct placing *run)
{
    const struct airing_place *place = run->place;
    const struct bulletin_line *line = &run->bulletin.line;
    day last = place->again_count > 0 ? place->again[place->again_count - 1] : place->on;
    return (struct programme){
        .unit = place->unit != 0 ? place->unit : line->unit,
        .name = text_cut(line->title, PROGRAMME_NAME_MOST),
        .kind = PROGRAMME_ITEMS,
        .order_class = line->class == BULLETIN_PRIORITY ? CLASS_PRIORITY : CLASS_ORDINARY,
        .when = {.cadence = CADENCE_ONCE,
                 .every = 1,
                 .from = place->on,
                 .to = last + 1,
                 .added = {place->again, place->again_count}},
        .start_s = place->start_s,
        .source = S(""),
        .bulletin = line->id,
        .items = run->items,
        .item_count = run->item_count,
        .repeats = place->repeats,
        .repeat_count = place->repeat_count,
        .areas = place->areas,
        .area_count = place->area_count,
    };
}

static errc check_again(const struct placing *run)
{
    const struct airing_place *place = run->place;
    day before = place->on;
    for (size_t i = 0; i < place->again_count; i++) {
        if (place->again[i] <= before || place->again[i] > place->on + 366) {
            return bad_field(run->job.desk->bad, "again", "not_in_order");
        }
        before = place->again[i];
    }
    return OK;
}

static errc place_alone(struct placing *run)
{
    const struct desk *desk = run->job.desk;
    const struct airing_place *place = run->place;
    TRY(check_again(run));
    run->programme = own_programme(run);
    TRY(check_unit(run, run->programme.unit));
    day last_day = run->programme.when.to - 1;
    usec at = day_start(place->on, desk->zone) + place->start_s * USEC_SECOND;
    usec end = last_start(&run->programme, last_day, desk->zone) + run->bulletin.line.ms * 1000;
    TRY(check_time(run, at, end));
    TRY(programme_add(desk, run->job.db, &run->programme, &run->programme.id, run->job.why));
    return keep(run, at, end);
}

errc bulletin_schedule(const struct desk *desk, struct db *db, int64_t bulletin,
                       const struct airing_place *place, int64_t *ret_airing, struct why *why)
{
    struct placing run = {.job = {desk, db, bulletin, why}, .place = place};
    TRY(check_state(&run));
    TRY(take_sounds(&run));
    TRY(place->programme != 0 ? place_into(&run) : place_alone(&run));
    *ret_airing = run.airing;
    return OK;
}

/* --- taking away ------------------------------------------------------------------------------ */

errc airing_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct airing_by_id_in in = {id};
    struct airing_by_id_row row;
    struct airing_end_in end = {id, desk->actor->now};
    struct bulletin_line line;
    TRY(airing_by_id(db, &in, desk->arena, &row, why));
    struct bulletin_job job = {desk, db, row.bulletin_id, why};
    TRY(bulletin_get_line(desk, db, row.bulletin_id, &line, why));
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, row.unit_id));
    errc rc = programme_displace(desk, db, row.programme_id, row.on_day, row.bulletin_id, why);
    TRY(rc == ERR_NOT_FOUND ? OK : rc); /* the programme is gone already */
    TRY(airing_end(db, &end, NULL, why));
    TRY(bulletin_settle(&job, &line));
    return bulletin_tell(&job, "bulletin_unscheduled", &line, STR_NONE);
}

errc airings_end(const struct desk *desk, struct db *db, int64_t bulletin, struct why *why)
{
    struct airings_end_from_in in = {bulletin, desk->actor->today, desk->actor->now};
    return airings_end_from(db, &in, NULL, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

errc airings_load(const struct desk *desk, struct db *db, int64_t bulletin,
                  struct airings *ret_airings, struct why *why)
{
    struct airings_of_in in = {bulletin};
    struct airings_of_row *rows = NULL;
    struct programme_name_list names;
    size_t count = 0;
    TRY(airings_of_all(db, &in, desk->arena, &rows, &count, why));
    struct airing *airings = arena_take_array(desk->arena, count + 1, sizeof *airings);
    *ret_airings = (struct airings){airings, count};
    if (airings == NULL) {
        return ERR_NO_MEMORY;
    }
    if (count == 0) {
        return OK;
    }
    TRY(programme_names_load(desk, db, &names, why));
    for (size_t i = 0; i < count; i++) {
        airings[i] = (struct airing){
            .id = rows[i].id,
            .unit = rows[i].unit_id,
            .programme = rows[i].programme_id,
            .programme_name = programme_name_of(&names, rows[i].programme_id),
            .on = rows[i].on_day,
            .at = rows[i].at_us,
            .end = rows[i].end_us,
            .one_off = rows[i].one_off,
        };
    }
    return OK;
}

/* --- where it stands -------------------------------------------------------------------------- */

errc bulletin_settle(const struct bulletin_job *job, struct bulletin_line *line)
{
    struct airing_span_in in = {job->id};
    struct airing_span_row span;
    bool offered = false;
    TRY(airing_span(job->db, &in, job->desk->arena, &span, job->why));
    TRY(offer_is_there(job->desk, job->db, job->id, 0, &offered, job->why));
    enum bulletin_state state = offered ? BULLETIN_OFFERED : BULLETIN_APPROVED;
    state = span.has_first_at_us ? BULLETIN_SCHEDULED : state;
    struct bulletin_span_row_in put = {
        .id = job->id,
        .state = str_of(bulletin_state_name(state)),
        .has_first_at_us = span.has_first_at_us,
        .first_at_us = span.first_at_us,
        .has_last_at_us = span.has_last_at_us,
        .last_at_us = span.last_at_us,
        .now_us = job->desk->actor->now,
    };
    TRY(bulletin_span_row(job->db, &put, NULL, job->why));
    return bulletin_load_line(job, line);
}
