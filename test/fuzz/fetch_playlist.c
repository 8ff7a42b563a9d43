/* Lists of a stranger's radio. */
#include "fetch/playlist.h"

#include "base/crash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct playlist *list = mem_take(sizeof *list);
    str text = {(const char *)data, size};
    ignore_int((long)playlist_is(text));
    if (playlist_read(text, list) == OK) {
        ENSURE(list->count > 0 && list->count <= PLAYLIST_ENTRIES && list->target_s > 0);
        ENSURE(playlist_choose(list) < list->count);
    }
    mem_give(list);
    return 0;
}
