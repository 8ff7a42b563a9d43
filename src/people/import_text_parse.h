/* For import_text.c: one line of published wording taken apart. Pure text, no units. */
#ifndef LOA_PEOPLE_IMPORT_TEXT_PARSE_H
#define LOA_PEOPLE_IMPORT_TEXT_PARSE_H

#include "people/unit.h"

enum { MENTIONS_MOST = 64 };

struct mention {
    enum link_relation relation;
    str name;     /* "Xã Hưng Đạo" */
    str district; /* "huyện Bảo Lạc", or empty */
};

struct mentions {
    struct mention items[MENTIONS_MOST];
    size_t count;
    bool unchanged; /* "giữ nguyên" */
};

/* ERR_INVALID: the wording does not fit the pattern. Views into the arena. */
CHECKED errc mentions_parse(str text, struct arena *arena, struct mentions *ret_mentions);

#endif
