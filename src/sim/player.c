/* The times are those of the alarm's own record: signal, voices, pauses, how often. */
#include "sim/player.h"

/* An attention signal, and a voice whose length nobody has said. */
#define SIGNAL_LENGTH (6 * USEC_SECOND)
#define VOICE_LENGTH (20 * USEC_SECOND)

enum { TIMES = 3 };

static void tell(const struct player_out *out, const struct player_clock *clock,
                 struct player_event event)
{
    event.entry.at = clock->server > 0 ? clock->server : 1;
    event.entry.clock = clock->state;
    out->tell(out->ctx, &event);
}

static usec length_of(const struct wire_alarm *alarm)
{
    usec length = alarm->signal == SIGNAL_NONE ? 0 : SIGNAL_LENGTH;
    for (size_t i = 0; i < alarm->voices.count; i++) {
        length += (usec)alarm->voices.at[i].ms * 1000 + (usec)alarm->pause_ms * 1000;
    }
    return alarm->voices.count == 0 ? length + VOICE_LENGTH : length;
}

static bool id_is(const wire_id *a, const wire_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool id_is_none(const wire_id *id)
{
    static const wire_id none;
    return id_is(id, &none);
}

/* The one that sounds: the highest. There is one at least. */
static size_t top_of(const struct player *player)
{
    size_t top = 0;
    for (size_t i = 1; i < player->count; i++) {
        if (order_rank_compare(&player->alarms[i].rank, &player->alarms[top].rank) > 0) {
            top = i;
        }
    }
    return top;
}

static void remove_alarm(struct player *player, struct player_alarm *alarm,
                         const struct player_clock *clock, enum log_reason reason,
                         const struct player_out *out)
{
    struct player_event event = {
        .entry = {.kind = LOG_ORDER_ENDED, .subject = alarm->rank.id, .reason = reason}};
    *alarm = player->alarms[--player->count];
    tell(out, clock, event);
}

static void take_alarm(struct player *player, const struct authority_order *order,
                       const struct player_clock *clock, const struct player_out *out)
{
    const struct wire_alarm *said = &order->alarm;
    usec ahead = said->start > clock->server ? said->start - clock->server : 0;
    for (size_t i = player->count; i > 0; i--) {
        struct player_alarm *old = &player->alarms[i - 1];
        if (id_is(&old->rank.id, &said->replaces)) {
            remove_alarm(player, old, clock, REASON_REPLACED, out);
        }
    }
    if (player->count == PLAYER_ALARMS) {
        return;
    }
    player->alarms[player->count++] = (struct player_alarm){
        .rank = {.order_class = (enum order_class)order->head.order_class,
                 .tier = order->tier,
                 .begun = order->head.not_before,
                 .id = order->head.id},
        .read = clock->steady,
        .start = clock->steady + (ahead > PLAYER_LATENCY ? ahead : PLAYER_LATENCY),
        .expires = clock->steady + (order->head.expires - clock->server),
        .length = length_of(said),
        .wanted = said->times == 0 ? TIMES : said->times,
    };
}

/* What a stop silences: its target, or everything. */
static void take_stop(struct player *player, const struct authority_order *order,
                      const struct player_clock *clock, const struct player_out *out)
{
    const wire_id *target = &order->stop.target;
    bool all = id_is_none(target);
    for (size_t i = player->count; i > 0; i--) {
        if (all || id_is(&player->alarms[i - 1].rank.id, target)) {
            remove_alarm(player, &player->alarms[i - 1], clock, REASON_CANCELLED, out);
        }
    }
    if (all) {
        player->is_stopped = true;
        player->stop = order->head.id;
        player->stop_until = clock->steady + (order->head.expires - clock->server);
    }
    struct player_event event = {
        .entry = {.kind = LOG_STOPPED, .subject = order->head.id, .value = PLAYER_LATENCY},
        .sounded_at = clock->steady + PLAYER_LATENCY,
    };
    tell(out, clock, event);
}

void player_obey(struct player *player, const struct authority_order *order,
                 const struct player_clock *clock, const struct player_out *out)
{
    switch ((enum order_kind)order->head.kind) {
    case ORDER_ALARM:
        take_alarm(player, order, clock, out);
        break;
    case ORDER_STOP:
        take_stop(player, order, clock, out);
        break;
    case ORDER_RELEASE:
        if (player->is_stopped && id_is(&order->release.target, &player->stop)) {
            player->is_stopped = false;
        }
        break;
    case ORDER_PLACEMENT:
    case ORDER_SETTINGS:
    case ORDER_PLAN:
    case ORDER_CLIPS:
    case ORDER_ACTION:
    case ORDER_RETIRE:
    case ORDER_LIVE: /* pretended loudspeakers tune in to nothing */
        break;
    }
}

static void begin_round(struct player_alarm *alarm, const struct player_clock *clock,
                        const struct player_out *out)
{
    bool first = alarm->rounds == 0;
    usec start = first ? alarm->start : clock->steady;
    alarm->round_end = start + alarm->length;
    struct player_event event = {
        .entry = {.kind = LOG_ALARM_PLAYING,
                  .subject = alarm->rank.id,
                  .value = start - alarm->read},
        .sounded_at = start,
    };
    if (first) {
        tell(out, clock, event);
    }
}

static void end_round(struct player *player, struct player_alarm *alarm,
                      const struct player_clock *clock, const struct player_out *out)
{
    alarm->rounds++;
    alarm->round_end = 0;
    struct player_event event = {.entry = {.kind = LOG_ALARM_SOUNDED,
                                           .subject = alarm->rank.id,
                                           .ms = (uint64_t)(alarm->length / 1000),
                                           .value = (int64_t)alarm->rounds}};
    tell(out, clock, event);
    if (alarm->rounds >= alarm->wanted) {
        remove_alarm(player, alarm, clock, REASON_DONE, out);
    }
}

void player_tick(struct player *player, const struct player_clock *clock,
                 const struct player_out *out)
{
    if (player->is_stopped && clock->steady >= player->stop_until) {
        player->is_stopped = false;
    }
    for (size_t i = player->count; i > 0; i--) {
        if (clock->steady >= player->alarms[i - 1].expires) {
            remove_alarm(player, &player->alarms[i - 1], clock, REASON_EXPIRED, out);
        }
    }
    size_t place = top_of(player);
    for (size_t i = 0; i < player->count; i++) {
        if (i != place) {
            player->alarms[i].round_end = 0; /* interrupted: that round begins anew */
        }
    }
    if (player->count == 0 || player->is_stopped) {
        return;
    }
    struct player_alarm *top = &player->alarms[place];
    if (top->round_end != 0 && clock->steady >= top->round_end) {
        end_round(player, top, clock, out);
    } else if (top->round_end == 0 && clock->steady >= top->start) {
        begin_round(top, clock, out);
    }
}

static usec sooner(usec a, usec b)
{
    return a < b ? a : b;
}

usec player_next(const struct player *player)
{
    usec next = player->is_stopped ? player->stop_until : INT64_MAX;
    for (size_t i = 0; i < player->count; i++) {
        next = sooner(next, player->alarms[i].expires);
    }
    if (player->count > 0 && !player->is_stopped) {
        const struct player_alarm *top = &player->alarms[top_of(player)];
        next = sooner(next, top->round_end != 0 ? top->round_end : top->start);
    }
    return next;
}

enum device_sound player_sound(const struct player *player)
{
    enum device_sound sound = player->is_stopped ? SOUND_STOPPED : SOUND_NONE;
    for (size_t i = 0; i < player->count && !player->is_stopped; i++) {
        if (player->alarms[i].round_end != 0) {
            sound = player->alarms[i].rank.order_class == CLASS_DRILL ? SOUND_DRILL : SOUND_ALARM;
        }
    }
    return sound;
}
