/* Blanks of prepared texts. */
#include "broadcast/alarm_template.h"

static bool is_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        bool letter = name.at[i] >= 'a' && name.at[i] <= 'z';
        if (!letter && name.at[i] != '_') {
            return false;
        }
    }
    return name.len > 0 && name.len <= BLANK_NAME_MOST;
}

static bool is_known(const str *names, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(names[i], name)) {
            return true;
        }
    }
    return false;
}

errc alarm_text_blanks(str text, str ret_names[TEMPLATE_BLANKS_MOST], size_t *ret_count)
{
    size_t count = 0;
    str rest = text;
    while (str_has(rest, '{') || str_has(rest, '}')) {
        str after = STR_NONE;
        str before = str_split(rest, '{', &after);
        str name = after.at == NULL ? STR_NONE : str_split(after, '}', &rest);
        if (str_has(before, '}') || after.at == NULL || rest.at == NULL || !is_name(name)) {
            return ERR_INVALID;
        }
        if (is_known(ret_names, count, name)) {
            continue;
        }
        if (count == TEMPLATE_BLANKS_MOST) {
            return ERR_INVALID;
        }
        ret_names[count++] = name;
    }
    *ret_count = count;
    return OK;
}
