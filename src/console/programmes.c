/* Programmes of a unit and what it made of those from above; clashes and who goes first. */
#include "broadcast/calendar.h"
#include "broadcast/plan.h"
#include "console/programme_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static const char *const fields[] = {"unit_id", "name",     "kind",    "class",       "when",
                                     "start",   "place_ms", "gain_mb", "after_break", "source",
                                     "version", "items",    "repeats", "areas",       NULL};

/* Choices of the lowest unit down to `unit`; null where there is none. */
static const struct programme_choice *choice_of(const struct schedule *schedule, struct tree tree,
                                                int64_t programme, unit_id unit)
{
    const struct programme_choice *best = NULL;
    for (size_t i = 0; i < schedule->choice_count; i++) {
        const struct programme_choice *choice = &schedule->choices[i];
        bool here = choice->programme == programme && tree_covers(tree, choice->unit, unit);
        if (here && (best == NULL || tree_covers(tree, best->unit, choice->unit))) {
            best = choice;
        }
    }
    return best;
}

/* Of the unit itself or from above, and for it at all. */
static bool concerns(const struct programme *programme, struct tree tree, unit_id unit)
{
    if (!tree_covers(tree, programme->unit, unit)) {
        return false;
    }
    for (size_t i = 0; i < programme->area_count; i++) {
        if (tree_covers(tree, programme->areas[i], unit) ||
            tree_covers(tree, unit, programme->areas[i])) {
            return true;
        }
    }
    return programme->area_count == 0;
}

static errc load_for(struct ask *ask, unit_id *ret_unit, struct schedule *ret_schedule,
                     struct why *why)
{
    struct desk desk = ask_desk(ask);
    TRY(air_query_unit(ask, ret_unit));
    TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, *ret_unit));
    return schedule_load(&desk, ask->db, ask->today, ret_schedule, why);
}

errc api_programmes_list(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    struct schedule schedule;
    struct tree tree = forest_at(ask->forest, ask->today);
    TRY(load_for(ask, &unit, &schedule, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < schedule.programme_count; i++) {
        const struct programme *programme = &schedule.programmes[i];
        if (concerns(programme, tree, unit)) {
            programme_json(ask, programme, choice_of(&schedule, tree, programme->id, unit));
        }
    }
    ask_list_end_at(ask, 0);
    return OK;
}

static errc show(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct programme programme;
    TRY(programme_get(&desk, ask->db, id, &programme, why));
    programme_json(ask, &programme, NULL);
    return OK;
}

errc api_programmes_show(struct ask *ask, struct why *why)
{
    return show(ask, ask_place_id(ask, 0), why);
}

/* What was written, and with what it collides from now on. */
static errc show_written(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct programme programme;
    TRY(programme_get(&desk, ask->db, id, &programme, why));
    json_object(&ask->json);
    programme_json_fields(ask, &programme, NULL);
    TRY(programme_json_clashes(ask, &programme, why));
    json_end(&ask->json);
    return OK;
}

errc api_programmes_create(struct ask *ask, struct why *why)
{
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct programme programme;
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(programme_take(ask, in.root, &programme));
    if (programme.unit == 0) {
        return bad_field(&ask->bad, "unit_id", "missing");
    }
    TRY(programme_add(&desk, ask->db, &programme, &id, why));
    return show_written(ask, id, why);
}

errc api_programmes_change(struct ask *ask, struct why *why)
{
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct programme programme;
    TRY(ask_body(ask, fields, &in, why));
    TRY(programme_take(ask, in.root, &programme));
    programme.id = ask_place_id(ask, 0);
    TRY(programme_change(&desk, ask->db, &programme, why));
    return show_written(ask, programme.id, why);
}

errc api_programmes_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return programme_remove(&desk, ask->db, ask_place_id(ask, 0), why);
}

errc api_programmes_choose(struct ask *ask, struct why *why)
{
    static const char *const words[] = {"unit_id", "taken", "start", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct programme_choice choice = {.programme = ask_place_id(ask, 0)};
    TRY(ask_body(ask, words, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &choice.unit, &ask->bad));
    TRY(json_in_bool(in.root, "taken", &choice.taken, &ask->bad));
    choice.has_start = json_in_has(in.root, "start");
    if (choice.has_start) {
        TRY(air_take_time(ask, in.root, "start", &choice.start_s));
    }
    TRY(programme_choose(&desk, ask->db, &choice, why));
    struct programme programme;
    TRY(programme_get(&desk, ask->db, choice.programme, &programme, why));
    programme_json(ask, &programme, &choice);
    return OK;
}

/* --- the days of a unit ----------------------------------------------------------------------- */

enum { DAYS_MOST = 62 };

struct days {
    struct ask *ask;
    const struct schedule *schedule;
    struct tree tree;
    unit_id unit;
};

static bool is_holiday(const struct days *days, day on)
{
    for (size_t i = 0; i < days->schedule->holiday_count; i++) {
        const struct holiday *holiday = &days->schedule->holidays[i];
        bool here = holiday->unit == 0 || tree_covers(days->tree, holiday->unit, days->unit);
        if (here && day_within(on, holiday->from, holiday->to)) {
            return true;
        }
    }
    return false;
}

static int64_t length_of(const struct programme *programme, day on)
{
    int64_t ms = 0;
    int position = -1;
    bool own = false;
    for (size_t i = 0; i < programme->item_count; i++) {
        own |= programme->items[i].on == on;
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        if (item->on == (own ? on : DAY_FIRST) && item->position != position) {
            ms += item->ms;
            position = item->position;
        }
    }
    return programme->place_ms > 0 && (ms == 0 || ms > programme->place_ms) ? programme->place_ms
                                                                            : ms;
}

static void write_occurrence(const struct days *days, const struct programme *programme, day base,
                             usec at, bool repeat)
{
    struct ask *ask = days->ask;
    struct json_out *out = &ask->json;
    bool offer = programme->order_class == CLASS_ORDINARY && programme->unit != days->unit;
    const struct programme_choice *choice =
        choice_of(days->schedule, days->tree, programme->id, days->unit);
    json_object(out);
    air_name_at(out, "programme", programme->id, programme->name);
    json_day_at(out, "day", day_of(at, ask->house->zone));
    json_usec_at(out, "at", at);
    json_i64_at(out, "ms", length_of(programme, base));
    json_text_at(out, "class", programme->order_class == CLASS_PRIORITY ? "priority" : "ordinary");
    json_text_at(out, "kind", programme_kind_name(programme->kind));
    air_unit_at(ask, "unit", programme->unit);
    json_bool_at(out, "repeat", repeat);
    json_bool_at(out, "taken", !offer || (choice != NULL && choice->taken));
    json_end(out);
}

static void write_day(const struct days *days, const struct programme *programme, day on)
{
    usec zone = days->ask->house->zone;
    const struct programme_choice *choice =
        choice_of(days->schedule, days->tree, programme->id, days->unit);
    bool moved = choice != NULL && choice->taken && choice->has_start;
    int start = moved ? choice->start_s : programme->start_s;
    if (recurrence_falls_on(&programme->when, is_holiday(days, on), on)) {
        write_occurrence(days, programme, on, day_start(on, zone) + start * USEC_SECOND, false);
    }
    for (size_t i = 0; i < programme->repeat_count; i++) {
        const struct programme_repeat *repeat = &programme->repeats[i];
        day base = on - repeat->days_after;
        if (recurrence_falls_on(&programme->when, is_holiday(days, base), base)) {
            usec at = day_start(on, zone) + repeat->start_s * USEC_SECOND;
            write_occurrence(days, programme, base, at, true);
        }
    }
}

errc api_programmes_days(struct ask *ask, struct why *why)
{
    struct schedule schedule;
    struct days days = {
        .ask = ask, .schedule = &schedule, .tree = forest_at(ask->forest, ask->today)};
    day from = 0;
    day to = 0;
    TRY(ask_query_day(ask, "from", ask->today, &from));
    TRY(ask_query_day(ask, "to", from + 7, &to));
    if (to <= from || to - from > DAYS_MOST) {
        return bad_field(&ask->bad, "to", "out_of_range");
    }
    TRY(load_for(ask, &days.unit, &schedule, why));
    ask_list_begin(ask);
    for (day on = from; on < to; on++) {
        for (size_t i = 0; i < schedule.programme_count; i++) {
            if (concerns(&schedule.programmes[i], days.tree, days.unit)) {
                write_day(&days, &schedule.programmes[i], on);
            }
        }
    }
    ask_list_end_at(ask, 0);
    return OK;
}

/* Those that hold there; ends with one of no days. In the arena. */
static const struct holiday *holidays_of(struct ask *ask, const struct schedule *schedule,
                                         struct tree tree, unit_id unit)
{
    struct holiday *here = arena_take_array(ask->arena, schedule->holiday_count + 1, sizeof *here);
    size_t count = 0;
    for (size_t i = 0; i < schedule->holiday_count && here != NULL; i++) {
        const struct holiday *holiday = &schedule->holidays[i];
        if (holiday->unit == 0 || tree_covers(tree, holiday->unit, unit)) {
            here[count++] = *holiday;
        }
    }
    return here;
}

errc api_programmes_calendar(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    struct schedule schedule;
    struct tree tree = forest_at(ask->forest, ask->today);
    struct unit_line line = {.name = S("")};
    TRY(load_for(ask, &unit, &schedule, why));
    struct programme *own = arena_take_array(ask->arena, schedule.programme_count + 1, sizeof *own);
    size_t count = 0;
    if (own == NULL || !tree_line(tree, unit, &line)) {
        return own == NULL ? ERR_NO_MEMORY : ERR_NOT_FOUND;
    }
    for (size_t i = 0; i < schedule.programme_count; i++) {
        if (concerns(&schedule.programmes[i], tree, unit)) {
            own[count++] = schedule.programmes[i];
        }
    }
    struct calendar calendar = {.name = line.name,
                                .zone = ask->house->zone,
                                .now = ask->now,
                                .programmes = own,
                                .count = count,
                                .holidays = holidays_of(ask, &schedule, tree, unit)};
    if (calendar.holidays == NULL) {
        return ERR_NO_MEMORY;
    }
    while (calendar.holidays[calendar.holiday_count].to != 0) {
        calendar.holiday_count++;
    }
    ask->type = "text/calendar; charset=utf-8";
    ask->filename = "attachment; filename=\"loa.ics\"";
    return calendar_write(&calendar, &ask->out, why);
}
