/* One Opus packet as every part of a live stream handles it: 20 ms at 48 kHz. A packet that never
 * came is written as the single byte LIVE_GONE, which is no packet that carries sound, so that
 * places in the stream stay places in time. */
#ifndef LOA_LIVE_PACKET_H
#define LOA_LIVE_PACKET_H

#include "base/base.h"

enum {
    LIVE_PACKET_MOST = 400, /* bytes: 160 kbit/s */
    LIVE_PACKET_FRAMES = 960,
    LIVE_RATE = 48000,
    LIVE_GONE = 0x08, /* the head of a mono SILK packet of 20 ms with nothing behind it */
};

#define LIVE_STEP (20 * (usec)1000)

/* Exactly 20 ms, of a size that we carry. What its sound is like is for the decoder. */
bool live_packet_is(str packet);
/* How long it sounds, in frames of 48 kHz; 0: no Opus packet. */
int64_t live_packet_frames(str packet);
/* The packet that stands for one that never came. */
str live_packet_gone(void);
bool live_packet_is_gone(str packet);

#endif
