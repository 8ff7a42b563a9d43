/* See opus_file.h. Bytes are read field by field; nothing is kept but counters. */
#include "broadcast/opus_file.h"

enum {
    PAGE_HEAD = 27,
    FLAG_CONTINUED = 1,
    FLAG_BEGINS = 2,
    FLAG_ENDS = 4,
    PACKET_MOST_SAMPLES = 5760, /* 120 ms */
    SAMPLES_MS = 48,
    TAGS_MOST = 1024 * 1024,
};

struct page {
    unsigned flags;
    int64_t granule;
    uint32_t serial;
    uint32_t sequence;
    const uint8_t *lacing;
    size_t segments;
    const uint8_t *body;
    size_t size; /* of the whole page */
};

struct reading {
    str bytes;
    size_t at;
    uint32_t serial;
    uint32_t pages;
    uint64_t packets;
    size_t packet_size;     /* so far, of the one that runs over pages */
    const uint8_t *packet;  /* first byte of it */
    uint8_t first[2];       /* of it */
    int64_t samples;        /* of all audio packets so far */
    int64_t granule;        /* of the last page that ended a packet */
    int64_t begins;         /* granule at which the first sample lies */
    bool has_audio_granule; /* a page with sound was seen */
    bool ended;
    int pre_skip;
    struct opus_facts facts;
    struct why *why;
};

static uint32_t le32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t le64(const uint8_t *at)
{
    return (uint64_t)le32(at) | (uint64_t)le32(at + 4) << 32;
}

/* Ogg's own: polynomial 0x04c11db7, not reflected, begun at zero, the field itself as zero. */
static uint32_t page_sum(const uint8_t *at, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        uint32_t byte = i >= 22 && i < 26 ? 0 : at[i];
        sum ^= byte << 24;
        for (int bit = 0; bit < 8; bit++) {
            sum = (sum & 0x80000000U) != 0 ? sum << 1 ^ 0x04c11db7U : sum << 1;
        }
    }
    return sum;
}

static errc refuse(struct reading *run, const char *what)
{
    return fail(run->why, ERR_INVALID, "%s at byte %zu", what, run->at);
}

static errc read_page(struct reading *run, struct page *ret_page)
{
    const uint8_t *at = (const uint8_t *)run->bytes.at + run->at;
    size_t left = run->bytes.len - run->at;
    if (left < PAGE_HEAD || memcmp(at, "OggS", 4) != 0) {
        return refuse(run, "not_ogg: no page begins");
    }
    size_t segments = at[26];
    if (at[4] != 0 || left < PAGE_HEAD + segments) {
        return refuse(run, "not_ogg: a torn page");
    }
    size_t size = PAGE_HEAD + segments;
    for (size_t i = 0; i < segments; i++) {
        size += at[PAGE_HEAD + i];
    }
    if (left < size) {
        return refuse(run, "torn: the last page is not whole");
    }
    if (page_sum(at, size) != le32(at + 22)) {
        return refuse(run, "damaged: a page does not match its checksum");
    }
    *ret_page = (struct page){
        .flags = at[5],
        .granule = (int64_t)le64(at + 6),
        .serial = le32(at + 14),
        .sequence = le32(at + 18),
        .lacing = at + PAGE_HEAD,
        .segments = segments,
        .body = at + PAGE_HEAD + segments,
        .size = size,
    };
    return OK;
}

/* Samples at 48 kHz of a packet by its first bytes (RFC 6716, 3.1); 0: not a packet. */
static int64_t packet_samples(const uint8_t first[2], size_t size)
{
    static const int silk[] = {480, 960, 1920, 2880};
    if (size == 0) {
        return 0;
    }
    unsigned config = first[0] >> 3;
    int frame = config < 12 ? silk[config & 3] : (config & 1) != 0 ? 960 : 480;
    if (config >= 16) {
        frame = 120 << (config & 3);
    }
    unsigned code = first[0] & 3;
    int frames = code == 0 ? 1 : 2;
    if (code == 3) {
        frames = size < 2 ? 0 : first[1] & 0x3f;
    }
    int64_t samples = (int64_t)frame * frames;
    return samples > PACKET_MOST_SAMPLES ? 0 : samples;
}

static errc read_head(struct reading *run)
{
    const uint8_t *at = run->packet;
    if (run->packet_size < 19 || memcmp(at, "OpusHead", 8) != 0) {
        return refuse(run, "not_opus: no OpusHead");
    }
    if (at[8] == 0 || at[8] > 15) {
        return refuse(run, "not_opus: an unknown version");
    }
    if (at[18] != 0 || at[9] < 1 || at[9] > 2 || run->packet_size != 19) {
        return refuse(run, "channels: neither mono nor stereo");
    }
    int gain = at[16] | at[17] << 8;
    gain = gain >= 0x8000 ? gain - 0x10000 : gain; /* Q7.8 decibel */
    run->pre_skip = at[10] | at[11] << 8;
    run->facts.channels = at[9];
    run->facts.gain_mb = (int64_t)gain * 100 / 256;
    return OK;
}

static errc read_tags(struct reading *run)
{
    if (run->packet_size < 16 || run->packet_size > TAGS_MOST ||
        memcmp(run->packet, "OpusTags", 8) != 0) {
        return refuse(run, "not_opus: no OpusTags");
    }
    return OK;
}

static errc end_packet(struct reading *run)
{
    errc rc = OK;
    if (run->packets == 0) {
        rc = read_head(run);
    } else if (run->packets == 1) {
        rc = read_tags(run);
    } else {
        int64_t samples = packet_samples(run->first, run->packet_size);
        rc = samples == 0 ? refuse(run, "not_opus: a packet that is none") : OK;
        run->samples += samples;
    }
    run->packets++;
    run->packet_size = 0;
    return rc;
}

/* The head and the tags lie in one piece only when they fit a page; longer tags are walked over. */
static void grow_packet(struct reading *run, const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size && run->packet_size + i < 2; i++) {
        run->first[run->packet_size + i] = at[i];
    }
    if (run->packet_size == 0) {
        run->packet = at;
    }
    run->packet_size += size;
}

static errc read_packets(struct reading *run, const struct page *page, size_t *ret_ended)
{
    const uint8_t *at = page->body;
    for (size_t i = 0; i < page->segments; i++) {
        bool ends = page->lacing[i] < 255;
        grow_packet(run, at, page->lacing[i]);
        at += page->lacing[i];
        if (run->packets < 2 && run->packet_size > TAGS_MOST) {
            return refuse(run, "too_big: tags without end");
        }
        if (ends) {
            TRY(end_packet(run));
            (*ret_ended)++;
        }
    }
    return OK;
}

/* Head and tags each end their page (RFC 7845, 3); sound begins on a page of its own. */
static errc check_place(struct reading *run, const struct page *page, bool continued)
{
    bool begins = (page->flags & FLAG_BEGINS) != 0;
    if (run->pages == 0) {
        run->serial = page->serial;
    }
    if (page->flags > 7 || begins != (run->pages == 0)) {
        return refuse(run, "not_ogg: a page with wrong flags");
    }
    if (page->serial != run->serial || page->sequence != run->pages) {
        return refuse(run, "chained: more than one stream, or a page is missing");
    }
    if (continued != ((page->flags & FLAG_CONTINUED) != 0)) {
        return refuse(run, "torn: a packet that does not go on");
    }
    return OK;
}

static errc check_granule(struct reading *run, const struct page *page, size_t ended)
{
    bool last = (page->flags & FLAG_ENDS) != 0;
    if (ended == 0) {
        return page->granule == -1 || (last && page->granule == run->granule)
                   ? OK
                   : refuse(run, "not_ogg: a time without a packet");
    }
    if (page->granule < run->granule || page->granule > OPUS_FILE_MOST_MS * SAMPLES_MS * 2) {
        return refuse(run, "times: they run backwards or too far");
    }
    if (!run->has_audio_granule) {
        run->has_audio_granule = true;
        run->begins = last ? 0 : page->granule - run->samples;
        if (run->begins < 0) {
            return refuse(run, "times: sound before the beginning");
        }
    }
    int64_t most = run->begins + run->samples;
    if (page->granule > most || (!last && page->granule != most)) {
        return refuse(run, "times: packets and pages do not agree");
    }
    run->granule = page->granule;
    return OK;
}

static errc follow_page(struct reading *run, const struct page *page)
{
    bool continued = run->packet_size > 0;
    bool sound = run->packets >= 2;
    size_t ended = 0;
    TRY(check_place(run, page, continued));
    TRY(read_packets(run, page, &ended));
    if (!sound && (run->packets > 2 || (run->pages == 0 && run->packets != 1))) {
        return refuse(run, "not_opus: head or tags share their page");
    }
    if (!sound && run->packets == 2 && run->packet_size > 0) {
        return refuse(run, "not_opus: head or tags share their page");
    }
    if (sound) {
        TRY(check_granule(run, page, ended));
    }
    run->ended = (page->flags & FLAG_ENDS) != 0;
    run->pages++;
    run->at += page->size;
    return OK;
}

static errc finish(struct reading *run, struct opus_facts *ret_facts)
{
    if (!run->ended || run->packet_size > 0) {
        return refuse(run, "torn: the stream has no end");
    }
    int64_t heard = run->granule - run->begins - run->pre_skip;
    if (!run->has_audio_granule || heard < SAMPLES_MS) {
        return refuse(run, "empty: nothing is heard");
    }
    run->facts.ms = heard / SAMPLES_MS;
    run->facts.bytes = (int64_t)run->bytes.len;
    if (run->facts.ms > OPUS_FILE_MOST_MS) {
        return refuse(run, "too_long: longer than six hours");
    }
    *ret_facts = run->facts;
    return OK;
}

errc opus_file_read(str bytes, struct opus_facts *ret_facts, struct why *why)
{
    struct reading run = {.bytes = bytes, .why = why};
    if (bytes.len > OPUS_FILE_MOST) {
        return fail(why, ERR_TOO_BIG, "too_big: %zu bytes", bytes.len);
    }
    while (run.at < bytes.len) {
        struct page page = {0};
        if (run.ended) {
            return refuse(&run, "chained: something follows the end");
        }
        TRY(read_page(&run, &page));
        TRY(follow_page(&run, &page));
    }
    return finish(&run, ret_facts);
}
