/* A live as HLS for phones that cannot play an endless Ogg: Opus in fragmented MP4 (ISO/IEC
 * 14496-12, "Encapsulation of Opus in ISO Base Media File Format"), two seconds in a segment, the
 * last few of them in the list. Pure. */
#ifndef LOA_LIVE_SEGMENTS_H
#define LOA_LIVE_SEGMENTS_H

#include "live/packet.h"

enum { SEGMENT_PACKETS = 100, SEGMENTS_KEPT = 6 };

struct segments;

/* Numbers begin at `first`, so that a player which knew the stream before is not misled. */
struct segments *segments_create(uint32_t first);
void segments_destroy(struct segments *segments); /* accepts null */
void segments_take(struct segments *segments, str packet);
/* "index.m3u8", "init.mp4", "<number>.m4s"; false: there is no such file (any more, or yet). */
bool segments_file(const struct segments *segments, str name, struct buf *out, str *ret_type);

#endif
