/* Read from the right: each proxy appends whom it heard, so what stands further left may be a lie.
 */
#include "console/forwarded.h"

enum { ADDRESS_MOST = 45 };

bool forwarded_is_trusted(str address, str trusted)
{
    while (trusted.at != NULL) {
        str one = str_trim(str_split(trusted, ',', &trusted));
        if (one.len > 0 && str_is(one, address)) {
            return true;
        }
    }
    return false;
}

static bool is_address(str text)
{
    if (text.len == 0 || text.len > ADDRESS_MOST) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        bool hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
                   (byte >= 'A' && byte <= 'F');
        if (!hex && byte != '.' && byte != ':') {
            return false;
        }
    }
    return true;
}

static str cut_last(str *list)
{
    size_t at = list->len;
    while (at > 0 && list->at[at - 1] != ',') {
        at--;
    }
    str last = str_trim(str_cut(*list, at, list->len));
    *list = str_cut(*list, 0, at == 0 ? 0 : at - 1);
    return last;
}

str forwarded_address(str peer, str forwarded_for, str trusted)
{
    if (!forwarded_is_trusted(peer, trusted)) {
        return peer;
    }
    str found = peer;
    while (forwarded_for.len > 0) {
        str address = cut_last(&forwarded_for);
        if (!is_address(address)) {
            return found;
        }
        found = address;
        if (!forwarded_is_trusted(address, trusted)) {
            return found;
        }
    }
    return found;
}
