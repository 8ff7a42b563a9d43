/* Any manifest of a backup: refused, or such that it is written back byte for byte. */
#include "store/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(buf_finish) struct buf again;
    AUTO(buf_finish) struct buf sealed;
    struct manifest manifest;
    struct why why;
    str text = {(const char *)data, size};
    buf_init(&again, 1 << 24);
    buf_init(&sealed, 1 << 24);
    if (arena_create(1 << 24, &arena) != OK) {
        return 0;
    }
    /* The seal would stop every change: it is put on here, behind what the fuzzer made. */
    hash seal = hash_of(text);
    buf_add(&sealed, text);
    buf_add(&sealed, S("end "));
    buf_add_hex(&sealed, seal.bytes, HASH_SIZE);
    buf_add_byte(&sealed, '\n');
    if (manifest_read(buf_str(&sealed), arena, &manifest, &why) == OK) {
        manifest_write(&manifest, &again);
        if (!str_is(buf_str(&again), buf_str(&sealed))) {
            abort();
        }
    }
    ignore(manifest_read(text, arena, &manifest, &why));
    return 0;
}
