/* A page is a head of 27 bytes, a table of lengths, and the packets; its checksum covers all of it
 * with the checksum's own place as zeros. */
#include "live/ogg_page.h"

enum { HEAD_SIZE = 27, CHECKSUM_AT = 22, SAMPLES = 960, FLAG_FIRST = 2, FLAG_LAST = 4 };

/* What each byte adds: the remainders of CRC-32 with the polynomial 0x04c11db7, computed once. */
static uint32_t remainder_of(uint8_t byte)
{
    uint32_t checksum = (uint32_t)byte << 24;
    for (int i = 0; i < 8; i++) {
        checksum = checksum & 0x80000000U ? checksum << 1 ^ 0x04c11db7U : checksum << 1;
    }
    return checksum;
}

static uint32_t add_to_checksum(uint32_t checksum, uint8_t byte)
{
    static _Thread_local uint32_t table[256];
    if (table[1] == 0) {
        for (unsigned i = 0; i < 256; i++) {
            table[i] = remainder_of((uint8_t)i);
        }
    }
    return checksum << 8 ^ table[(checksum >> 24) ^ byte];
}

static void put_number(struct buf *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        buf_add_byte(out, (char)(uint8_t)(value >> (8 * i)));
    }
}

static void put_lengths(struct buf *out, const str *packets, size_t count)
{
    size_t segments = 0;
    for (size_t i = 0; i < count; i++) {
        segments += packets[i].len / 255 + 1;
    }
    put_number(out, segments, 1);
    for (size_t i = 0; i < count; i++) {
        for (size_t left = packets[i].len; left >= 255; left -= 255) {
            put_number(out, 255, 1);
        }
        put_number(out, packets[i].len % 255, 1);
    }
}

static void put_checksum(struct buf *out, size_t from)
{
    uint32_t checksum = 0;
    if (out->failed) {
        return;
    }
    for (size_t i = from; i < out->len; i++) {
        checksum = add_to_checksum(checksum, (uint8_t)out->at[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        out->at[from + CHECKSUM_AT + i] = (char)(uint8_t)(checksum >> (8 * i));
    }
}

static void write_page(struct ogg_stream *stream, const str *packets, size_t count, unsigned flags,
                       struct buf *out)
{
    size_t from = out->len;
    buf_add(out, S("OggS"));
    put_number(out, 0, 1);
    put_number(out, flags, 1);
    put_number(out, stream->granule, 8);
    put_number(out, stream->serial, 4);
    put_number(out, stream->sequence++, 4);
    put_number(out, 0, 4);
    put_lengths(out, packets, count);
    for (size_t i = 0; i < count; i++) {
        buf_add(out, packets[i]);
    }
    put_checksum(out, from);
}

void ogg_write_head(struct ogg_stream *stream, struct buf *out)
{
    /* version 1, one channel, nothing to skip, 48,000 Hz, no gain, simple mapping */
    static const char head[] = "OpusHead\1\1\0\0\x80\xbb\0\0\0\0";
    static const char tags[] = "OpusTags\3\0\0\0loa\0\0\0";
    str first = {head, sizeof head};
    str second = {tags, sizeof tags};
    write_page(stream, &first, 1, FLAG_FIRST, out);
    write_page(stream, &second, 1, 0, out);
}

void ogg_write_packets(struct ogg_stream *stream, const str *packets, size_t count, bool last,
                       struct buf *out)
{
    stream->granule += count * SAMPLES;
    write_page(stream, packets, count, last ? FLAG_LAST : 0, out);
}

bool ogg_page_holds(str page)
{
    uint32_t checksum = 0;
    uint32_t said = 0;
    if (page.len < HEAD_SIZE) {
        return false;
    }
    for (size_t i = 0; i < page.len; i++) {
        bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + 4;
        uint8_t byte = (uint8_t)page.at[i];
        said |= own ? (uint32_t)byte << (8 * (i - CHECKSUM_AT)) : 0;
        checksum = add_to_checksum(checksum, own ? 0 : byte);
    }
    return checksum == said;
}
