/* See likeness.h. */
#include "studio/likeness.h"

#include "base/text.h"
#include "studio/search_words.h"

enum { RUN = 3 }; /* syllables */

static uint64_t mix(uint64_t value)
{
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ (value >> 33);
}

static uint64_t mark_of_word(str word)
{
    uint64_t mark = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < word.len; i++) {
        mark = (mark ^ (unsigned char)word.at[i]) * UINT64_C(1099511628211);
    }
    return mark;
}

static void take(uint32_t marks[LIKENESS_MARKS], uint64_t run)
{
    for (uint64_t i = 0; i < LIKENESS_MARKS; i++) {
        uint32_t mark = (uint32_t)(mix(run + i * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
        marks[i] = mark < marks[i] ? mark : marks[i];
    }
}

/* Texts of one or two words are one run. */
static errc sketch(str text, struct arena *arena, uint32_t marks[LIKENESS_MARKS])
{
    uint64_t run[RUN] = {0};
    size_t count = 0;
    str key = STR_NONE;
    memset(marks, 0xff, LIKENESS_MARKS * sizeof marks[0]);
    TRY(text_search_key(arena, text, &key));
    for (str word = search_word_next(&key); word.at != NULL; word = search_word_next(&key)) {
        run[0] = run[1];
        run[1] = run[2];
        run[2] = mark_of_word(word);
        if (++count >= RUN) {
            take(marks, run[0] * 31 + run[1] * 17 + run[2]);
        }
    }
    if (count > 0 && count < RUN) {
        take(marks, run[1] * 17 + run[2]);
    }
    return OK;
}

errc likeness_of(str title, str text, struct arena *arena, struct likeness *ret_likeness)
{
    TRY(sketch(title, arena, ret_likeness->title));
    return sketch(text, arena, ret_likeness->text);
}

static void put(const uint32_t marks[LIKENESS_MARKS], unsigned char *bytes)
{
    for (size_t i = 0; i < LIKENESS_MARKS; i++) {
        for (size_t j = 0; j < 4; j++) {
            bytes[4 * i + j] = (unsigned char)(marks[i] >> (8 * j));
        }
    }
}

void likeness_write(const struct likeness *likeness, unsigned char bytes[LIKENESS_SIZE])
{
    put(likeness->title, bytes);
    put(likeness->text, bytes + LIKENESS_SIZE / 2);
}

static void get(const char *bytes, uint32_t marks[LIKENESS_MARKS])
{
    for (size_t i = 0; i < LIKENESS_MARKS; i++) {
        marks[i] = 0;
        for (size_t j = 0; j < 4; j++) {
            marks[i] |= (uint32_t)(unsigned char)bytes[4 * i + j] << (8 * j);
        }
    }
}

bool likeness_read(str bytes, struct likeness *ret_likeness)
{
    if (bytes.len != LIKENESS_SIZE) {
        return false;
    }
    get(bytes.at, ret_likeness->title);
    get(bytes.at + LIKENESS_SIZE / 2, ret_likeness->text);
    return true;
}

/* -1: one of them has no words. */
static int percent(const uint32_t a[LIKENESS_MARKS], const uint32_t b[LIKENESS_MARKS])
{
    int same = 0;
    for (size_t i = 0; i < LIKENESS_MARKS; i++) {
        if (a[i] == UINT32_MAX || b[i] == UINT32_MAX) {
            return -1;
        }
        same += a[i] == b[i];
    }
    return same * 100 / LIKENESS_MARKS;
}

int likeness_percent(const struct likeness *a, const struct likeness *b)
{
    int titles = percent(a->title, b->title);
    int texts = percent(a->text, b->text);
    titles = titles < 0 ? 0 : titles;
    if (texts < 0) {
        return titles;
    }
    int both = (titles + texts) / 2;
    return texts > both ? texts : both;
}
