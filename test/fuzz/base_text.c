/* Text of strangers: two texts, separated by the first line feed, keep the laws of the keys. */
#include "base/base.h"
#include "base/crash.h"
#include "base/text.h"

struct keys {
    str nfc;
    str same;
    str search;
    str sort;
};

static bool make_keys(struct arena *arena, str text, struct keys *ret_keys)
{
    struct keys keys = {STR_NONE, STR_NONE, STR_NONE, STR_NONE};
    errc rc = text_nfc(arena, text, &keys.nfc);
    ENSURE(rc == OK || rc == ERR_BAD_UTF8 || rc == ERR_INVALID || rc == ERR_NO_MEMORY);
    ENSURE((rc == ERR_BAD_UTF8) == !text_is_utf8(text));
    bool whole = rc == OK && text_same_key(arena, text, &keys.same) == OK &&
                 text_search_key(arena, text, &keys.search) == OK &&
                 text_sort_key(arena, text, &keys.sort) == OK;
    ENSURE(whole || !text_is_plain_lines(text) || arena_failed(arena));
    *ret_keys = keys;
    return whole;
}

static void check_laws(struct arena *arena, str text, const struct keys *keys)
{
    struct keys again;
    if (make_keys(arena, keys->nfc, &again)) {
        ENSURE(str_is(again.nfc, keys->nfc) && str_is(again.same, keys->same));
        ENSURE(str_is(again.search, keys->search) && str_is(again.sort, keys->sort));
    }
    if (make_keys(arena, keys->same, &again)) {
        ENSURE(str_is(again.same, keys->same) && str_is(again.sort, keys->sort));
    }
    ENSURE(!text_is_plain_lines(text) || text_is_plain(keys->same));
    ENSURE(!text_is_plain_lines(text) || text_is_plain(keys->sort));
    ENSURE(text_is_utf8(text_cut(text, text.len / 2)));
    ENSURE(text_length(text) <= text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    str second = STR_NONE;
    str first = str_split((str){(const char *)data, size}, '\n', &second);
    struct keys a;
    struct keys b;
    if (size > 64 * 1024 || arena_create(32 << 20, &arena) != OK) {
        return 0;
    }
    if (make_keys(arena, first, &a) && make_keys(arena, second, &b)) {
        check_laws(arena, first, &a);
        check_laws(arena, second, &b);
        ENSURE(str_is(a.same, b.same) == str_is(a.sort, b.sort));
    }
    return 0;
}
