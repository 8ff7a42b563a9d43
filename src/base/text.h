/* Vietnamese text. Print as written; compare normalised: NFC, case-folded, the tone mark on one
 * agreed vowel (hoà and hòa, thuỵ and thụy are the same word), blanks folded. For search, one step
 * further: without any diacritics, with đ as d.
 *
 * All keys are themselves UTF-8 without control characters, fit for a column of text; what
 * differs only in invisible characters, kinds of dash, blanks around a dash or Ð for Đ has one
 * key. Errors: ERR_BAD_UTF8; ERR_TOO_BIG past TEXT_SIZE; ERR_INVALID for more marks on one letter
 * than any language has; ERR_NO_MEMORY. Any thread. */
#ifndef LOA_BASE_TEXT_H
#define LOA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum {
    TEXT_SIZE = 1024 * 1024, /* bytes that are normalised at once */
    TEXT_MARKS = 30,         /* in a row, as Unicode's stream-safe format has it */
};

bool text_is_utf8(str text); /* strict: no overlong forms, surrogates, > U+10FFFF */
/* UTF-8 that shows what it says: no control characters but tab, no line or paragraph separators,
 * none that turn the direction of writing, no noncharacters, at most TEXT_MARKS marks in a row. */
bool text_is_plain(str text);
bool text_is_plain_lines(str text); /* the same, line feeds allowed */
/* The beginning, of at most so many bytes, that does not end inside a character. */
str text_cut(str text, size_t most);
size_t text_length(str text); /* characters (code points), for limits that people are told */

CHECKED errc text_nfc(struct arena *arena, str text, str *ret_text);
CHECKED errc text_same_key(struct arena *arena, str text,
                           str *ret_key); /* for "is it the same name" */
CHECKED errc text_search_key(struct arena *arena, str text,
                             str *ret_key); /* "dak lak" for "Đắk Lắk" */
/* Whether every word of one search key stands somewhere in the other. */
bool text_key_has(str search_key, str query_key);
/* A key whose byte order (memcmp; COLLATE "C" in PostgreSQL) is Vietnamese alphabetical order:
 * A Ă Â B C D Đ E Ê …, tones ngang huyền hỏi ngã sắc nặng as the second rank of the whole text,
 * blanks before other signs before numbers (by value: 2 before 10) before letters. Two texts have
 * the same sort key exactly when they have the same text_same_key. */
CHECKED errc text_sort_key(struct arena *arena, str text, str *ret_key);

#endif
