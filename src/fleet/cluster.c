/* What may be said of a cluster, before any database is asked. */
#include "fleet/cluster.h"

static const char *const technologies[] = {
    [CLUSTER_IP] = "ip",
    [CLUSTER_FM] = "fm",
    [CLUSTER_WIRED] = "wired",
    [CLUSTER_ENCODER] = "encoder",
};

const char *cluster_technology_name(enum cluster_technology technology)
{
    return technologies[technology];
}

bool cluster_technology_parse(str name, enum cluster_technology *ret_technology)
{
    for (size_t i = 0; i < COUNT_OF(technologies); i++) {
        if (str_is(name, str_of(technologies[i]))) {
            *ret_technology = (enum cluster_technology)i;
            return true;
        }
    }
    return false;
}

/* A language tag of letters, digits and hyphens: "vi", "tyz", "hmn-Latn". */
static bool is_language(str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        char byte = tag.at[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool inner = i > 0 && i + 1 < tag.len && byte == '-';
        if (!letter && !inner && !(i > 0 && byte >= '0' && byte <= '9')) {
            return false;
        }
    }
    return tag.len >= 2 && tag.len <= 16;
}

bool cluster_languages_are_fit(str languages)
{
    size_t count = 0;
    while (languages.len > 0) {
        str tag = str_split(languages, ' ', &languages);
        if (!is_language(tag)) {
            return false;
        }
        count++;
    }
    return count <= CLUSTER_LANGUAGES;
}
