/* See search_words.h. */
#include "studio/search_words.h"

#include "base/text.h"

enum { GATHERED_MOST = 8192 };

struct gathering {
    struct arena *arena;
    str *at;
    size_t count;
    size_t room;
};

/* Bytes of the sign at the beginning that separates words: ASCII signs, quotation marks and the
 * general punctuation of Unicode; 0: a letter or a number. */
static size_t separator(str text)
{
    unsigned char c = (unsigned char)text.at[0];
    unsigned char next = text.len > 1 ? (unsigned char)text.at[1] : 0;
    bool alone = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0x80) {
        return alone ? 0 : 1;
    }
    if (c == 0xc2 && next < 0xc0) {
        return 2;
    }
    return c == 0xe2 && (next == 0x80 || next == 0x81) && text.len >= 3 ? 3 : 0;
}

str search_word_next(str *rest)
{
    str text = *rest;
    size_t len = 0;
    while (text.len > 0 && separator(text) > 0) {
        text = str_cut(text, separator(text), text.len);
    }
    while (len < text.len && separator(str_cut(text, len, text.len)) == 0) {
        len++;
    }
    *rest = str_cut(text, len, text.len);
    return len == 0 ? STR_NONE : str_cut(text, 0, len);
}

static int compare(const void *left, const void *right)
{
    const str *a = left;
    const str *b = right;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->at, b->at, len);
    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static void sort_out(struct gathering *run, size_t most)
{
    size_t kept = 0;
    if (run->count > 1) {
        qsort(run->at, run->count, sizeof *run->at, compare);
    }
    for (size_t i = 0; i < run->count && kept < most; i++) {
        if (kept == 0 || !str_is(run->at[kept - 1], run->at[i])) {
            run->at[kept++] = run->at[i];
        }
    }
    run->count = kept;
}

/* Room for one more; a long text repeats its words, so they are sorted out before more is taken. */
static errc make_room(struct gathering *run)
{
    if (run->room >= GATHERED_MOST) {
        sort_out(run, SEARCH_WORDS_MOST);
        return OK;
    }
    size_t room = run->room == 0 ? 256 : 2 * run->room;
    str *grown = arena_take_array(run->arena, room, sizeof *grown);
    if (grown == NULL) {
        return ERR_NO_MEMORY;
    }
    if (run->count > 0) {
        memcpy(grown, run->at, run->count * sizeof *grown);
    }
    run->at = grown;
    run->room = room;
    return OK;
}

static errc gather(struct gathering *run, str key)
{
    for (str word = search_word_next(&key); word.at != NULL; word = search_word_next(&key)) {
        if (run->count == run->room) {
            TRY(make_room(run));
        }
        run->at[run->count++] = text_cut(word, SEARCH_WORD_MOST);
    }
    return OK;
}

static errc gather_text(struct gathering *run, str text)
{
    str same = STR_NONE;
    str plain = STR_NONE;
    TRY(text_same_key(run->arena, text, &same));
    TRY(text_search_key(run->arena, text, &plain));
    TRY(gather(run, same));
    return gather(run, plain);
}

errc search_words_of(const str *texts, size_t count, struct arena *arena,
                     struct search_words *ret_words)
{
    struct gathering run = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        TRY(gather_text(&run, texts[i]));
    }
    sort_out(&run, SEARCH_WORDS_MOST);
    *ret_words = (struct search_words){run.at, run.count};
    return OK;
}

errc search_words_asked(str question, struct arena *arena, struct search_words *ret_words)
{
    struct gathering run = {.arena = arena};
    str same = STR_NONE;
    TRY(text_same_key(arena, question, &same));
    TRY(gather(&run, same));
    sort_out(&run, SEARCH_ASKED_MOST);
    *ret_words = (struct search_words){run.at, run.count};
    return OK;
}
