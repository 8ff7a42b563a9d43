#include "live/ogg_in.h"

#include "live/ogg_page.h"

enum {
    HEAD = 27,
    SEGMENTS_AT = 26,
    FLAGS_AT = 5,
    FLAG_GOES_ON = 1,
    FLAG_FIRST = 2,
    PAGE_MOST = HEAD + 255 + 255 * 255,
    PACKET_MOST = 8192,     /* of sound; heads may be longer and are not kept */
    JUNK_MOST = 256 * 1024, /* bytes without a page */
    HEADS = 2,
};

struct ogg_in {
    struct ogg_in_port port;
    struct buf bytes;  /* of a page that is not whole */
    struct buf packet; /* of one that goes on in the next page */
    bool is_too_long;
    bool has_begun;
    int heads; /* of the present stream that are still to come */
    size_t junk;
};

struct ogg_in *ogg_in_create(const struct ogg_in_port *port)
{
    struct ogg_in *in = mem_take(sizeof *in);
    in->port = *port;
    buf_init(&in->bytes, 2 * PAGE_MOST);
    buf_init(&in->packet, PACKET_MOST);
    return in;
}

void ogg_in_destroy(struct ogg_in *in)
{
    if (in != NULL) {
        buf_finish(&in->bytes);
        buf_finish(&in->packet);
        mem_give(in);
    }
}

/* --- pages ------------------------------------------------------------------------------------ */

/* 0: more bytes are needed. */
static size_t page_size(str bytes)
{
    if (bytes.len < HEAD) {
        return 0;
    }
    size_t segments = (uint8_t)bytes.at[SEGMENTS_AT];
    if (bytes.len < HEAD + segments) {
        return 0;
    }
    size_t size = HEAD + segments;
    for (size_t i = 0; i < segments; i++) {
        size += (uint8_t)bytes.at[HEAD + i];
    }
    return bytes.len < size ? 0 : size;
}

static errc begin_packet_stream(struct ogg_in *in, str first)
{
    if (!str_starts(first, S("OpusHead"))) {
        return ERR_INVALID;
    }
    in->has_begun = true;
    in->heads = HEADS;
    return OK;
}

static void end_packet(struct ogg_in *in)
{
    if (in->heads > 0) {
        in->heads--;
    } else if (in->has_begun && !in->is_too_long && in->packet.len > 0) {
        in->port.packet(in->port.ctx, buf_str(&in->packet));
    }
    buf_clear(&in->packet);
    in->is_too_long = false;
}

static void add_piece(struct ogg_in *in, str piece)
{
    in->is_too_long = in->is_too_long || in->packet.len + piece.len > PACKET_MOST;
    if (!in->is_too_long) {
        buf_add(&in->packet, piece);
    }
}

static errc take_page(struct ogg_in *in, str page)
{
    size_t segments = (uint8_t)page.at[SEGMENTS_AT];
    unsigned flags = (uint8_t)page.at[FLAGS_AT];
    size_t at = HEAD + segments;
    bool skips = (flags & FLAG_GOES_ON) != 0 && in->packet.len == 0; /* its beginning was lost */
    if ((flags & FLAG_GOES_ON) == 0) {
        buf_clear(&in->packet);
    }
    if ((flags & FLAG_FIRST) != 0) {
        TRY(begin_packet_stream(in, str_cut(page, at, page.len)));
    }
    for (size_t i = 0; i < segments; i++) {
        size_t size = (uint8_t)page.at[HEAD + i];
        add_piece(in, skips ? STR_NONE : str_cut(page, at, at + size));
        at += size;
        if (size < 255 && !skips) {
            end_packet(in);
        }
        skips = skips && size == 255;
    }
    return OK;
}

/* Past bytes that are no page. */
static errc skip_junk(struct ogg_in *in)
{
    size_t skip = 1;
    while (skip < in->bytes.len && in->bytes.at[skip] != 'O') {
        skip++;
    }
    in->junk += skip;
    buf_drop(&in->bytes, skip);
    return in->junk > JUNK_MOST || !in->has_begun ? ERR_INVALID : OK;
}

errc ogg_in_take(struct ogg_in *in, str bytes)
{
    while (bytes.len > 0) {
        size_t room = 2 * PAGE_MOST - in->bytes.len;
        str piece = str_cut(bytes, 0, bytes.len < room ? bytes.len : room);
        bytes = str_cut(bytes, piece.len, bytes.len);
        buf_add(&in->bytes, piece);
        bool waits = false;
        while (!waits && in->bytes.len > 0) {
            str have = buf_str(&in->bytes);
            str mark = S("OggS");
            bool fits = str_starts(have, mark) || (have.len < 4 && str_starts(mark, have));
            size_t size = fits ? page_size(have) : 0;
            if (!fits || (size > 0 && !ogg_page_holds(str_cut(have, 0, size)))) {
                TRY(skip_junk(in));
            } else if (size > 0) {
                TRY(take_page(in, str_cut(have, 0, size)));
                in->junk = 0;
                buf_drop(&in->bytes, size);
            } else {
                waits = true;
            }
        }
    }
    return OK;
}

size_t ogg_in_left(const struct ogg_in *in)
{
    return in->bytes.len;
}
