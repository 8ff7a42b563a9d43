/* Small questions about sources. */
#include "alert/source.h"

static const char *const policies[] = {"draft", "ask", "automatic"};

const char *cap_policy_name(enum cap_policy policy)
{
    return policies[policy];
}

bool cap_policy_parse(str name, enum cap_policy *ret_policy)
{
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        if (str_is(name, str_of(policies[i]))) {
            *ret_policy = (enum cap_policy)i;
            return true;
        }
    }
    return false;
}

bool cap_words_have(str words, str word)
{
    str rest = words;
    while (rest.at != NULL && rest.len > 0) {
        if (str_is(str_split(rest, ' ', &rest), word)) {
            return word.len > 0;
        }
    }
    return false;
}
