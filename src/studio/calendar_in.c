/* See calendar_in.h. libical unescapes and parses; what it gives is taken field by field and
 * checked like anything else that comes from outside. Time zones that a calendar defines itself are
 * not computed: a few lines of them can ask for years of arithmetic. */
#include "studio/calendar_in.h"

#include "base/text.h"

#include <libical/ical.h>
#include <strings.h>

enum {
    DEPTH_MOST = 6,
    FOLLOWED_MOST = 4000, /* days, to find where a counted rule ends */
    PLACE_LEAST_MS = 1000,
};

struct reading {
    usec zone;
    struct arena *arena;
    struct calendar_event *events;
    size_t count;
};

/* --- the text --------------------------------------------------------------------------------- */

/* Lines that go on behind a blank are joined, so that what is looked at is what libical sees. */
static errc unfold(str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        bool blank = i + 1 < text.len && (text.at[i + 1] == ' ' || text.at[i + 1] == '\t');
        if (text.at[i] == '\n' && blank) {
            i++;
        } else if (text.at[i] != '\r') {
            buf_add_byte(out, text.at[i]);
        }
    }
    buf_add_byte(out, '\0');
    return buf_check(out);
}

static bool begins(str line, const char *word)
{
    size_t len = strlen(word);
    return line.len >= len && strncasecmp(line.at, word, len) == 0;
}

/* libical goes down as deep as the text does; this does not let it. */
static bool is_shallow(str text)
{
    int depth = 0;
    int components = 0;
    for (str rest = text; rest.at != NULL;) {
        str line = str_trim(str_split(rest, '\n', &rest));
        if (begins(line, "BEGIN:")) {
            depth++;
            components++;
        } else if (begins(line, "END:")) {
            depth--;
        }
        if (depth > DEPTH_MOST || depth < 0 || components > 8 * CALENDAR_EVENTS_MOST) {
            return false;
        }
    }
    return true;
}

/* What is no plain line of text becomes nothing. */
static str text_of(const struct reading *run, const char *text, size_t most)
{
    str whole = text == NULL ? S("") : str_trim(str_of(text));
    if (!text_is_utf8(whole) || !text_is_plain(whole)) {
        return S("");
    }
    str cut = text_cut(whole, most);
    return cut.len == 0 ? S("") : arena_str(run->arena, cut);
}

/* --- times ------------------------------------------------------------------------------------ */

/* How far east the clock of a property stands; those of the province's own clock by their names. */
static bool offset_of(icalproperty *property, struct icaltimetype time, usec own, usec *ret_offset)
{
    static const char *const sevens[] = {
        "Asia/Ho_Chi_Minh", "Asia/Saigon",     "Asia/Hanoi", "Asia/Bangkok",         "Asia/Jakarta",
        "Asia/Vientiane",   "Asia/Phnom_Penh", "UTC+07:00",  "SE Asia Standard Time"};
    icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char *name = parameter == NULL ? NULL : icalparameter_get_tzid(parameter);
    if (icaltime_is_utc(time)) {
        *ret_offset = 0;
        return true;
    }
    if (name == NULL) {
        *ret_offset = own;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(sevens); i++) {
        if (strcasecmp(name, sevens[i]) == 0) {
            *ret_offset = 7 * USEC_HOUR;
            return true;
        }
    }
    return false;
}

/* As the province's clock shows it; false for a time that is none. */
static bool civil_of(const struct reading *run, struct icaltimetype time, usec offset, day *ret_day,
                     int *ret_s)
{
    struct civil date = {.year = time.year, .month = time.month, .mday = time.day};
    day on = 0;
    bool fits = time.year >= 2000 && time.year <= 2100 && time.hour >= 0 && time.hour < 24 &&
                time.minute >= 0 && time.minute < 60 && time.second >= 0 && time.second < 60;
    if (!fits || !day_from_civil(date, &on)) {
        return false;
    }
    int second = time.hour * 3600 + time.minute * 60 + time.second;
    usec at = (usec)on * USEC_DAY + second * USEC_SECOND - offset + run->zone;
    *ret_day = (day)(at / USEC_DAY);
    *ret_s = (int)(at % USEC_DAY / USEC_SECOND);
    return true;
}

static const char *take_start(const struct reading *run, icalcomponent *component,
                              struct calendar_event *event, usec *ret_offset)
{
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_DTSTART_PROPERTY);
    if (property == NULL) {
        return "no_time";
    }
    struct icaltimetype time = icalproperty_get_dtstart(property);
    if (time.is_date) {
        return "no_time";
    }
    if (!offset_of(property, time, run->zone, ret_offset)) {
        return "time_zone";
    }
    return civil_of(run, time, *ret_offset, &event->when.from, &event->start_s) ? NULL : "no_time";
}

static const char *take_length(const struct reading *run, icalcomponent *component, usec offset,
                               struct calendar_event *event)
{
    icalproperty *length = icalcomponent_get_first_property(component, ICAL_DURATION_PROPERTY);
    icalproperty *end = icalcomponent_get_first_property(component, ICAL_DTEND_PROPERTY);
    int64_t seconds = 0;
    day on = 0;
    int second = 0;
    if (length != NULL) {
        struct icaldurationtype told = icalproperty_get_duration(length);
        seconds = told.is_neg
                      ? 0
                      : (int64_t)told.weeks * 7 * DAY_S + (int64_t)told.days * DAY_S +
                            (int64_t)told.hours * 3600 + (int64_t)told.minutes * 60 + told.seconds;
    } else if (end != NULL) {
        struct icaltimetype time = icalproperty_get_dtend(end);
        usec end_offset = offset;
        bool fits = offset_of(end, time, run->zone, &end_offset) &&
                    civil_of(run, time, end_offset, &on, &second);
        seconds = fits ? ((int64_t)on - event->when.from) * DAY_S + second - event->start_s : 0;
    }
    event->place_ms = seconds * 1000;
    bool right = event->place_ms >= PLACE_LEAST_MS && seconds <= DAY_S;
    return right ? NULL : "no_length";
}

/* --- rules ------------------------------------------------------------------------------------ */

static bool is_empty(const short *list)
{
    return list[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

/* libical counts from Sunday, 1; ours is Monday, 0. */
static unsigned weekday_bit(short by_day)
{
    int weekday = (int)icalrecurrencetype_day_day_of_week(by_day);
    return weekday < 1 || weekday > 7 ? 0 : 1U << (weekday + 5) % 7;
}

static const char *take_weekly(const struct icalrecurrencetype *rule, struct recurrence *when)
{
    when->cadence = CADENCE_WEEKLY;
    for (int i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
        when->weekdays |= weekday_bit(rule->by_day[i]);
    }
    if (when->weekdays == 0) {
        when->weekdays = 1U << day_weekday(when->from);
    }
    return NULL;
}

static const char *take_monthly(const struct icalrecurrencetype *rule, struct recurrence *when)
{
    if (!is_empty(rule->by_day)) {
        int nth = icalrecurrencetype_day_position(rule->by_day[0]);
        bool alone = rule->by_day[1] == ICAL_RECURRENCE_ARRAY_MAX;
        when->cadence = CADENCE_MONTH_WEEKDAY;
        when->weekdays = weekday_bit(rule->by_day[0]);
        when->nth = nth;
        bool fits = alone && is_empty(rule->by_month_day) && nth >= -1 && nth <= 5 && nth != 0;
        return fits ? NULL : "too_special";
    }
    when->cadence = CADENCE_MONTH_DAY;
    when->month_day = day_civil(when->from).mday;
    if (!is_empty(rule->by_month_day)) {
        bool alone = rule->by_month_day[1] == ICAL_RECURRENCE_ARRAY_MAX;
        when->month_day = rule->by_month_day[0];
        bool fits = alone && when->month_day >= -1 && when->month_day <= 31 && when->month_day != 0;
        return fits ? NULL : "too_special";
    }
    return NULL;
}

static const char *take_months(const struct icalrecurrencetype *rule, struct recurrence *when)
{
    for (int i = 0; i < ICAL_BY_MONTH_SIZE && rule->by_month[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
        if (rule->by_month[i] < 1 || rule->by_month[i] > 12) {
            return "too_special";
        }
        when->months |= 1U << (rule->by_month[i] - 1);
    }
    return NULL;
}

/* Every year is every so many months of the one it begins in. */
static const char *take_yearly(const struct icalrecurrencetype *rule, struct recurrence *when)
{
    if (rule->interval > 1) {
        return "too_special";
    }
    if (when->months == 0) {
        when->months = 1U << (day_civil(when->from).month - 1);
    }
    when->every = 1;
    return take_monthly(rule, when);
}

/* Counted rules end behind their last day. */
static const char *take_count(int count, struct recurrence *when)
{
    int seen = 0;
    when->to = DAY_OPEN;
    for (day on = when->from; on < when->from + FOLLOWED_MOST; on++) {
        seen += recurrence_is_due(when, on);
        if (seen == count) {
            when->to = on + 1;
            return NULL;
        }
    }
    return "too_special";
}

static const char *take_end(const struct reading *run, const struct icalrecurrencetype *rule,
                            usec offset, struct recurrence *when)
{
    int second = 0;
    day last = 0;
    if (rule->count > 0) {
        return take_count(rule->count, when);
    }
    if (icaltime_is_null_time(rule->until)) {
        return NULL;
    }
    usec until_offset = icaltime_is_utc(rule->until) ? 0 : offset;
    until_offset = rule->until.is_date ? run->zone : until_offset;
    if (!civil_of(run, rule->until, until_offset, &last, &second) || last < when->from) {
        return "too_special";
    }
    when->to = last + 1;
    return NULL;
}

static const char *take_rule(const struct reading *run, const struct icalrecurrencetype *rule,
                             usec offset, struct recurrence *when)
{
    bool plain = is_empty(rule->by_second) && is_empty(rule->by_minute) &&
                 is_empty(rule->by_hour) && is_empty(rule->by_year_day) &&
                 is_empty(rule->by_week_no) && is_empty(rule->by_set_pos) && rule->rscale == NULL;
    if (!plain || rule->interval < 1 || rule->interval > 366) {
        return "too_special";
    }
    const char *problem = take_months(rule, when);
    when->every = rule->interval;
    when->to = DAY_OPEN;
    if (problem != NULL) {
        return problem;
    }
    if (rule->freq == ICAL_DAILY_RECURRENCE) {
        when->cadence = CADENCE_DAILY;
        problem = is_empty(rule->by_day) && is_empty(rule->by_month_day) ? NULL : "too_special";
    } else if (rule->freq == ICAL_WEEKLY_RECURRENCE) {
        problem = take_weekly(rule, when);
    } else if (rule->freq == ICAL_MONTHLY_RECURRENCE) {
        problem = take_monthly(rule, when);
    } else {
        problem = rule->freq == ICAL_YEARLY_RECURRENCE ? take_yearly(rule, when) : "too_special";
    }
    return problem != NULL ? problem : take_end(run, rule, offset, when);
}

static const char *take_recurrence(const struct reading *run, icalcomponent *component, usec offset,
                                   struct calendar_event *event)
{
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);
    event->when.every = 1;
    event->when.to = event->when.from + 1;
    if (property == NULL) {
        event->when.cadence = CADENCE_ONCE;
        return NULL;
    }
    struct icalrecurrencetype rule = icalproperty_get_rrule(property);
    return take_rule(run, &rule, offset, &event->when);
}

/* --- days added and taken out ----------------------------------------------------------------- */

static int compare_days(const void *left, const void *right)
{
    const day *a = left;
    const day *b = right;
    return (*a > *b) - (*a < *b);
}

static struct icaltimetype date_of(icalproperty *property, icalproperty_kind kind)
{
    return kind == ICAL_EXDATE_PROPERTY ? icalproperty_get_exdate(property)
                                        : icalproperty_get_rdate(property).time;
}

/* Dates of one kind, each once and in order; what is no date is passed over. */
static const char *take_dates(const struct reading *run, icalcomponent *component,
                              icalproperty_kind kind, struct day_list *ret_days)
{
    day *days = arena_take_array(run->arena, PROGRAMME_DAYS_MOST + 1, sizeof *days);
    size_t count = 0;
    size_t kept = 0;
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    for (; property != NULL && days != NULL;
         property = icalcomponent_get_next_property(component, kind)) {
        struct icaltimetype time = date_of(property, kind);
        usec offset = run->zone;
        int second = 0;
        bool fits = (time.is_date || offset_of(property, time, run->zone, &offset)) &&
                    civil_of(run, time, offset, &days[count], &second);
        count += fits;
        if (count > PROGRAMME_DAYS_MOST) {
            return "too_special";
        }
    }
    if (count > 1) {
        qsort(days, count, sizeof *days, compare_days);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || days[kept - 1] != days[i]) {
            days[kept++] = days[i];
        }
    }
    *ret_days = (struct day_list){days, kept};
    return days == NULL ? "too_special" : NULL;
}

static const char *take_exceptions(const struct reading *run, icalcomponent *component,
                                   struct recurrence *when)
{
    const char *problem = take_dates(run, component, ICAL_EXDATE_PROPERTY, &when->removed);
    if (problem == NULL) {
        problem = take_dates(run, component, ICAL_RDATE_PROPERTY, &when->added);
    }
    if (when->added.count > 0 && when->added.at[when->added.count - 1] >= when->to) {
        when->to = when->added.at[when->added.count - 1] + 1;
    }
    bool many = when->added.count + when->removed.count > PROGRAMME_DAYS_MOST;
    return problem == NULL && many ? "too_special" : problem;
}

/* --- events ----------------------------------------------------------------------------------- */

static void take_event(struct reading *run, icalcomponent *component)
{
    struct calendar_event *event = &run->events[run->count++];
    icalproperty *summary = icalcomponent_get_first_property(component, ICAL_SUMMARY_PROPERTY);
    usec offset = 0;
    event->uid = text_of(run, icalcomponent_get_uid(component), CALENDAR_UID_MOST);
    event->name = text_of(run, summary == NULL ? NULL : icalproperty_get_summary(summary),
                          PROGRAMME_NAME_MOST);
    event->problem = event->uid.len == 0 || event->name.len == 0 ? "no_name" : NULL;
    if (event->problem == NULL &&
        icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY) != NULL) {
        event->problem = "too_special";
    }
    if (event->problem == NULL) {
        event->problem = take_start(run, component, event, &offset);
    }
    if (event->problem == NULL) {
        event->problem = take_length(run, component, offset, event);
    }
    if (event->problem == NULL) {
        event->problem = take_recurrence(run, component, offset, event);
    }
    if (event->problem == NULL) {
        event->problem = take_exceptions(run, component, &event->when);
    }
    if (event->problem == NULL && recurrence_problem(&event->when) != NULL) {
        event->problem = "too_special";
    }
}

static errc take_events(struct reading *run, icalcomponent *calendar, struct why *why)
{
    icalcomponent *component = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    run->events = arena_take_array(run->arena, CALENDAR_EVENTS_MOST, sizeof *run->events);
    if (run->events == NULL) {
        return ERR_NO_MEMORY;
    }
    for (; component != NULL;
         component = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        if (run->count == CALENDAR_EVENTS_MOST) {
            return fail(why, ERR_TOO_BIG, "more than %d events", CALENDAR_EVENTS_MOST);
        }
        take_event(run, component);
    }
    return OK;
}

errc calendar_read(str text, usec zone, struct arena *arena, struct calendar_events *ret_events,
                   struct why *why)
{
    AUTO(buf_finish) struct buf plain;
    struct reading run = {.zone = zone, .arena = arena};
    if (text.len > CALENDAR_SIZE) {
        return fail(why, ERR_TOO_BIG, "a calendar of %zu bytes", text.len);
    }
    buf_init(&plain, CALENDAR_SIZE + 1);
    TRY(unfold(text, &plain));
    str whole = buf_str(&plain);
    if (strlen(whole.at) + 1 != whole.len || !is_shallow(whole)) {
        return fail(why, ERR_INVALID, "it is no calendar");
    }
    icalerror_set_errors_are_fatal(0);
    icalcomponent *calendar = icalparser_parse_string(whole.at);
    if (calendar == NULL || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
        icalcomponent_free(calendar);
        return fail(why, ERR_INVALID, "it is no calendar");
    }
    errc rc = take_events(&run, calendar, why);
    icalcomponent_free(calendar);
    *ret_events = (struct calendar_events){run.events, run.count};
    return rc;
}
