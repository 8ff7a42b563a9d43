/* Somebody speaks: an order names a stream, and while that flows and nothing higher wants to sound
 * it has the floor. When it dies without a word the stored announcement plays, once; what was
 * planned goes on underneath. Every live ends with one entry of the log. */
#include "agent/conductor_inside.h"

#define RELAY_AHEAD (10 * USEC_SECOND) /* a radio needs that to be fetched */
#define HEARD_WITHIN USEC_SECOND

static struct live *live_of(struct conductor *conductor, wire_id id)
{
    for (size_t i = 0; i < conductor->live_count; i++) {
        if (conductor_ids_are(conductor->lives[i].order.id, id)) {
            return &conductor->lives[i];
        }
    }
    return NULL;
}

static void note_over(struct conductor *conductor, const struct live *live)
{
    struct wire_log_entry entry = {.kind = LOG_LIVE_OVER,
                                   .subject = live->order.id,
                                   .reason = live->reason,
                                   .other = live->other,
                                   .ms = (uint64_t)(live->sounded / 1000)};
    conductor_note(conductor, &entry, true);
}

static void remove_live(struct conductor *conductor, size_t index)
{
    note_over(conductor, &conductor->lives[index]);
    conductor->live_count--;
    memmove(&conductor->lives[index], &conductor->lives[index + 1],
            (conductor->live_count - index) * sizeof *conductor->lives);
}

bool live_end(struct conductor *conductor, wire_id order, enum log_reason reason, wire_id other)
{
    struct live *live = live_of(conductor, order);
    if (live == NULL || live->is_over) {
        return false;
    }
    live->is_over = true;
    live->reason = reason;
    live->other = other;
    live->close_by = conductor->now.now + HEARD_WITHIN;
    return true;
}

errc conductor_live(struct conductor *conductor, const struct conductor_order *order,
                    const struct wire_live *what)
{
    static const wire_id none = {{0}};
    if (!conductor_ids_are(what->replaces, none)) {
        live_end(conductor, what->replaces, REASON_DONE, order->id);
    }
    if (what->stream == 0 || live_of(conductor, order->id) != NULL) {
        return OK;
    }
    if (conductor->live_count == LIVES_MOST) {
        return ERR_TOO_MANY;
    }
    struct live *live = &conductor->lives[conductor->live_count++];
    *live = (struct live){.order = *order, .what = *what};
    live->what.title = STR_NONE;
    live->what.language = STR_NONE;
    return OK;
}

/* --- who has the floor ------------------------------------------------------------------------ */

static bool has_announcement(const struct conductor *conductor, const struct live *live)
{
    static const hash none = {{0}};
    return !live->was_announced && !hash_is(live->what.fallback, none) &&
           conductor->ports.media(conductor->ports.ctx, live->what.fallback) == MEDIA_HERE;
}

static bool wants_floor(struct conductor *conductor, struct live *live,
                        const struct live_flow *flow)
{
    bool may = !live->is_over && conductor->settings.volume > 0 &&
               conductor_silenced(conductor, live->order.order_class, live->order.tier) == NULL;
    switch (flow->state) {
    case FLOW_SOUNDS:
        live->was_announced = false;
        return may;
    case FLOW_DEAD:
        return may && live->has_sounded && has_announcement(conductor, live);
    case FLOW_NONE:
    case FLOW_PAUSED:
    case FLOW_ENDED:
        break;
    }
    return false;
}

static struct order_rank rank_of(const struct live *live)
{
    return (struct order_rank){
        .order_class = live->order.order_class,
        .tier = live->order.tier,
        .begun = live->order.not_before,
        .id = live->order.id,
    };
}

bool live_gives_way_to(const struct live *live, const struct wire_plan_item *item)
{
    struct order_rank own = rank_of(live);
    struct order_rank other = {.order_class = (enum order_class)item->order_class,
                               .tier = item->tier,
                               .begun = own.begun,
                               .id = own.id};
    return order_rank_compare(&other, &own) > 0;
}

static struct live *highest(struct conductor *conductor)
{
    struct live *best = NULL;
    for (size_t i = 0; i < conductor->live_count; i++) {
        struct live *live = &conductor->lives[i];
        struct live_flow flow =
            conductor->ports.live(conductor->ports.ctx, live->what.stream, conductor->now.now);
        conductor_wake(conductor, flow.until);
        if (!wants_floor(conductor, live, &flow)) {
            continue;
        }
        struct order_rank rank = rank_of(live);
        struct order_rank best_rank = best == NULL ? rank : rank_of(best);
        if (best == NULL || order_rank_compare(&rank, &best_rank) > 0) {
            best = live;
        }
    }
    return best;
}

/* --- cues ------------------------------------------------------------------------------------- */

static int32_t gain_of(const struct live *live)
{
    return live->what.gain_mb > 0       ? 0
           : live->what.gain_mb < -9600 ? -9600
                                        : (int32_t)live->what.gain_mb;
}

static void speak(struct conductor *conductor, struct live *live, usec flow_start)
{
    usec now = conductor->now.now;
    usec start = conductor->now.audible_at > now ? conductor->now.audible_at : now;
    start = start > flow_start ? start : flow_start;
    live->flow_start = flow_start;
    live->cue = (struct cue){.what = CUE_LIVE,
                             .stream = live->what.stream,
                             .start_at = start,
                             .from = start - flow_start,
                             .gain_mb = gain_of(live),
                             .gently = true};
    conductor_new_cue(conductor, OWNER_LIVE, live->order.id, &live->cue);
}

static void announce(struct conductor *conductor, struct live *live)
{
    live->cue = (struct cue){
        .what = CUE_MEDIA, .media = live->what.fallback, .gain_mb = gain_of(live), .gently = true};
    conductor_new_cue(conductor, OWNER_LIVE, live->order.id, &live->cue);
}

/* The cue stays while it says the right thing. */
static void bring_up_to_date(struct conductor *conductor, struct live *live)
{
    struct live_flow flow =
        conductor->ports.live(conductor->ports.ctx, live->what.stream, conductor->now.now);
    bool speaks = live->cue.serial != 0 && live->cue.what == CUE_LIVE;
    if (flow.state != FLOW_SOUNDS) {
        if (live->cue.serial == 0 || speaks) {
            announce(conductor, live);
        }
    } else if (!speaks || live->flow_start != flow.start) {
        speak(conductor, live, flow.start);
    }
}

static void tidy(struct conductor *conductor)
{
    static const wire_id none = {{0}};
    usec now = conductor->now.now;
    for (size_t i = conductor->live_count; i > 0; i--) {
        struct live *live = &conductor->lives[i - 1];
        if (live->order.expires <= now) {
            live_end(conductor, live->order.id, REASON_EXPIRED, none);
        }
        conductor_wake(conductor, live->is_over ? live->close_by : live->order.expires);
        if (live->is_over && (live->cue.serial == 0 || now >= live->close_by)) {
            remove_live(conductor, i - 1);
        }
    }
}

struct live *live_turn(struct conductor *conductor, bool floor_is_taken)
{
    tidy(conductor);
    struct live *best = highest(conductor);
    if (floor_is_taken || best == NULL) {
        return NULL;
    }
    bring_up_to_date(conductor, best);
    return best;
}

/* --- what came of it -------------------------------------------------------------------------- */

void live_heard(struct conductor *conductor, const struct known_cue *known,
                const struct cue_heard *heard)
{
    struct live *live = live_of(conductor, known->subject);
    if (live == NULL) {
        return;
    }
    if (heard->news == CUE_STARTED) {
        if (!live->has_sounded) {
            struct wire_log_entry entry = {
                .kind = LOG_LIVE_STARTED, .subject = live->order.id, .value = heard->late};
            conductor_note(conductor, &entry, true);
        }
        live->has_sounded = true;
        return;
    }
    live->sounded += heard->sounded;
    if (live->cue.serial == heard->serial) {
        live->was_announced = live->cue.what == CUE_MEDIA && heard->news != CUE_STOPPED;
        live->cue = (struct cue){.serial = 0};
    }
}

/* --- which streams ---------------------------------------------------------------------------- */

struct live_flow relay_flow(const struct conductor *conductor, const struct wire_plan_item *item)
{
    if (item->kind != PLAN_RELAY || item->source.len == 0) {
        return (struct live_flow){.state = FLOW_NONE};
    }
    return conductor->ports.live(conductor->ports.ctx, order_stream_of(item->source),
                                 conductor->now.now);
}

static size_t add_relay(const struct wire_plan_item *item, uint64_t streams[LIVE_STREAMS],
                        size_t count)
{
    if (item->kind != PLAN_RELAY || item->source.len == 0 || count == LIVE_STREAMS) {
        return count;
    }
    uint64_t stream = order_stream_of(item->source);
    for (size_t i = 0; i < count; i++) {
        if (streams[i] == stream) {
            return count;
        }
    }
    streams[count] = stream;
    return count + 1;
}

size_t conductor_streams(const struct conductor *conductor, uint64_t streams[LIVE_STREAMS])
{
    size_t count = 0;
    for (size_t i = 0; i < conductor->live_count; i++) {
        if (!conductor->lives[i].is_over) {
            streams[count++] = conductor->lives[i].what.stream;
        }
    }
    if (conductor->run.is_there) {
        count = add_relay(&conductor->run.item, streams, count);
    }
    usec soon = conductor->now.now + RELAY_AHEAD;
    for (size_t i = conductor->item_next; i < conductor->item_count; i++) {
        if (conductor->items[i].at > soon) {
            break;
        }
        count = add_relay(&conductor->items[i], streams, count);
    }
    return count;
}
