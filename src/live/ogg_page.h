/* Ogg pages (RFC 3533) around Opus packets (RFC 7845), for one logical stream: enough to let a
 * browser play what a device or a microphone sends. */
#ifndef LOA_LIVE_OGG_PAGE_H
#define LOA_LIVE_OGG_PAGE_H

#include "base/base.h"

enum { OGG_PACKETS_MOST = 50, OGG_PACKET_MOST = 400 };

struct ogg_stream {
    uint32_t serial;
    uint32_t sequence;
    uint64_t granule; /* samples of 48 kHz up to the end of the last page */
};

/* The two pages that open every Opus stream: mono, 48 kHz. */
void ogg_write_head(struct ogg_stream *stream, struct buf *out);
/* One page of packets of 20 ms each; `last` ends the stream. */
void ogg_write_packets(struct ogg_stream *stream, const str *packets, size_t count, bool last,
                       struct buf *out);

/* Whether the checksum of a whole page is right. */
bool ogg_page_holds(str page);

#endif
