/* Exact fractions. Products go through 128 bits and are reduced before they must fit 64. Nothing
 * here may round: a figure that changes by one in a merger is a figure nobody trusts again. */
#include "people/share.h"

__extension__ typedef __int128 wide;

static wide wide_gcd(wide a, wide b)
{
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool reduce(wide num, wide den, share *ret_share)
{
    if (den <= 0 || num < 0 || num > den) {
        return false;
    }
    wide by = wide_gcd(num, den);
    num /= by;
    den /= by;
    if (den > INT64_MAX) {
        return false;
    }
    *ret_share = (share){(int64_t)num, (int64_t)den};
    return true;
}

bool share_is_declared(share value)
{
    return value.den > 0;
}

bool share_make(int64_t num, int64_t den, share *ret_share)
{
    return reduce(num, den, ret_share);
}

/* "0.25" is 25/100: digits as they stand, no binary fraction in between. */
static bool parse_decimal(str text, share *ret_share)
{
    str after = STR_NONE;
    str before = str_split(text, '.', &after);
    uint64_t whole = 0;
    uint64_t part = 0;
    int64_t den = 1;
    if (!str_to_u64(before, &whole) || whole > 1) {
        return false;
    }
    if (after.at != NULL && (after.len > 9 || !str_to_u64(after, &part))) {
        return false;
    }
    for (size_t i = 0; i < after.len; i++) {
        den *= 10;
    }
    return share_make((int64_t)whole * den + (int64_t)part, den, ret_share);
}

bool share_parse(str text, share *ret_share)
{
    if (!str_has(text, '/')) {
        return parse_decimal(text, ret_share);
    }
    str below = STR_NONE;
    str above = str_split(text, '/', &below);
    uint64_t num = 0;
    uint64_t den = 0;
    if (!str_to_u64(above, &num) || !str_to_u64(below, &den) || den > SHARE_DENOMINATOR_MOST ||
        num > den) {
        return false;
    }
    return share_make((int64_t)num, (int64_t)den, ret_share);
}

void share_write(share value, struct buf *out)
{
    if (!share_is_declared(value)) {
        return;
    }
    buf_add_i64(out, value.num);
    if (value.den != 1) {
        buf_add_byte(out, '/');
        buf_add_i64(out, value.den);
    }
}

double share_double(share value)
{
    return share_is_declared(value) ? (double)value.num / (double)value.den : 0.0;
}

int share_compare(share a, share b)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return left < right ? -1 : left > right;
}

bool share_times(share a, share b, share *ret_share)
{
    return reduce((wide)a.num * b.num, (wide)a.den * b.den, ret_share);
}

/* a ± b over the least common denominator, which keeps the intermediate values in 127 bits. */
static bool combine(share a, share b, int sign, share *ret_share)
{
    if (a.den <= 0 || b.den <= 0) {
        return false;
    }
    wide by = wide_gcd(a.den, b.den);
    wide den = (wide)a.den / by * b.den;
    wide left = den / a.den * a.num;
    wide right = den / b.den * b.num;
    return reduce(sign > 0 ? left + right : left - right, den, ret_share);
}

bool share_plus(share a, share b, share *ret_share)
{
    return combine(a, b, 1, ret_share);
}

bool share_minus(share a, share b, share *ret_share)
{
    return combine(a, b, -1, ret_share);
}

static bool adds_up_to_one(const share *shares, size_t count)
{
    share sum = SHARE_NONE;
    for (size_t i = 0; i < count; i++) {
        if (!share_plus(sum, shares[i], &sum)) {
            return false;
        }
    }
    return sum.num == sum.den;
}

/* The remainder of value * num / den as a share of 1, so that remainders can be compared. */
static share remainder_of(uint64_t value, share part)
{
    wide rest = (wide)value * part.num % part.den;
    return (share){(int64_t)rest, part.den};
}

/* Gives one unit to the largest remainder that has not had one; the earlier wins a tie. */
static void give_one(uint64_t value, const share *shares, size_t count, uint8_t *had,
                     int64_t *pieces)
{
    size_t best = count;
    share best_rest = SHARE_NONE;
    for (size_t i = 0; i < count; i++) {
        share rest = remainder_of(value, shares[i]);
        if (had[i] == 0 && (best == count || share_compare(rest, best_rest) > 0)) {
            best = i;
            best_rest = rest;
        }
    }
    had[best] = 1;
    pieces[best]++;
}

bool share_split(int64_t value, const share *shares, size_t count, int64_t *ret_pieces)
{
    if (count == 0 || count > SHARE_SPLIT_MOST || value == INT64_MIN ||
        !adds_up_to_one(shares, count)) {
        return false;
    }
    uint64_t size = (uint64_t)(value < 0 ? -value : value);
    uint64_t given = 0;
    for (size_t i = 0; i < count; i++) {
        ret_pieces[i] = (int64_t)((wide)size * shares[i].num / shares[i].den);
        given += (uint64_t)ret_pieces[i];
    }
    uint8_t had[SHARE_SPLIT_MOST] = {0};
    for (; given < size; given++) {
        give_one(size, shares, count, had, ret_pieces);
    }
    for (size_t i = 0; value < 0 && i < count; i++) {
        ret_pieces[i] = -ret_pieces[i];
    }
    return true;
}
