/* Abbreviations, short forms of units, foreign names, and the list of the unit: tables, longest
 * first, whole words only. */
#include "speech/reader.h"

struct pair {
    const char *written;
    const char *said;
};

static const struct pair shorts[] = {
#define X(written, said) {written, said},
#include "speech/short.def"
#undef X
};

static const struct pair places[] = {
#define X(written, said) {written, said},
#include "speech/place.def"
#undef X
};

static const struct pair names[] = {
#define X(written, said) {written, said},
#include "speech/name.def"
#undef X
};

/* Behind a point a word has ended in any case. An abbreviation before a number has, too: QL6. */
static bool ends(str rest, size_t size, bool before_digit)
{
    bool is_point = rest.at[size - 1] == '.';
    return is_point || is_word_end(rest, size) || (before_digit && is_digit(rest, size));
}

static const struct pair *longest_short(str rest)
{
    const struct pair *best = NULL;
    for (size_t i = 0; i < COUNT_OF(shorts); i++) {
        str written = str_of(shorts[i].written);
        bool fits = str_starts(rest, written) && ends(rest, written.len, true);
        if (fits && (best == NULL || written.len > str_of(best->written).len)) {
            best = &shorts[i];
        }
    }
    return best;
}

/* Before a name or a number. */
static const struct pair *place_at(str rest)
{
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        str written = str_of(places[i].written);
        size_t next = written.len + blanks_at(rest, written.len);
        bool is_point = written.at[written.len - 1] == '.';
        bool has_name = code_is_capital(rune_at(rest, next).code) || is_digit(rest, next);
        if (str_starts(rest, written) && has_name && (is_point || next > written.len)) {
            return &places[i];
        }
    }
    return NULL;
}

static const struct pair *name_at(str rest)
{
    const struct pair *best = NULL;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t size = str_of(names[i].written).len;
        bool fits = starts_fold(rest, names[i].written) && is_word_end(rest, size);
        if (fits && (best == NULL || size > str_of(best->written).len)) {
            best = &names[i];
        }
    }
    return best;
}

size_t read_short(struct reader *reader, str rest)
{
    const struct pair *pair = longest_short(rest);
    pair = pair != NULL ? pair : place_at(rest);
    pair = pair != NULL ? pair : name_at(rest);
    if (pair == NULL) {
        return 0;
    }
    say(reader, pair->said);
    return str_of(pair->written).len;
}

size_t read_own_word(struct reader *reader, str rest)
{
    const struct speech_said *best = NULL;
    for (size_t i = 0; i < reader->list->count; i++) {
        const struct speech_said *said = &reader->list->at[i];
        bool fits =
            said->word.len > 0 && str_starts(rest, said->word) &&
            (is_word_end(rest, said->word.len) || is_word_end(said->word, said->word.len - 1));
        if (fits && (best == NULL || said->word.len > best->word.len)) {
            best = said;
        }
    }
    if (best == NULL) {
        return 0;
    }
    say_str(reader, best->reading);
    return best->word.len;
}
