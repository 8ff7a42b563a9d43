/* JSON of strangers: whatever the bytes, they are refused or read, and what was read can be asked
 * for any field without harm. */
#include "base/base.h"
#include "base/crash.h"
#include "base/json_in.h"
#include "base/text.h"

static void visit(const struct json_value *value, int depth)
{
    static const char *const keys[] = {"a", "b", "login", NULL};
    struct bad_field bad = {"", ""};
    str text = STR_NONE;
    int64_t number = 0;
    double fraction = 0;
    bool flag = false;
    day date = 0;
    ENSURE(depth <= JSON_IN_DEPTH + 1); /* the innermost are no containers */
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (json_in_lines(value, keys[i], 0, 10, &text, &bad) == OK) {
            ENSURE(text_is_plain_lines(text) && text_length(text) <= 10);
        }
        ignore(json_in_i64(value, keys[i], -5, 5, &number, &bad));
        ignore(json_in_double(value, keys[i], -5, 5, &fraction, &bad));
        ignore(json_in_bool(value, keys[i], &flag, &bad));
        ignore(json_in_day(value, keys[i], &date, &bad));
        ENSURE(number >= -5 && number <= 5 && fraction >= -5 && fraction <= 5);
        if (json_in_is_object(value) && json_in_has(value, keys[i])) {
            visit(json_in_get(value, keys[i]), depth + 1);
        }
    }
    ignore(json_in_only(value, keys, &bad));
    ENSURE(text_is_utf8(str_of(bad.name)));
    for (size_t i = 0; json_in_is_array(value) && i < json_in_count(value); i++) {
        visit(json_in_at(value, i), depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(json_in_finish) struct json_in in = {NULL};
    struct why why = {""};
    if (json_in_parse((str){(const char *)data, size}, &in, &why) == OK) {
        visit(in.root, 1);
    } else {
        ENSURE(why.text[0] != '\0');
    }
    return 0;
}
