/* Times of day and dates: 7h30, 07:30, 12/7/2026, 7/2026, 12-15/7, 2026-07-12. */
#include "speech/reader.h"

static const char *const day_words[] = {"ngày", "mùng", "mồng", "hôm", "nay", "lễ", "dịp", NULL};
static const char *const date_words[] = {"sáng", "trưa", "chiều", "tối", "đêm",
                                         "từ",   "đến",  "trước", "sau", NULL};

/* --- times ----------------------------------------------------------------------------------- */

static void say_minutes(struct reader *reader, int minutes)
{
    if (minutes > 0) {
        say_number(reader, (uint64_t)minutes);
        say(reader, "phút");
    }
}

/* 7h, 7h30, 7g30, 7h30', 7 h 30 is not one. */
static size_t read_hour_mark(struct reader *reader, str rest, int hour, size_t at)
{
    size_t size = 0;
    char mark = at < rest.len ? rest.at[at] : '\0';
    bool is_mark = mark == 'h' || mark == 'H' || (mark == 'g' && is_digit(rest, at + 1));
    if (!is_mark || hour > 24) {
        return 0;
    }
    at++;
    int minutes = small_number_at(rest, at, &size);
    if (size == 0 && code_is_letter(rune_at(rest, at).code)) {
        return 0;
    }
    if (size > 0 && (minutes < 0 || minutes > 59)) {
        return 0;
    }
    say_number(reader, (uint64_t)hour);
    say(reader, "giờ");
    say_minutes(reader, minutes);
    at += size;
    bool has_prime = size > 0 && at < rest.len && rest.at[at] == '\'';
    bool has_p = size > 0 && at < rest.len && rest.at[at] == 'p' && is_word_end(rest, at + 1);
    return at + (has_prime || has_p ? 1 : 0);
}

static size_t read_colons(struct reader *reader, str rest, int hour, size_t at)
{
    size_t size = 0;
    if (at >= rest.len || rest.at[at] != ':' || hour > 24) {
        return 0;
    }
    int minutes = small_number_at(rest, at + 1, &size);
    if (size != 2 || minutes > 59) {
        return 0;
    }
    at += 3;
    int seconds = 0;
    if (at < rest.len && rest.at[at] == ':' && is_digit(rest, at + 1)) {
        seconds = small_number_at(rest, at + 1, &size);
        if (size != 2 || seconds > 59) {
            return 0;
        }
        at += 3;
    }
    say_number(reader, (uint64_t)hour);
    say(reader, "giờ");
    say_minutes(reader, minutes);
    if (seconds > 0) {
        say_number(reader, (uint64_t)seconds);
        say(reader, "giây");
    }
    return at;
}

static size_t read_one_time(struct reader *reader, str rest)
{
    size_t size = 0;
    int hour = small_number_at(rest, 0, &size);
    if (hour < 0) {
        return 0;
    }
    size_t used = read_hour_mark(reader, rest, hour, size);
    return used > 0 ? used : read_colons(reader, rest, hour, size);
}

/* A dash of either kind between two of something; its bytes. */
static size_t dash_at(str text, size_t at)
{
    struct rune rune = rune_at(text, at + blanks_at(text, at));
    bool is_dash = rune.code == '-' || rune.code == 0x2013 || rune.code == 0x2014;
    size_t size = blanks_at(text, at) + rune.size;
    return is_dash ? size + blanks_at(text, at + size) : 0;
}

size_t read_time(struct reader *reader, str rest)
{
    size_t used = read_one_time(reader, rest);
    size_t dash = used == 0 ? 0 : dash_at(rest, used);
    if (dash == 0 || !is_digit(rest, used + dash)) {
        return used;
    }
    size_t mark = reader->out->len;
    say(reader, "đến");
    size_t more = read_one_time(reader, str_cut(rest, used + dash, rest.len));
    if (more == 0) {
        buf_cut(reader->out, mark);
        return used;
    }
    return used + dash + more;
}

/* --- dates ----------------------------------------------------------------------------------- */

struct date {
    int day; /* 0: none */
    int to;  /* last of several; 0: one */
    int month;
    int year; /* 0: none */
    size_t size;
};

static int year_at(str text, size_t at)
{
    int64_t year = 0;
    bool fits = digits_at(text, at) == 4 && str_to_i64(str_cut(text, at, at + 4), &year) &&
                year >= 1000 && year <= 2999;
    return fits ? (int)year : 0;
}

static bool is_separator(char c)
{
    return c == '/' || c == '-' || c == '.';
}

/* 2026-07-12 */
static bool parse_iso(str rest, struct date *date)
{
    size_t size = 0;
    if (year_at(rest, 0) == 0 || rest.len < 10 || rest.at[4] != '-' || rest.at[7] != '-') {
        return false;
    }
    date->year = year_at(rest, 0);
    date->month = small_number_at(rest, 5, &size);
    date->day = small_number_at(rest, 8, &size);
    date->size = 10;
    return date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31;
}

/* 12/7/2026, 12-7-2026, 12.7.2026, 12-15/7/2026, 12/7, 7/2026 */
static bool parse_numbers(str rest, struct date *date)
{
    size_t size = 0;
    date->day = small_number_at(rest, 0, &size);
    size_t at = size;
    if (date->day < 1 || at >= rest.len || !is_separator(rest.at[at])) {
        return false;
    }
    char separator = rest.at[at++];
    if (separator == '/' && year_at(rest, at) > 0) { /* a month and its year */
        *date = (struct date){.month = date->day, .year = year_at(rest, at), .size = at + 4};
        return date->month <= 12;
    }
    date->month = small_number_at(rest, at, &size);
    at += size;
    bool is_span =
        separator == '-' && at < rest.len && rest.at[at] == '/' && is_digit(rest, at + 1);
    if (is_span) {
        date->to = date->month;
        separator = '/';
        date->month = small_number_at(rest, at + 1, &size);
        at += 1 + size;
    }
    date->size = at;
    if (at < rest.len && rest.at[at] == separator && year_at(rest, at + 1) > 0) {
        date->year = year_at(rest, at + 1);
        date->size = at + 5;
    }
    return date->day <= 31 && date->to <= 31 && date->month >= 1 && date->month <= 12;
}

/* What without a year could be something else. */
static bool is_meant(const struct reader *reader, str rest, const struct date *date)
{
    if (date->year > 0) {
        return true;
    }
    char separator = rest.at[digits_at(rest, 0)];
    bool is_part = date->day < date->month && date->month <= 4; /* 1/2, 2/3, 3/4 */
    bool is_always = date->day == 24 && date->month == 7;
    if (before_is(reader, day_words)) {
        return separator != '.';
    }
    return separator == '/' && (before_is(reader, date_words) || (!is_part && !is_always));
}

static void say_date(struct reader *reader, const struct date *date)
{
    static const char *const month_words[] = {"tháng", NULL};
    static const char *const feast_words[] = {"lễ", "dịp", NULL};
    if (date->day > 0) {
        bool is_feast = before_is(reader, feast_words);
        say(reader, before_is(reader, day_words) && !is_feast ? "" : "ngày");
        say_number(reader, (uint64_t)date->day);
    }
    if (date->to > 0) {
        say(reader, "đến");
        say_number(reader, (uint64_t)date->to);
    }
    if (date->day > 0 || !before_is(reader, month_words)) {
        say(reader, "tháng");
    }
    if (date->month == 4) {
        say(reader, "tư");
    } else {
        say_number(reader, (uint64_t)date->month);
    }
    if (date->year > 0) {
        say(reader, "năm");
        say_number(reader, (uint64_t)date->year);
    }
}

size_t read_date(struct reader *reader, str rest)
{
    static const char *const quarter[] = {"quý", "quí", NULL};
    static const char *const number_words[] = {"số", NULL};
    struct date date = {.day = 0};
    if (!is_digit(rest, 0) || before_is(reader, number_words)) {
        return 0;
    }
    if (!parse_iso(rest, &date)) {
        date = (struct date){.day = 0};
        if (!parse_numbers(rest, &date) || !is_meant(reader, rest, &date)) {
            return 0;
        }
    }
    bool goes_on =
        !is_word_end(rest, date.size) ||
        (date.size < rest.len && rest.at[date.size] == '/' && !is_word_end(rest, date.size + 1));
    if (goes_on) {
        return 0;
    }
    if (date.day == 0 && before_is(reader, quarter)) { /* quý 3/2026 */
        say_number(reader, (uint64_t)date.month);
        say(reader, "năm");
        say_number(reader, (uint64_t)date.year);
        return date.size;
    }
    say_date(reader, &date);
    return date.size;
}
