/* Names of the model's words, and what texts a unit may bear. */
#include "people/unit.h"

#include "base/text.h"

const char *unit_aspect_name(enum unit_aspect aspect)
{
    static const char *const names[UNIT_ASPECTS] = {"name", "code", "kind", "parent"};
    return names[aspect];
}

static const char *const relation_names[] = {"whole", "part", "rest"};

const char *link_relation_name(enum link_relation relation)
{
    return relation_names[relation];
}

bool link_relation_parse(str text, enum link_relation *ret_relation)
{
    for (size_t i = 0; i < COUNT_OF(relation_names); i++) {
        if (str_is(text, str_of(relation_names[i]))) {
            *ret_relation = (enum link_relation)i;
            return true;
        }
    }
    return false;
}

static const char *const batch_names[] = {"change", "reform", "import"};

const char *batch_kind_name(enum batch_kind kind)
{
    return batch_names[kind];
}

bool batch_kind_parse(str text, enum batch_kind *ret_kind)
{
    for (size_t i = 0; i < COUNT_OF(batch_names); i++) {
        if (str_is(text, str_of(batch_names[i]))) {
            *ret_kind = (enum batch_kind)i;
            return true;
        }
    }
    return false;
}

bool unit_name_is_fit(str name)
{
    return name.len > 0 && str_is(str_trim(name), name) && name.len <= 4 * UNIT_NAME_MOST &&
           text_is_plain(name) && !str_has(name, '\t') && text_length(name) <= UNIT_NAME_MOST;
}

static bool is_code_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '.';
}

bool unit_code_is_fit(str code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (!is_code_byte(code.at[i])) {
            return false;
        }
    }
    return code.len <= UNIT_CODE_MOST;
}
