/* Units behind numbers: tables, longest first. */
#include "speech/reader.h"

struct pair {
    const char *written;
    const char *said;
};

static const struct pair units[] = {
#define X(written, said) {written, said},
#include "speech/unit.def"
#undef X
};

static const struct pair pers[] = {
#define X(written, said) {written, said},
#include "speech/per.def"
#undef X
};

/* A unit that ends in a letter must end there. */
static bool ends_word(str rest, size_t size)
{
    bool is_sign = !code_is_letter((unsigned char)rest.at[size - 1]) &&
                   ((unsigned char)rest.at[size - 1] < 0x80 || size > 2 || rest.at[0] == '\xc2');
    return is_word_end(rest, size) || (is_sign && !is_digit(rest, size - 1));
}

static const struct pair *longest(const struct pair *pairs, size_t count, str rest)
{
    const struct pair *best = NULL;
    for (size_t i = 0; i < count; i++) {
        str written = str_of(pairs[i].written);
        bool fits = str_starts(rest, written) && ends_word(rest, written.len);
        if (fits && (best == NULL || written.len > str_of(best->written).len)) {
            best = &pairs[i];
        }
    }
    return best;
}

/* đồng/người/tháng, at its first slash. */
static size_t read_pers(struct reader *reader, str rest)
{
    size_t used = 0;
    while (used < rest.len && rest.at[used] == '/') {
        const struct pair *per = longest(pers, COUNT_OF(pers), str_cut(rest, used + 1, rest.len));
        if (per == NULL) {
            break;
        }
        say(reader, "một");
        say(reader, per->said);
        used += 1 + str_of(per->written).len;
    }
    return used;
}

size_t read_unit(struct reader *reader, str rest)
{
    size_t blanks = blanks_at(rest, 0);
    str at = str_cut(rest, blanks, rest.len);
    const struct pair *unit = longest(units, COUNT_OF(units), at);
    if (unit == NULL || blanks > 1) {
        return 0;
    }
    say(reader, unit->said);
    size_t used = blanks + str_of(unit->written).len;
    return used + read_pers(reader, str_cut(rest, used, rest.len));
}
