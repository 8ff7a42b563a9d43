/* `str` is a view of bytes that somebody else owns; `buf` is a growing text with a ceiling given
 * at birth. A buf that could not grow stays failed and ignores further writing, so a writer checks
 * once, at the end. What stands in a buf always ends in a zero byte that its length does not count.
 * Numbers from strangers are read strictly: the whole text or nothing. */
#ifndef LOA_BASE_STR_H
#define LOA_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/errors.h"

typedef struct str {
    const char *at;
    size_t len;
} str;

#define S(literal) ((str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((str){NULL, 0})
/* For printf-like calls: "%.*s", STR_ARG(text) */
#define STR_ARG(text) (int)(text).len, ((text).at == NULL ? "" : (text).at)

str str_of(const char *text);   /* null gives STR_NONE */
bool str_is(str a, str b);      /* equal bytes */
bool str_is_fold(str a, str b); /* equal, ASCII letters of either case */
int str_compare(str a, str b);  /* byte order */
bool str_starts(str text, str prefix);
bool str_ends(str text, str suffix);
bool str_has(str text, char byte);
str str_trim(str text);                        /* blanks, tabs, CR, LF at both ends */
str str_cut(str text, size_t from, size_t to); /* clamped */
/* Splits at the first separator: the part before is returned, *rest is what follows.
 * Without a separator the whole is returned and *rest is STR_NONE. */
str str_split(str text, char separator, str *rest);
CHECKED bool str_to_i64(str text, int64_t *ret_value); /* decimal, optional minus, no blanks */
CHECKED bool str_to_u64(str text, uint64_t *ret_value);
CHECKED bool str_to_double(str text, double *ret_value); /* 12, 12.5, -0.25; locale-free */
/* Copies into a fixed array with a closing zero; false when it does not fit (then "" is left). */
CHECKED bool str_to_array(str text, char *array, size_t size);

struct buf {
    char *at;
    size_t len;
    size_t room;
    size_t ceiling;
    bool failed;
    bool no_memory; /* failed because the heap is exhausted, not at the ceiling */
};

void buf_init(struct buf *buf, size_t ceiling);
void buf_finish(struct buf *buf); /* for AUTO too; accepts a zeroed buf */
void buf_clear(struct buf *buf);  /* keeps the memory, forgets a failure */
void buf_add(struct buf *buf, str text);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, char byte);
void buf_add_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_add_i64(struct buf *buf, int64_t value);
void buf_add_hex(struct buf *buf, const void *bytes, size_t size);
/* As text or attribute of XML and HTML: nothing in it can become markup, and what neither may hold
 * (control characters) becomes U+FFFD. */
void buf_add_markup(struct buf *buf, str text);
void buf_drop(struct buf *buf, size_t count);  /* removes from the front */
void buf_cut(struct buf *buf, size_t len);     /* keeps the first len bytes */
str buf_str(const struct buf *buf);            /* a loan until the next change */
CHECKED errc buf_check(const struct buf *buf); /* OK, or ERR_TOO_BIG / ERR_NO_MEMORY */
/* Makes room for at least `more` bytes and returns where to write; null when it cannot. */
CHECKED char *buf_reserve(struct buf *buf, size_t more);
void buf_advance(struct buf *buf, size_t count);

#endif
