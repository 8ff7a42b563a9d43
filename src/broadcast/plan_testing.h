/* For tests of the compiler: a schedule written as a line of text, invented, and plans written back
 * as text. Units: 1 province, 11 commune, 111 and 112 villages; programmes are letters.
 *
 *   A 05:30+30            programme A of the commune, 05:30, 30 minutes, ordinary, daily
 *   B 05:45+20 ! ^ @1,3   priority, of the province, on Mondays and Wednesdays
 *   C 06:00+10 in=112 lang=tay,vi place=5 silence relay again=1/17:00 skip keep once=2026-02-17
 *
 * Programmes stand between semicolons. Rules likewise:
 *   hours=05:00-07:00,17:00-18:30 session=60 day=120 days=1,2 quiet silent gain=-600 of=1 */
#ifndef LOA_BROADCAST_PLAN_TESTING_H
#define LOA_BROADCAST_PLAN_TESTING_H

#include "base/crash.h"
#include "broadcast/plan.h"

enum { KIT_PROGRAMMES = 26, KIT_ITEMS = 64, KIT_RULES = 12, KIT_HOURS = 6, KIT_CHOICES = 26 };

#define KIT_ZONE (7 * USEC_HOUR)

struct plan_kit {
    struct programme programmes[KIT_PROGRAMMES];
    struct programme_item items[KIT_PROGRAMMES][4];
    struct programme_repeat repeats[KIT_PROGRAMMES][4];
    unit_id areas[KIT_PROGRAMMES];
    struct broadcast_rule rules[KIT_RULES];
    struct rule_hours hours[KIT_RULES][KIT_HOURS];
    struct programme_choice choices[KIT_CHOICES];
    struct clash_order orders[8];
    struct broadcast_sound sounds[2];
    struct holiday holidays[2];
    struct schedule schedule;
    struct receiver receiver;
    struct arena *arena;
};

static inline int64_t kit_number(str text)
{
    int64_t number = 0;
    ENSURE(str_to_i64(text, &number));
    return number;
}

static inline int kit_second(str text)
{
    str minute = STR_NONE;
    str hour = str_split(text, ':', &minute);
    return (int)(kit_number(hour) * 3600 + kit_number(minute) * 60);
}

static inline day kit_on(str text)
{
    day on = 0;
    ENSURE(day_parse(text, &on));
    return on;
}

static inline unsigned kit_bits(str text)
{
    unsigned bits = 0;
    while (text.at != NULL) {
        bits |= 1U << (kit_number(str_split(text, ',', &text)) - 1);
    }
    return bits;
}

static inline void kit_init(struct plan_kit *kit)
{
    *kit = (struct plan_kit){.schedule = {.zone = KIT_ZONE}};
    kit->schedule.programmes = kit->programmes;
    kit->schedule.rules = kit->rules;
    kit->schedule.choices = kit->choices;
    kit->schedule.clash_orders = kit->orders;
    kit->schedule.sounds = kit->sounds;
    kit->schedule.holidays = kit->holidays;
    kit->receiver = (struct receiver){
        .device = 7, .path = {1, 11, 111}, .path_count = 3, .commune = 11, .name = S("Loa")};
    ENSURE(arena_create(256 * 1024 * 1024, &kit->arena) == OK);
}

static inline void kit_close(struct plan_kit *kit)
{
    arena_destroy(kit->arena);
}

static inline void kit_add_item(struct plan_kit *kit, size_t index, str language, int64_t minutes)
{
    struct programme *programme = &kit->programmes[index];
    struct programme_item *item = &kit->items[index][programme->item_count++];
    *item = (struct programme_item){
        .on = DAY_FIRST, .language = language, .ms = minutes * 60000, .bytes = 1000};
    item->media.bytes[0] = (uint8_t)(index + 1);
    item->media.bytes[1] = (uint8_t)programme->item_count;
    programme->items = kit->items[index];
}

static inline void kit_set_languages(struct plan_kit *kit, size_t index, str languages)
{
    int64_t minutes = kit->items[index][0].ms / 60000;
    kit->programmes[index].item_count = 0;
    while (languages.at != NULL) {
        kit_add_item(kit, index, str_split(languages, ',', &languages), minutes);
    }
}

static inline void kit_repeat(struct plan_kit *kit, size_t index, str text)
{
    struct programme *programme = &kit->programmes[index];
    str time = STR_NONE;
    str days = str_split(text, '/', &time);
    kit->repeats[index][programme->repeat_count++] =
        (struct programme_repeat){(int)kit_number(days), kit_second(time)};
    programme->repeats = kit->repeats[index];
}

/* Words with a value. */
static inline void kit_programme_value(struct plan_kit *kit, size_t index, str key, str value)
{
    struct programme *programme = &kit->programmes[index];
    if (str_is(key, S("in"))) {
        kit->areas[index] = kit_number(value);
        programme->areas = &kit->areas[index];
        programme->area_count = 1;
    } else if (str_is(key, S("lang"))) {
        kit_set_languages(kit, index, value);
    } else if (str_is(key, S("place"))) {
        programme->place_ms = kit_number(value) * 60000;
    } else if (str_is(key, S("again"))) {
        kit_repeat(kit, index, value);
    } else if (str_is(key, S("once"))) {
        programme->when.cadence = CADENCE_ONCE;
        programme->when.from = kit_on(value);
    } else {
        ENSURE(str_is(key, S("of")));
        programme->unit = kit_number(value);
    }
}

static inline void kit_programme_word(struct plan_kit *kit, size_t index, str word)
{
    struct programme *programme = &kit->programmes[index];
    str value = STR_NONE;
    str key = str_split(word, '=', &value);
    if (value.at != NULL) {
        kit_programme_value(kit, index, key, value);
    } else if (str_is(word, S("!"))) {
        programme->order_class = CLASS_PRIORITY;
    } else if (str_is(word, S("^"))) {
        programme->unit = 1;
        programme->tier = TIER_PROVINCE;
    } else if (str_is(word, S("silence"))) {
        programme->kind = PROGRAMME_SILENCE;
        programme->place_ms = kit->items[index][0].ms;
    } else if (str_is(word, S("relay"))) {
        programme->kind = PROGRAMME_RELAY;
        programme->place_ms = kit->items[index][0].ms;
        programme->source = S("https://loa.example/1");
    } else if (str_is(word, S("skip"))) {
        programme->when.holidays = HOLIDAY_SKIP;
    } else {
        ENSURE(word.at[0] == '@');
        programme->when.cadence = CADENCE_WEEKLY;
        programme->when.weekdays = kit_bits(str_cut(word, 1, word.len));
    }
}

static inline void kit_programme(struct plan_kit *kit, str text)
{
    str rest = str_trim(text);
    str name = str_split(rest, ' ', &rest);
    str minutes = STR_NONE;
    str start = str_split(str_split(rest, ' ', &rest), '+', &minutes);
    size_t index = kit->schedule.programme_count++;
    kit->programmes[index] = (struct programme){
        .id = (int64_t)index + 1,
        .unit = 11,
        .tier = TIER_COMMUNE,
        .name = name,
        .order_class = CLASS_ORDINARY,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = 10000, .to = DAY_OPEN},
        .start_s = kit_second(start),
    };
    kit_add_item(kit, index, S("vi"), kit_number(minutes));
    while (rest.at != NULL) {
        kit_programme_word(kit, index, str_split(rest, ' ', &rest));
    }
}

static inline void kit_programmes(struct plan_kit *kit, str text)
{
    while (text.at != NULL) {
        kit_programme(kit, str_split(text, ';', &text));
    }
}

static inline void kit_rule_hours(struct plan_kit *kit, size_t index, str text)
{
    while (text.at != NULL) {
        str to = STR_NONE;
        str from = str_split(str_split(text, ',', &text), '-', &to);
        kit->hours[index][kit->rules[index].hour_count++] =
            (struct rule_hours){kit_second(from), kit_second(to)};
    }
    kit->rules[index].hours = kit->hours[index];
}

static inline void kit_rule_word(struct plan_kit *kit, size_t index, str word)
{
    struct broadcast_rule *rule = &kit->rules[index];
    str value = STR_NONE;
    str key = str_split(word, '=', &value);
    if (str_is(key, S("hours"))) {
        kit_rule_hours(kit, index, value);
    } else if (str_is(key, S("session"))) {
        rule->session_most_ms = kit_number(value) * 60000;
    } else if (str_is(key, S("day"))) {
        rule->day_most_ms = kit_number(value) * 60000;
    } else if (str_is(key, S("days"))) {
        rule->weekdays = kit_bits(value);
    } else if (str_is(key, S("of"))) {
        rule->unit = kit_number(value);
    } else if (str_is(key, S("gain"))) {
        rule->gain_most_mb = kit_number(value);
    } else if (str_is(key, S("quiet"))) {
        rule->quiet_zone = true;
    } else {
        ENSURE(str_is(key, S("silent")));
        rule->no_sound = true;
    }
}

static inline void kit_rules(struct plan_kit *kit, str text)
{
    while (text.at != NULL && !str_is(text, S("-"))) {
        str rule = str_trim(str_split(text, ';', &text));
        size_t index = kit->schedule.rule_count++;
        kit->rules[index] = (struct broadcast_rule){
            .id = 100 + (int64_t)index, .unit = 11, .to = DAY_OPEN, .weekdays = EVERY_WEEKDAY};
        while (rule.at != NULL) {
            kit_rule_word(kit, index, str_split(rule, ' ', &rule));
        }
    }
}

static inline struct device_plan kit_compile(struct plan_kit *kit, day from, day to)
{
    struct plan_request request = {.schedule = &kit->schedule,
                                   .from = day_start(from, KIT_ZONE),
                                   .to = day_start(to, KIT_ZONE),
                                   .with_notes = true};
    struct device_plan plan = {0};
    ENSURE(plan_compile(&request, &kit->receiver, kit->arena, &plan, NULL) == OK);
    return plan;
}

static inline void kit_write_time(usec at, struct buf *out)
{
    struct clock_time time = usec_clock(at, KIT_ZONE);
    buf_add_format(out, "%02d:%02d", time.hour, time.minute);
    if (time.second != 0) {
        buf_add_format(out, ":%02d", time.second);
    }
}

/* "A 05:30-06:00, B …"; "-" for none. */
static inline void kit_write_lines(const struct device_plan *plan, struct buf *out)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        buf_add_text(out, i > 0 ? ", " : "");
        buf_add(out, line->programme == 0 ? S("*") : line->title);
        buf_add_byte(out, ' ');
        kit_write_time(line->at, out);
        buf_add_byte(out, '-');
        kit_write_time(line->at + line->ms * 1000, out);
    }
    buf_add_text(out, plan->count == 0 ? "-" : "");
}

/* "A cut, B no_room"; "-" for none. */
static inline void kit_write_notes(const struct device_plan *plan, struct buf *out)
{
    for (size_t i = 0; i < plan->note_count; i++) {
        const struct plan_note *note = &plan->notes[i];
        buf_add_format(out, "%s%c %s", i > 0 ? ", " : "", (int)('A' + note->programme - 1),
                       plan_note_name(note->key));
    }
    buf_add_text(out, plan->note_count == 0 ? "-" : "");
}

#endif
