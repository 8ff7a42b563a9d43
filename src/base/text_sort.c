/* The order of the Vietnamese alphabet as bytes. A key has two ranks with a blank between them:
 *
 *   first rank   per element   '!' a blank · '"' and the sign itself · '0'…':' a number, by length
 *                              and digits · '@'…'`' one of 33 letters · '~' and any other letter
 *   second rank  per element   '0' no tone · '1'…'5' huyền hỏi ngã sắc nặng · '6' and another mark
 * · '7' and each mark after the first; for a number its leading zeros
 *
 * The blank between the ranks is below every byte of the first, so that a beginning sorts before
 * its continuation. Zeros at the end of the second rank are dropped, most names have none left.
 * Order and letters are those of CLDR for "vi". From a key the text_same_key can be told again:
 * that is what makes "same order" and "same text" one thing, and a fuzz target holds us to it. */
#include "base/text.h"

#include "base/mem.h"
#include "base/scope.h"
#include "base/text_runes.h"

#include <string.h>
#include <utf8proc.h>

enum { KEY_CEILING = 12 * TEXT_SIZE };

struct sorter {
    const struct runes *runes;
    size_t next;
    struct buf first;
    struct buf second;
    size_t zeros; /* of the second rank that are not yet written */
};

static void sorter_finish(struct sorter *sorter)
{
    buf_finish(&sorter->first);
    buf_finish(&sorter->second);
}

static void add_rune(struct buf *out, int32_t rune)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t size = utf8proc_encode_char(rune, bytes);
    buf_add(out, (str){(const char *)bytes, (size_t)size});
}

/* The second rank, with the zeros that turned out not to stand at the end. */
static struct buf *second_rank(struct sorter *sorter)
{
    for (; sorter->zeros > 0; sorter->zeros--) {
        buf_add_byte(&sorter->second, '0');
    }
    return &sorter->second;
}

static int32_t peek(const struct sorter *sorter)
{
    return sorter->next < sorter->runes->count ? sorter->runes->at[sorter->next] : 0;
}

static bool is_digit(int32_t rune)
{
    return rune >= '0' && rune <= '9';
}

/* A count as bytes in its own order: '0' to '9', then ':' and the rest. */
static void add_count(struct buf *out, size_t count)
{
    for (; count > 9; count -= 9) {
        buf_add_byte(out, ':');
    }
    buf_add_byte(out, (char)('0' + count));
}

static void add_number(struct sorter *sorter)
{
    size_t zeros = 0;
    while (peek(sorter) == '0') {
        zeros++;
        sorter->next++;
    }
    size_t from = sorter->next;
    while (is_digit(peek(sorter))) {
        sorter->next++;
    }
    add_count(&sorter->first, sorter->next - from);
    for (size_t i = from; i < sorter->next; i++) {
        buf_add_byte(&sorter->first, (char)sorter->runes->at[i]);
    }
    if (zeros > 0) {
        add_count(second_rank(sorter), zeros);
    } else {
        sorter->zeros++;
    }
}

/* The letter that a base becomes with this mark, as its place in the alphabet; or 0. */
static char letter_with(int32_t base, int32_t mark)
{
    static const struct {
        int32_t base;
        int32_t mark;
        char place;
    } letters[] = {
        {'a', MARK_BREVE, 'A'},      {'a', MARK_CIRCUMFLEX, 'B'}, {'e', MARK_CIRCUMFLEX, 'H'},
        {'o', MARK_CIRCUMFLEX, 'S'}, {'o', MARK_HORN, 'T'},       {'u', MARK_HORN, '['},
    };
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        if (letters[i].base == base && letters[i].mark == mark) {
            return letters[i].place;
        }
    }
    return 0;
}

/* a ă â b c d đ e ê f … in the bytes from '@'. */
static char plain_letter(int32_t base)
{
    static const char places[] = "@CDEGIJKLMNOPQRUVWXYZ\\]^_`";
    _Static_assert(sizeof places == 27, "one place per letter from a to z");
    return base == LETTER_D_STROKE ? 'F' : places[base - 'a'];
}

/* Where the mark that makes a letter of its own stands: first, or behind the dot below, which
 * canonical order puts in front. Returns its place in the alphabet, or 0. */
static char find_letter(const struct sorter *sorter, int32_t base, size_t *ret_at)
{
    size_t at = sorter->next;
    const struct runes *runes = sorter->runes;
    if (at < runes->count && runes->at[at] == MARK_NANG) {
        at++;
    }
    char letter = at < runes->count ? letter_with(base, runes->at[at]) : 0;
    *ret_at = at;
    return letter;
}

static void add_mark(struct sorter *sorter, int32_t mark, bool first)
{
    static const int32_t tones[] = {MARK_HUYEN, MARK_HOI, MARK_NGA, MARK_SAC, MARK_NANG};
    struct buf *out = second_rank(sorter);
    for (size_t i = 0; first && i < COUNT_OF(tones); i++) {
        if (tones[i] == mark) {
            buf_add_byte(out, (char)('1' + i));
            return;
        }
    }
    buf_add_byte(out, first ? '6' : '7');
    add_rune(out, mark);
}

/* The marks of an element, but for the one at `spent`, which is in the letter already. */
static void add_marks(struct sorter *sorter, size_t spent)
{
    bool first = true;
    for (; sorter->next < sorter->runes->count && rune_is_mark(peek(sorter)); sorter->next++) {
        if (sorter->next != spent) {
            add_mark(sorter, peek(sorter), first);
            first = false;
        }
    }
    if (first) {
        sorter->zeros++;
    }
}

static void add_element(struct sorter *sorter)
{
    int32_t rune = peek(sorter);
    if (is_digit(rune)) {
        add_number(sorter);
        return;
    }
    sorter->next++;
    size_t spent = SIZE_MAX;
    if ((rune >= 'a' && rune <= 'z') || rune == LETTER_D_STROKE) {
        size_t at = 0;
        char letter = find_letter(sorter, rune, &at);
        spent = letter != 0 ? at : SIZE_MAX;
        buf_add_byte(&sorter->first, letter != 0 ? letter : plain_letter(rune));
    } else if (rune == ' ') {
        buf_add_byte(&sorter->first, '!');
    } else {
        buf_add_byte(&sorter->first, rune_is_letter(rune) ? '~' : '"');
        add_rune(&sorter->first, rune);
    }
    add_marks(sorter, spent);
}

errc text_sort_key(struct arena *arena, str text, str *ret_key)
{
    str same = STR_NONE;
    TRY(text_same_key(arena, text, &same));
    AUTO(runes_finish) struct runes runes = {0};
    TRY(runes_read(same, UTF8PROC_STABLE, &runes));
    AUTO(sorter_finish) struct sorter sorter = {.runes = &runes};
    buf_init(&sorter.first, KEY_CEILING);
    buf_init(&sorter.second, KEY_CEILING);
    while (sorter.next < runes.count) {
        add_element(&sorter);
    }
    if (sorter.second.len > 0) {
        buf_add_byte(&sorter.first, ' ');
        buf_add(&sorter.first, buf_str(&sorter.second));
    }
    TRY(buf_check(&sorter.second));
    TRY(buf_check(&sorter.first));
    str key = arena_str(arena, buf_str(&sorter.first));
    if (key.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_key = key;
    return OK;
}
