#include "agent/live_feed.h"

#include "base/crash.h"

#include <opus.h>
#include <pthread.h>

enum {
    RING = 512,         /* places: ten seconds */
    CONCEALED_MOST = 5, /* in a row, from nothing: then silence */
    LATENESSES = 50,    /* messages that are looked back on */
    NEED_MORE_MS = 90,  /* between having a packet and its sounding: decoder, engine, card */
};

#define DEAD_AFTER (2 * USEC_SECOND)
#define TAIL (100 * (usec)1000) /* a pause is one when its last word is out */

struct place {
    uint64_t number; /* and one; 0: nothing */
    uint16_t size;
    uint8_t bytes[LIVE_PACKET_BYTES];
};

/* Shared between the device and the voices that read from it. */
struct feed {
    pthread_mutex_t lock;
    unsigned holders;
    uint64_t stream;
    bool has_begun;
    usec base;       /* stamp of place 0 */
    uint64_t newest; /* behind the last that came */
    enum live_state told;
    uint64_t delay_ms;
    uint32_t late_ms[LATENESSES]; /* of the last messages */
    size_t lates;
    uint64_t asked_ms;
    struct place ring[RING];
};

struct live_feeds {
    struct feed *feeds[LIVE_STREAMS];
};

struct live_feeds *live_feeds_create(void)
{
    return mem_take(sizeof(struct live_feeds));
}

static void release(struct feed *feed)
{
    ignore_int(pthread_mutex_lock(&feed->lock));
    bool last = --feed->holders == 0;
    ignore_int(pthread_mutex_unlock(&feed->lock));
    if (last) {
        ignore_int(pthread_mutex_destroy(&feed->lock));
        mem_give(feed);
    }
}

void live_feeds_destroy(struct live_feeds *feeds)
{
    for (size_t i = 0; feeds != NULL && i < LIVE_STREAMS; i++) {
        if (feeds->feeds[i] != NULL) {
            release(feeds->feeds[i]);
        }
    }
    mem_give(feeds);
}

static struct feed *feed_of(const struct live_feeds *feeds, uint64_t stream)
{
    for (size_t i = 0; i < LIVE_STREAMS; i++) {
        if (feeds->feeds[i] != NULL && feeds->feeds[i]->stream == stream) {
            return feeds->feeds[i];
        }
    }
    return NULL;
}

bool live_feeds_add(struct live_feeds *feeds, uint64_t stream)
{
    if (feed_of(feeds, stream) != NULL) {
        return true;
    }
    for (size_t i = 0; i < LIVE_STREAMS; i++) {
        if (feeds->feeds[i] == NULL) {
            struct feed *feed = mem_take(sizeof *feed);
            ignore_int(pthread_mutex_init(&feed->lock, NULL));
            feed->holders = 1;
            feed->stream = stream;
            feeds->feeds[i] = feed;
            return true;
        }
    }
    return false;
}

void live_feeds_drop(struct live_feeds *feeds, uint64_t stream)
{
    for (size_t i = 0; i < LIVE_STREAMS; i++) {
        if (feeds->feeds[i] != NULL && feeds->feeds[i]->stream == stream) {
            release(feeds->feeds[i]);
            feeds->feeds[i] = NULL;
        }
    }
}

/* --- what is told ----------------------------------------------------------------------------- */

void live_feeds_tuned(struct live_feeds *feeds, const struct wire_tuned *tuned)
{
    struct feed *feed = feed_of(feeds, tuned->stream);
    if (feed != NULL) {
        feed->told = (enum live_state)tuned->state;
        feed->delay_ms = tuned->delay_ms;
    }
}

static void note_lateness(struct feed *feed, usec late)
{
    usec ms = late / 1000;
    feed->late_ms[feed->lates++ % LATENESSES] = ms < 0 ? 0 : ms > 10000 ? 10000 : (uint32_t)ms;
}

static void keep(struct feed *feed, uint64_t number, str packet)
{
    struct place *place = &feed->ring[number % RING];
    if (packet.len <= sizeof place->bytes) {
        place->number = number + 1;
        place->size = (uint16_t)packet.len;
        memcpy(place->bytes, packet.at, packet.len);
    }
}

/* A server that was started anew counts anew. */
static void begin(struct feed *feed, usec base)
{
    feed->has_begun = true;
    feed->base = base;
    feed->newest = 0;
    feed->lates = 0;
    memset(feed->ring, 0, sizeof feed->ring);
}

void live_feeds_sound(struct live_feeds *feeds, const struct wire_live_sound *sound, usec now)
{
    struct feed *feed = feed_of(feeds, sound->stream);
    if (feed == NULL || sound->index > INT64_MAX / 2 / LIVE_STEP) {
        return;
    }
    usec base = sound->at - (usec)sound->index * LIVE_STEP;
    ignore_int(pthread_mutex_lock(&feed->lock));
    if (!feed->has_begun || base != feed->base) {
        begin(feed, base);
    }
    for (size_t i = 0; i < sound->packets.count; i++) {
        keep(feed, sound->index + i, sound->packets.at[i]);
    }
    uint64_t end = sound->index + sound->packets.count;
    feed->newest = end > feed->newest ? end : feed->newest;
    if (now > 0) {
        note_lateness(feed, now - sound->at);
    }
    ignore_int(pthread_mutex_unlock(&feed->lock));
}

/* --- how it stands ---------------------------------------------------------------------------- */

static enum flow_state state_after(const struct feed *feed, usec over)
{
    switch (feed->told) {
    case LIVE_ENDED:
    case LIVE_NONE:
        return over > TAIL ? FLOW_ENDED : FLOW_SOUNDS;
    case LIVE_PAUSED:
    case LIVE_WAITS:
        return over > TAIL ? FLOW_PAUSED : FLOW_SOUNDS;
    case LIVE_FLOWS:
        break;
    }
    return over > DEAD_AFTER ? FLOW_DEAD : FLOW_SOUNDS;
}

struct live_flow live_feeds_look(struct live_feeds *feeds, uint64_t stream, usec now)
{
    const struct feed *feed = feed_of(feeds, stream);
    struct live_flow flow = {.state = FLOW_NONE};
    if (feed == NULL || !feed->has_begun || feed->delay_ms == 0) {
        return flow;
    }
    flow.start = feed->base + (usec)feed->delay_ms * 1000;
    usec end = flow.start + (usec)feed->newest * LIVE_STEP;
    flow.state = state_after(feed, now - end);
    bool told = feed->told == LIVE_FLOWS;
    flow.until = end + (told ? DEAD_AFTER : TAIL) + 1000;
    return flow;
}

/* The second latest of the last messages: one that stuck does not slow a whole village down. */
static uint64_t lateness_of(const struct feed *feed)
{
    uint64_t latest = 0;
    uint64_t second = 0;
    size_t count = feed->lates < LATENESSES ? feed->lates : LATENESSES;
    for (size_t i = 0; i < count; i++) {
        uint64_t late = feed->late_ms[i];
        if (late >= latest) {
            second = latest;
            latest = late;
        } else if (late > second) {
            second = late;
        }
    }
    return second;
}

uint64_t live_feeds_need(struct live_feeds *feeds, uint64_t stream)
{
    struct feed *feed = feed_of(feeds, stream);
    if (feed == NULL || feed->delay_ms == 0) {
        return 0;
    }
    uint64_t need = lateness_of(feed) + NEED_MORE_MS;
    if (need <= feed->delay_ms || need == NEED_MORE_MS || feed->asked_ms >= need) {
        return 0;
    }
    feed->asked_ms = need;
    return need;
}

/* --- as a source ------------------------------------------------------------------------------ */

struct reader {
    struct feed *feed;
    OpusDecoder *decoder;
    uint64_t next; /* place */
    size_t skip;   /* frames of it that were sought past */
    unsigned concealed;
};

/* ERR_BUSY: it may yet come. *ret_size 0: it never will. */
static errc take_place(struct reader *reader, uint8_t bytes[LIVE_PACKET_BYTES], size_t *ret_size)
{
    struct feed *feed = reader->feed;
    errc rc = OK;
    ignore_int(pthread_mutex_lock(&feed->lock));
    const struct place *place = &feed->ring[reader->next % RING];
    *ret_size = 0;
    if (place->number == reader->next + 1) {
        *ret_size = place->size > 1 ? place->size : 0;
        memcpy(bytes, place->bytes, place->size);
    } else if (reader->next >= feed->newest) {
        rc = ERR_BUSY;
    }
    ignore_int(pthread_mutex_unlock(&feed->lock));
    return rc;
}

/* Without bytes: what probably would have been there. */
static size_t decode(struct reader *reader, const uint8_t *bytes, size_t size, int16_t *pcm)
{
    int got =
        opus_decode(reader->decoder, size > 0 ? bytes : NULL, (int32_t)size, pcm, LIVE_FRAMES, 0);
    if (got != LIVE_FRAMES) {
        memset(pcm, 0, LIVE_FRAMES * sizeof *pcm);
    }
    size_t skip = reader->skip;
    reader->next++;
    reader->skip = 0;
    if (skip > 0) {
        memmove(pcm, pcm + skip, (LIVE_FRAMES - skip) * sizeof *pcm);
    }
    return LIVE_FRAMES - skip;
}

static errc read_frames(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct reader *reader = ctx;
    uint8_t bytes[LIVE_PACKET_BYTES];
    size_t size = 0;
    (void)why;
    *ret_count = 0;
    if (most < LIVE_FRAMES) {
        return ERR_BUSY;
    }
    TRY(take_place(reader, bytes, &size));
    reader->concealed = size > 0 ? 0 : reader->concealed + 1;
    *ret_count = decode(reader, bytes, size, pcm);
    return OK;
}

/* The engine runs dry: what comes too late for its place is not played any more. */
static errc fill_frames(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct reader *reader = ctx;
    (void)why;
    if (most < LIVE_FRAMES || reader->concealed >= CONCEALED_MOST) {
        return ERR_BUSY;
    }
    reader->concealed++;
    *ret_count = decode(reader, NULL, 0, pcm);
    return OK;
}

static errc seek_frame(void *ctx, uint64_t frame, struct why *why)
{
    struct reader *reader = ctx;
    (void)why;
    reader->next = frame / LIVE_FRAMES;
    reader->skip = frame % LIVE_FRAMES;
    return OK;
}

static void finish(void *ctx)
{
    struct reader *reader = ctx;
    release(reader->feed);
    opus_decoder_destroy(reader->decoder);
    mem_give(reader);
}

errc live_feeds_open(struct live_feeds *feeds, uint64_t stream, struct source *ret_source,
                     struct why *why)
{
    struct feed *feed = feed_of(feeds, stream);
    int failed = OPUS_OK;
    if (feed == NULL) {
        return fail(why, ERR_NOT_FOUND, "no such live stream");
    }
    struct reader *reader = mem_take(sizeof *reader);
    reader->decoder = opus_decoder_create(48000, 1, &failed);
    if (reader->decoder == NULL) {
        mem_give(reader);
        return fail(why, ERR_NO_MEMORY, "Opus: error %d", failed);
    }
    reader->feed = feed;
    ignore_int(pthread_mutex_lock(&feed->lock));
    feed->holders++;
    ignore_int(pthread_mutex_unlock(&feed->lock));
    *ret_source = (struct source){
        .ctx = reader,
        .read = read_frames,
        .fill = fill_frames,
        .seek = seek_frame,
        .close = finish,
    };
    return OK;
}
