/* COSE_Sign1 from a stranger: refused, or views inside of what came; and since nobody can sign for
 * this key, it never holds. */
#include "wire/cose.h"

#include "base/crash.h"

static void check_view(str view, str bytes)
{
    ENSURE(view.at >= bytes.at && view.at + view.len <= bytes.at + bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const hash key = {{7}};
    struct cose cose;
    str bytes = {(const char *)data, size};
    if (cose_read(bytes, &cose, NULL) != OK) {
        return 0;
    }
    check_view(cose.payload, bytes);
    check_view(cose.protected_head, bytes);
    ENSURE(!cose_check(COSE_ORDER, &cose, key));
    return 0;
}
