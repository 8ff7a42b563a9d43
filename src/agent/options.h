/* Settings of the program, read strictly: an unknown key, one given twice and a value that cannot
 * be are errors that name the line. */
#ifndef LOA_AGENT_OPTIONS_H
#define LOA_AGENT_OPTIONS_H

#include "base/base.h"

enum option_key {
#define X(key, TYPE, fallback, least, most, about) OPTION_##key,
#include "agent/options.def"
#undef X
    OPTION_COUNT
};

enum { OPTION_ROOM = 256 };

struct option_value {
    char text[OPTION_ROOM];
    int64_t number; /* of a choice its index */
    bool is_given;
};

struct options {
    struct option_value values[OPTION_COUNT];
};

void options_init(struct options *options); /* what holds when nothing is said */
CHECKED errc options_parse(struct options *options, str text, struct why *why);
/* One `key=value`, over what is there. */
CHECKED errc options_set(struct options *options, str pair, struct why *why);
/* What one key alone cannot tell. */
CHECKED errc options_check(const struct options *options, struct why *why);
const char *option_text(const struct options *options, enum option_key key); /* "" when empty */
int64_t option_number(const struct options *options, enum option_key key);
void options_write_sample(struct buf *out);

#endif
