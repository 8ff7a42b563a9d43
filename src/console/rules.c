/* Limits, signals and holidays of a unit: its own and, to be seen, those it inherits. */
#include "console/air_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { RULES_MOST = 100, SOUNDS_MOST = 18, MS_MINUTE = 60000 };

static void write_rule(struct ask *ask, const struct broadcast_rule *rule, unit_id unit)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", rule->id);
    air_unit_at(ask, "unit", rule->unit);
    json_bool_at(out, "inherited", rule->unit != unit);
    json_str_at(out, "name", rule->name);
    json_day_at(out, "from", rule->from);
    json_day_at(out, "to", rule->to);
    air_bits_at(out, "weekdays", rule->weekdays, 7);
    json_bool_at(out, "quiet_zone", rule->quiet_zone);
    json_bool_at(out, "no_sound", rule->no_sound);
    json_array_at(out, "hours");
    for (size_t i = 0; i < rule->hour_count; i++) {
        json_object(out);
        air_time_at(out, "from", rule->hours[i].from_s);
        air_time_at(out, "to", rule->hours[i].to_s);
        json_end(out);
    }
    json_end(out);
    json_i64_at(out, "session_most_min", rule->session_most_ms / MS_MINUTE);
    json_i64_at(out, "day_most_min", rule->day_most_ms / MS_MINUTE);
    json_i64_at(out, "gain_most_mb", rule->gain_most_mb);
    json_end(out);
}

static void write_sound(struct ask *ask, const struct schedule *schedule, unit_id unit,
                        enum sound_role role)
{
    bool found = false;
    for (size_t i = 0; i < schedule->sound_count && !found; i++) {
        const struct broadcast_sound *sound = &schedule->sounds[i];
        found = sound->unit == unit && sound->role == role;
        if (found) {
            air_hash_at(&ask->json, sound_role_name(role), sound->media);
        }
    }
    if (!found) {
        json_null_at(&ask->json, sound_role_name(role));
    }
}

static void write_filler(struct ask *ask, const struct schedule *schedule, unit_id unit)
{
    json_array_at(&ask->json, "filler");
    for (size_t i = 0; i < schedule->sound_count; i++) {
        const struct broadcast_sound *sound = &schedule->sounds[i];
        if (sound->unit == unit && sound->role == SOUND_HOLE) {
            char text[HASH_TEXT_SIZE];
            hash_text(sound->media, text);
            json_text(&ask->json, text);
        }
    }
    json_end(&ask->json);
}

static errc show(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct schedule schedule;
    struct tree tree = forest_at(ask->forest, ask->today);
    TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, unit));
    TRY(schedule_load(&desk, ask->db, ask->today, &schedule, why));
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < schedule.rule_count; i++) {
        if (tree_covers(tree, schedule.rules[i].unit, unit)) {
            write_rule(ask, &schedule.rules[i], unit);
        }
    }
    json_end(&ask->json);
    json_object_at(&ask->json, "sounds");
    write_sound(ask, &schedule, unit, SOUND_OPENING);
    write_sound(ask, &schedule, unit, SOUND_CLOSING);
    write_filler(ask, &schedule, unit);
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}

errc api_rules_show(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show(ask, unit, why);
}

static errc take_hours(struct ask *ask, const struct json_value *value, struct broadcast_rule *rule)
{
    const struct json_value *array = json_in_get(value, "hours");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    struct rule_hours *hours = arena_take_array(ask->arena, count + 1, sizeof *hours);
    if (hours == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(air_take_time(ask, json_in_at(array, i), "from", &hours[i].from_s));
        TRY(air_take_time(ask, json_in_at(array, i), "to", &hours[i].to_s));
    }
    rule->hours = hours;
    rule->hour_count = count;
    return OK;
}

static errc take_flag(struct ask *ask, const struct json_value *value, const char *key, bool *flag)
{
    return json_in_has(value, key) ? json_in_bool(value, key, flag, &ask->bad) : OK;
}

static errc take_rule(struct ask *ask, const struct json_value *value, struct broadcast_rule *rule)
{
    static const char *const fields[] = {
        "id",           "unit",  "inherited",        "name",
        "from",         "to",    "weekdays",         "quiet_zone",
        "no_sound",     "hours", "session_most_min", "day_most_min",
        "gain_most_mb", NULL};
    bool given = false;
    *rule = (struct broadcast_rule){
        .name = S(""), .to = DAY_OPEN, .weekdays = EVERY_WEEKDAY, .from = ask->today};
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(ask_optional_str(ask, value, "name", 200, &given, &rule->name));
    rule->name = air_text(ask, rule->name);
    if (json_in_has(value, "from")) {
        TRY(json_in_day(value, "from", &rule->from, &ask->bad));
    }
    if (json_in_has(value, "to")) {
        TRY(json_in_day(value, "to", &rule->to, &ask->bad));
    }
    TRY(air_take_bits(ask, value, "weekdays", 7, &rule->weekdays));
    TRY(take_flag(ask, value, "quiet_zone", &rule->quiet_zone));
    TRY(take_flag(ask, value, "no_sound", &rule->no_sound));
    TRY(take_hours(ask, value, rule));
    TRY(air_take_number(ask, value, "session_most_min", 0, 1440, &rule->session_most_ms));
    TRY(air_take_number(ask, value, "day_most_min", 0, 1440, &rule->day_most_ms));
    TRY(air_take_number(ask, value, "gain_most_mb", -6000, 0, &rule->gain_most_mb));
    rule->session_most_ms *= MS_MINUTE;
    rule->day_most_ms *= MS_MINUTE;
    return OK;
}

static errc take_rules(struct ask *ask, const struct json_value *body, struct rule_set *set)
{
    const struct json_value *array = json_in_get(body, "items");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > RULES_MOST) {
        return bad_field(&ask->bad, "items", "too_many");
    }
    struct broadcast_rule *rules = arena_take_array(ask->arena, count + 1, sizeof *rules);
    if (rules == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_rule(ask, json_in_at(array, i), &rules[i]));
    }
    set->rules = rules;
    set->rule_count = count;
    return OK;
}

static errc take_sounds(struct ask *ask, const struct json_value *body, struct rule_set *set)
{
    const struct json_value *sounds = json_in_get(body, "sounds");
    const struct json_value *filler = json_in_get(sounds, "filler");
    size_t fillers = json_in_is_array(filler) ? json_in_count(filler) : 0;
    struct broadcast_sound *found = arena_take_array(ask->arena, SOUNDS_MOST, sizeof *found);
    if (found == NULL) {
        return ERR_NO_MEMORY;
    }
    if (fillers > SOUNDS_MOST - 2) {
        return bad_field(&ask->bad, "filler", "too_many");
    }
    for (int role = SOUND_OPENING; role <= SOUND_CLOSING; role++) {
        const char *name = sound_role_name((enum sound_role)role);
        if (json_in_has(sounds, name)) {
            found[set->sound_count].role = (enum sound_role)role;
            TRY(air_take_hash(ask, sounds, name, &found[set->sound_count++].media));
        }
    }
    for (size_t i = 0; i < fillers; i++) {
        str text = STR_NONE;
        struct json_in_limits limits = {64, 64, false};
        TRY(json_in_as_str(json_in_at(filler, i), "filler", limits, &text, &ask->bad));
        found[set->sound_count].role = SOUND_HOLE;
        if (!hash_parse(text, &found[set->sound_count++].media)) {
            return bad_field(&ask->bad, "filler", "wrong_type");
        }
    }
    set->sounds = found;
    return OK;
}

errc api_rules_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"items", "sounds", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct rule_set set = {.unit = 0};
    TRY(air_query_unit(ask, &set.unit));
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_rules(ask, in.root, &set));
    TRY(take_sounds(ask, in.root, &set));
    TRY(rule_set_put(&desk, ask->db, &set, why));
    return show(ask, set.unit, why);
}

/* --- holidays --------------------------------------------------------------------------------- */

enum { HOLIDAYS_MOST = 500 };

static errc show_holidays(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct schedule schedule;
    struct json_out *out = &ask->json;
    struct tree tree = forest_at(ask->forest, ask->today);
    TRY(schedule_load(&desk, ask->db, ask->today, &schedule, why));
    json_object(out);
    json_array_at(out, "items");
    for (size_t i = 0; i < schedule.holiday_count; i++) {
        const struct holiday *holiday = &schedule.holidays[i];
        bool here = holiday->unit == 0 || (unit != 0 && tree_covers(tree, holiday->unit, unit));
        if (here && holiday->to > ask->today) {
            json_object(out);
            json_day_at(out, "from", holiday->from);
            json_day_at(out, "to", holiday->to);
            json_str_at(out, "name", holiday->name);
            air_unit_at(ask, "unit", holiday->unit);
            json_end(out);
        }
    }
    json_end(out);
    json_end(out);
    return OK;
}

/* ?unit=0 are the country's own. */
errc api_holidays_show(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(ask_query_i64(ask, "unit", 0, &unit));
    if (unit != 0) {
        TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, unit));
    }
    return show_holidays(ask, unit, why);
}

static errc take_holiday(struct ask *ask, const struct json_value *value, struct holiday *holiday)
{
    static const char *const fields[] = {"from", "to", "name", "unit", NULL};
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(json_in_day(value, "from", &holiday->from, &ask->bad));
    TRY(json_in_day(value, "to", &holiday->to, &ask->bad));
    TRY(json_in_str(value, "name", 1, 120, &holiday->name, &ask->bad));
    holiday->name = air_text(ask, holiday->name);
    return OK;
}

errc api_holidays_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"items", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct holiday_set set = {.unit = 0};
    TRY(ask_query_i64(ask, "unit", 0, &set.unit));
    TRY(ask_body(ask, fields, &in, why));
    const struct json_value *array = json_in_get(in.root, "items");
    set.count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (set.count > HOLIDAYS_MOST) {
        return bad_field(&ask->bad, "items", "too_many");
    }
    struct holiday *holidays = arena_take_array(ask->arena, set.count + 1, sizeof *holidays);
    if (holidays == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < set.count; i++) {
        TRY(take_holiday(ask, json_in_at(array, i), &holidays[i]));
    }
    set.holidays = holidays;
    TRY(holiday_set_put(&desk, ask->db, &set, why));
    return show_holidays(ask, set.unit, why);
}
