#include "live/segments.h"

enum {
    SEGMENT_MOST = SEGMENT_PACKETS * (LIVE_PACKET_MOST + 8),
    LIST_MOST = 4096,
    BOX_DEPTH = 8,
};

struct segment {
    uint64_t number;
    uint64_t begin; /* frames */
    size_t count;
    uint16_t sizes[SEGMENT_PACKETS];
    struct buf bytes;
};

struct segments {
    uint64_t next; /* number of the one that is being filled */
    uint64_t frames;
    size_t kept;
    struct segment at[SEGMENTS_KEPT + 1]; /* the last is being filled */
};

struct segments *segments_create(uint32_t first)
{
    struct segments *segments = mem_take(sizeof *segments);
    segments->next = first;
    for (size_t i = 0; i < COUNT_OF(segments->at); i++) {
        buf_init(&segments->at[i].bytes, SEGMENT_MOST);
    }
    segments->at[0].number = segments->next;
    return segments;
}

void segments_destroy(struct segments *segments)
{
    for (size_t i = 0; segments != NULL && i < COUNT_OF(segments->at); i++) {
        buf_finish(&segments->at[i].bytes);
    }
    mem_give(segments);
}

/* The oldest makes room; its memory is the next one's. */
static void begin_segment(struct segments *segments)
{
    segments->next++;
    if (segments->kept == SEGMENTS_KEPT) {
        struct buf bytes = segments->at[0].bytes;
        memmove(&segments->at[0], &segments->at[1], SEGMENTS_KEPT * sizeof segments->at[0]);
        segments->at[SEGMENTS_KEPT].bytes = bytes;
    } else {
        segments->kept++;
    }
    struct segment *segment = &segments->at[segments->kept];
    segment->number = segments->next;
    segment->begin = segments->frames;
    segment->count = 0;
    buf_clear(&segment->bytes);
}

void segments_take(struct segments *segments, str packet)
{
    struct segment *segment = &segments->at[segments->kept];
    segment->sizes[segment->count++] = (uint16_t)packet.len;
    buf_add(&segment->bytes, packet);
    segments->frames += LIVE_PACKET_FRAMES;
    if (segment->count == SEGMENT_PACKETS) {
        begin_segment(segments);
    }
}

/* --- boxes ------------------------------------------------------------------------------------ */

static void put(struct buf *out, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        buf_add_byte(out, (char)(uint8_t)(value >> (8 * i)));
    }
}

struct boxes {
    struct buf *out;
    size_t begins[BOX_DEPTH];
    size_t depth;
};

static void open_box(struct boxes *boxes, const char *name)
{
    boxes->begins[boxes->depth++] = boxes->out->len;
    put(boxes->out, 0, 4);
    buf_add_text(boxes->out, name);
}

/* With version and flags. */
static void open_full(struct boxes *boxes, const char *name, uint8_t version, uint32_t flags)
{
    open_box(boxes, name);
    put(boxes->out, version, 1);
    put(boxes->out, flags, 3);
}

static void close_box(struct boxes *boxes)
{
    size_t begin = boxes->begins[--boxes->depth];
    size_t size = boxes->out->len - begin;
    for (size_t i = 0; i < 4 && !boxes->out->failed; i++) {
        boxes->out->at[begin + i] = (char)(uint8_t)(size >> (8 * (3 - i)));
    }
}

static void add_full(struct boxes *boxes, const char *name, uint32_t flags, str bytes)
{
    open_full(boxes, name, 0, flags);
    buf_add(boxes->out, bytes);
    close_box(boxes);
}

static void add_zeros(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_byte(out, 0);
    }
}

static void add_matrix(struct buf *out)
{
    static const uint32_t unity[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
    for (size_t i = 0; i < COUNT_OF(unity); i++) {
        put(out, unity[i], 4);
    }
}

static void add_movie_head(struct boxes *boxes)
{
    open_full(boxes, "mvhd", 0, 0);
    put(boxes->out, 0, 8); /* made, changed */
    put(boxes->out, LIVE_RATE, 4);
    put(boxes->out, 0, 4); /* as long as its fragments */
    put(boxes->out, 0x10000, 4);
    put(boxes->out, 0x0100, 2);
    add_zeros(boxes->out, 10);
    add_matrix(boxes->out);
    add_zeros(boxes->out, 24);
    put(boxes->out, 2, 4); /* the next track */
    close_box(boxes);
}

static void add_track_head(struct boxes *boxes)
{
    open_full(boxes, "tkhd", 0, 3);
    put(boxes->out, 0, 8);
    put(boxes->out, 1, 4);
    add_zeros(boxes->out, 4 + 4 + 8 + 4);
    put(boxes->out, 0x0100, 2);
    add_zeros(boxes->out, 2);
    add_matrix(boxes->out);
    add_zeros(boxes->out, 8);
    close_box(boxes);
}

static void add_sample_entry(struct boxes *boxes)
{
    open_full(boxes, "stsd", 0, 0);
    put(boxes->out, 1, 4);
    open_box(boxes, "Opus");
    add_zeros(boxes->out, 6);
    put(boxes->out, 1, 2); /* data reference */
    add_zeros(boxes->out, 8);
    put(boxes->out, 1, 2);  /* channels */
    put(boxes->out, 16, 2); /* bits */
    add_zeros(boxes->out, 4);
    put(boxes->out, (uint64_t)LIVE_RATE << 16, 4);
    open_box(boxes, "dOps");
    put(boxes->out, 0, 1); /* version */
    put(boxes->out, 1, 1); /* channels */
    put(boxes->out, 0, 2); /* nothing to skip */
    put(boxes->out, LIVE_RATE, 4);
    put(boxes->out, 0, 2); /* gain */
    put(boxes->out, 0, 1); /* simple mapping */
    close_box(boxes);
    close_box(boxes);
    close_box(boxes);
}

static void add_tables(struct boxes *boxes)
{
    open_box(boxes, "stbl");
    add_sample_entry(boxes);
    add_full(boxes, "stts", 0, (str){"\0\0\0\0", 4});
    add_full(boxes, "stsc", 0, (str){"\0\0\0\0", 4});
    add_full(boxes, "stsz", 0, (str){"\0\0\0\0\0\0\0\0", 8});
    add_full(boxes, "stco", 0, (str){"\0\0\0\0", 4});
    close_box(boxes);
}

static void add_media(struct boxes *boxes)
{
    open_box(boxes, "mdia");
    open_full(boxes, "mdhd", 0, 0);
    put(boxes->out, 0, 8);
    put(boxes->out, LIVE_RATE, 4);
    put(boxes->out, 0, 4);
    put(boxes->out, 0x55c4, 2); /* und */
    put(boxes->out, 0, 2);
    close_box(boxes);
    add_full(boxes, "hdlr", 0, (str){"\0\0\0\0soun\0\0\0\0\0\0\0\0\0\0\0\0\0", 21});
    open_box(boxes, "minf");
    add_full(boxes, "smhd", 0, (str){"\0\0\0\0", 4});
    open_box(boxes, "dinf");
    open_full(boxes, "dref", 0, 0);
    put(boxes->out, 1, 4);
    add_full(boxes, "url ", 1, STR_NONE);
    close_box(boxes);
    close_box(boxes);
    add_tables(boxes);
    close_box(boxes);
    close_box(boxes);
}

static void write_init(struct buf *out)
{
    struct boxes boxes = {.out = out};
    open_box(&boxes, "ftyp");
    buf_add(out, (str){"iso6\0\0\0\0iso6mp41", 16});
    close_box(&boxes);
    open_box(&boxes, "moov");
    add_movie_head(&boxes);
    open_box(&boxes, "trak");
    add_track_head(&boxes);
    add_media(&boxes);
    close_box(&boxes);
    open_box(&boxes, "mvex");
    open_full(&boxes, "trex", 0, 0);
    put(out, 1, 4); /* track */
    put(out, 1, 4); /* description */
    put(out, LIVE_PACKET_FRAMES, 4);
    add_zeros(out, 8);
    close_box(&boxes);
    close_box(&boxes);
    close_box(&boxes);
}

enum { TRUN_HAS_OFFSET = 1, TRUN_HAS_SIZES = 0x200, TFHD_MOOF_IS_BASE = 0x20000, MDAT_HEAD = 8 };

static void write_segment(const struct segment *segment, struct buf *out)
{
    struct boxes boxes = {.out = out};
    size_t begin = out->len;
    size_t offset_at = 0;
    open_box(&boxes, "moof");
    open_full(&boxes, "mfhd", 0, 0);
    put(out, (uint32_t)segment->number, 4);
    close_box(&boxes);
    open_box(&boxes, "traf");
    open_full(&boxes, "tfhd", 0, TFHD_MOOF_IS_BASE);
    put(out, 1, 4);
    close_box(&boxes);
    open_full(&boxes, "tfdt", 1, 0);
    put(out, segment->begin, 8);
    close_box(&boxes);
    open_full(&boxes, "trun", 0, TRUN_HAS_OFFSET | TRUN_HAS_SIZES);
    put(out, segment->count, 4);
    offset_at = out->len;
    put(out, 0, 4);
    for (size_t i = 0; i < segment->count; i++) {
        put(out, segment->sizes[i], 4);
    }
    close_box(&boxes);
    close_box(&boxes);
    close_box(&boxes);
    size_t offset = out->len - begin + MDAT_HEAD;
    for (size_t i = 0; i < 4 && !out->failed; i++) {
        out->at[offset_at + i] = (char)(uint8_t)(offset >> (8 * (3 - i)));
    }
    open_box(&boxes, "mdat");
    buf_add(out, buf_str(&segment->bytes));
    close_box(&boxes);
}

static void write_list(const struct segments *segments, struct buf *out)
{
    buf_add_format(out,
                   "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n"
                   "#EXT-X-MEDIA-SEQUENCE:%llu\n#EXT-X-MAP:URI=\"init.mp4\"\n",
                   (unsigned long long)segments->at[0].number);
    for (size_t i = 0; i < segments->kept; i++) {
        buf_add_format(out, "#EXTINF:2.000,\n%llu.m4s\n",
                       (unsigned long long)segments->at[i].number);
    }
}

bool segments_file(const struct segments *segments, str name, struct buf *out, str *ret_type)
{
    uint64_t number = 0;
    if (str_is(name, S("index.m3u8"))) {
        write_list(segments, out);
        *ret_type = S("application/vnd.apple.mpegurl");
        return true;
    }
    *ret_type = S("audio/mp4");
    if (str_is(name, S("init.mp4"))) {
        write_init(out);
        return true;
    }
    if (!str_ends(name, S(".m4s")) || !str_to_u64(str_cut(name, 0, name.len - 4), &number)) {
        return false;
    }
    for (size_t i = 0; i < segments->kept; i++) {
        if (segments->at[i].number == number) {
            write_segment(&segments->at[i], out);
            return true;
        }
    }
    return false;
}
