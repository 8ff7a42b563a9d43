/* The catalogue of words for people. A catalogue is a text of lines `key = words`, with {name}
 * places; '#' begins a comment line. Vietnamese is complete by definition; English follows it
 * (a test compares the keys). Immutable after creation, so any thread may read it. */
#ifndef LOA_BASE_WORDS_H
#define LOA_BASE_WORDS_H

#include "base/str.h"

enum words_language { WORDS_VI, WORDS_EN };

struct words;

struct words_arg {
    const char *name;
    str value;
};

/* The texts must outlive the catalogue (they are compiled in). Keys are of a-z 0-9 _ . - and stand
 * once; a brace is always part of a {name}. ERR_INVALID names language and line. */
CHECKED errc words_create(str vi, str en, struct words **ret_words, struct why *why);
void words_destroy(struct words *words); /* accepts null */
/* "en-GB,en;q=0.8" → WORDS_EN; whatever does not prefer English to Vietnamese → WORDS_VI */
enum words_language words_language_of(str accept_language);
str words_code(enum words_language language); /* "vi", "en" */
bool words_has(const struct words *words, enum words_language language, str key);
/* Appends the words with their places filled; a place without an argument stays as it is. A key
 * that English lacks gives the Vietnamese words, an unknown key appends the key itself. */
void words_write(const struct words *words, enum words_language language, str key,
                 const struct words_arg *args, size_t count, struct buf *out);
/* For tests: calls on_key for each key of one language, in the order of bytes. */
void words_each(const struct words *words, enum words_language language,
                void (*on_key)(void *ctx, str key), void *ctx);

#endif
