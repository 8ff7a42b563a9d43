/* A pretended loudspeaker: it makes no sound, but keeps the times of one that does, and writes the
 * same log. What sounds is the highest of its alarms; a stop silences. Pure: the log and the clock
 * are given. For sound that can be heard there are whole agents (speaker.h). */
#ifndef LOA_SIM_PLAYER_H
#define LOA_SIM_PLAYER_H

#include "agent/device_log.h"
#include "wire/authority.h"

enum { PLAYER_ALARMS = 4 };

/* From reading an order to the first sample: two buffers of a sound card of 10 ms. */
#define PLAYER_LATENCY ((usec)20000)

struct player_alarm {
    struct order_rank rank;
    usec read;       /* steady */
    usec start;      /* steady: first sample, not before */
    usec expires;    /* steady */
    usec length;     /* of one round */
    usec round_end;  /* steady; 0 while it does not sound */
    uint64_t rounds; /* that have sounded */
    uint64_t wanted;
};

struct player_clock {
    usec steady;
    usec server;
    enum clock_state state;
};

struct player {
    struct player_alarm alarms[PLAYER_ALARMS];
    size_t count;
    bool is_stopped; /* an all-stop is in force */
    wire_id stop;
    usec stop_until; /* steady */
};

/* What happened, for the log and for the statistics. */
struct player_event {
    struct wire_log_entry entry;
    usec sounded_at; /* steady: of a LOG_ALARM_PLAYING its first sample, of a LOG_STOPPED silence */
};

struct player_out {
    void *ctx;
    void (*tell)(void *ctx, const struct player_event *event);
};

void player_obey(struct player *player, const struct authority_order *order,
                 const struct player_clock *clock, const struct player_out *out);
/* Looks whether something has begun or ended. */
void player_tick(struct player *player, const struct player_clock *clock,
                 const struct player_out *out);
/* When to look again; INT64_MAX when nothing is due. */
usec player_next(const struct player *player);
enum device_sound player_sound(const struct player *player);

#endif
