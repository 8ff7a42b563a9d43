/* Any answer to a listing of a bucket, from a server that may not be what it says. */
#include "store/s3.h"

static errc on_item(void *ctx, const struct media_info *item)
{
    (void)item;
    *(size_t *)ctx += 1;
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct s3_page page;
    struct why why;
    size_t count = 0;
    struct media_each each = {on_item, &count};
    str xml = {(const char *)data, size};
    errc rc = s3_read_page(xml, S("loa/kept/"), &each, &page, &why);
    if (rc == OK && page.more && page.token.len == 0) {
        abort();
    }
    return 0;
}
