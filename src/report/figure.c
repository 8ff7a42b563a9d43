/* Exact fractions. Products go through 128 bits and are reduced before they must fit 64. Rounding
 * happens in one place and only for showing, or where a formula asks for it. */
#include "report/figure.h"

#include "base/crash.h"

__extension__ typedef __int128 wide;

static wide wide_gcd(wide a, wide b)
{
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static bool reduce(wide num, wide den, figure *ret_figure)
{
    wide by = wide_gcd(num, den);
    num /= by;
    den /= by;
    if (den < 0) {
        num = -num;
        den = -den;
    }
    if (num > INT64_MAX || num < -INT64_MAX || den > INT64_MAX) {
        return false;
    }
    *ret_figure = (figure){(int64_t)num, (int64_t)den};
    return true;
}

figure figure_of(int64_t whole)
{
    return (figure){whole, 1};
}

bool figure_is_there(figure value)
{
    return value.den > 0;
}

bool figure_is_whole(figure value)
{
    return value.den == 1;
}

bool figure_make(int64_t num, int64_t den, figure *ret_figure)
{
    return den > 0 && reduce(num, den, ret_figure);
}

/* The denominators go through their common factor first: sums of percentages stay small. */
static bool add(figure a, figure b, int sign, figure *ret_figure)
{
    ENSURE(figure_is_there(a) && figure_is_there(b));
    wide by = wide_gcd(a.den, b.den);
    wide up = b.den / by;
    wide num = 0;
    wide second = 0;
    if (__builtin_mul_overflow((wide)a.num, up, &num) ||
        __builtin_mul_overflow((wide)b.num * sign, a.den / by, &second) ||
        __builtin_add_overflow(num, second, &num)) {
        return false;
    }
    return reduce(num, a.den * up, ret_figure);
}

bool figure_plus(figure a, figure b, figure *ret_figure)
{
    return add(a, b, 1, ret_figure);
}

bool figure_minus(figure a, figure b, figure *ret_figure)
{
    return add(a, b, -1, ret_figure);
}

bool figure_times(figure a, figure b, figure *ret_figure)
{
    ENSURE(figure_is_there(a) && figure_is_there(b));
    return reduce((wide)a.num * b.num, (wide)a.den * b.den, ret_figure);
}

bool figure_over(figure a, figure b, figure *ret_figure)
{
    ENSURE(figure_is_there(a) && figure_is_there(b) && b.num != 0);
    return reduce((wide)a.num * b.den, (wide)a.den * b.num, ret_figure);
}

int figure_compare(figure a, figure b)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return left < right ? -1 : left > right;
}

static int64_t ten_to(int power)
{
    int64_t value = 1;
    for (int i = 0; i < power; i++) {
        value *= 10;
    }
    return value;
}

bool figure_round(figure value, int decimals, figure *ret_figure)
{
    ENSURE(figure_is_there(value) && decimals >= 0 && decimals <= FIGURE_DECIMALS_MOST);
    int64_t scale = ten_to(decimals);
    wide up = (wide)value.num * scale;
    wide sign = up < 0 ? -1 : 1;
    wide rounded = (up * sign * 2 + value.den) / ((wide)value.den * 2) * sign;
    return reduce(rounded, scale, ret_figure);
}

/* --- reading --------------------------------------------------------------------------------- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool all_digits(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.at[i])) {
            return false;
        }
    }
    return text.len > 0;
}

static bool take_digits(str digits, wide *value)
{
    for (size_t i = 0; i < digits.len; i++) {
        *value = *value * 10 + (digits.at[i] - '0');
        if (*value > (wide)INT64_MAX * ten_to(FIGURE_DECIMALS_MOST)) {
            return false;
        }
    }
    return true;
}

/* Both texts are digits; `part` may be none. */
static bool join(bool minus, str whole, str part, figure *ret_figure)
{
    wide value = 0;
    if (part.len > FIGURE_DECIMALS_MOST || !take_digits(whole, &value) ||
        !take_digits(part, &value)) {
        return false;
    }
    return reduce(minus ? -value : value, ten_to((int)part.len), ret_figure);
}

static bool take_minus(str *text)
{
    bool minus = str_starts(*text, S("-"));
    *text = str_cut(*text, minus ? 1 : 0, text->len);
    return minus;
}

bool figure_parse(str text, figure *ret_figure)
{
    str part = STR_NONE;
    bool minus = take_minus(&text);
    str whole = str_split(text, '.', &part);
    if (!all_digits(whole) || (part.at != NULL && !all_digits(part))) {
        return false;
    }
    return join(minus, whole, part, ret_figure);
}

/* Digits of a whole number without the signs between its thousands, which must stand where they
 * belong: after 1 to 3 digits, then after every 3. */
static bool take_groups(str text, char sign, char *digits, size_t room, size_t *ret_len)
{
    size_t len = 0;
    bool first = true;
    while (text.at != NULL) {
        str group = str_split(text, sign, &text);
        bool fits = first && text.at == NULL ? group.len > 0 : group.len > 0 && group.len <= 3;
        fits = fits && (first || group.len == 3);
        if (!fits || !all_digits(group) || len + group.len > room) {
            return false;
        }
        memcpy(digits + len, group.at, group.len);
        len += group.len;
        first = false;
    }
    *ret_len = len;
    return true;
}

bool figure_parse_vi(str text, figure *ret_figure)
{
    char digits[32];
    size_t len = 0;
    str part = STR_NONE;
    bool minus = take_minus(&text);
    str whole = str_split(text, ',', &part);
    char sign = str_has(whole, ' ') ? ' ' : '.';
    if (!take_groups(whole, sign, digits, sizeof digits, &len) ||
        (part.at != NULL && !all_digits(part))) {
        return false;
    }
    return join(minus, (str){digits, len}, part, ret_figure);
}

bool figure_parse_exact(str text, figure *ret_figure)
{
    str below = STR_NONE;
    str above = str_split(text, '/', &below);
    int64_t num = 0;
    int64_t den = 0;
    if (below.at == NULL) {
        return figure_parse(above, ret_figure);
    }
    return str_to_i64(above, &num) && num != INT64_MIN && str_to_i64(below, &den) &&
           figure_make(num, den, ret_figure);
}

/* --- writing --------------------------------------------------------------------------------- */

/* How many decimals show it exactly, or -1. */
static int decimals_of(figure value)
{
    int64_t scale = 1;
    for (int i = 0; i <= FIGURE_DECIMALS_MOST; i++) {
        if (scale % value.den == 0) {
            return i;
        }
        scale *= 10;
    }
    return -1;
}

struct shown {
    bool minus;
    uint64_t whole;
    uint64_t part;
    int decimals;
};

/* The rounded value, split at its comma, without noughts at the end. */
static struct shown split(figure value, int decimals)
{
    wide scale = ten_to(decimals);
    wide up = (wide)value.num * scale;
    bool minus = up < 0;
    wide rounded = ((minus ? -up : up) * 2 + value.den) / ((wide)value.den * 2);
    struct shown shown = {minus && rounded > 0, (uint64_t)(rounded / scale),
                          (uint64_t)(rounded % scale), decimals};
    while (shown.decimals > 0 && shown.part % 10 == 0) {
        shown.part /= 10;
        shown.decimals--;
    }
    return shown;
}

static void add_part(const struct shown *shown, char comma, struct buf *out)
{
    if (shown->decimals > 0) {
        buf_add_format(out, "%c%0*llu", comma, shown->decimals, (unsigned long long)shown->part);
    }
}

void figure_write(figure value, struct buf *out)
{
    if (!figure_is_there(value)) {
        return;
    }
    int decimals = decimals_of(value);
    if (decimals < 0) {
        buf_add_format(out, "%lld/%lld", (long long)value.num, (long long)value.den);
        return;
    }
    struct shown shown = split(value, decimals);
    buf_add_format(out, "%s%llu", shown.minus ? "-" : "", (unsigned long long)shown.whole);
    add_part(&shown, '.', out);
}

static void add_grouped(uint64_t whole, struct buf *out)
{
    if (whole >= 1000) {
        add_grouped(whole / 1000, out);
        buf_add_format(out, ".%03llu", (unsigned long long)(whole % 1000));
    } else {
        buf_add_format(out, "%llu", (unsigned long long)whole);
    }
}

void figure_write_vi(figure value, int decimals, struct buf *out)
{
    ENSURE(decimals >= 0 && decimals <= FIGURE_DECIMALS_MOST);
    if (!figure_is_there(value)) {
        buf_add_text(out, "–");
        return;
    }
    struct shown shown = split(value, decimals);
    buf_add_text(out, shown.minus ? "-" : "");
    add_grouped(shown.whole, out);
    add_part(&shown, ',', out);
}
