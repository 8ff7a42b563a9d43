/* Each language is an array of key and words, sorted by key and searched by halves. The texts are
 * our own, yet read strictly: a slip in a catalogue must stop the build's tests, not confuse an
 * operator at night. */
#include "base/words.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    LANGUAGES = 2,
    RANGES_MOST = 16, /* of an Accept-Language that are looked at */
};

struct entry {
    str key;
    str words;
};

struct catalogue {
    struct entry *entries;
    size_t count;
};

struct words {
    struct catalogue languages[LANGUAGES];
};

str words_code(enum words_language language)
{
    return language == WORDS_EN ? S("en") : S("vi");
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static bool is_key(str key)
{
    for (size_t i = 0; i < key.len; i++) {
        if (!is_name_byte(key.at[i]) && key.at[i] != '.' && key.at[i] != '-') {
            return false;
        }
    }
    return key.len > 0;
}

/* The length of the place {name} at the front, or 0. */
static size_t place_length(str text)
{
    size_t len = 1;
    while (len < text.len && is_name_byte(text.at[len])) {
        len++;
    }
    return len > 1 && len < text.len && text.at[len] == '}' ? len + 1 : 0;
}

static bool has_sound_places(str words)
{
    size_t i = 0;
    while (i < words.len) {
        size_t len = words.at[i] == '{' ? place_length(str_cut(words, i, words.len)) : 1;
        if (len == 0 || words.at[i] == '}') {
            return false;
        }
        i += len;
    }
    return true;
}

/* Null when the line is an entry, or else what is wrong with it. */
static const char *parse_line(str line, struct entry *ret_entry)
{
    str words = STR_NONE;
    str key = str_trim(str_split(line, '=', &words));
    words = str_trim(words);
    if (!is_key(key)) {
        return "not a key";
    }
    if (words.len == 0) {
        return "no words";
    }
    if (!text_is_plain(words)) {
        return "not plain UTF-8";
    }
    if (!has_sound_places(words)) {
        return "a brace that is not part of a {name}";
    }
    *ret_entry = (struct entry){key, words};
    return NULL;
}

static int compare_entries(const void *a, const void *b)
{
    return str_compare(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static size_t count_lines(str text)
{
    size_t count = 0;
    while (text.len > 0) {
        ignore_int((long)str_split(text, '\n', &text).len);
        count++;
    }
    return count;
}

static errc parse_catalogue(str text, enum words_language language, struct catalogue *catalogue,
                            struct why *why)
{
    const char *code = words_code(language).at;
    catalogue->entries = mem_take_array(count_lines(text), sizeof *catalogue->entries);
    for (size_t number = 1; text.len > 0; number++) {
        str line = str_trim(str_split(text, '\n', &text));
        if (line.len == 0 || line.at[0] == '#') {
            continue;
        }
        const char *wrong = parse_line(line, &catalogue->entries[catalogue->count]);
        if (wrong != NULL) {
            return fail(why, ERR_INVALID, "words %s line %zu: %s", code, number, wrong);
        }
        catalogue->count++;
    }
    qsort(catalogue->entries, catalogue->count, sizeof *catalogue->entries, compare_entries);
    for (size_t i = 1; i < catalogue->count; i++) {
        str key = catalogue->entries[i].key;
        if (str_is(key, catalogue->entries[i - 1].key)) {
            return fail(why, ERR_INVALID, "words %s: %.*s stands twice", code, (int)key.len,
                        key.at);
        }
    }
    return OK;
}

errc words_create(str vi, str en, struct words **ret_words, struct why *why)
{
    struct words *words = mem_take(sizeof *words);
    errc rc = parse_catalogue(vi, WORDS_VI, &words->languages[WORDS_VI], why);
    if (rc == OK) {
        rc = parse_catalogue(en, WORDS_EN, &words->languages[WORDS_EN], why);
    }
    if (rc != OK) {
        words_destroy(words);
        return rc;
    }
    *ret_words = words;
    return OK;
}

void words_destroy(struct words *words)
{
    if (words == NULL) {
        return;
    }
    for (size_t i = 0; i < LANGUAGES; i++) {
        mem_give(words->languages[i].entries);
    }
    mem_give(words);
}

/* The weight of a language range in thousandths: 1000 without ";q=", -1 when it is malformed. */
static int parse_weight(str parameters)
{
    str text = str_trim(parameters);
    double weight = 0;
    if (text.len == 0) {
        return 1000;
    }
    if (!str_starts(text, S("q=")) && !str_starts(text, S("Q="))) {
        return -1;
    }
    if (text.len > 7 || !str_to_double(str_cut(text, 2, text.len), &weight) || weight < 0 ||
        weight > 1) {
        return -1;
    }
    return (int)(weight * 1000 + 0.5);
}

static bool is_range_of(str range, str code)
{
    str main = str_split(range, '-', &range);
    return str_is_fold(main, code);
}

enum words_language words_language_of(str accept_language)
{
    enum words_language chosen = WORDS_VI;
    int best = 0;
    str rest = accept_language;
    for (int i = 0; i < RANGES_MOST && rest.len > 0; i++) {
        str parameters = STR_NONE;
        str range = str_trim(str_split(str_split(rest, ',', &rest), ';', &parameters));
        int weight = parse_weight(parameters);
        if (weight <= best) {
            continue; /* of equals the first */
        }
        if (is_range_of(range, S("vi")) || is_range_of(range, S("en"))) {
            chosen = is_range_of(range, S("en")) ? WORDS_EN : WORDS_VI;
            best = weight;
        }
    }
    return chosen;
}

static const struct entry *find(const struct words *words, enum words_language language, str key)
{
    const struct catalogue *catalogue = &words->languages[language];
    const struct entry wanted = {.key = key};
    return catalogue->count == 0 ? NULL
                                 : bsearch(&wanted, catalogue->entries, catalogue->count,
                                           sizeof wanted, compare_entries);
}

bool words_has(const struct words *words, enum words_language language, str key)
{
    return find(words, language, key) != NULL;
}

static str place_value(str place, const struct words_arg *args, size_t count)
{
    str name = str_cut(place, 1, place.len - 1);
    for (size_t i = 0; i < count; i++) {
        if (str_is(str_of(args[i].name), name)) {
            return args[i].value;
        }
    }
    return place;
}

void words_write(const struct words *words, enum words_language language, str key,
                 const struct words_arg *args, size_t count, struct buf *out)
{
    const struct entry *entry = find(words, language, key);
    if (entry == NULL) {
        entry = find(words, WORDS_VI, key);
    }
    if (entry == NULL) {
        buf_add(out, key);
        return;
    }
    str rest = entry->words;
    while (str_has(rest, '{')) {
        size_t before = str_split(rest, '{', &(str){0}).len;
        size_t after = before + place_length(str_cut(rest, before, rest.len));
        buf_add(out, str_cut(rest, 0, before));
        buf_add(out, place_value(str_cut(rest, before, after), args, count));
        rest = str_cut(rest, after, rest.len);
    }
    buf_add(out, rest);
}

void words_each(const struct words *words, enum words_language language,
                void (*on_key)(void *ctx, str key), void *ctx)
{
    const struct catalogue *catalogue = &words->languages[language];
    for (size_t i = 0; i < catalogue->count; i++) {
        on_key(ctx, catalogue->entries[i].key);
    }
}
