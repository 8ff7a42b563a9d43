/* Fields of a package, one by one: strict, bounded, and an error says where it is. */
#include "report/model_inside.h"

#include "base/text.h"

const char *const model_type_words[] = {"number", "truth", "choice", "text", "day", NULL};
const char *const model_roll_words[] = {"none", "sum", "last", NULL};

errc model_wrong_at(struct model_problem *problem, const char *where, const char *word, str what)
{
    *problem = (struct model_problem){.at = 0};
    ignore_int(snprintf(problem->where, sizeof problem->where, "%s", where));
    ignore_int(snprintf(problem->word, sizeof problem->word, "%s", word));
    ignore_int(snprintf(problem->what, sizeof problem->what, "%.*s",
                        STR_ARG(text_cut(what, sizeof problem->what - 1))));
    return ERR_INVALID;
}

errc model_wrong(struct taking *taking, const char *key, const char *word)
{
    char where[sizeof taking->where + 80];
    ignore_int(snprintf(where, sizeof where, "%s%s", taking->where, key));
    return model_wrong_at(taking->problem, where, word, STR_NONE);
}

/* What json_in found wrong, with where. */
static errc check(struct taking *taking, errc rc, const struct bad_field *bad)
{
    return rc == OK || rc == ERR_NO_MEMORY ? rc : model_wrong(taking, bad->name, bad->code);
}

static void go_into(struct taking *taking, const char *key, size_t index)
{
    int len = snprintf(taking->where + taking->where_len, sizeof taking->where - taking->where_len,
                       "%s[%zu].", key, index);
    taking->where_len += (size_t)len;
    if (taking->where_len >= sizeof taking->where) {
        taking->where_len = sizeof taking->where - 1;
    }
}

static void go_back(struct taking *taking, size_t len)
{
    taking->where_len = len;
    taking->where[len] = '\0';
}

static errc take_array(struct taking *taking, const struct json_value *object, const char *key,
                       size_t most, size_t *ret_count)
{
    const struct json_value *array = json_in_get(object, key);
    *ret_count = 0;
    if (!json_in_has(object, key)) {
        return OK;
    }
    if (!json_in_is_array(array)) {
        return model_wrong(taking, key, "wrong_type");
    }
    *ret_count = json_in_count(array);
    return *ret_count <= most ? OK : model_wrong(taking, key, "too_many");
}

errc take_list(struct taking *taking, const struct json_value *object,
               const struct taking_list *list, void **ret_items, size_t *ret_count)
{
    size_t count = 0;
    size_t len = taking->where_len;
    TRY(take_array(taking, object, list->key, list->most, &count));
    char *items = arena_take_array(taking->arena, count + 1, list->size);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *item = json_in_at(json_in_get(object, list->key), i);
        go_into(taking, list->key, i);
        if (!json_in_is_object(item)) {
            return model_wrong(taking, "", "wrong_type");
        }
        TRY(list->take(taking, item, items + i * list->size));
        go_back(taking, len);
    }
    *ret_items = items;
    *ret_count = count;
    return OK;
}

errc take_text(struct taking *taking, const struct json_value *object, const char *key, size_t most,
               str *ret_text)
{
    struct bad_field bad;
    if (!json_in_has(object, key)) {
        *ret_text = S("");
        return OK;
    }
    errc rc = json_in_str(object, key, 0, most, ret_text, &bad);
    *ret_text = arena_str(taking->arena, *ret_text);
    return check(taking, rc, &bad);
}

errc take_code(struct taking *taking, const struct json_value *object, const char *key,
               str *ret_code)
{
    TRY(take_text(taking, object, key, MEASURE_NAME_MOST, ret_code));
    return ret_code->len > 0 ? OK : model_wrong(taking, key, "missing");
}

/* "name": "…" or {"vi": "…", "en": "…"}. */
errc take_name(struct taking *taking, const struct json_value *object, struct model_words *ret_name)
{
    static const char *const keys[] = {"vi", "en", NULL};
    const struct json_value *value = json_in_get(object, "name");
    struct bad_field bad;
    *ret_name = (struct model_words){S(""), S("")};
    if (!json_in_is_object(value)) {
        TRY(take_text(taking, object, "name", MODEL_NAME_MOST, &ret_name->vi));
    } else {
        TRY(check(taking, json_in_only(value, keys, &bad), &bad));
        TRY(take_text(taking, value, "vi", MODEL_NAME_MOST, &ret_name->vi));
        TRY(take_text(taking, value, "en", MODEL_NAME_MOST, &ret_name->en));
    }
    return ret_name->vi.len > 0 ? OK : model_wrong(taking, "name", "missing");
}

errc take_texts(struct taking *taking, const struct json_value *object, const char *key,
                size_t most, struct model_texts *ret_texts)
{
    size_t count = 0;
    struct bad_field bad;
    struct json_in_limits limits = {1, MODEL_NAME_MOST, false};
    TRY(take_array(taking, object, key, most, &count));
    str *texts = arena_take_array(taking->arena, count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *item = json_in_at(json_in_get(object, key), i);
        TRY(check(taking, json_in_as_str(item, key, limits, &texts[i], &bad), &bad));
        texts[i] = arena_str(taking->arena, texts[i]);
    }
    *ret_texts = (struct model_texts){texts, count};
    return OK;
}

/* Figures are texts in a package: a JSON number would lose what a decimal says. */
errc take_figure(struct taking *taking, const struct json_value *object, const char *key,
                 figure *ret_figure)
{
    str text = STR_NONE;
    TRY(take_text(taking, object, key, 40, &text));
    if (text.len == 0) {
        *ret_figure = FIGURE_NONE;
        return OK;
    }
    return figure_parse_exact(text, ret_figure) ? OK : model_wrong(taking, key, "not_a_figure");
}

errc take_number(struct taking *taking, const struct json_value *object, const char *key,
                 int64_t least, int64_t most, int64_t *number)
{
    struct bad_field bad;
    if (!json_in_has(object, key)) {
        return OK;
    }
    return check(taking, json_in_i64(object, key, least, most, number, &bad), &bad);
}

errc take_bool(struct taking *taking, const struct json_value *object, const char *key,
               bool *ret_value)
{
    struct bad_field bad;
    *ret_value = false;
    if (!json_in_has(object, key)) {
        return OK;
    }
    return check(taking, json_in_bool(object, key, ret_value, &bad), &bad);
}

errc take_day(struct taking *taking, const struct json_value *object, const char *key, day *date)
{
    struct bad_field bad;
    if (!json_in_has(object, key)) {
        return OK;
    }
    return check(taking, json_in_day(object, key, date, &bad), &bad);
}

errc take_only(struct taking *taking, const struct json_value *object, const char *const *keys)
{
    struct bad_field bad;
    return check(taking, json_in_only(object, keys, &bad), &bad);
}

errc take_word(struct taking *taking, const struct json_value *object, const char *key,
               const char *const *words, int *choice)
{
    str text = STR_NONE;
    TRY(take_text(taking, object, key, 40, &text));
    if (text.len == 0) {
        return OK;
    }
    for (int i = 0; words[i] != NULL; i++) {
        if (str_is(text, str_of(words[i]))) {
            *choice = i;
            return OK;
        }
    }
    return model_wrong(taking, key, "unknown_word");
}
