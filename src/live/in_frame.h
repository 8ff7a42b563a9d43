/* What a page with a microphone sends: when the first packet was recorded, and up to fifty packets.
 *
 *     u64 stamp, microseconds, highest byte first
 *     u8  count; 0: silent on purpose
 *     count times: u16 length, highest byte first, and the packet */
#ifndef LOA_LIVE_IN_FRAME_H
#define LOA_LIVE_IN_FRAME_H

#include "live/packet.h"

enum { IN_FRAME_PACKETS = 50 };

struct in_frame {
    usec stamp;
    size_t count;
    str packets[IN_FRAME_PACKETS]; /* views */
};

/* ERR_INVALID: too short, too long, a packet that is not 20 ms. */
CHECKED errc in_frame_read(str bytes, struct in_frame *ret_frame);
/* "{"t1":123}", the question for the time. False: it is something else. */
CHECKED bool in_time_read(str text, int64_t *ret_t1);

#endif
