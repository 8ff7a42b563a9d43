/* Any text of a migration, in both dialects: refused with a reason, or without a word left open. */
#include "store/migrate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int dialect = 0; dialect < 2; dialect++) {
        AUTO(buf_finish) struct buf out;
        struct why why = {.text = ""};
        buf_init(&out, 1 << 20);
        errc rc = migration_text((str){(const char *)data, size}, dialect == 1, &out, &why);
        if (rc == ERR_INVALID && why.text[0] == '\0') {
            abort();
        }
    }
    return 0;
}
