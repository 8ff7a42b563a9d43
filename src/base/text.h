/* Vietnamese text. Print as written; compare normalised: NFC, case-folded, the tone mark on one
 * agreed vowel (hoà and hòa, thuỵ and thụy are the same word), blanks folded. For search, one step
 * further: without any diacritics, with đ as d. */
#ifndef LOA_BASE_TEXT_H
#define LOA_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

bool text_is_utf8(str text);               /* strict: no overlong forms, surrogates, > U+10FFFF */
bool text_is_plain(str text);              /* UTF-8 without control characters but tab */
bool text_is_plain_lines(str text);        /* the same, line feeds allowed */
size_t text_length(str text);              /* characters, for limits that people are told */

CHECKED errc text_nfc(struct arena *arena, str text, str *ret_text);
CHECKED errc text_same_key(struct arena *arena, str text, str *ret_key);   /* for "is it the same name" */
CHECKED errc text_search_key(struct arena *arena, str text, str *ret_key); /* "dak lak" for "Đắk Lắk" */
/* A key whose byte order is Vietnamese alphabetical order: A Ă Â B C D Đ E Ê …, tones
 * ngang huyền hỏi ngã sắc nặng as the second rank. */
CHECKED errc text_sort_key(struct arena *arena, str text, str *ret_key);

#endif
