/* The head of a packet (RFC 6716, 3.1): five bits of configuration, one of stereo, two of how many
 * frames there are. */
#include "live/packet.h"

enum { FRAMES_MOST = 5760 /* 120 ms */ };

static int64_t frame_length(unsigned config)
{
    static const int64_t silk[] = {480, 960, 1920, 2880};
    static const int64_t celt[] = {120, 240, 480, 960};
    if (config < 12) {
        return silk[config % 4];
    }
    return config < 16 ? silk[config % 2] : celt[config % 4];
}

int64_t live_packet_frames(str packet)
{
    if (packet.len == 0) {
        return 0;
    }
    unsigned head = (uint8_t)packet.at[0];
    int64_t one = frame_length(head >> 3);
    int64_t count = (head & 3) == 0 ? 1 : 2;
    if ((head & 3) == 3) {
        if (packet.len < 2) {
            return 0;
        }
        count = (uint8_t)packet.at[1] & 63;
    }
    return one * count > FRAMES_MOST ? 0 : one * count;
}

bool live_packet_is(str packet)
{
    return packet.len <= LIVE_PACKET_MOST && live_packet_frames(packet) == LIVE_PACKET_FRAMES;
}

str live_packet_gone(void)
{
    static const char gone[] = {LIVE_GONE};
    return (str){gone, sizeof gone};
}

bool live_packet_is_gone(str packet)
{
    return packet.len <= 1;
}
