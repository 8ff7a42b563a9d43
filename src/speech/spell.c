/* Capitals that make no syllable are spelt, letter by letter, by their Vietnamese names; numbers
 * that stand among them are said. A headline in capitals is words, and stays. */
#include "speech/reader.h"

enum { SPELT_MOST = 8, CORE_ROOM = 16 };

static const char *const letter_names[] = {
    "a",  "bê", "xê", "đê",  "e",  "ép", "giê", "hát", "i",  "gi",     "ca",  "lờ",    "mờ",
    "nờ", "ô",  "pê", "quy", "rờ", "ét", "tê",  "u",   "vê", "vê kép", "ích", "i dài", "dét"};

static const char *const onsets[] = {"ngh", "ng", "gh", "gi", "kh", "nh", "ph", "qu", "th", "tr",
                                     "ch",  "b",  "c",  "d",  "g",  "h",  "k",  "l",  "m",  "n",
                                     "p",   "r",  "s",  "t",  "v",  "x",  "",   NULL};
static const char *const codas[] = {"ng", "nh", "ch", "c", "m", "n", "p", "t", "", NULL};

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* One to three vowels. */
static bool is_core(str core)
{
    for (size_t i = 0; i < core.len; i++) {
        if (!is_vowel(core.at[i])) {
            return false;
        }
    }
    return core.len >= 1 && core.len <= 3;
}

/* ASCII letters, small: could it be said as a syllable? */
static bool is_syllable(str word)
{
    for (size_t i = 0; onsets[i] != NULL; i++) {
        str onset = str_of(onsets[i]);
        if (!str_starts(word, onset)) {
            continue;
        }
        str rhyme = str_cut(word, onset.len, word.len);
        for (size_t j = 0; codas[j] != NULL; j++) {
            str coda = str_of(codas[j]);
            bool ends = rhyme.len > coda.len && str_ends(rhyme, coda);
            if (ends && is_core(str_cut(rhyme, 0, rhyme.len - coda.len))) {
                return true;
            }
        }
    }
    return false;
}

/* Letters that carry a mark are of a Vietnamese word, all but Đ, which stands in abbreviations. */
static bool may_be_spelt(str word, char small[CORE_ROOM])
{
    size_t len = 0;
    for (size_t at = 0; at < word.len;) {
        struct rune rune = rune_at(word, at);
        bool is_ascii = rune.code < 0x80;
        if (!code_is_capital(rune.code) || (!is_ascii && rune.code != 0x110) ||
            len + 1 >= CORE_ROOM) {
            return false;
        }
        small[len++] = is_ascii ? (char)code_small(rune.code) : 'd';
        at += rune.size;
    }
    small[len] = '\0';
    return len >= 2 && len <= SPELT_MOST;
}

static void spell(struct reader *reader, str word)
{
    for (size_t at = 0; at < word.len;) {
        struct rune rune = rune_at(word, at);
        bool is_ascii = rune.code < 0x80;
        say(reader, is_ascii ? letter_names[code_small(rune.code) - 'a'] : "đê");
        at += rune.size;
    }
}

/* H5N1, A4, B40: letters and numbers of one code. */
static size_t read_code(struct reader *reader, str rest)
{
    size_t at = 0;
    while (!is_word_end(rest, at)) {
        size_t digits = digits_at(rest, at);
        struct rune rune = rune_at(rest, at);
        if (digits > 0) {
            figure_say(str_cut(rest, at, at + digits), reader->out);
            at += digits;
            continue;
        }
        if (rune.code >= 0x80 && rune.code != 0x110) {
            break;
        }
        spell(reader, str_cut(rest, at, at + rune.size));
        at += rune.size;
    }
    reader->said = true;
    return at;
}

static bool is_code(str rest)
{
    size_t letters = letters_at(rest, 0);
    size_t at = letters;
    bool plain = letters > 0 && letters <= 3 && is_digit(rest, letters);
    for (size_t i = 0; i < letters && plain; i++) {
        plain = rest.at[i] >= 'A' && rest.at[i] <= 'Z';
    }
    while (plain && !is_word_end(rest, at)) {
        struct rune rune = rune_at(rest, at);
        plain = is_digit(rest, at) || code_is_capital(rune.code);
        at += rune.size;
    }
    return plain;
}

size_t read_capitals(struct reader *reader, str rest)
{
    char small[CORE_ROOM];
    size_t size = letters_at(rest, 0);
    if (is_code(rest)) {
        return read_code(reader, rest);
    }
    bool spelt =
        size > 0 && may_be_spelt(str_cut(rest, 0, size), small) && !is_syllable(str_of(small));
    if (!spelt || is_digit(rest, size)) {
        return 0;
    }
    spell(reader, str_cut(rest, 0, size));
    return size;
}
