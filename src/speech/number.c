/* See number.h. In groups of three from the left; a group that is not the first says its hundreds
 * also when there are none. */
#include "speech/number.h"

#define BILLION ((uint64_t)1000000000)

static const char *const digit_words[] = {"không", "một", "hai", "ba",  "bốn",
                                          "năm",   "sáu", "bảy", "tám", "chín"};

void word_say(str word, struct buf *out)
{
    char last = out->len == 0 ? '\n' : out->at[out->len - 1];
    if (last != ' ' && last != '\n' && last != '(' && last != '"') {
        buf_add_byte(out, ' ');
    }
    buf_add(out, word);
}

static void word(struct buf *out, const char *text)
{
    word_say(str_of(text), out);
}

static void say_last(unsigned tens, unsigned ones, struct buf *out)
{
    if (ones == 0) {
        return;
    }
    if (ones == 5 && tens > 0) {
        word(out, "lăm");
    } else if (ones == 1 && tens > 1) {
        word(out, "mốt");
    } else if (ones == 4 && tens > 1) {
        word(out, "tư");
    } else {
        word(out, digit_words[ones]);
    }
}

static void say_group(unsigned group, bool is_first, struct buf *out)
{
    unsigned hundreds = group / 100;
    unsigned tens = group / 10 % 10;
    unsigned ones = group % 10;
    if (hundreds > 0 || !is_first) {
        word(out, digit_words[hundreds]);
        word(out, "trăm");
    }
    if (tens == 0 && ones > 0 && (hundreds > 0 || !is_first)) {
        word(out, "linh");
    } else if (tens == 1) {
        word(out, "mười");
    } else if (tens > 1) {
        word(out, digit_words[tens]);
        word(out, "mươi");
    }
    say_last(tens, ones, out);
}

/* Below a billion; true when something was said. */
static bool say_small(uint64_t number, bool is_first, struct buf *out)
{
    static const char *const names[] = {"triệu", "nghìn", NULL};
    unsigned groups[] = {(unsigned)(number / 1000000), (unsigned)(number / 1000 % 1000),
                         (unsigned)(number % 1000)};
    bool said = false;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        if (groups[i] == 0) {
            continue;
        }
        say_group(groups[i], is_first && !said, out);
        said = true;
        if (names[i] != NULL) {
            word(out, names[i]);
        }
    }
    return said;
}

void number_say(uint64_t number, struct buf *out)
{
    if (number == 0) {
        word(out, digit_words[0]);
        return;
    }
    if (number < BILLION) {
        ignore_int(say_small(number, true, out));
        return;
    }
    number_say(number / BILLION, out);
    word(out, "tỷ");
    ignore_int(say_small(number % BILLION, false, out));
}

void digits_say(str digits, struct buf *out)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] >= '0' && digits.at[i] <= '9') {
            word(out, digit_words[digits.at[i] - '0']);
        }
    }
}

void figure_say(str digits, struct buf *out)
{
    uint64_t number = 0;
    bool is_code = digits.len > 1 && digits.at[0] == '0';
    if (is_code || digits.len > NUMBER_DIGITS_MOST || !str_to_u64(digits, &number)) {
        digits_say(digits, out);
    } else {
        number_say(number, out);
    }
}

void fraction_say(str digits, struct buf *out)
{
    if (digits.len > 3 || (digits.len > 1 && digits.at[0] == '0')) {
        digits_say(digits, out);
    } else {
        figure_say(digits, out);
    }
}
