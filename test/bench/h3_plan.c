/* h3-plan: the plans of a whole year for 10,000 devices in 300 communes, compiled from scratch; and
 * the same for the nine days that devices are sent. Beside it libical, which only expands the same
 * rules of recurrence over the year and places nothing. */
#include "broadcast/plan.h"

#include "base/bench_testing.h"
#include "base/crash.h"

#include <libical/ical.h>

enum {
    COMMUNES = 300,
    DEVICES = 10000,
    VILLAGES = 8,
    PROVINCE_PROGRAMMES = 6,
    COMMUNE_PROGRAMMES = 8,
    PROGRAMMES = PROVINCE_PROGRAMMES + COMMUNES * COMMUNE_PROGRAMMES,
    RULES = 3 + COMMUNES,
    GOAL_S = 10,
};

#define ZONE (7 * USEC_HOUR)
#define FIRST ((day)20454) /* 2026-01-01 */

struct province {
    struct programme programmes[PROGRAMMES];
    struct programme_item items[PROGRAMMES];
    struct programme_choice choices[COMMUNES * 2];
    struct broadcast_rule rules[RULES];
    struct rule_hours hours[2];
    struct holiday holidays[12];
    struct receiver devices[DEVICES];
    struct schedule schedule;
};

static struct province province;

static unit_id commune_id(size_t commune)
{
    return 1000 + (unit_id)commune;
}

static struct programme *add_programme(unit_id unit, int start_s)
{
    static const int minutes[] = {15, 10, 20, 5, 30, 8};
    size_t index = province.schedule.programme_count++;
    province.items[index] = (struct programme_item){
        .on = DAY_FIRST, .language = S("vi"), .ms = minutes[index % 6] * 60000, .bytes = 100000};
    memcpy(province.items[index].media.bytes, &index, sizeof index);
    province.programmes[index] = (struct programme){
        .id = (int64_t)index + 1,
        .unit = unit,
        .tier = unit == 1 ? TIER_PROVINCE : TIER_COMMUNE,
        .name = S("Chương trình"),
        .order_class = index % 5 == 0 ? CLASS_PRIORITY : CLASS_ORDINARY,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = FIRST - 100, .to = DAY_OPEN},
        .start_s = start_s,
        .items = &province.items[index],
        .item_count = 1,
    };
    return &province.programmes[index];
}

static void add_commune(size_t commune)
{
    unit_id unit = commune_id(commune);
    for (int i = 0; i < COMMUNE_PROGRAMMES; i++) {
        int start = i % 2 == 0 ? 5 * 3600 + 900 * i : 17 * 3600 + 600 * i;
        struct programme *programme = add_programme(unit, start);
        programme->when.cadence = (enum cadence)(1 + i % 4);
        programme->when.weekdays = 21U + (unsigned)i;
        programme->when.month_day = 1 + i;
        programme->when.nth = 1 + i % 4;
        programme->when.holidays = i % 3 == 0 ? HOLIDAY_SKIP : HOLIDAY_AS_USUAL;
    }
    for (int i = 0; i < 2; i++) {
        province.choices[province.schedule.choice_count++] =
            (struct programme_choice){.programme = 2 + i, .unit = unit, .taken = true};
    }
    province.rules[province.schedule.rule_count] = (struct broadcast_rule){
        .id = (int64_t)++province.schedule.rule_count,
        .unit = unit,
        .to = DAY_OPEN,
        .weekdays = EVERY_WEEKDAY,
        .session_most_ms = (int64_t)60 * 60000,
        .day_most_ms = (int64_t)120 * 60000,
    };
}

static void make_rules(void)
{
    province.hours[0] = (struct rule_hours){5 * 3600, 7 * 3600};
    province.hours[1] = (struct rule_hours){16 * 3600, 19 * 3600};
    province.rules[0] = (struct broadcast_rule){.id = 1,
                                                .unit = 1,
                                                .to = DAY_OPEN,
                                                .weekdays = EVERY_WEEKDAY,
                                                .hours = province.hours,
                                                .hour_count = 2};
    province.rules[1] = (struct broadcast_rule){.id = 2,
                                                .unit = 1,
                                                .to = DAY_OPEN,
                                                .weekdays = 96,
                                                .session_most_ms = (int64_t)15 * 60000,
                                                .quiet_zone = true};
    province.schedule.rule_count = 2;
}

static void make_province(void)
{
    struct schedule *schedule = &province.schedule;
    *schedule = (struct schedule){.zone = ZONE,
                                  .programmes = province.programmes,
                                  .choices = province.choices,
                                  .rules = province.rules,
                                  .holidays = province.holidays,
                                  .holiday_count = COUNT_OF(province.holidays)};
    make_rules();
    for (int i = 0; i < PROVINCE_PROGRAMMES; i++) {
        add_programme(1, 5 * 3600 + 1800 * i);
    }
    for (size_t i = 0; i < COMMUNES; i++) {
        add_commune(i);
    }
    for (day i = 0; i < (day)COUNT_OF(province.holidays); i++) {
        province.holidays[i] = (struct holiday){.from = FIRST + 30 * i, .to = FIRST + 30 * i + 2};
    }
    for (size_t i = 0; i < DEVICES; i++) {
        unit_id commune = commune_id(i % COMMUNES);
        province.devices[i] = (struct receiver){
            .device = i + 1,
            .path = {1, commune, commune * 100 + (unit_id)(i / COMMUNES % VILLAGES)},
            .path_count = 3,
            .commune = commune,
            .quiet_zone = i / COMMUNES % 11 == 0,
        };
    }
}

struct total {
    size_t plans;
    size_t lines;
};

/* Commune by commune, as the server does it. */
static double compile(day days, struct total *ret_total)
{
    struct arena *arena = NULL;
    struct plan_request request = {.schedule = &province.schedule,
                                   .from = day_start(FIRST, ZONE),
                                   .to = day_start(FIRST + days, ZONE)};
    struct receiver devices[DEVICES / COMMUNES + 1];
    ENSURE(arena_create((size_t)1024 * 1024 * 1024, &arena) == OK);
    *ret_total = (struct total){0};
    usec before = now_steady();
    for (size_t commune = 0; commune < COMMUNES; commune++) {
        struct receivers receivers = {devices, 0};
        struct plan_set set;
        for (size_t i = commune; i < DEVICES; i += COMMUNES) {
            devices[receivers.count++] = province.devices[i];
        }
        ENSURE(plan_compile_all(&request, &receivers, arena, &set, NULL) == OK);
        for (size_t i = 0; i < receivers.count; i++) {
            ret_total->lines += set.plans[set.plan_of[i]].count;
        }
        ret_total->plans += set.plan_count;
        arena_reset(arena);
    }
    double seconds = (double)(now_steady() - before) / 1e6;
    arena_destroy(arena);
    return seconds;
}

/* The days of every rule in the year, by libical. */
static double expand_with_libical(void)
{
    size_t days = 0;
    struct civil first = day_civil(FIRST);
    struct icaltimetype start = {
        .year = first.year, .month = first.month, .day = first.mday, .is_date = 1};
    usec before = now_steady();
    for (size_t i = 0; i < province.schedule.programme_count; i++) {
        AUTO(buf_finish) struct buf rule;
        buf_init(&rule, 512);
        recurrence_rrule(&province.programmes[i].when, &rule);
        icalrecur_iterator *each =
            icalrecur_iterator_new(icalrecurrencetype_from_string(rule.at), start);
        for (struct icaltimetype at = icalrecur_iterator_next(each);
             !icaltime_is_null_time(at) && at.year == first.year;
             at = icalrecur_iterator_next(each)) {
            days++;
        }
        icalrecur_iterator_free(each);
    }
    ENSURE(days > 0);
    return (double)(now_steady() - before) / 1e6;
}

int main(void)
{
    struct total year;
    struct total week;
    char note[200];
    make_province();
    double seconds = compile(365, &year);
    double nine_days = compile(9, &week);
    double peer = expand_with_libical();
    snprintf(note, sizeof note,
             "%zu different plans, %zu items at devices; libical only expands the %d rules once "
             "each; limit: placing by rank on one core",
             year.plans, year.lines, PROGRAMMES);
    bench_print(&(struct bench_row){"h3-plan-year-10000-devices", seconds, "s",
                                    "libical, expanding alone", peer, "<= 10", seconds <= GOAL_S,
                                    note});
    snprintf(note, sizeof note, "%zu different plans, %zu items at devices", week.plans,
             week.lines);
    bench_print(&(struct bench_row){"h3-plan-nine-days-10000-devices", nine_days, "s", "", 0,
                                    "<= 1", nine_days <= 1, note});
    return 0;
}
