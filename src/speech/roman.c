/* Roman numerals: I to MMMCMXCIX, written as they should be. One letter alone, or letters that
 * could be an abbreviation, count only behind a word that a number follows. */
#include "speech/reader.h"

enum { ROMAN_MOST = 15 };

static unsigned value_of(char letter)
{
    switch (letter) {
    case 'I':
        return 1;
    case 'V':
        return 5;
    case 'X':
        return 10;
    case 'L':
        return 50;
    case 'C':
        return 100;
    case 'D':
        return 500;
    case 'M':
        return 1000;
    default:
        return 0;
    }
}

static unsigned sum_of(str letters)
{
    unsigned sum = 0;
    for (size_t i = 0; i < letters.len; i++) {
        unsigned here = value_of(letters.at[i]);
        unsigned next = i + 1 < letters.len ? value_of(letters.at[i + 1]) : 0;
        if (here == 0) {
            return 0;
        }
        sum = here < next ? sum - here : sum + here;
    }
    return sum;
}

static void write_roman(unsigned number, char text[ROMAN_MOST + 1])
{
    static const struct {
        unsigned value;
        const char *letters;
    } parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                 {5, "V"},    {4, "IV"},   {1, "I"}};
    size_t len = 0;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        while (number >= parts[i].value && len + 2 <= ROMAN_MOST) {
            size_t size = str_of(parts[i].letters).len;
            memcpy(text + len, parts[i].letters, size);
            len += size;
            number -= parts[i].value;
        }
    }
    text[len] = '\0';
}

static bool is_small_roman(str letters)
{
    for (size_t i = 0; i < letters.len; i++) {
        if (value_of(letters.at[i]) > 10) {
            return false;
        }
    }
    return letters.len > 1;
}

size_t read_roman(struct reader *reader, str rest)
{
    static const char *const counted[] = {"kỷ",   "chương", "phần", "khóa",  "khoá", "kỳ",  "kì",
                                          "quý",  "quí",    "hội",  "lần",   "thứ",  "mục", "vực",
                                          "cấp",  "loại",   "hạng", "vùng",  "tập",  "bậc", "nhóm",
                                          "đoạn", "đợt",    "cực",  "quyển", "điều", NULL};
    static const char *const nth[] = {"thứ", NULL};
    char again[ROMAN_MOST + 1] = "";
    size_t size = letters_at(rest, 0);
    str letters = str_cut(rest, 0, size);
    unsigned number = size > 0 && size < ROMAN_MOST ? sum_of(letters) : 0;
    bool is_meant = before_is(reader, counted) || is_small_roman(letters);
    if (number == 0 || number > 3999 || !is_meant || is_digit(rest, size)) {
        return 0;
    }
    write_roman(number, again);
    if (!str_is(letters, str_of(again))) {
        return 0;
    }
    if (before_is(reader, nth) && (number == 1 || number == 4)) {
        say(reader, number == 1 ? "nhất" : "tư");
        return size;
    }
    say_number(reader, number);
    bool has_year = size < rest.len && rest.at[size] == '/' && digits_at(rest, size + 1) == 4;
    if (has_year) { /* quý IV/2026 */
        say(reader, "năm");
        return size + 1;
    }
    return size;
}
