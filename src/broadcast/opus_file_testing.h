/* For tests of the reader: Ogg Opus files of silence, page by page, right or wrong on purpose. */
#ifndef LOA_BROADCAST_OPUS_FILE_TESTING_H
#define LOA_BROADCAST_OPUS_FILE_TESTING_H

#include "base/base.h"

enum { OGG_HEAD = 27, OGG_CONTINUED = 1, OGG_BEGINS = 2, OGG_ENDS = 4, OGG_PACKET_SAMPLES = 2880 };

struct ogg_kit {
    struct buf *out;
    uint32_t serial;
    uint32_t sequence;
};

static inline uint32_t ogg_kit_sum(const unsigned char *at, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum ^= (uint32_t)at[i] << 24;
        for (int bit = 0; bit < 8; bit++) {
            sum = (sum & 0x80000000U) != 0 ? sum << 1 ^ 0x04c11db7U : sum << 1;
        }
    }
    return sum;
}

static inline void ogg_kit_le(struct buf *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        buf_add_byte(out, (char)(value >> (8 * i) & 0xff));
    }
}

/* Writes the right checksum over a page that begins there. */
static inline void ogg_kit_seal(unsigned char *page, size_t size)
{
    memset(page + 22, 0, 4);
    uint32_t sum = ogg_kit_sum(page, size);
    for (int i = 0; i < 4; i++) {
        page[22 + i] = (unsigned char)(sum >> (8 * i) & 0xff);
    }
}

/* One page with `count` packets, each the same bytes. */
static inline void ogg_kit_page(struct ogg_kit *kit, unsigned flags, int64_t granule, str packet,
                                size_t count)
{
    size_t begin = kit->out->len;
    buf_add_text(kit->out, "OggS");
    ogg_kit_le(kit->out, 0, 1);
    ogg_kit_le(kit->out, flags, 1);
    ogg_kit_le(kit->out, (uint64_t)granule, 8);
    ogg_kit_le(kit->out, kit->serial, 4);
    ogg_kit_le(kit->out, kit->sequence++, 4);
    ogg_kit_le(kit->out, 0, 4);
    ogg_kit_le(kit->out, count, 1);
    for (size_t i = 0; i < count; i++) {
        ogg_kit_le(kit->out, packet.len, 1);
    }
    for (size_t i = 0; i < count; i++) {
        buf_add(kit->out, packet);
    }
    ogg_kit_seal((unsigned char *)kit->out->at + begin, kit->out->len - begin);
}

static inline void ogg_kit_head(struct ogg_kit *kit, int channels)
{
    char head[] = "OpusHead\1\1\x38\1\x80\xbb\0\0\0\0";
    head[9] = (char)channels;
    ogg_kit_page(kit, OGG_BEGINS, 0, (str){head, 19}, 1);
    ogg_kit_page(kit, 0, 0, (str){"OpusTags\0\0\0\0\0\0\0", 16}, 1);
}

/* Packets of 60 ms, fifty to a page; `cut` samples of the last are not heard. */
static inline void ogg_kit_file(struct buf *out, int packets, int64_t cut)
{
    struct ogg_kit kit = {.out = out, .serial = 7};
    ogg_kit_head(&kit, 1);
    for (int first = 0; first < packets; first += 50) {
        int count = packets - first < 50 ? packets - first : 50;
        bool last = first + count == packets;
        int64_t granule = (int64_t)(first + count) * OGG_PACKET_SAMPLES - (last ? cut : 0);
        ogg_kit_page(&kit, last ? OGG_ENDS : 0, granule, S("\x58"), (size_t)count);
    }
}

#endif
