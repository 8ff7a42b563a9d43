/* The wording is a list of names divided by commas and "và", some with "một phần (diện tích tự
 * nhiên, quy mô dân số) của" or "phần còn lại của" before and "sau khi sắp xếp" after, some with
 * the old district in brackets. Letters' case varies; one published line says a name twice. */
#include "people/import_text_parse.h"

/* Starts with these words, in either case of its ASCII letters? */
static bool starts_fold(str text, str words)
{
    return text.len >= words.len && str_is_fold(str_cut(text, 0, words.len), words);
}

/* Where the words begin in the text, or its length. */
static size_t find_fold(str text, str words)
{
    size_t at = 0;
    while (at < text.len && !starts_fold(str_cut(text, at, text.len), words)) {
        at++;
    }
    return at;
}

/* Takes a phrase off the front, with the blanks behind it. */
static bool take_front(str *text, str words)
{
    if (!starts_fold(*text, words)) {
        return false;
    }
    *text = str_trim(str_cut(*text, words.len, text->len));
    return true;
}

/* The phrase that has a comma of its own is taken out before the list is divided. */
static str without_phrase(struct arena *arena, str text)
{
    static const char phrase[] = "diện tích tự nhiên, quy mô dân số";
    struct buf out AUTO(buf_finish) = {.at = NULL};
    buf_init(&out, text.len + 1);
    while (text.len > 0) {
        size_t at = find_fold(text, str_of(phrase));
        buf_add(&out, str_cut(text, 0, at));
        text = str_cut(text, at + sizeof phrase - 1, text.len);
    }
    return arena_str(arena, buf_str(&out));
}

/* The next piece of the list; *rest is what follows its divider. "Và" with a capital is a word of
 * a name (Xã Lao Và Chải). */
static str next_piece(str text, str *rest)
{
    static const char and[] = " và ";
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == ',') {
            *rest = str_cut(text, i + 1, text.len);
            return str_cut(text, 0, i);
        }
        if (str_starts(str_cut(text, i, text.len), str_of(and))) {
            *rest = str_cut(text, i + sizeof and-1, text.len);
            return str_cut(text, 0, i);
        }
    }
    *rest = STR_NONE;
    return text;
}

/* "xã Yên Định Xã Yên Định" is one name. */
static str once(str name)
{
    size_t half = name.len / 2;
    str first = str_cut(name, 0, half);
    str second = str_cut(name, half + 1, name.len);
    bool is_twice = name.len % 2 == 1 && name.at[half] == ' ' && str_is_fold(first, second);
    return is_twice ? second : name;
}

static errc parse_district(str *piece, str *ret_district)
{
    *ret_district = S("");
    if (!str_has(*piece, '(')) {
        return OK;
    }
    str behind = STR_NONE;
    str before = str_split(*piece, '(', &behind);
    str after = STR_NONE;
    str inside = str_split(behind, ')', &after);
    if (after.at == NULL || str_trim(after).len > 0 || str_trim(inside).len == 0) {
        return ERR_INVALID;
    }
    *piece = str_trim(before);
    *ret_district = str_trim(inside);
    return OK;
}

static errc parse_mention(str piece, struct mention *ret_mention)
{
    struct mention mention = {.relation = LINK_WHOLE};
    ignore_int(take_front(&piece, S("và ")));
    if (take_front(&piece, S("một phần"))) {
        mention.relation = LINK_PART;
    } else if (take_front(&piece, S("phần còn lại"))) {
        mention.relation = LINK_REST;
    }
    ignore_int(take_front(&piece, S("của")));
    size_t end = find_fold(piece, S("sau khi sắp xếp"));
    piece = str_trim(str_cut(piece, 0, end));
    TRY(parse_district(&piece, &mention.district));
    mention.name = once(piece);
    if (!unit_name_is_fit(mention.name)) {
        return ERR_INVALID;
    }
    *ret_mention = mention;
    return OK;
}

errc mentions_parse(str text, struct arena *arena, struct mentions *ret_mentions)
{
    ret_mentions->count = 0;
    ret_mentions->unchanged = str_is_fold(str_trim(text), S("giữ nguyên"));
    if (ret_mentions->unchanged) {
        return OK;
    }
    str rest = without_phrase(arena, text);
    if (rest.at == NULL) {
        return ERR_NO_MEMORY;
    }
    while (rest.at != NULL) {
        str piece = str_trim(next_piece(str_trim(rest), &rest));
        if (ret_mentions->count == MENTIONS_MOST) {
            return ERR_INVALID;
        }
        TRY(parse_mention(piece, &ret_mentions->items[ret_mentions->count]));
        ret_mentions->count++;
    }
    return OK;
}
