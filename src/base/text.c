/* Unicode through utf8proc; what is particular to Vietnamese is in text_vi.c, the order of the
 * alphabet in text_sort.c. Texts come from strangers: nothing here may take more than linear time
 * or memory. utf8proc orders the marks on a letter by exchanging neighbours, which a long run of
 * marks would turn into hours; hence the limit TEXT_MARKS, checked before it is called. */
#include "base/text.h"

#include "base/crash.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/text_runes.h"

#include <string.h>
#include <utf8proc.h>

enum {
    OPTIONS_NFC = UTF8PROC_STABLE,
    OPTIONS_SAME = UTF8PROC_STABLE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_LUMP,
    OPTIONS_STRICTEST = UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE | UTF8PROC_COMPAT,
    OPTIONS_SEARCH = OPTIONS_SAME | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK,
    PARTS = 24, /* the longest decomposition of one code point has 18 */
};

static const utf8proc_uint8_t *bytes_of(str text)
{
    return (const utf8proc_uint8_t *)text.at;
}

/* Takes one code point off the front; false when what stands there is not UTF-8. */
static bool take_rune(str *text, int32_t *ret_rune)
{
    utf8proc_int32_t rune = 0;
    utf8proc_ssize_t size = utf8proc_iterate(bytes_of(*text), (utf8proc_ssize_t)text->len, &rune);
    if (size <= 0) {
        return false;
    }
    *text = str_cut(*text, (size_t)size, text->len);
    *ret_rune = rune;
    return true;
}

static bool is_ascii(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool rune_is_mark(int32_t rune)
{
    return utf8proc_get_property(rune)->combining_class != 0;
}

bool rune_is_letter(int32_t rune)
{
    utf8proc_category_t category = utf8proc_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool text_is_utf8(str text)
{
    int32_t rune = 0;
    while (text.len > 0) {
        if (!take_rune(&text, &rune)) {
            return false;
        }
    }
    return true;
}

/* How many code points a rune decomposes into, and how long the row of marks has become with
 * them: some runes that are no marks fall apart into marks, and those that are left out of a key
 * do not end a row. */
static size_t count_parts(int32_t rune, unsigned options, size_t *marks)
{
    int32_t parts[PARTS];
    int boundary = 0;
    utf8proc_ssize_t made =
        utf8proc_decompose_char(rune, parts, PARTS, (utf8proc_option_t)options, &boundary);
    ENSURE(made >= 0 && made <= PARTS);
    for (utf8proc_ssize_t i = 0; i < made; i++) {
        *marks = rune_is_mark(parts[i]) ? *marks + 1 : 0;
    }
    return (size_t)made;
}

/* A rune that would deceive the reader of a list or a log. */
static bool is_deceptive(int32_t rune)
{
    switch (utf8proc_category(rune)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return rune != '\t';
    default: /* an enum of the library's: all other categories are fine */
        break;
    }
    bool turns_direction = (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069);
    bool noncharacter = (rune & 0xfffe) == 0xfffe || (rune >= 0xfdd0 && rune <= 0xfdef);
    return turns_direction || noncharacter;
}

static bool is_plain(str text, bool lines)
{
    size_t marks = 0;
    while (text.len > 0) {
        int32_t rune = 0;
        if (!take_rune(&text, &rune)) {
            return false;
        }
        if (is_deceptive(rune) && !(lines && rune == '\n')) {
            return false;
        }
        ignore_int((long)count_parts(rune, OPTIONS_STRICTEST, &marks));
        if (marks > TEXT_MARKS) {
            return false;
        }
    }
    return true;
}

bool text_is_plain(str text)
{
    return is_plain(text, false);
}

bool text_is_plain_lines(str text)
{
    return is_plain(text, true);
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

str text_cut(str text, size_t most)
{
    if (text.len <= most) {
        return text;
    }
    while (most > 0 && is_continuation(text.at[most])) {
        most--;
    }
    return str_cut(text, 0, most);
}

size_t text_length(str text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        length += !is_continuation(text.at[i]);
    }
    return length;
}

void runes_finish(struct runes *runes)
{
    mem_give(runes->at);
    *runes = (struct runes){0};
}

/* How many code points the text becomes; refuses what utf8proc must not be given. */
static errc measure(str text, unsigned options, size_t *ret_count)
{
    if (text.len > TEXT_SIZE) {
        return ERR_TOO_BIG;
    }
    size_t count = 0;
    size_t marks = 0;
    while (text.len > 0) {
        int32_t rune = 0;
        if (!take_rune(&text, &rune)) {
            return ERR_BAD_UTF8;
        }
        count += count_parts(rune, options, &marks);
        if (marks > TEXT_MARKS) {
            return ERR_INVALID;
        }
    }
    *ret_count = count;
    return OK;
}

errc runes_read(str text, unsigned options, struct runes *ret_runes)
{
    unsigned how = options | UTF8PROC_DECOMPOSE;
    size_t count = 0;
    TRY(measure(text, how, &count));
    /* One more than needed: utf8proc_reencode asks for it. */
    int32_t *at = mem_try((count + 1) * sizeof *at);
    if (at == NULL) {
        return ERR_NO_MEMORY;
    }
    utf8proc_ssize_t made = utf8proc_decompose(bytes_of(text), (utf8proc_ssize_t)text.len, at,
                                               (utf8proc_ssize_t)count, (utf8proc_option_t)how);
    ENSURE(made == (utf8proc_ssize_t)count);
    *ret_runes = (struct runes){at, count};
    return OK;
}

/* Composes and hands the text to the arena; the runes are spent. */
static errc write_runes(struct runes *runes, struct arena *arena, str *ret_text)
{
    utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    utf8proc_ssize_t size = utf8proc_reencode(runes->at, (utf8proc_ssize_t)runes->count, how);
    ENSURE(size >= 0);
    str text = arena_str(arena, (str){(const char *)runes->at, (size_t)size});
    if (text.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_text = text;
    return OK;
}

errc text_nfc(struct arena *arena, str text, str *ret_text)
{
    if (is_ascii(text) && text.len <= TEXT_SIZE) {
        str copy = arena_str(arena, text);
        if (copy.at == NULL) {
            return ERR_NO_MEMORY;
        }
        *ret_text = copy;
        return OK;
    }
    AUTO(runes_finish) struct runes runes = {0};
    TRY(runes_read(text, OPTIONS_NFC, &runes));
    return write_runes(&runes, arena, ret_text);
}

static bool is_blank(int32_t rune)
{
    return rune == ' ' || utf8proc_category(rune) == UTF8PROC_CATEGORY_CC || rune == 0x2028 ||
           rune == 0x2029;
}

/* Eth and the African D look like Đ and come from old fonts and their converters. */
static int32_t like_d_stroke(int32_t rune)
{
    return rune == 0x00f0 || rune == 0x0256 ? LETTER_D_STROKE : rune;
}

/* One blank between words, none at the ends and beside a dash; one spelling of đ. */
static void fold_blanks(struct runes *runes)
{
    size_t count = 0;
    bool due = false;
    for (size_t i = 0; i < runes->count; i++) {
        int32_t rune = like_d_stroke(runes->at[i]);
        if (is_blank(rune)) {
            due = true;
            continue;
        }
        if (due && count > 0 && rune != '-' && runes->at[count - 1] != '-') {
            runes->at[count++] = ' ';
        }
        due = false;
        runes->at[count++] = rune;
    }
    runes->count = count;
}

/* Case folding is defined on normalised text, so that comes first. */
static errc read_folded(struct arena *arena, str text, unsigned options, struct runes *ret_runes)
{
    str nfc = STR_NONE;
    TRY(text_nfc(arena, text, &nfc));
    TRY(runes_read(nfc, options, ret_runes));
    fold_blanks(ret_runes);
    return OK;
}

errc text_same_key(struct arena *arena, str text, str *ret_key)
{
    AUTO(runes_finish) struct runes runes = {0};
    TRY(read_folded(arena, text, OPTIONS_SAME, &runes));
    vi_place_tones(&runes);
    return write_runes(&runes, arena, ret_key);
}

errc text_search_key(struct arena *arena, str text, str *ret_key)
{
    AUTO(runes_finish) struct runes runes = {0};
    TRY(read_folded(arena, text, OPTIONS_SEARCH, &runes));
    for (size_t i = 0; i < runes.count; i++) {
        runes.at[i] = runes.at[i] == LETTER_D_STROKE ? 'd' : runes.at[i];
    }
    return write_runes(&runes, arena, ret_key);
}

bool text_key_has(str search_key, str query_key)
{
    while (query_key.len > 0) {
        str word = str_split(query_key, ' ', &query_key);
        if (word.len > 0 && (search_key.len < word.len ||
                             memmem(search_key.at, search_key.len, word.at, word.len) == NULL)) {
            return false;
        }
    }
    return true;
}
