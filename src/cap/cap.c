/* The closed lists, and the small values of text: times, shapes, words. */
#include "cap/cap.h"

static const struct {
    enum cap_list list;
    const char *name;
} names[] = {
#define X(LIST, NAME, name) {CAP_##LIST, name},
#include "cap/cap_names.def"
#undef X
};

_Static_assert(COUNT_OF(names) == CAP_NAMES, "each name once");

const char *cap_name(enum cap_name name)
{
    return names[name].name;
}

enum cap_name cap_list_first(enum cap_list list)
{
    size_t i = 0;
    while (names[i].list != list) {
        i++;
    }
    return (enum cap_name)i;
}

size_t cap_list_count(enum cap_list list)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        count += names[i].list == list;
    }
    return count;
}

bool cap_name_parse(enum cap_list list, str text, enum cap_name *ret_name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].list == list && str_is(text, str_of(names[i].name))) {
            *ret_name = (enum cap_name)i;
            return true;
        }
    }
    return false;
}

/* --- times ------------------------------------------------------------------------------------ */

static bool two_digits(str text, size_t at, int most, int *ret_number)
{
    int64_t number = 0;
    if (text.len < at + 2 || text.at[at] == '-' ||
        !str_to_i64(str_cut(text, at, at + 2), &number) || number > most) {
        return false;
    }
    *ret_number = (int)number;
    return true;
}

/* "+07:00" east of UTC. */
static bool parse_zone(str text, usec *ret_zone)
{
    int hours = 0;
    int minutes = 0;
    if (str_is(text, S("Z"))) {
        *ret_zone = 0;
        return true;
    }
    if (text.len != 6 || (text.at[0] != '+' && text.at[0] != '-') || text.at[3] != ':' ||
        !two_digits(text, 1, 14, &hours) || !two_digits(text, 4, 59, &minutes)) {
        return false;
    }
    usec zone = hours * USEC_HOUR + minutes * USEC_MINUTE;
    *ret_zone = text.at[0] == '-' ? -zone : zone;
    return true;
}

bool cap_time_parse(str text, usec *ret_instant)
{
    enum { LOCAL = 19 }; /* 2002-05-24T16:49:00 */
    char local[LOCAL + 2];
    usec instant = 0;
    usec zone = 0;
    size_t end = LOCAL;
    if (text.len < LOCAL + 1) {
        return false;
    }
    if (text.at[end] == '.') {
        do {
            end++;
        } while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9');
    }
    memcpy(local, text.at, LOCAL);
    local[LOCAL] = 'Z';
    local[LOCAL + 1] = '\0';
    if (end > LOCAL + 10 || !parse_zone(str_cut(text, end, text.len), &zone) ||
        !usec_parse(str_of(local), &instant)) {
        return false;
    }
    *ret_instant = instant - zone;
    return true;
}

void cap_time_write(usec instant, usec zone, struct buf *out)
{
    struct clock_time at = usec_clock(instant, zone);
    usec away = zone < 0 ? -zone : zone;
    buf_add_format(out, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", at.date.year, at.date.month,
                   at.date.mday, at.hour, at.minute, at.second, zone <= 0 ? '-' : '+',
                   (int)(away / USEC_HOUR), (int)(away % USEC_HOUR / USEC_MINUTE));
}

/* --- shapes ----------------------------------------------------------------------------------- */

static bool parse_point(str text, struct cap_point *ret_point)
{
    struct cap_point point;
    str longitude = STR_NONE;
    str latitude = str_split(text, ',', &longitude);
    if (longitude.at == NULL || !str_to_double(latitude, &point.latitude) ||
        !str_to_double(longitude, &point.longitude) || point.latitude < -90 ||
        point.latitude > 90 || point.longitude < -180 || point.longitude > 180) {
        return false;
    }
    *ret_point = point;
    return true;
}

/* The next word between blanks; empty when there is none. */
static str next_word(str *rest)
{
    size_t from = 0;
    while (from < rest->len && (unsigned char)rest->at[from] <= ' ') {
        from++;
    }
    size_t to = from;
    while (to < rest->len && (unsigned char)rest->at[to] > ' ') {
        to++;
    }
    str word = str_cut(*rest, from, to);
    *rest = str_cut(*rest, to, rest->len);
    return word;
}

errc cap_polygon_parse(str text, struct arena *arena, struct cap_polygon *ret_polygon,
                       struct why *why)
{
    size_t count = 0;
    for (str rest = text; next_word(&rest).len > 0;) {
        count++;
    }
    if (count < 4 || count > CAP_POINTS_MOST) {
        return fail(why, ERR_INVALID, "polygon: %zu points", count);
    }
    struct cap_point *points = arena_take_array(arena, count, sizeof *points);
    if (points == NULL) {
        return ERR_NO_MEMORY;
    }
    str rest = text;
    for (size_t i = 0; i < count; i++) {
        if (!parse_point(next_word(&rest), &points[i])) {
            return fail(why, ERR_INVALID, "polygon: point %zu", i + 1);
        }
    }
    const struct cap_point *last = &points[count - 1];
    if (last->latitude < points[0].latitude || last->latitude > points[0].latitude ||
        last->longitude < points[0].longitude || last->longitude > points[0].longitude) {
        return fail(why, ERR_INVALID, "polygon: not closed");
    }
    *ret_polygon = (struct cap_polygon){points, count};
    return OK;
}

bool cap_circle_parse(str text, struct cap_circle *ret_circle)
{
    struct cap_circle circle;
    str rest = text;
    if (!parse_point(next_word(&rest), &circle.centre) ||
        !str_to_double(next_word(&rest), &circle.km) || circle.km < 0 || circle.km > 20038 ||
        next_word(&rest).len > 0) {
        return false;
    }
    *ret_circle = circle;
    return true;
}

/* --- words ------------------------------------------------------------------------------------ */

static bool next_quoted(str *rest, str *ret_word)
{
    str all = str_trim(*rest);
    if (all.len == 0 || all.at[0] != '"') {
        *rest = all;
        *ret_word = next_word(rest);
        return true;
    }
    str after = STR_NONE;
    *ret_word = str_split(str_cut(all, 1, all.len), '"', &after);
    *rest = after;
    return after.at != NULL;
}

errc cap_words_parse(str text, struct arena *arena, struct cap_words *ret_words, struct why *why)
{
    str *words = arena_take_array(arena, CAP_WORDS_MOST, sizeof *words);
    size_t count = 0;
    str rest = text;
    if (words == NULL) {
        return ERR_NO_MEMORY;
    }
    while (str_trim(rest).len > 0) {
        if (count == CAP_WORDS_MOST) {
            return fail(why, ERR_INVALID, "more than %d names", CAP_WORDS_MOST);
        }
        if (!next_quoted(&rest, &words[count++])) {
            return fail(why, ERR_INVALID, "a quote is not closed");
        }
    }
    *ret_words = (struct cap_words){words, count};
    return OK;
}

bool cap_identifier_is_fit(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte <= ' ' || byte == ',' || byte == '<' || byte == '&') {
            return false;
        }
    }
    return text.len > 0 && text.len <= CAP_NAME_MOST;
}

/* --- questions -------------------------------------------------------------------------------- */

static bool is_in_language(str have, str wanted)
{
    return str_is(have, wanted) || (str_starts(have, wanted) && have.at[wanted.len] == '-');
}

const struct cap_info *cap_info_in(const struct cap_message *message, str language)
{
    for (size_t i = 0; i < message->info_count; i++) {
        if (language.len > 0 && is_in_language(message->infos[i].language, language)) {
            return &message->infos[i];
        }
    }
    return message->info_count > 0 ? &message->infos[0] : NULL;
}

usec cap_message_expires(const struct cap_message *message)
{
    usec last = 0;
    for (size_t i = 0; i < message->info_count; i++) {
        usec expires = message->infos[i].expires;
        if (expires == 0) {
            return 0;
        }
        last = expires > last ? expires : last;
    }
    return last;
}
