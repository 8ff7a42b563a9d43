/* The whole schedule as one value. Tables come ordered by programme, so that each is walked once
 * beside the list of programmes. */
#include "broadcast/schedule.h"

#include "broadcast/programme_sql.h"
#include "broadcast/rule_sql.h"
#include "people/forest.h"

struct loading {
    const struct desk *desk;
    struct db *db;
    struct why *why;
    int64_t only; /* programme; 0: all */
    struct programme *programmes;
    size_t count;
};

static errc fill(struct programme *to, const struct programmes_in_force_row *row,
                 const struct desk *desk)
{
    *to = (struct programme){
        .id = row->id,
        .unit = row->unit_id,
        .tier = (int)unit_key_tier(desk->forest, row->unit_id),
        .name = row->name,
        .order_class = str_is(row->class, S("priority")) ? CLASS_PRIORITY : CLASS_ORDINARY,
        .when = {.every = (int)row->every,
                 .from = row->from_day,
                 .to = row->to_day,
                 .weekdays = (unsigned)row->weekdays,
                 .months = (unsigned)row->months,
                 .month_day = (int)row->month_day,
                 .nth = (int)row->nth},
        .start_s = (int)row->start_s,
        .place_ms = row->place_ms,
        .gain_mb = row->gain_mb,
        .source = row->source,
        .bulletin = row->bulletin_id,
        .version = row->version,
        .created = row->created_at_us,
        .changed = row->changed_at_us,
    };
    bool known = programme_kind_parse(row->kind, &to->kind) &&
                 cadence_parse(row->cadence, &to->when.cadence) &&
                 holiday_way_parse(row->holidays, &to->when.holidays) &&
                 after_break_parse(row->after_break, &to->after_break);
    return known ? OK : ERR_CORRUPT;
}

static errc load_programmes(struct loading *run, day today)
{
    struct programmes_in_force_in in = {today};
    struct programmes_in_force_row *rows = NULL;
    struct arena *arena = run->desk->arena;
    TRY(programmes_in_force_all(run->db, &in, arena, &rows, &run->count, run->why));
    run->programmes = arena_take_array(arena, run->count + 1, sizeof *run->programmes);
    if (run->programmes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->count; i++) {
        TRY(fill(&run->programmes[i], &rows[i], run->desk));
    }
    return OK;
}

static struct programme *next_programme(struct loading *run, size_t *at, int64_t id)
{
    while (*at < run->count && run->programmes[*at].id < id) {
        (*at)++;
    }
    return *at < run->count && run->programmes[*at].id == id ? &run->programmes[*at] : NULL;
}

/* Items of no day sort last on one database and first on the other: the compiler looks for days
 * and does not care, but for places that follow each other within a day. */
static errc load_items(struct loading *run)
{
    struct programme_items_all_in in = {run->only};
    struct programme_items_all_row *rows = NULL;
    struct arena *arena = run->desk->arena;
    size_t count = 0;
    size_t at = 0;
    TRY(programme_items_all_all(run->db, &in, arena, &rows, &count, run->why));
    struct programme_item *items = arena_take_array(arena, count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct programme *programme = next_programme(run, &at, rows[i].programme_id);
        items[i] = (struct programme_item){
            .on = rows[i].has_on_day ? rows[i].on_day : DAY_FIRST,
            .position = (int)rows[i].position,
            .language = rows[i].language,
            .media = rows[i].hash,
            .ms = rows[i].ms,
            .bytes = rows[i].bytes,
            .title = rows[i].title,
            .bulletin = rows[i].bulletin_id,
        };
        if (programme != NULL) {
            programme->items = programme->item_count == 0 ? &items[i] : programme->items;
            programme->item_count++;
        }
    }
    return OK;
}

static errc load_areas(struct loading *run)
{
    struct programme_areas_all_in in = {run->only};
    struct programme_areas_all_row *rows = NULL;
    size_t count = 0;
    size_t at = 0;
    TRY(programme_areas_all_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    unit_id *units = arena_take_array(run->desk->arena, count + 1, sizeof *units);
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct programme *programme = next_programme(run, &at, rows[i].programme_id);
        units[i] = rows[i].unit_id;
        if (programme != NULL) {
            programme->areas = programme->area_count == 0 ? &units[i] : programme->areas;
            programme->area_count++;
        }
    }
    return OK;
}

static errc load_days(struct loading *run)
{
    struct programme_days_all_in in = {run->only};
    struct programme_days_all_row *rows = NULL;
    size_t count = 0;
    size_t at = 0;
    TRY(programme_days_all_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    day *days = arena_take_array(run->desk->arena, count + 1, sizeof *days);
    if (days == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct programme *programme = next_programme(run, &at, rows[i].programme_id);
        days[i] = rows[i].on_day;
        if (programme != NULL) {
            struct day_list *list =
                rows[i].plays ? &programme->when.added : &programme->when.removed;
            list->at = list->count == 0 ? &days[i] : list->at;
            list->count++;
        }
    }
    return OK;
}

static errc load_repeats(struct loading *run)
{
    struct programme_repeats_all_in in = {run->only};
    struct programme_repeats_all_row *rows = NULL;
    size_t count = 0;
    size_t at = 0;
    TRY(programme_repeats_all_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    struct programme_repeat *repeats =
        arena_take_array(run->desk->arena, count + 1, sizeof *repeats);
    if (repeats == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct programme *programme = next_programme(run, &at, rows[i].programme_id);
        repeats[i] = (struct programme_repeat){(int)rows[i].days_after, (int)rows[i].start_s};
        if (programme != NULL) {
            programme->repeats = programme->repeat_count == 0 ? &repeats[i] : programme->repeats;
            programme->repeat_count++;
        }
    }
    return OK;
}

static errc load_parts(struct loading *run)
{
    TRY(load_items(run));
    TRY(load_areas(run));
    TRY(load_days(run));
    return load_repeats(run);
}

static errc load_choices(struct loading *run, struct schedule *schedule)
{
    struct programme_choices_all_row *rows = NULL;
    size_t count = 0;
    TRY(programme_choices_all_all(run->db, run->desk->arena, &rows, &count, run->why));
    struct programme_choice *choices =
        arena_take_array(run->desk->arena, count + 1, sizeof *choices);
    if (choices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        choices[i] = (struct programme_choice){rows[i].programme_id, rows[i].unit_id, rows[i].taken,
                                               rows[i].has_start_s, (int)rows[i].start_s};
    }
    schedule->choices = choices;
    schedule->choice_count = count;
    return OK;
}

static errc load_clash_orders(struct loading *run, struct schedule *schedule)
{
    struct clash_orders_all_row *rows = NULL;
    size_t count = 0;
    TRY(clash_orders_all_all(run->db, run->desk->arena, &rows, &count, run->why));
    struct clash_order *orders = arena_take_array(run->desk->arena, count + 1, sizeof *orders);
    if (orders == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        orders[i] = (struct clash_order){rows[i].unit_id, rows[i].first_id, rows[i].second_id};
    }
    schedule->clash_orders = orders;
    schedule->clash_order_count = count;
    return OK;
}

static errc load_hours(struct loading *run, struct broadcast_rule *rules, size_t rule_count)
{
    struct rule_hours_all_row *rows = NULL;
    size_t count = 0;
    size_t at = 0;
    TRY(rule_hours_all_all(run->db, run->desk->arena, &rows, &count, run->why));
    struct rule_hours *hours = arena_take_array(run->desk->arena, count + 1, sizeof *hours);
    if (hours == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        hours[i] = (struct rule_hours){(int)rows[i].from_s, (int)rows[i].to_s};
        while (at < rule_count && rules[at].id < rows[i].rule_id) {
            at++;
        }
        if (at < rule_count && rules[at].id == rows[i].rule_id) {
            rules[at].hours = rules[at].hour_count == 0 ? &hours[i] : rules[at].hours;
            rules[at].hour_count++;
        }
    }
    return OK;
}

static errc load_rules(struct loading *run, day today, struct schedule *schedule)
{
    struct rules_all_in in = {today};
    struct rules_all_row *rows = NULL;
    size_t count = 0;
    TRY(rules_all_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    struct broadcast_rule *rules = arena_take_array(run->desk->arena, count + 1, sizeof *rules);
    if (rules == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        rules[i] = (struct broadcast_rule){
            .id = rows[i].id,
            .unit = rows[i].unit_id,
            .name = rows[i].name,
            .from = rows[i].from_day,
            .to = rows[i].to_day,
            .weekdays = (unsigned)rows[i].weekdays,
            .quiet_zone = rows[i].quiet_zone,
            .no_sound = rows[i].no_sound,
            .session_most_ms = rows[i].session_most_ms,
            .day_most_ms = rows[i].day_most_ms,
            .gain_most_mb = rows[i].gain_most_mb,
        };
    }
    schedule->rules = rules;
    schedule->rule_count = count;
    return load_hours(run, rules, count);
}

static errc load_sounds(struct loading *run, struct schedule *schedule)
{
    struct sounds_all_row *rows = NULL;
    size_t count = 0;
    TRY(sounds_all_all(run->db, run->desk->arena, &rows, &count, run->why));
    struct broadcast_sound *sounds = arena_take_array(run->desk->arena, count + 1, sizeof *sounds);
    if (sounds == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        sounds[i] = (struct broadcast_sound){.unit = rows[i].unit_id,
                                             .position = (int)rows[i].position,
                                             .media = rows[i].hash,
                                             .ms = rows[i].ms,
                                             .bytes = rows[i].bytes};
        if (!sound_role_parse(rows[i].role, &sounds[i].role)) {
            return ERR_CORRUPT;
        }
    }
    schedule->sounds = sounds;
    schedule->sound_count = count;
    return OK;
}

static errc load_holidays(struct loading *run, day today, struct schedule *schedule)
{
    struct holidays_all_in in = {today};
    struct holidays_all_row *rows = NULL;
    size_t count = 0;
    TRY(holidays_all_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    struct holiday *holidays = arena_take_array(run->desk->arena, count + 1, sizeof *holidays);
    if (holidays == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        holidays[i] =
            (struct holiday){rows[i].unit_id, rows[i].from_day, rows[i].to_day, rows[i].name};
    }
    schedule->holidays = holidays;
    schedule->holiday_count = count;
    return OK;
}

enum { REACH = 40 }; /* repeats of columns reach back so many days */

errc schedule_load(const struct desk *desk, struct db *db, day today, struct schedule *ret_schedule,
                   struct why *why)
{
    struct loading run = {.desk = desk, .db = db, .why = why};
    struct schedule schedule = {.zone = desk->zone};
    TRY(load_programmes(&run, today - REACH));
    TRY(load_parts(&run));
    TRY(load_choices(&run, &schedule));
    TRY(load_clash_orders(&run, &schedule));
    TRY(load_rules(&run, today - 2, &schedule));
    TRY(load_sounds(&run, &schedule));
    TRY(load_holidays(&run, today - REACH, &schedule));
    schedule.programmes = run.programmes;
    schedule.programme_count = run.count;
    *ret_schedule = schedule;
    return OK;
}

errc programme_get(const struct desk *desk, struct db *db, int64_t id,
                   struct programme *ret_programme, struct why *why)
{
    struct programme_by_id_in in = {id};
    struct programme_by_id_row *rows = NULL;
    struct programme programme;
    size_t count = 0;
    TRY(programme_by_id_all(db, &in, desk->arena, &rows, &count, why));
    if (count == 0 || rows[0].has_removed_at_us ||
        !desk_sees(desk, RIGHT_PROGRAMMES_READ, rows[0].unit_id)) {
        return fail(why, ERR_NOT_FOUND, "no programme %lld", (long long)id);
    }
    struct programmes_in_force_row row = {
        .id = rows[0].id,
        .unit_id = rows[0].unit_id,
        .name = rows[0].name,
        .kind = rows[0].kind,
        .class = rows[0].class,
        .cadence = rows[0].cadence,
        .every = rows[0].every,
        .from_day = rows[0].from_day,
        .to_day = rows[0].to_day,
        .weekdays = rows[0].weekdays,
        .months = rows[0].months,
        .month_day = rows[0].month_day,
        .nth = rows[0].nth,
        .holidays = rows[0].holidays,
        .start_s = rows[0].start_s,
        .place_ms = rows[0].place_ms,
        .gain_mb = rows[0].gain_mb,
        .after_break = rows[0].after_break,
        .source = rows[0].source,
        .bulletin_id = rows[0].bulletin_id,
        .version = rows[0].version,
        .created_at_us = rows[0].created_at_us,
        .changed_at_us = rows[0].changed_at_us,
    };
    struct loading run = {
        .desk = desk, .db = db, .why = why, .only = id, .programmes = &programme, .count = 1};
    TRY(fill(&programme, &row, desk));
    TRY(load_parts(&run));
    *ret_programme = programme;
    return OK;
}

errc programme_names_load(const struct desk *desk, struct db *db,
                          struct programme_name_list *ret_names, struct why *why)
{
    struct programme_names_row *rows = NULL;
    size_t count = 0;
    TRY(programme_names_all(db, desk->arena, &rows, &count, why));
    struct programme_name *names = arena_take_array(desk->arena, count + 1, sizeof *names);
    if (names == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = (struct programme_name){rows[i].id, rows[i].unit_id, rows[i].name};
    }
    *ret_names = (struct programme_name_list){names, count};
    return OK;
}

str programme_name_of(const struct programme_name_list *names, int64_t id)
{
    size_t low = 0;
    size_t high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->at[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < names->count && names->at[low].id == id ? names->at[low].name : STR_NONE;
}
