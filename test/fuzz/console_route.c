/* Any method and path is found, unknown, or known with other methods; never a place out of the
 * path's own bytes. */
#include "base/base.h"
#include "base/crash.h"
#include "console/route.h"

static void check_place(str path, str place)
{
    if (place.at != NULL) {
        ENSURE(place.len > 0 && place.at >= path.at && place.at + place.len <= path.at + path.len);
        ENSURE(!str_has(place, '/'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str rest = STR_NONE;
    str method = str_split((str){(const char *)data, size}, ' ', &rest);
    struct route_match match = {.route = NULL};
    errc rc = route_find(method, rest, &match);
    ENSURE(rc == OK || rc == ERR_NOT_FOUND || rc == ERR_METHOD);
    if (rc == OK) {
        check_place(rest, match.places[0]);
        check_place(rest, match.places[1]);
    }
    AUTO(buf_finish) struct buf allowed;
    buf_init(&allowed, 1024);
    route_allowed(rest, &allowed);
    ENSURE((allowed.len == 0) == (rc == ERR_NOT_FOUND));
    return 0;
}
