/* Limits, signals, fillers and holidays of a unit; see schedule.h. */
#include "base/json_out.h"
#include "broadcast/media_item.h"
#include "broadcast/rule_sql.h"
#include "broadcast/schedule.h"
#include "people/audit.h"
#include "people/unit_sight.h"

enum { RULES_MOST = 100, HOURS_OF_RULE_MOST = 12, SOUNDS_MOST = 18, HOLIDAYS_MOST = 500 };

static errc check_hours(const struct broadcast_rule *rule, struct bad_field *bad)
{
    int before = -1;
    if (rule->hour_count > HOURS_OF_RULE_MOST) {
        return bad_field(bad, "hours", "too_many");
    }
    for (size_t i = 0; i < rule->hour_count; i++) {
        const struct rule_hours *hours = &rule->hours[i];
        if (hours->from_s < 0 || hours->from_s >= hours->to_s || hours->to_s > DAY_S ||
            hours->from_s <= before) {
            return bad_field(bad, "hours", "out_of_range");
        }
        before = hours->to_s;
    }
    return OK;
}

static errc check_rule(const struct broadcast_rule *rule, struct bad_field *bad)
{
    if (rule->from >= rule->to) {
        return bad_field(bad, "to", "never");
    }
    if (rule->weekdays == 0 || rule->weekdays > EVERY_WEEKDAY) {
        return bad_field(bad, "weekdays", "no_weekday");
    }
    int64_t day_ms = (int64_t)DAY_S * 1000;
    if (rule->session_most_ms < 0 || rule->session_most_ms > day_ms) {
        return bad_field(bad, "session_most_min", "out_of_range");
    }
    if (rule->day_most_ms < 0 || rule->day_most_ms > day_ms) {
        return bad_field(bad, "day_most_min", "out_of_range");
    }
    if (rule->gain_most_mb > 0 || rule->gain_most_mb < -6000) {
        return bad_field(bad, "gain_most_mb", "out_of_range");
    }
    return check_hours(rule, bad);
}

static errc check_set(const struct desk *desk, struct db *db, const struct rule_set *set,
                      struct why *why)
{
    if (set->rule_count > RULES_MOST || set->sound_count > SOUNDS_MOST) {
        return bad_field(desk->bad, "items", "too_many");
    }
    for (size_t i = 0; i < set->rule_count; i++) {
        TRY(check_rule(&set->rules[i], desk->bad));
    }
    for (size_t i = 0; i < set->sound_count; i++) {
        struct media_item item;
        errc rc = media_item_find(desk, db, set->sounds[i].media, &item, why);
        if (rc == ERR_NOT_FOUND) {
            return bad_field(desk->bad, "sounds", "no_such_media");
        }
        TRY(rc);
    }
    return OK;
}

static errc write_rule(const struct desk *desk, struct db *db, unit_id unit,
                       const struct broadcast_rule *rule, struct why *why)
{
    struct rule_add_row row;
    struct rule_add_in in = {
        .unit_id = unit,
        .name = rule->name.len == 0 ? S("") : rule->name,
        .from_day = rule->from,
        .to_day = rule->to,
        .weekdays = rule->weekdays,
        .quiet_zone = rule->quiet_zone,
        .no_sound = rule->no_sound,
        .session_most_ms = rule->session_most_ms,
        .day_most_ms = rule->day_most_ms,
        .gain_most_mb = rule->gain_most_mb,
        .has_added_by = desk->actor->account_id != 0,
        .added_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(rule_add(db, &in, desk->arena, &row, why));
    for (size_t i = 0; i < rule->hour_count; i++) {
        struct rule_hour_add_in hour = {row.id, rule->hours[i].from_s, rule->hours[i].to_s};
        TRY(rule_hour_add(db, &hour, NULL, why));
    }
    return OK;
}

static errc tell(const struct desk *desk, struct db *db, const char *action, unit_id unit,
                 size_t count, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    struct unit_line line = {.name = S("")};
    bool known = tree_line(forest_at(desk->forest, desk->actor->today), unit, &line);
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_i64_at(&out, "count", (int64_t)count);
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "unit",
        .subject_id = unit,
        .subject_name = known ? line.name : S(""),
        .subject_unit_id = unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "programmes", why));
    return audit_append(db, &entry, why);
}

errc rule_set_put(const struct desk *desk, struct db *db, const struct rule_set *set,
                  struct why *why)
{
    struct rules_clear_in rules = {set->unit, desk->actor->today};
    struct rule_hours_clear_in hours = {set->unit, desk->actor->today};
    struct sounds_clear_in sounds = {set->unit};
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, set->unit));
    TRY(check_set(desk, db, set, why));
    TRY(rule_hours_clear(db, &hours, NULL, why));
    TRY(rules_clear(db, &rules, NULL, why));
    TRY(sounds_clear(db, &sounds, NULL, why));
    for (size_t i = 0; i < set->rule_count; i++) {
        TRY(write_rule(desk, db, set->unit, &set->rules[i], why));
    }
    for (size_t i = 0; i < set->sound_count; i++) {
        struct sound_add_in in = {set->unit, str_of(sound_role_name(set->sounds[i].role)),
                                  (int64_t)i, set->sounds[i].media};
        TRY(sound_add(db, &in, NULL, why));
    }
    return tell(desk, db, "rules_changed", set->unit, set->rule_count, why);
}

/* Holidays of the country concern everybody: only who stands over every root may write them. */
static errc may_holidays(const struct desk *desk, unit_id unit)
{
    unit_id roots[64];
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct right_view view = unit_right_view(desk->forest);
    if (unit != 0) {
        return desk_may(desk, RIGHT_PROGRAMMES_WRITE, unit);
    }
    size_t count = tree_children(tree, 0, roots, COUNT_OF(roots));
    for (size_t i = 0; i < count && i < COUNT_OF(roots); i++) {
        if (!actor_may(desk->actor, RIGHT_PROGRAMMES_WRITE, roots[i], &view)) {
            return ERR_FORBIDDEN;
        }
    }
    return OK;
}

errc holiday_set_put(const struct desk *desk, struct db *db, const struct holiday_set *set,
                     struct why *why)
{
    struct holidays_clear_in clear = {set->unit, desk->actor->today};
    TRY(may_holidays(desk, set->unit));
    if (set->count > HOLIDAYS_MOST) {
        return bad_field(desk->bad, "items", "too_many");
    }
    TRY(holidays_clear(db, &clear, NULL, why));
    for (size_t i = 0; i < set->count; i++) {
        const struct holiday *holiday = &set->holidays[i];
        struct holiday_add_in in = {set->unit, holiday->from, holiday->to, holiday->name};
        if (holiday->from >= holiday->to || holiday->from < desk->actor->today) {
            return bad_field(desk->bad, "items", "out_of_range");
        }
        TRY(holiday_add(db, &in, NULL, why));
    }
    return tell(desk, db, "holidays_changed", set->unit, set->count, why);
}
