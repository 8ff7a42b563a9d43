/* Where the tone of a Vietnamese syllable stands. Two spellings are in use (hòa and hoà, thủy and
 * thuỷ, khỏe and khoẻ), and keyboards add a third that is wrong (qúy, gìa). All of them are brought
 * to the modern one, in which the tone is on the vowel that sounds: it is decided by the letters
 * alone, so that equal letters with an equal tone always end up equal.
 *
 * A word that is not a Vietnamese syllable (several groups of vowels, several tones, marks that
 * Vietnamese has not) must stay exactly as it is. */
#include "base/text_runes.h"

enum { WORD_LETTERS = 8 }; /* the longest syllable, "nghiêng", has seven */

struct letter {
    int32_t base;
    int32_t quality; /* circumflex, breve, horn, or 0 */
    int32_t tone;    /* or 0 */
};

struct word {
    struct letter letters[WORD_LETTERS];
    size_t count;
    int32_t tone;
    bool strange; /* not a Vietnamese syllable */
};

bool rune_is_tone(int32_t rune)
{
    return rune == MARK_HUYEN || rune == MARK_HOI || rune == MARK_NGA || rune == MARK_SAC ||
           rune == MARK_NANG;
}

static bool is_vowel(int32_t base)
{
    return base == 'a' || base == 'e' || base == 'i' || base == 'o' || base == 'u' || base == 'y';
}

static bool is_quality_of(int32_t base, int32_t mark)
{
    switch (mark) {
    case MARK_BREVE:
        return base == 'a';
    case MARK_CIRCUMFLEX:
        return base == 'a' || base == 'e' || base == 'o';
    case MARK_HORN:
        return base == 'o' || base == 'u';
    default:
        return false;
    }
}

static void add_letter(struct word *word, int32_t rune)
{
    bool known = (rune >= 'a' && rune <= 'z') || rune == LETTER_D_STROKE;
    if (!known || word->count == WORD_LETTERS) {
        word->strange = true;
        return;
    }
    word->letters[word->count++] = (struct letter){.base = rune};
}

static void add_mark(struct word *word, int32_t mark)
{
    struct letter *letter = &word->letters[word->count - 1];
    if (rune_is_tone(mark) && is_vowel(letter->base) && word->tone == 0) {
        letter->tone = mark;
        word->tone = mark;
    } else if (is_quality_of(letter->base, mark) && letter->quality == 0) {
        letter->quality = mark;
    } else {
        word->strange = true;
    }
}

/* Reads the word at `from`, which is a letter; returns where it ends. */
static size_t read_word(const struct runes *runes, size_t from, struct word *ret_word)
{
    struct word word = {0};
    size_t i = from;
    for (; i < runes->count; i++) {
        int32_t rune = runes->at[i];
        if (rune_is_mark(rune)) {
            if (!word.strange) {
                add_mark(&word, rune);
            }
        } else if (rune_is_letter(rune)) {
            add_letter(&word, rune);
        } else {
            break;
        }
    }
    *ret_word = word;
    return i;
}

static bool has_vowel_at(const struct word *word, size_t index)
{
    return index < word->count && is_vowel(word->letters[index].base);
}

/* Where the sounding vowels begin: behind the consonants, to which belong the u of "qu" and the i
 * of "gi" when another vowel follows (quý, già; but gì, gìn). */
static size_t first_vowel(const struct word *word)
{
    size_t first = 0;
    while (!has_vowel_at(word, first)) {
        first++; /* a word with a tone has a vowel */
    }
    if (first != 1 || !has_vowel_at(word, 2)) {
        return first;
    }
    int32_t onset = word->letters[0].base;
    const struct letter *glide = &word->letters[1];
    bool silent = (onset == 'q' && glide->base == 'u' && glide->quality == 0) ||
                  (onset == 'g' && glide->base == 'i');
    return silent ? 2 : 1;
}

static bool is_rising_pair(int32_t a, int32_t b)
{
    return (a == 'o' && (b == 'a' || b == 'e')) || (a == 'u' && b == 'y');
}

/* The vowel that carries the tone, of the group [from, to). */
static size_t pick_vowel(const struct word *word, size_t from, size_t to)
{
    const struct letter *letters = word->letters;
    for (size_t i = to; i > from; i--) {
        if (letters[i - 1].quality != 0) {
            return i - 1; /* tiếng, mười, thuở */
        }
    }
    bool closed = to < word->count;
    if (closed) {
        return to - 1; /* hoàn, huỳnh */
    }
    if (to - from == 3) {
        return from + 1; /* loại, khuỷu, ngoéo */
    }
    if (to - from == 2 && is_rising_pair(letters[from].base, letters[from + 1].base)) {
        return from + 1; /* hoà, khoẻ, thuỵ */
    }
    return from; /* của, mía, tàu */
}

/* False when the letters are not consonants, at most three vowels, consonants. */
static bool place_tone(struct word *word)
{
    size_t from = first_vowel(word);
    size_t to = from;
    while (has_vowel_at(word, to)) {
        to++;
    }
    if (to - from > 3) {
        return false;
    }
    for (size_t i = to; i < word->count; i++) {
        if (has_vowel_at(word, i)) {
            return false;
        }
    }
    for (size_t i = 0; i < word->count; i++) {
        word->letters[i].tone = 0;
    }
    word->letters[pick_vowel(word, from, to)].tone = word->tone;
    return true;
}

/* Writes the letters back in canonical order: horn, dot below, then what stands above. */
static void write_word(const struct word *word, int32_t *at)
{
    for (size_t i = 0; i < word->count; i++) {
        const struct letter *letter = &word->letters[i];
        bool dot_first = letter->tone == MARK_NANG && letter->quality != MARK_HORN;
        int32_t first = dot_first ? letter->tone : letter->quality;
        int32_t second = dot_first ? letter->quality : letter->tone;
        *at++ = letter->base;
        if (first != 0) {
            *at++ = first;
        }
        if (second != 0) {
            *at++ = second;
        }
    }
}

void vi_place_tones(struct runes *runes)
{
    size_t i = 0;
    while (i < runes->count) {
        if (!rune_is_letter(runes->at[i])) {
            i++;
            continue;
        }
        struct word word;
        size_t end = read_word(runes, i, &word);
        if (!word.strange && word.tone != 0 && place_tone(&word)) {
            write_word(&word, runes->at + i);
        }
        i = end;
    }
}
