/* See reader.h. */
#include "speech/reader.h"

struct rune rune_at(str text, size_t at)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    if (at >= text.len) {
        return (struct rune){0, 0};
    }
    unsigned char first = (unsigned char)text.at[at];
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (size > text.len - at) {
        return (struct rune){first, 1};
    }
    uint32_t code = first & masks[size];
    for (size_t i = 1; i < size; i++) {
        code = code << 6 | ((unsigned char)text.at[at + i] & 0x3f);
    }
    return (struct rune){code, size};
}

size_t rune_write(uint32_t code, char *text)
{
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--) {
        text[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    text[0] = (char)(heads[size] | code);
    return size;
}

/* The letters of Vietnamese and of what is written with Latin letters around it. */
uint32_t code_small(uint32_t code)
{
    if (code >= 'A' && code <= 'Z') {
        return code + 32;
    }
    if (code >= 0xc0 && code <= 0xde && code != 0xd7) {
        return code + 32;
    }
    if ((code >= 0x100 && code <= 0x137) || (code >= 0x1ea0 && code <= 0x1eff)) {
        return code | 1;
    }
    return code == 0x1a0 ? 0x1a1 : code == 0x1af ? 0x1b0 : code;
}

bool code_is_letter(uint32_t code)
{
    uint32_t small = code_small(code);
    return (small >= 'a' && small <= 'z') ||
           (code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7) ||
           (code >= 0x300 && code <= 0x36f) || (code >= 0x1e00 && code <= 0x1eff);
}

bool code_is_capital(uint32_t code)
{
    return code_small(code) != code;
}

bool is_digit(str text, size_t at)
{
    return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

bool is_word_end(str text, size_t at)
{
    return !is_digit(text, at) && !code_is_letter(rune_at(text, at).code);
}

size_t digits_at(str text, size_t at)
{
    size_t count = 0;
    while (is_digit(text, at + count)) {
        count++;
    }
    return count;
}

size_t letters_at(str text, size_t at)
{
    size_t size = 0;
    for (struct rune rune = rune_at(text, at); rune.size > 0 && code_is_letter(rune.code);
         rune = rune_at(text, at + size)) {
        size += rune.size;
    }
    return size;
}

size_t blanks_at(str text, size_t at)
{
    size_t count = 0;
    while (at + count < text.len && (text.at[at + count] == ' ' || text.at[at + count] == '\t')) {
        count++;
    }
    return count;
}

int small_number_at(str text, size_t at, size_t *ret_size)
{
    size_t count = digits_at(text, at);
    *ret_size = count;
    if (count == 1) {
        return text.at[at] - '0';
    }
    return count == 2 ? (text.at[at] - '0') * 10 + (text.at[at + 1] - '0') : -1;
}

bool starts_fold(str text, const char *word)
{
    str wanted = str_of(word);
    size_t a = 0;
    size_t b = 0;
    while (b < wanted.len) {
        struct rune have = rune_at(text, a);
        struct rune want = rune_at(wanted, b);
        if (have.size == 0 || code_small(have.code) != code_small(want.code)) {
            return false;
        }
        a += have.size;
        b += want.size;
    }
    return a == b; /* letters of either case have the same length in our alphabets */
}

void say_str(struct reader *reader, str words)
{
    if (words.len > 0) {
        word_say(words, reader->out);
        reader->said = true;
    }
}

void say(struct reader *reader, const char *words)
{
    say_str(reader, str_of(words));
}

void say_number(struct reader *reader, uint64_t number)
{
    number_say(number, reader->out);
    reader->said = true;
}

bool before_is(const struct reader *reader, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (str_is(str_of(reader->before), str_of(words[i]))) {
            return true;
        }
    }
    return false;
}
