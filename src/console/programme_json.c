/* See programme_json.h. */
#include "console/programme_json.h"

static void write_days(struct json_out *out, const char *key, struct day_list days)
{
    json_array_at(out, key);
    for (size_t i = 0; i < days.count; i++) {
        json_day(out, days.at[i]);
    }
    json_end(out);
}

void programme_json_when(struct json_out *out, const struct recurrence *when)
{
    bool month_day = when->cadence == CADENCE_MONTH_DAY;
    bool nth = when->cadence == CADENCE_MONTH_WEEKDAY;
    json_object(out);
    json_text_at(out, "cadence", cadence_name(when->cadence));
    json_i64_at(out, "every", when->every);
    json_day_at(out, "from", when->from);
    json_day_at(out, "to", when->to);
    air_bits_at(out, "weekdays", when->weekdays, 7);
    air_bits_at(out, "months", when->months, 12);
    json_key(out, "month_day");
    month_day ? json_i64(out, when->month_day) : json_null(out);
    json_key(out, "nth");
    nth ? json_i64(out, when->nth) : json_null(out);
    json_text_at(out, "holidays", holiday_way_name(when->holidays));
    write_days(out, "added", when->added);
    write_days(out, "removed", when->removed);
    json_end(out);
}

static void write_items(struct ask *ask, const struct programme *programme)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "items");
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        json_object(out);
        json_day_at(out, "on", item->on);
        json_i64_at(out, "position", item->position);
        ask_write_text(ask, "language", item->language);
        air_hash_at(out, "media", item->media);
        json_str_at(out, "title", item->title);
        json_i64_at(out, "ms", item->ms);
        json_key(out, "bulletin");
        item->bulletin == 0 ? json_null(out) : json_i64(out, item->bulletin);
        json_end(out);
    }
    json_end(out);
}

static void write_repeats(struct json_out *out, const struct programme *programme)
{
    json_array_at(out, "repeats");
    for (size_t i = 0; i < programme->repeat_count; i++) {
        json_object(out);
        json_i64_at(out, "days_after", programme->repeats[i].days_after);
        air_time_at(out, "start", programme->repeats[i].start_s);
        json_end(out);
    }
    json_end(out);
}

static void write_choice(struct json_out *out, const struct programme_choice *choice)
{
    if (choice == NULL) {
        json_null_at(out, "choice");
        return;
    }
    json_object_at(out, "choice");
    json_bool_at(out, "taken", choice->taken);
    air_time_at(out, "start", choice->has_start ? choice->start_s : -1);
    json_end(out);
}

void programme_json_fields(struct ask *ask, const struct programme *programme,
                           const struct programme_choice *choice)
{
    struct json_out *out = &ask->json;
    json_i64_at(out, "id", programme->id);
    air_unit_at(ask, "unit", programme->unit);
    json_str_at(out, "name", programme->name);
    json_text_at(out, "kind", programme_kind_name(programme->kind));
    json_text_at(out, "class", programme->order_class == CLASS_PRIORITY ? "priority" : "ordinary");
    json_key(out, "when");
    programme_json_when(out, &programme->when);
    air_time_at(out, "start", programme->start_s);
    json_i64_at(out, "place_ms", programme->place_ms);
    json_i64_at(out, "gain_mb", programme->gain_mb);
    json_text_at(out, "after_break", after_break_name(programme->after_break));
    ask_write_text(ask, "source", programme->source);
    json_i64_at(out, "version", programme->version);
    write_items(ask, programme);
    write_repeats(out, programme);
    json_array_at(out, "areas");
    for (size_t i = 0; i < programme->area_count; i++) {
        air_unit(ask, programme->areas[i]);
    }
    json_end(out);
    write_choice(out, choice);
    json_usec_at(out, "created_at", programme->created);
    json_usec_at(out, "changed_at", programme->changed);
}

void programme_json(struct ask *ask, const struct programme *programme,
                    const struct programme_choice *choice)
{
    json_object(&ask->json);
    programme_json_fields(ask, programme, choice);
    json_end(&ask->json);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* A word out of a list; absent leaves what was there. */
static errc take_word(struct ask *ask, const struct json_value *object, const char *key, str *word)
{
    return json_in_has(object, key) ? json_in_str(object, key, 1, 32, word, &ask->bad) : OK;
}

static errc take_days(struct ask *ask, const struct json_value *object, const char *key,
                      struct day_list *ret_days)
{
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_take_array(ask, object, key, PROGRAMME_DAYS_MOST, &array, &count));
    if (array == NULL) {
        return OK;
    }
    day *days = arena_take_array(ask->arena, count + 1, sizeof *days);
    if (days == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        str text = STR_NONE;
        struct json_in_limits limits = {10, 10, false};
        TRY(json_in_as_str(json_in_at(array, i), key, limits, &text, &ask->bad));
        if (!day_parse(text, &days[i])) {
            return bad_field(&ask->bad, key, "not_a_date");
        }
        if (i > 0 && days[i] <= days[i - 1]) {
            return bad_field(&ask->bad, key, "not_in_order");
        }
    }
    *ret_days = (struct day_list){days, count};
    return OK;
}

static errc take_when_words(struct ask *ask, const struct json_value *when, struct recurrence *rule)
{
    str cadence = S("once");
    str holidays = S("as_usual");
    TRY(take_word(ask, when, "cadence", &cadence));
    TRY(take_word(ask, when, "holidays", &holidays));
    if (!cadence_parse(cadence, &rule->cadence)) {
        return bad_field(&ask->bad, "cadence", "unknown");
    }
    return holiday_way_parse(holidays, &rule->holidays)
               ? OK
               : bad_field(&ask->bad, "holidays", "unknown");
}

static errc take_when(struct ask *ask, const struct json_value *body, struct recurrence *ret_rule)
{
    static const char *const fields[] = {"cadence",  "every",  "from",      "to",
                                         "weekdays", "months", "month_day", "nth",
                                         "holidays", "added",  "removed",   NULL};
    const struct json_value *when = json_in_get(body, "when");
    struct recurrence rule = {.to = DAY_OPEN};
    int64_t every = 1;
    int64_t month_day = 0;
    int64_t nth = 0;
    if (!json_in_is_object(when)) {
        return bad_field(&ask->bad, "when", "missing");
    }
    TRY(json_in_only(when, fields, &ask->bad));
    TRY(take_when_words(ask, when, &rule));
    TRY(json_in_day(when, "from", &rule.from, &ask->bad));
    if (json_in_has(when, "to")) {
        TRY(json_in_day(when, "to", &rule.to, &ask->bad));
    }
    TRY(air_take_number(ask, when, "every", 1, 366, &every));
    TRY(air_take_number(ask, when, "month_day", -1, 31, &month_day));
    TRY(air_take_number(ask, when, "nth", -1, 5, &nth));
    TRY(air_take_bits(ask, when, "weekdays", 7, &rule.weekdays));
    TRY(air_take_bits(ask, when, "months", 12, &rule.months));
    TRY(take_days(ask, when, "added", &rule.added));
    TRY(take_days(ask, when, "removed", &rule.removed));
    rule.every = (int)every;
    rule.month_day = (int)month_day;
    rule.nth = (int)nth;
    *ret_rule = rule;
    return OK;
}

static errc take_item(struct ask *ask, const struct json_value *value, size_t index,
                      struct programme_item *item)
{
    static const char *const fields[] = {"on",    "position", "language", "media",
                                         "title", "ms",       "bulletin", NULL};
    int64_t position = (int64_t)index + 1;
    bool given = false;
    *item = (struct programme_item){.on = DAY_FIRST, .language = S("")};
    TRY(json_in_only(value, fields, &ask->bad));
    if (json_in_has(value, "on")) {
        TRY(json_in_day(value, "on", &item->on, &ask->bad));
    }
    TRY(air_take_number(ask, value, "position", 0, 100000, &position));
    TRY(ask_optional_str(ask, value, "language", LANGUAGE_MOST, &given, &item->language));
    TRY(air_take_hash(ask, value, "media", &item->media));
    item->language = air_text(ask, item->language);
    item->position = (int)position;
    return OK;
}

static errc take_items(struct ask *ask, const struct json_value *body, struct programme *programme)
{
    const struct json_value *array = json_in_get(body, "items");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > PROGRAMME_ITEMS_MOST) {
        return bad_field(&ask->bad, "items", "too_many");
    }
    struct programme_item *items = arena_take_array(ask->arena, count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_item(ask, json_in_at(array, i), i, &items[i]));
    }
    programme->items = items;
    programme->item_count = count;
    return OK;
}

static errc take_repeats(struct ask *ask, const struct json_value *body,
                         struct programme *programme)
{
    const struct json_value *array = json_in_get(body, "repeats");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > PROGRAMME_REPEATS_MOST) {
        return bad_field(&ask->bad, "repeats", "too_many");
    }
    struct programme_repeat *repeats = arena_take_array(ask->arena, count + 1, sizeof *repeats);
    if (repeats == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t days = 0;
        TRY(json_in_i64(json_in_at(array, i), "days_after", 0, 31, &days, &ask->bad));
        TRY(air_take_time(ask, json_in_at(array, i), "start", &repeats[i].start_s));
        repeats[i].days_after = (int)days;
    }
    programme->repeats = repeats;
    programme->repeat_count = count;
    return OK;
}

static errc take_words(struct ask *ask, const struct json_value *body, struct programme *programme)
{
    str kind = S("items");
    str class = S("ordinary");
    str after = S("resume");
    bool given = false;
    TRY(take_word(ask, body, "kind", &kind));
    TRY(take_word(ask, body, "class", &class));
    TRY(take_word(ask, body, "after_break", &after));
    TRY(ask_optional_str(ask, body, "source", 512, &given, &programme->source));
    TRY(json_in_str(body, "name", 1, PROGRAMME_NAME_MOST, &programme->name, &ask->bad));
    programme->name = air_text(ask, programme->name);
    programme->source = air_text(ask, programme->source);
    programme->order_class = str_is(class, S("priority")) ? CLASS_PRIORITY : CLASS_ORDINARY;
    if (programme->order_class == CLASS_ORDINARY && !str_is(class, S("ordinary"))) {
        return bad_field(&ask->bad, "class", "unknown");
    }
    if (!programme_kind_parse(kind, &programme->kind)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    return after_break_parse(after, &programme->after_break)
               ? OK
               : bad_field(&ask->bad, "after_break", "unknown");
}

errc programme_take(struct ask *ask, const struct json_value *body, struct programme *ret_programme)
{
    struct programme programme = {.source = S("")};
    TRY(air_take_number(ask, body, "unit_id", 1, INT64_MAX, &programme.unit));
    TRY(air_take_number(ask, body, "version", 1, INT64_MAX, &programme.version));
    TRY(air_take_number(ask, body, "place_ms", 0, (int64_t)DAY_S * 1000, &programme.place_ms));
    TRY(air_take_number(ask, body, "gain_mb", -6000, 0, &programme.gain_mb));
    TRY(take_words(ask, body, &programme));
    TRY(take_when(ask, body, &programme.when));
    TRY(air_take_time(ask, body, "start", &programme.start_s));
    TRY(take_items(ask, body, &programme));
    TRY(take_repeats(ask, body, &programme));
    TRY(air_take_units(ask, body, "areas", PROGRAMME_AREAS_MOST, &programme.areas,
                       &programme.area_count));
    *ret_programme = programme;
    return OK;
}
