#include "live/in_frame.h"

enum { HEAD = 9 };

static uint64_t number_at(str bytes, size_t at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | (uint8_t)bytes.at[at + i];
    }
    return number;
}

errc in_frame_read(str bytes, struct in_frame *ret_frame)
{
    if (bytes.len < HEAD) {
        return ERR_INVALID;
    }
    uint64_t stamp = number_at(bytes, 0, 8);
    size_t count = (uint8_t)bytes.at[8];
    size_t at = HEAD;
    if (count > IN_FRAME_PACKETS || stamp > INT64_MAX / 4) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        size_t size = bytes.len - at >= 2 ? (size_t)number_at(bytes, at, 2) : SIZE_MAX;
        if (size > LIVE_PACKET_MOST || bytes.len - at - 2 < size) {
            return ERR_INVALID;
        }
        str packet = str_cut(bytes, at + 2, at + 2 + size);
        if (!live_packet_is(packet) || live_packet_is_gone(packet)) {
            return ERR_INVALID;
        }
        ret_frame->packets[i] = packet;
        at += 2 + size;
    }
    ret_frame->stamp = (usec)stamp;
    ret_frame->count = count;
    return at == bytes.len ? OK : ERR_INVALID;
}

bool in_time_read(str text, int64_t *ret_t1)
{
    str head = S("{\"t1\":");
    bool shaped = text.len > head.len + 1 && str_starts(text, head) && text.at[text.len - 1] == '}';
    return shaped && str_to_i64(str_cut(text, head.len, text.len - 1), ret_t1);
}
