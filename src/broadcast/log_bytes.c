/* See log_bytes.h. */
#include "broadcast/log_bytes.h"

void log_bytes_add(struct buf *out, str entry)
{
    buf_add_byte(out, (char)(entry.len >> 8));
    buf_add_byte(out, (char)(entry.len & 0xff));
    buf_add(out, entry);
}

errc log_bytes_next(str *rest, str *ret_entry, bool *ret_more)
{
    if (rest->len == 0) {
        *ret_more = false;
        return OK;
    }
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t len = rest->len < 2 ? SIZE_MAX : (size_t)at[0] << 8 | at[1];
    if (len > rest->len - 2) {
        return ERR_CORRUPT;
    }
    *ret_entry = str_cut(*rest, 2, 2 + len);
    *rest = str_cut(*rest, 2 + len, rest->len);
    *ret_more = true;
    return OK;
}
