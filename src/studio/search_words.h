/* Words as bulletins are found by: each as it is written (however its tone marks are typed, in
 * small letters) and once more without any marks. Whoever types "lũ" finds lũ alone; whoever types
 * "lu" finds lu, lú, lũ and lụ. Pure. */
#ifndef LOA_STUDIO_SEARCH_WORDS_H
#define LOA_STUDIO_SEARCH_WORDS_H

#include "base/base.h"

enum {
    SEARCH_WORDS_MOST = 4000, /* of one bulletin */
    SEARCH_ASKED_MOST = 6,    /* of a question; more are not looked at */
    SEARCH_WORD_MOST = 48,    /* bytes; the rest of a longer one does not count */
};

struct search_words {
    str *at; /* ascending by their bytes, no word twice */
    size_t count;
};

CHECKED errc search_words_of(const str *texts, size_t count, struct arena *arena,
                             struct search_words *ret_words);
/* What somebody typed into a search box; none when it holds no word. */
CHECKED errc search_words_asked(str question, struct arena *arena, struct search_words *ret_words);
/* One word after the other, of a text that is a key already; STR_NONE behind the last. */
str search_word_next(str *rest);

#endif
