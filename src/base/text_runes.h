/* Inside base only: text as an array of code points, the form in which text.c normalises and
 * text_vi.c moves tones. The array is scratch on the heap, so that a request's arena holds
 * nothing but the result. */
#ifndef LOA_BASE_TEXT_RUNES_H
#define LOA_BASE_TEXT_RUNES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct runes {
    int32_t *at;
    size_t count;
};

/* The marks of Vietnamese in decomposed text. */
enum {
    MARK_HUYEN = 0x0300,
    MARK_SAC = 0x0301,
    MARK_CIRCUMFLEX = 0x0302, /* â ê ô */
    MARK_NGA = 0x0303,
    MARK_BREVE = 0x0306, /* ă */
    MARK_HOI = 0x0309,
    MARK_HORN = 0x031b, /* ơ ư */
    MARK_NANG = 0x0323,
    LETTER_D_STROKE = 0x0111, /* đ */
};

void runes_finish(struct runes *runes); /* for AUTO; accepts a zeroed one */
bool rune_is_mark(int32_t rune);
bool rune_is_letter(int32_t rune);
bool rune_is_tone(int32_t rune);
/* The decomposed text with the given further utf8proc options. */
CHECKED errc runes_read(str text, unsigned options, struct runes *ret_runes);
/* Puts the tone mark of each Vietnamese syllable on its agreed vowel, in decomposed, case-folded
 * text. The number of code points stays. */
void vi_place_tones(struct runes *runes);

#endif
