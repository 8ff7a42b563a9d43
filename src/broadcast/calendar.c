/* See calendar.h. libical escapes and folds; the times are those of the province's own clock, which
 * knows no summer. */
#include "broadcast/calendar.h"

#include <libical/ical.h>

enum { AHEAD = 366, TEXT_MOST = 4096, ZONE_TEXT = 32 };

struct writing {
    const struct calendar *calendar;
    icalcomponent *whole;
    char zone[ZONE_TEXT]; /* "UTC+07:00" */
};

static bool is_holiday(const struct calendar *calendar, day on)
{
    for (size_t i = 0; i < calendar->holiday_count; i++) {
        if (day_within(on, calendar->holidays[i].from, calendar->holidays[i].to)) {
            return true;
        }
    }
    return false;
}

static bool comes_on(const struct calendar *calendar, const struct programme *programme, day on)
{
    return recurrence_falls_on(&programme->when, is_holiday(calendar, on), on);
}

static struct icaltimetype time_of(day on, int second)
{
    struct civil date = day_civil(on);
    return (struct icaltimetype){.year = date.year,
                                 .month = date.month,
                                 .day = date.mday,
                                 .hour = second / 3600,
                                 .minute = second % 3600 / 60,
                                 .second = second % 60};
}

static struct icaltimetype utc_of(usec at)
{
    struct clock_time time = usec_clock(at, 0);
    struct icaltimetype utc = time_of(0, time.hour * 3600 + time.minute * 60 + time.second);
    utc.year = time.date.year;
    utc.month = time.date.month;
    utc.day = time.date.mday;
    utc.zone = icaltimezone_get_utc_timezone();
    return utc;
}

/* A property with a time in the province's zone. */
static void add_time(const struct writing *run, icalcomponent *event, icalproperty *property)
{
    icalproperty_add_parameter(property, icalparameter_new_tzid(run->zone));
    icalcomponent_add_property(event, property);
}

static void add_rdate(const struct writing *run, icalcomponent *event, struct icaltimetype at)
{
    struct icaldatetimeperiodtype when = {.time = at};
    add_time(run, event, icalproperty_new_rdate(when));
}

/* libical wants texts that end; ours are views. */
static const char *ended(str text, char room[TEXT_MOST])
{
    size_t len = text.len < TEXT_MOST - 1 ? text.len : TEXT_MOST - 1;
    while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xc0) == 0x80) {
        len--;
    }
    if (len > 0) {
        memcpy(room, text.at, len);
    }
    room[len] = '\0';
    return room;
}

static int length_s(const struct programme *programme)
{
    int64_t ms = 0;
    int position = -1;
    day on = programme->item_count > 0 ? programme->items[0].on : DAY_FIRST;
    for (size_t i = 0; i < programme->item_count && programme->items[i].on == on; i++) {
        if (programme->items[i].position != position) {
            ms += programme->items[i].ms;
            position = programme->items[i].position;
        }
    }
    bool placed = programme->place_ms > 0 && (ms == 0 || ms > programme->place_ms);
    return (int)((placed ? programme->place_ms : ms) / 1000);
}

static icalcomponent *event_new(const struct writing *run, const struct programme *programme,
                                size_t number)
{
    char text[TEXT_MOST];
    char uid[64];
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    snprintf(uid, sizeof uid, "programme-%lld-%zu@loa", (long long)programme->id, number);
    icalcomponent_add_property(event, icalproperty_new_uid(uid));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(utc_of(run->calendar->now)));
    icalcomponent_add_property(event, icalproperty_new_summary(ended(programme->name, text)));
    icalcomponent_add_property(event, icalproperty_new_sequence((int)programme->version));
    icalcomponent_add_property(
        event, icalproperty_new_duration(icaldurationtype_from_int(length_s(programme))));
    if (programme->item_count > 0) {
        str title = programme->items[0].title;
        icalcomponent_add_property(event, icalproperty_new_description(ended(title, text)));
    }
    return event;
}

static void add_rule(const struct writing *run, icalcomponent *event,
                     const struct programme *programme)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, TEXT_MOST);
    recurrence_rrule(&programme->when, &text);
    if (text.len == 0) {
        return;
    }
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(text.at);
    if (programme->when.to <= DAY_MOST) {
        rule.until = utc_of(day_start(programme->when.to, run->calendar->zone) - USEC_SECOND);
    }
    icalcomponent_add_property(event, icalproperty_new_rrule(rule));
}

/* Days on which the rule alone would be wrong. */
static void add_exceptions(const struct writing *run, icalcomponent *event,
                           const struct programme *programme, day first)
{
    const struct recurrence *when = &programme->when;
    for (size_t i = 0; i < when->added.count; i++) {
        add_rdate(run, event, time_of(when->added.at[i], programme->start_s));
    }
    for (day on = first; on < first + 2 * AHEAD && on < when->to; on++) {
        bool wrong = recurrence_is_due(when, on) && !comes_on(run->calendar, programme, on);
        if (wrong) {
            add_time(run, event, icalproperty_new_exdate(time_of(on, programme->start_s)));
        }
    }
}

/* The first day of the rule itself, from its beginning on; what comes later is for the rule. */
static bool first_due(const struct recurrence *when, day *ret_day)
{
    for (day on = when->from; on < when->to && on < when->from + 4 * AHEAD; on++) {
        if (recurrence_is_due(when, on)) {
            *ret_day = on;
            return true;
        }
    }
    return false;
}

static void add_programme(const struct writing *run, const struct programme *programme)
{
    day first = 0;
    if (!first_due(&programme->when, &first)) {
        return;
    }
    icalcomponent *event = event_new(run, programme, 0);
    add_time(run, event, icalproperty_new_dtstart(time_of(first, programme->start_s)));
    add_rule(run, event, programme);
    add_exceptions(run, event, programme, first);
    icalcomponent_add_component(run->whole, event);
}

static void add_repeat(const struct writing *run, const struct programme *programme, size_t index)
{
    const struct programme_repeat *repeat = &programme->repeats[index];
    icalcomponent *event = NULL;
    day today = day_of(run->calendar->now, run->calendar->zone);
    for (day on = today; on < today + AHEAD; on++) {
        if (!comes_on(run->calendar, programme, on - repeat->days_after)) {
            continue;
        }
        struct icaltimetype at = time_of(on, repeat->start_s);
        if (event == NULL) {
            event = event_new(run, programme, index + 1);
            add_time(run, event, icalproperty_new_dtstart(at));
            icalcomponent_add_component(run->whole, event);
        } else {
            add_rdate(run, event, at);
        }
    }
}

static void add_zone(struct writing *run)
{
    int seconds = (int)(run->calendar->zone / USEC_SECOND);
    icalcomponent *zone = icalcomponent_new(ICAL_VTIMEZONE_COMPONENT);
    icalcomponent *standard = icalcomponent_new(ICAL_XSTANDARD_COMPONENT);
    snprintf(run->zone, sizeof run->zone, "UTC%c%02d:%02d", seconds < 0 ? '-' : '+',
             abs(seconds) / 3600 % 100, abs(seconds) % 3600 / 60);
    icalcomponent_add_property(zone, icalproperty_new_tzid(run->zone));
    icalcomponent_add_property(standard, icalproperty_new_dtstart(time_of(0, 0)));
    icalcomponent_add_property(standard, icalproperty_new_tzoffsetfrom(seconds));
    icalcomponent_add_property(standard, icalproperty_new_tzoffsetto(seconds));
    icalcomponent_add_component(zone, standard);
    icalcomponent_add_component(run->whole, zone);
}

static icalcomponent *calendar_new(const struct calendar *calendar)
{
    char text[TEXT_MOST];
    icalcomponent *whole = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalproperty *name = icalproperty_new_x(ended(calendar->name, text));
    icalproperty_set_x_name(name, "X-WR-CALNAME");
    icalcomponent_add_property(whole, icalproperty_new_version("2.0"));
    icalcomponent_add_property(whole, icalproperty_new_prodid("-//Loa//Loa//VI"));
    icalcomponent_add_property(whole, name);
    return whole;
}

errc calendar_write(const struct calendar *calendar, struct buf *out, struct why *why)
{
    struct writing run = {.calendar = calendar, .whole = calendar_new(calendar)};
    add_zone(&run);
    for (size_t i = 0; i < calendar->count; i++) {
        add_programme(&run, &calendar->programmes[i]);
        for (size_t r = 0; r < calendar->programmes[i].repeat_count; r++) {
            add_repeat(&run, &calendar->programmes[i], r);
        }
    }
    char *text = icalcomponent_as_ical_string_r(run.whole);
    if (text != NULL) {
        buf_add_text(out, text);
    }
    icalmemory_free_buffer(text);
    icalcomponent_free(run.whole);
    return text == NULL ? fail(why, ERR_NO_MEMORY, "memory for a calendar") : buf_check(out);
}
