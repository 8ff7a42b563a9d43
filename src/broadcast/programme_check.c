/* What a programme may be; pure. */
#include "broadcast/schedule.h"

enum { SOURCE_MOST = 512, GAIN_LEAST_MB = -6000 };

static errc check_source(const struct programme *programme, struct bad_field *bad)
{
    bool relay = programme->kind == PROGRAMME_RELAY;
    bool address =
        str_starts(programme->source, S("https://")) || str_starts(programme->source, S("http://"));
    if (programme->source.len > SOURCE_MOST) {
        return bad_field(bad, "source", "too_long");
    }
    if (relay && programme->source.len == 0) {
        return bad_field(bad, "source", "missing");
    }
    if (programme->source.len > 0 && (!relay || !address)) {
        return bad_field(bad, "source", "not_an_address");
    }
    return OK;
}

static errc check_times(const struct programme *programme, struct bad_field *bad)
{
    const char *problem = recurrence_problem(&programme->when);
    bool placed = programme->kind == PROGRAMME_RELAY || programme->kind == PROGRAMME_SILENCE;
    if (problem != NULL) {
        return bad_field(bad, "when", problem);
    }
    if (programme->start_s < 0 || programme->start_s >= DAY_S) {
        return bad_field(bad, "start", "out_of_range");
    }
    if (programme->place_ms < 0 || programme->place_ms > (int64_t)DAY_S * 1000) {
        return bad_field(bad, "place_ms", "out_of_range");
    }
    if (placed && programme->place_ms == 0) {
        return bad_field(bad, "place_ms", "missing");
    }
    for (size_t i = 0; i < programme->repeat_count; i++) {
        const struct programme_repeat *repeat = &programme->repeats[i];
        bool same = repeat->days_after == 0 && repeat->start_s == programme->start_s;
        if (same || repeat->days_after < 0 || repeat->days_after > 31 || repeat->start_s < 0 ||
            repeat->start_s >= DAY_S) {
            return bad_field(bad, "repeats", same ? "twice" : "out_of_range");
        }
    }
    return OK;
}

static errc check_items(const struct programme *programme, struct bad_field *bad)
{
    if (programme->item_count > PROGRAMME_ITEMS_MOST) {
        return bad_field(bad, "items", "too_many");
    }
    if (programme->kind == PROGRAMME_SILENCE && programme->item_count > 0) {
        return bad_field(bad, "items", "not_here");
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        if (!language_is_fit(item->language)) {
            return bad_field(bad, "items", "not_a_language");
        }
        for (size_t j = 0; j < i; j++) {
            const struct programme_item *other = &programme->items[j];
            if (other->on == item->on && other->position == item->position &&
                str_is(other->language, item->language)) {
                return bad_field(bad, "items", "twice");
            }
        }
    }
    return OK;
}

errc programme_check(const struct programme *programme, struct bad_field *bad)
{
    if (programme->order_class != CLASS_ORDINARY && programme->order_class != CLASS_PRIORITY) {
        return bad_field(bad, "class", "unknown");
    }
    if (programme->gain_mb > 0 || programme->gain_mb < GAIN_LEAST_MB) {
        return bad_field(bad, "gain_mb", "out_of_range");
    }
    if (programme->area_count > PROGRAMME_AREAS_MOST) {
        return bad_field(bad, "areas", "too_many");
    }
    if (programme->repeat_count > PROGRAMME_REPEATS_MOST) {
        return bad_field(bad, "repeats", "too_many");
    }
    if (programme->when.added.count + programme->when.removed.count > PROGRAMME_DAYS_MOST) {
        return bad_field(bad, "when", "too_many");
    }
    TRY(check_times(programme, bad));
    TRY(check_source(programme, bad));
    return check_items(programme, bad);
}
