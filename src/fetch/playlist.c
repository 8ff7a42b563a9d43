#include "fetch/playlist.h"

enum { TARGET_USUAL_S = 6, TARGET_MOST_S = 60, ENOUGH = 96000 /* bit/s */ };

bool playlist_is(str beginning)
{
    return str_starts(beginning, S("#EXTM3U")) || str_starts(beginning, S("[playlist]")) ||
           str_starts(beginning, S("http://")) || str_starts(beginning, S("https://"));
}

static void add(struct playlist *list, str address, uint64_t bandwidth)
{
    if (list->count == PLAYLIST_ENTRIES) {
        memmove(&list->at[0], &list->at[1], (PLAYLIST_ENTRIES - 1) * sizeof list->at[0]);
        list->count--;
        list->sequence++;
    }
    list->at[list->count] = address;
    list->bandwidth[list->count] = bandwidth;
    list->count++;
}

/* The value behind NAME= in a list of attributes, without its quotes. */
static str attribute(str attributes, str name)
{
    while (attributes.len > 0) {
        str rest = STR_NONE;
        str key = str_trim(str_split(attributes, '=', &rest));
        if (rest.len > 0 && rest.at[0] == '"') {
            str after = STR_NONE;
            str value = str_split(str_cut(rest, 1, rest.len), '"', &after);
            if (str_is(key, name)) {
                return value;
            }
            ignore_int((int)str_split(after, ',', &attributes).len);
        } else {
            str value = str_split(rest, ',', &attributes);
            if (str_is(key, name)) {
                return value;
            }
        }
    }
    return STR_NONE;
}

static uint64_t number_of(str text)
{
    uint64_t number = 0;
    return str_to_u64(str_trim(text), &number) ? number : 0;
}

/* False: it cannot be read without a key. */
static bool take_tag(struct playlist *list, str line, uint64_t *bandwidth)
{
    str value = STR_NONE;
    str name = str_split(line, ':', &value);
    if (str_is(name, S("#EXT-X-STREAM-INF"))) {
        list->is_choice = true;
        *bandwidth = number_of(attribute(value, S("BANDWIDTH")));
    } else if (str_is(name, S("#EXT-X-MEDIA-SEQUENCE"))) {
        list->sequence = number_of(value);
    } else if (str_is(name, S("#EXT-X-TARGETDURATION"))) {
        uint64_t target = number_of(value);
        list->target_s = target > 0 && target <= TARGET_MOST_S ? (int64_t)target : list->target_s;
    } else if (str_is(name, S("#EXT-X-MAP"))) {
        list->map = attribute(value, S("URI"));
    } else if (str_is(name, S("#EXT-X-ENDLIST"))) {
        list->has_ended = true;
    } else if (str_is(name, S("#EXT-X-KEY"))) {
        return str_is(attribute(value, S("METHOD")), S("NONE"));
    }
    return true;
}

static errc read_pls(str text, struct playlist *list)
{
    while (text.len > 0) {
        str value = STR_NONE;
        str name = str_split(str_trim(str_split(text, '\n', &text)), '=', &value);
        if (str_starts(name, S("File")) && value.len > 0) {
            add(list, str_trim(value), 0);
        }
    }
    list->is_choice = true;
    return list->count > 0 ? OK : ERR_INVALID;
}

errc playlist_read(str text, struct playlist *ret_list)
{
    struct playlist *list = ret_list;
    uint64_t bandwidth = 0;
    bool is_hls = false;
    *list = (struct playlist){.target_s = TARGET_USUAL_S};
    if (str_starts(text, S("[playlist]"))) {
        return read_pls(text, list);
    }
    while (text.len > 0) {
        str line = str_trim(str_split(text, '\n', &text));
        is_hls = is_hls || str_starts(line, S("#EXT-X-"));
        if (line.len == 0) {
            continue;
        }
        if (line.at[0] != '#') {
            add(list, line, bandwidth);
        } else if (!take_tag(list, line, &bandwidth)) {
            return ERR_INVALID;
        }
    }
    list->is_choice = list->is_choice || !is_hls;
    return list->count > 0 ? OK : ERR_INVALID;
}

size_t playlist_choose(const struct playlist *list)
{
    size_t best = 0;
    for (size_t i = 1; i < list->count; i++) {
        uint64_t now = list->bandwidth[best];
        uint64_t one = list->bandwidth[i];
        bool better = one < ENOUGH ? now >= ENOUGH || one > now : one < now;
        best = one > 0 && better ? i : best;
    }
    return best;
}
