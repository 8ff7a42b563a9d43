/* Everything that begins with a digit and is neither a time nor a date: quantities with their
 * units, decimals, ranges, ordinals, codes, phone numbers, numbers of documents. */
#include "speech/reader.h"

enum { PHONE_LEAST = 9, PHONE_MOST = 11, DOT_GROUP = 3 };

/* --- phone numbers --------------------------------------------------------------------------- */

static bool is_phone_gap(char c)
{
    return c == ' ' || c == '.' || c == '-';
}

/* Digits with single gaps between groups of two and more; their end, and how many. */
static size_t phone_end(str rest, size_t at, size_t *ret_count)
{
    size_t count = 0;
    for (;;) {
        size_t group = digits_at(rest, at);
        if (group < 2 || count + group > PHONE_MOST) {
            break;
        }
        count += group;
        at += group;
        if (at + 1 >= rest.len || !is_phone_gap(rest.at[at]) || !is_digit(rest, at + 1)) {
            break;
        }
        at++;
    }
    while (at > 0 && !is_digit(rest, at - 1)) {
        at--;
    }
    *ret_count = count;
    return at;
}

static void say_phone(struct reader *reader, str digits)
{
    size_t at = 0;
    while (at < digits.len) {
        size_t group = digits_at(digits, at);
        if (at > 0) {
            buf_add_byte(reader->out, ',');
        }
        digits_say(str_cut(digits, at, at + group), reader->out);
        at += group;
        at += at < digits.len ? 1 : 0;
    }
    reader->said = true;
}

/* 113 is one one three when it is called. */
static bool is_called(const struct reader *reader, size_t count, str rest)
{
    static const char *const words[] = {"gọi", "số",  "đài",     "nóng", "thoại",
                                        "đt",  "sđt", "hotline", "máy",  NULL};
    bool is_short = count == 3 && rest.at[0] == '1' && rest.at[1] == '1';
    bool is_service =
        (count == 8 || count == 4) && (str_starts(rest, S("1900")) || str_starts(rest, S("1800")));
    return (is_short || is_service) && before_is(reader, words);
}

size_t read_phone(struct reader *reader, str rest)
{
    size_t from = str_starts(rest, S("+84")) ? 1 : 0;
    size_t count = 0;
    if (!is_digit(rest, from)) {
        return 0;
    }
    size_t end = phone_end(rest, from, &count);
    bool is_long = count >= PHONE_LEAST && (from == 1 || rest.at[0] == '0');
    if (!is_word_end(rest, end) || !(is_long || is_called(reader, count, rest))) {
        return 0;
    }
    if (from == 1) {
        say(reader, "cộng");
    }
    say_phone(reader, str_cut(rest, from, end));
    return end;
}

/* --- numbers of documents -------------------------------------------------------------------- */

/* 35/2026/NĐ-CP, 35/NQ-HĐND: the slashes are not read, the letters are abbreviations. */
size_t read_decree(struct reader *reader, str rest)
{
    size_t number = digits_at(rest, 0);
    size_t at = number;
    if (number == 0 || number > 6 || at >= rest.len || rest.at[at] != '/') {
        return 0;
    }
    size_t year = digits_at(rest, at + 1);
    bool has_year = year == 4 && at + 5 < rest.len && rest.at[at + 5] == '/';
    size_t letters = at + 1 + (has_year ? 5 : 0);
    if ((year > 0 && !has_year) || !code_is_capital(rune_at(rest, letters).code) ||
        letters_at(rest, letters) < 2) {
        return 0;
    }
    figure_say(str_cut(rest, 0, number), reader->out);
    if (has_year) {
        say(reader, "năm");
        figure_say(str_cut(rest, at + 1, at + 5), reader->out);
    }
    reader->said = true;
    return letters;
}

/* --- quantities ------------------------------------------------------------------------------ */

/* The digits of 1.500.000 or 1 500 000, without what groups them; 0 when it is not grouped. */
static size_t grouped_at(str rest, char gap, struct buf *digits)
{
    size_t first = digits_at(rest, 0);
    size_t at = first;
    if (first == 0 || first > DOT_GROUP || rest.at[0] == '0') {
        return 0;
    }
    buf_add(digits, str_cut(rest, 0, first));
    while (at < rest.len && rest.at[at] == gap && digits_at(rest, at + 1) == DOT_GROUP) {
        buf_add(digits, str_cut(rest, at + 1, at + 1 + DOT_GROUP));
        at += 1 + DOT_GROUP;
    }
    return at > first ? at : 0;
}

/* The whole part: its bytes, with its digits alone in `digits`. */
static size_t whole_at(str rest, struct buf *digits)
{
    size_t used = grouped_at(rest, '.', digits);
    if (used == 0) {
        buf_clear(digits);
        size_t commas = grouped_at(rest, ',', digits);
        used = digits->len > 2 * DOT_GROUP ? commas : 0; /* 1,500,000; but 1,500 has a fraction */
    }
    if (used == 0) {
        buf_clear(digits);
        used = digits_at(rest, 0);
        buf_add(digits, str_cut(rest, 0, used));
    }
    return used;
}

/* A number without its unit; its bytes. */
static size_t read_quantity(struct reader *reader, str rest)
{
    AUTO(buf_finish) struct buf digits;
    buf_init(&digits, 1024);
    size_t used = whole_at(rest, &digits);
    figure_say(buf_str(&digits), reader->out);
    reader->said = true;
    char mark = used < rest.len ? rest.at[used] : '\0';
    size_t fraction = mark == ',' || mark == '.' ? digits_at(rest, used + 1) : 0;
    bool is_more = fraction > 0 && used + 1 + fraction < rest.len &&
                   rest.at[used + 1 + fraction] == mark && is_digit(rest, used + 2 + fraction);
    if (fraction > 0 && !is_more) {
        say(reader, "phẩy");
        fraction_say(str_cut(rest, used + 1, used + 1 + fraction), reader->out);
        used += 1 + fraction;
    }
    return used;
}

static size_t range_at(str rest, size_t at)
{
    size_t blanks = blanks_at(rest, at);
    struct rune rune = rune_at(rest, at + blanks);
    bool is_dash = rune.code == '-' || rune.code == 0x2013 || rune.code == 0x2014;
    size_t size = blanks + rune.size;
    size_t after = blanks_at(rest, at + size);
    bool is_even = (blanks > 0) == (after > 0);
    return is_dash && is_even && is_digit(rest, at + size + after) ? size + after : 0;
}

static size_t times_at(str rest, size_t at)
{
    bool is_times = at < rest.len && (rest.at[at] == 'x' || rest.at[at] == 'X');
    return is_times && is_digit(rest, at + 1) ? 1 : 0;
}

static size_t slash_at(str rest, size_t at)
{
    return at < rest.len && rest.at[at] == '/' && is_digit(rest, at + 1) ? 1 : 0;
}

/* One of 3/4, 5-7, 2x3; 0 when no number follows. */
static size_t read_link(struct reader *reader, str rest, size_t at)
{
    size_t size = range_at(rest, at);
    if (size > 0) {
        say(reader, "đến");
        return size;
    }
    size = times_at(rest, at);
    if (size > 0) {
        say(reader, "nhân");
        return size;
    }
    size = slash_at(rest, at);
    if (size > 0) {
        say(reader, "trên");
    }
    return size;
}

/* thứ 2, thứ 4, tháng 4 */
static size_t read_ordinal(struct reader *reader, str rest)
{
    static const char *const nth[] = {"thứ", NULL};
    static const char *const month[] = {"tháng", NULL};
    size_t size = digits_at(rest, 0);
    bool is_one = size == 1 && is_word_end(rest, 1);
    if (is_one && rest.at[0] == '1' && before_is(reader, nth)) {
        say(reader, "nhất");
        return 1;
    }
    if (is_one && rest.at[0] == '4' && (before_is(reader, nth) || before_is(reader, month))) {
        say(reader, "tư");
        return 1;
    }
    return 0;
}

size_t read_figure(struct reader *reader, str rest)
{
    if (!is_digit(rest, 0)) {
        return 0;
    }
    size_t used = read_ordinal(reader, rest);
    if (used > 0) {
        return used;
    }
    used = read_quantity(reader, rest);
    for (int i = 0; i < 4; i++) {
        used += read_unit(reader, str_cut(rest, used, rest.len));
        size_t link = read_link(reader, rest, used);
        if (link == 0) {
            break;
        }
        used += link;
        used += read_quantity(reader, str_cut(rest, used, rest.len));
    }
    return used + read_unit(reader, str_cut(rest, used, rest.len));
}
