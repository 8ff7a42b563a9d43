/* The words of a formula. */
#include "report/formula_inside.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || byte == '_';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static struct token make(enum token_kind kind, str text, size_t from, size_t to)
{
    return (struct token){.kind = kind, .at = from, .text = str_cut(text, from, to)};
}

static struct token take_number(str text, size_t from, size_t *ret_next)
{
    size_t to = from;
    while (to < text.len && (is_digit(text.at[to]) || text.at[to] == '.')) {
        to++;
    }
    struct token token = make(TOKEN_NUMBER, text, from, to);
    if (!figure_parse(token.text, &token.number)) {
        token.kind = TOKEN_WRONG;
    }
    *ret_next = to;
    return token;
}

static struct token take_name(str text, size_t from, size_t *ret_next)
{
    size_t to = from;
    while (to < text.len && (is_letter(text.at[to]) || is_digit(text.at[to]))) {
        to++;
    }
    *ret_next = to;
    return make(TOKEN_NAME, text, from, to);
}

static struct token take_text(str text, size_t from, size_t *ret_next)
{
    size_t to = from + 1;
    while (to < text.len && text.at[to] != '"' && text.at[to] != '\n') {
        to++;
    }
    if (to == text.len || text.at[to] != '"') {
        *ret_next = to;
        return make(TOKEN_WRONG, text, from, to);
    }
    *ret_next = to + 1;
    struct token token = make(TOKEN_TEXT, text, from + 1, to);
    token.at = from;
    return token;
}

static struct token take_sign(str text, size_t from, size_t *ret_next)
{
    static const str pairs[] = {{"!=", 2}, {"<=", 2}, {">=", 2}};
    str pair = str_cut(text, from, from + 2);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (str_is(pair, pairs[i])) {
            *ret_next = from + 2;
            return make(TOKEN_SIGN, text, from, from + 2);
        }
    }
    *ret_next = from + 1;
    bool known = str_has(S("=<>+-*/(),%"), text.at[from]);
    return make(known ? TOKEN_SIGN : TOKEN_WRONG, text, from, from + 1);
}

struct token formula_token(str text, size_t from, size_t *ret_next)
{
    while (from < text.len && is_blank(text.at[from])) {
        from++;
    }
    if (from == text.len) {
        *ret_next = from;
        return make(TOKEN_END, text, from, from);
    }
    char byte = text.at[from];
    if (is_digit(byte)) {
        return take_number(text, from, ret_next);
    }
    if (is_letter(byte)) {
        return take_name(text, from, ret_next);
    }
    return byte == '"' ? take_text(text, from, ret_next) : take_sign(text, from, ret_next);
}
