#include "live/stream.h"

#include "base/crash.h"

enum {
    QUEUE = 512,        /* packets of a paced sender: ten seconds */
    QUEUE_ENOUGH = 150, /* he waits from here on */
    QUEUE_DEEP = 100,   /* more than a burst: his clock is fast */
    GAP_MOST = 50,      /* places that are filled; beyond, the line jumps */
    SMOOTHING = 16,
};

#define BELIEVED (5 * USEC_SECOND) /* a stamp so far from now is of another clock */
#define SLIP (3 * LIVE_STEP / 2)   /* on average, before a packet is left out or put in */
#define LEAP (10 * LIVE_STEP)      /* at once */
#define CUSHION (200 * (usec)1000) /* of a paced sender */
#define LANE_OLD (250 * (usec)1000)
#define CREEP 10000 /* a foreign clock may be so much slower: one part in */
#define THIN_EVERY USEC_SECOND

struct kept_packet {
    uint16_t size;
    char bytes[LIVE_PACKET_MOST];
};

struct lane {
    size_t most;
    size_t count;
    uint64_t index;
    struct kept_packet packets[LANE_USUAL_PACKETS];
};

struct live_stream {
    struct live_stream_ports ports;
    enum live_pace pace;
    bool has_begun;
    bool is_new; /* the sender's first packet has not come */
    usec base;
    uint64_t next;
    usec heard_at;
    uint64_t gone;
    uint64_t left_out;
    /* --- the clock of a stamped sender --- */
    bool is_believed;
    usec offset; /* ours less his, as the quickest packet showed it */
    usec offset_at;
    usec apart; /* his stamps from the line, smoothed */
    /* --- the queue of a paced sender --- */
    size_t first;
    size_t waiting;
    usec thinned_at;
    struct lane lanes[LANES];
    struct kept_packet queue[QUEUE];
};

struct live_stream *live_stream_create(enum live_pace pace, const struct live_stream_ports *ports)
{
    struct live_stream *stream = mem_take(sizeof *stream);
    stream->ports = *ports;
    stream->lanes[LANE_QUICK].most = LANE_QUICK_PACKETS;
    stream->lanes[LANE_USUAL].most = LANE_USUAL_PACKETS;
    live_stream_sender(stream, pace);
    return stream;
}

void live_stream_destroy(struct live_stream *stream)
{
    mem_give(stream);
}

void live_stream_sender(struct live_stream *stream, enum live_pace pace)
{
    live_stream_pause(stream);
    stream->pace = pace;
    stream->is_new = true;
    stream->first = stream->waiting = 0;
    stream->apart = 0;
}

/* --- going on --------------------------------------------------------------------------------- */

static usec time_of(const struct live_stream *stream, uint64_t index)
{
    return stream->base + (usec)index * LIVE_STEP;
}

static void keep(struct kept_packet *kept, str packet)
{
    ENSURE(packet.len <= sizeof kept->bytes);
    kept->size = (uint16_t)packet.len;
    memcpy(kept->bytes, packet.at, packet.len);
}

static void send_lane(struct live_stream *stream, enum live_lane which)
{
    struct lane *lane = &stream->lanes[which];
    str packets[LANE_USUAL_PACKETS];
    if (lane->count == 0) {
        return;
    }
    for (size_t i = 0; i < lane->count; i++) {
        packets[i] = (str){lane->packets[i].bytes, lane->packets[i].size};
    }
    struct live_bundle bundle = {
        .lane = which,
        .index = lane->index,
        .at = time_of(stream, lane->index),
        .packets = packets,
        .count = lane->count,
    };
    lane->count = 0;
    stream->ports.bundle(stream->ports.ctx, &bundle);
}

void live_stream_pause(struct live_stream *stream)
{
    for (int lane = 0; lane < LANES; lane++) {
        send_lane(stream, (enum live_lane)lane);
    }
}

static void go_on(struct live_stream *stream, str packet)
{
    uint64_t index = stream->next++;
    stream->ports.packet(stream->ports.ctx, index, time_of(stream, index), packet);
    for (int which = 0; which < LANES; which++) {
        struct lane *lane = &stream->lanes[which];
        lane->index = lane->count == 0 ? index : lane->index;
        keep(&lane->packets[lane->count++], packet);
        if (lane->count == lane->most) {
            send_lane(stream, (enum live_lane)which);
        }
    }
}

static void pass_over(struct live_stream *stream, uint64_t places)
{
    if (places > GAP_MOST) {
        live_stream_pause(stream);
        stream->next += places;
        return;
    }
    stream->gone += places;
    for (uint64_t i = 0; i < places; i++) {
        go_on(stream, live_packet_gone());
    }
}

/* The place that begins no earlier than that. */
static uint64_t place_at(const struct live_stream *stream, usec at)
{
    return at <= stream->base ? 0 : (uint64_t)((at - stream->base + LIVE_STEP - 1) / LIVE_STEP);
}

static void begin_at(struct live_stream *stream, usec at)
{
    if (!stream->has_begun) {
        stream->has_begun = true;
        stream->base = at;
        return;
    }
    uint64_t place = place_at(stream, at);
    if (place > stream->next) {
        live_stream_pause(stream);
        stream->next = place;
    }
}

/* --- stamped ---------------------------------------------------------------------------------- */

/* When it was recorded, by our clock. A clock that agrees with ours is believed; of any other only
 * its pace is, and the quickest packet is taken to have needed no time. */
static usec recorded_at(struct live_stream *stream, usec stamp, usec now)
{
    if (stream->is_new) {
        stream->is_believed = stamp > now - BELIEVED && stamp < now + BELIEVED;
        stream->offset = stream->is_believed ? 0 : now - stamp;
        stream->offset_at = now;
    }
    if (!stream->is_believed) {
        usec offset = now - stamp;
        stream->offset += (now - stream->offset_at) / CREEP;
        stream->offset_at = now;
        stream->offset = offset < stream->offset ? offset : stream->offset;
    }
    usec at = stamp + stream->offset;
    return at < now ? at : now;
}

/* True: it has its place on the line. */
static bool find_place(struct live_stream *stream, usec at)
{
    if (stream->is_new) {
        begin_at(stream, at);
        stream->is_new = false;
        stream->apart = 0;
        return true;
    }
    usec apart = at - time_of(stream, stream->next);
    stream->apart += (apart - stream->apart) / SMOOTHING;
    if (apart > LEAP || stream->apart > SLIP) {
        usec by = apart > LEAP ? apart : stream->apart;
        pass_over(stream, (uint64_t)(by / LIVE_STEP));
        stream->apart = 0;
    } else if (apart < -LEAP || stream->apart < -SLIP) {
        stream->apart = apart < -LEAP ? stream->apart : stream->apart + LIVE_STEP;
        stream->left_out++;
        return false;
    }
    return true;
}

static void take_stamped(struct live_stream *stream, usec stamp, usec now, str packet)
{
    if (find_place(stream, recorded_at(stream, stamp, now))) {
        stream->heard_at = now;
        go_on(stream, packet);
    }
}

/* --- paced ------------------------------------------------------------------------------------ */

static void enqueue(struct live_stream *stream, usec now, str packet)
{
    if (stream->is_new) {
        begin_at(stream, now + CUSHION);
        stream->is_new = false;
        stream->thinned_at = now;
    }
    if (stream->waiting == QUEUE) {
        stream->first = (stream->first + 1) % QUEUE;
        stream->waiting--;
        stream->left_out++;
    }
    keep(&stream->queue[(stream->first + stream->waiting) % QUEUE], packet);
    stream->waiting++;
}

static void leave_queue(struct live_stream *stream, bool goes_on)
{
    const struct kept_packet *packet = &stream->queue[stream->first];
    stream->first = (stream->first + 1) % QUEUE;
    stream->waiting--;
    if (goes_on) {
        go_on(stream, (str){packet->bytes, packet->size});
    } else {
        stream->left_out++;
    }
}

/* A clock that is fast fills the queue slowly: now and then one is left out. */
static void thin_out(struct live_stream *stream, usec now)
{
    if (stream->waiting <= QUEUE_DEEP) {
        stream->thinned_at = now;
    } else if (now - stream->thinned_at >= THIN_EVERY) {
        stream->thinned_at = now;
        leave_queue(stream, false);
    }
}

static void turn_paced(struct live_stream *stream, usec now)
{
    thin_out(stream, now);
    while (stream->waiting > 0 && time_of(stream, stream->next) <= now) {
        leave_queue(stream, true);
        stream->heard_at = now;
    }
    if (stream->waiting == 0 && !stream->is_new && time_of(stream, stream->next) <= now) {
        stream->is_new = true; /* ran dry: a new cushion when it goes on */
    }
}

/* --- for both --------------------------------------------------------------------------------- */

errc live_stream_take(struct live_stream *stream, usec stamp, usec now, const str *packets,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!live_packet_is(packets[i]) || live_packet_is_gone(packets[i])) {
            return ERR_INVALID;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (stream->pace == LIVE_STAMPED) {
            take_stamped(stream, stamp + (usec)i * LIVE_STEP, now, packets[i]);
        } else {
            enqueue(stream, now, packets[i]);
        }
    }
    return OK;
}

void live_stream_turn(struct live_stream *stream, usec now)
{
    if (stream->pace == LIVE_PACED) {
        turn_paced(stream, now);
    }
    if (stream->heard_at > 0 && now - stream->heard_at > LANE_OLD) {
        live_stream_pause(stream);
    }
}

bool live_stream_is_full(const struct live_stream *stream)
{
    return stream->waiting >= QUEUE_ENOUGH;
}

void live_stream_look(const struct live_stream *stream, struct live_stream_view *ret_view)
{
    *ret_view = (struct live_stream_view){
        .has_begun = stream->has_begun,
        .base = stream->base,
        .next = stream->next,
        .heard_at = stream->heard_at,
        .gone = stream->gone,
        .left_out = stream->left_out,
        .waiting = stream->waiting,
    };
}
