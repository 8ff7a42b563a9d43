/* What the rules of reading share: where in a line one is, what stood before, and what is said. A
 * rule looks at the line from `at`; it says something and tells how many bytes that was for, or 0
 * when it does not concern it. Rules never look past the line. */
#ifndef LOA_SPEECH_READER_H
#define LOA_SPEECH_READER_H

#include "speech/number.h"
#include "speech/speech.h"

enum { WORD_ROOM = 64, RUNE_SIZE_MOST = 4 };

struct reader {
    str line;
    size_t at;
    char before[WORD_ROOM]; /* the word before, in small letters; empty: none, or it is too long */
    const struct speech_list *list;
    struct buf *out;
    bool said; /* the last thing in `out` is of our own making: a letter after it needs a blank */
};

typedef size_t reading_rule(struct reader *reader, str rest);

/* --- letters --------------------------------------------------------------------------------- */

struct rune {
    uint32_t code;
    size_t size; /* bytes */
};
struct rune rune_at(str text, size_t at);     /* code 0 at the end */
size_t rune_write(uint32_t code, char *text); /* RUNE_SIZE_MOST bytes at most; how many */
uint32_t code_small(uint32_t code);
bool code_is_letter(uint32_t code);
bool code_is_capital(uint32_t code);
bool is_digit(str text, size_t at);
bool is_word_end(str text, size_t at);  /* neither letter nor digit stands there */
size_t digits_at(str text, size_t at);  /* how many */
size_t letters_at(str text, size_t at); /* bytes of them */
size_t blanks_at(str text, size_t at);
/* The number that two digits at most make at a place; -1: there are none, or more of them. */
int small_number_at(str text, size_t at, size_t *ret_size);
/* Whether `text` begins with `word`, letters of either case. */
bool starts_fold(str text, const char *word);

/* --- saying ---------------------------------------------------------------------------------- */

void say(struct reader *reader, const char *words);
void say_str(struct reader *reader, str words);
void say_number(struct reader *reader, uint64_t number);
bool before_is(const struct reader *reader, const char *const *words); /* null-ended */

/* --- the rules ------------------------------------------------------------------------------- */

reading_rule read_own_word; /* the list of the unit */
reading_rule read_address;  /* of the web, of mail */
reading_rule read_decree;   /* 35/2026/NĐ-CP */
reading_rule read_phone;
reading_rule read_time;
reading_rule read_date;
reading_rule read_figure; /* everything else that begins with a digit */
reading_rule read_short;  /* abbreviations and foreign names */
reading_rule read_roman;
reading_rule read_capitals; /* what is no word is spelt */
reading_rule read_sign;

/* A unit of measure or money at the beginning of `rest`, said; its bytes, or 0. */
size_t read_unit(struct reader *reader, str rest);

#endif
