/* Lists of addresses as radios have them: HLS (RFC 8216), M3U and PLS, read for what we need of
 * them. Pure; views into the text. */
#ifndef LOA_FETCH_PLAYLIST_H
#define LOA_FETCH_PLAYLIST_H

#include "base/base.h"

enum { PLAYLIST_ENTRIES = 256, PLAYLIST_BYTES_MOST = 512 * 1024 };

struct playlist {
    bool is_choice;    /* the entries are other lists, or other addresses of the same */
    bool has_ended;    /* nothing will be added */
    uint64_t sequence; /* number of the first entry */
    int64_t target_s;  /* an entry is no longer */
    str map;           /* what goes before every entry; STR_NONE: nothing */
    str at[PLAYLIST_ENTRIES];
    uint64_t bandwidth[PLAYLIST_ENTRIES];
    size_t count;
};

/* Whether the beginning of an answer looks like one. */
bool playlist_is(str beginning);
/* Of more entries than there is room for, the last. ERR_INVALID: no entry, or something that only
 * a subscriber can read. */
CHECKED errc playlist_read(str text, struct playlist *ret_list);
/* Of a choice: enough for speech and no more. */
size_t playlist_choose(const struct playlist *list);

#endif
