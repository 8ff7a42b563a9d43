/* Signs that are words, signs that are silence, and addresses of the web. */
#include "speech/reader.h"

struct sign {
    const char *written;
    const char *said; /* empty: a silence */
};

static const struct sign signs[] = {
    {"&", "và"},
    {"@", "a còng"},
    {"≥", "lớn hơn hoặc bằng"},
    {"≤", "nhỏ hơn hoặc bằng"},
    {">", "lớn hơn"},
    {"<", "nhỏ hơn"},
    {"±", "cộng trừ"},
    {"=", "bằng"},
    {"→", "đến"},
    {"§", "mục"},
    {"*", ""},
    {"•", ""},
    {"#", ""},
    {"_", ""},
    {"~", "khoảng"},
    {"|", ""},
    {"^", ""},
    {"\\", ""},
    {"●", ""},
    {"–", ","},
    {"—", ","},
    {"\t", " "},
};

/* -5 at the beginning of a word is below zero. */
static size_t read_minus(struct reader *reader, str rest)
{
    struct rune rune = rune_at(rest, 0);
    bool begins = reader->at == 0 || reader->line.at[reader->at - 1] == ' ' ||
                  reader->line.at[reader->at - 1] == '(';
    bool is_minus = rune.code == '-' || rune.code == 0x2212 || rune.code == 0x2013;
    if (is_minus && reader->said && is_digit(rest, rune.size)) { /* COVID-19 */
        return rune.size;
    }
    if (!is_minus || !begins) {
        return 0;
    }
    if (is_digit(rest, rune.size) && reader->at > 0) {
        say(reader, "âm");
        return rune.size;
    }
    bool is_bullet = rune.code == '-' && reader->at == 0 && blanks_at(rest, 1) > 0;
    return is_bullet ? 1 + blanks_at(rest, 1) : 0;
}

size_t read_sign(struct reader *reader, str rest)
{
    size_t used = read_minus(reader, rest);
    if (used > 0) {
        return used;
    }
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (!str_starts(rest, str_of(signs[i].written))) {
            continue;
        }
        if (str_is(str_of(signs[i].said), S(","))) {
            while (reader->out->len > 0 && reader->out->at[reader->out->len - 1] == ' ') {
                buf_cut(reader->out, reader->out->len - 1);
            }
            buf_add_byte(reader->out, ',');
            reader->said = true;
        } else {
            say(reader, signs[i].said);
        }
        return str_of(signs[i].written).len;
    }
    return 0;
}

/* --- addresses ------------------------------------------------------------------------------- */

static bool is_address_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == '/' || c == '@';
}

static size_t address_size(str rest)
{
    size_t size = 0;
    while (size < rest.len && is_address_byte(rest.at[size])) {
        size++;
    }
    while (size > 0 &&
           (rest.at[size - 1] == '.' || rest.at[size - 1] == '/' || rest.at[size - 1] == '-')) {
        size--;
    }
    return size;
}

/* Ends like one: .vn, .com … before a slash or the end. */
static bool is_address(str text)
{
    static const char *const ends[] = {".vn", ".com", ".net", ".org", ".info", NULL};
    str host = text;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '/') {
            host = str_cut(text, 0, i);
            break;
        }
    }
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (host.len > str_of(ends[i]).len && str_ends(host, str_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

static void say_part(struct reader *reader, str part)
{
    size_t at = 0;
    if (str_is(part, S("www"))) {
        say(reader, "vê kép vê kép vê kép");
        return;
    }
    while (at < part.len) {
        size_t digits = digits_at(part, at);
        size_t size = digits > 0 ? digits : letters_at(part, at);
        size = size > 0 ? size : 1;
        if (digits > 0) {
            digits_say(str_cut(part, at, at + digits), reader->out);
        } else if (part.at[at] == '-' || part.at[at] == '_') {
            say(reader, "gạch");
        } else {
            say_str(reader, str_cut(part, at, at + size));
        }
        at += size;
    }
}

size_t read_address(struct reader *reader, str rest)
{
    size_t head = str_starts(rest, S("https://")) ? 8 : str_starts(rest, S("http://")) ? 7 : 0;
    str text = str_cut(rest, head, rest.len);
    text = str_cut(text, 0, address_size(text));
    if (!is_address(text)) {
        return 0;
    }
    size_t from = 0;
    for (size_t at = 0; at <= text.len; at++) {
        char c = at < text.len ? text.at[at] : '\0';
        if (c != '.' && c != '/' && c != '@' && c != '\0') {
            continue;
        }
        say_part(reader, str_cut(text, from, at));
        from = at + 1;
        if (c != '\0') {
            say(reader, c == '.' ? "chấm" : c == '/' ? "gạch chéo" : "a còng");
        }
    }
    reader->said = true;
    return head + text.len;
}
