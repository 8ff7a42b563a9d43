/* What should sound now, and what next: from the plan, the alarms and stops in force, the settings,
 * what media is here, and the clock. Pure but for its own memory: it is told what is, gives cues,
 * hears from the engine what came of them, and writes into the log how each thing ended.
 *
 * What must hold, whatever comes: one thing sounds at a time; an emergency before everything, and
 * nothing over the head of a higher tier; every planned item ends exactly once, played, partly or
 * not played, and with a reason unless it was played; nothing is silent without a reason. */
#ifndef LOA_AGENT_CONDUCTOR_H
#define LOA_AGENT_CONDUCTOR_H

#include "agent/live_feed.h"
#include "wire/authority.h"
#include "wire/types.h"

struct conductor;

enum media_state { MEDIA_MISSING, MEDIA_HERE, MEDIA_BAD };

struct conductor_ports {
    void *ctx;
    enum media_state (*media)(void *ctx, hash media);
    /* How a live stream stands at that instant. */
    struct live_flow (*live)(void *ctx, uint64_t stream, usec now);
    /* kind, subject, reason, ms, value, other, note are filled in. */
    void (*note)(void *ctx, const struct wire_log_entry *entry, bool urgent);
};

/* One thing for one voice of the engine. As long as the serial stays, it is the same voice. */
enum cue_what { CUE_NOTHING, CUE_MEDIA, CUE_SIGNAL, CUE_TONE, CUE_LIVE };

struct cue {
    uint64_t serial; /* 0: nothing */
    enum cue_what what;
    hash media;
    enum alarm_signal signal;
    uint64_t stream; /* of CUE_LIVE */
    usec start_at;   /* server's clock, of `from`; 0: at once */
    usec from;       /* where in the medium it begins */
    usec most;       /* longer is cut; 0: all of it */
    int32_t gain_mb;
    bool at_full; /* volume and cap do not hold it down */
    bool gently;  /* an item gives way with a fade; before an alarm it is cut */
};

struct cue_sheet {
    struct cue now;
    struct cue next; /* begins within CONDUCTOR_AHEAD, unless something comes between */
};

/* So long before its start the next item is handed out, to be opened and ready. */
#define CONDUCTOR_AHEAD (3 * USEC_SECOND)

struct conductor_now {
    usec now; /* the server's clock; 0 while unsure */
    enum clock_state clock;
    usec booted_at;  /* by the same clock, 0 while unsure */
    usec audible_at; /* from when on sound reaches the loudspeaker (relay); in the past: now */
    bool sink_works;
};

/* Who ordered an alarm or stop. */
struct conductor_order {
    wire_id id;
    enum order_class order_class;
    uint64_t tier;
    usec not_before;
    usec expires;
    usec read_at; /* when it was read, server's clock; 0: it was there at the start */
};

/* What the log of before the start says. */
struct conductor_past {
    usec ended_until; /* start of the last planned item that has its ending */
    wire_id begun;    /* an item that has none but was begun; zero: none */
    usec begun_at;
    usec heard_until;           /* time of the last entry: it lived so long at least */
    enum log_reason off_reason; /* REASON_NO_POWER or REASON_RESTART */
};

/* Copies the ports. */
struct conductor *conductor_create(const struct conductor_ports *ports,
                                   const struct conductor_past *past);
void conductor_destroy(struct conductor *conductor); /* accepts null; ends nothing */

/* A newer plan takes the place of the one before; copied. Null: there is none any more. */
CHECKED errc conductor_plan(struct conductor *conductor, wire_id order,
                            const struct wire_plan *plan, usec now);
void conductor_settings(struct conductor *conductor, const struct wire_settings *settings);
CHECKED errc conductor_clips(struct conductor *conductor, const struct wire_clips *clips);
CHECKED errc conductor_alarm(struct conductor *conductor, const struct conductor_order *order,
                             const struct wire_alarm *alarm, usec now);
CHECKED errc conductor_stop(struct conductor *conductor, const struct conductor_order *order,
                            usec now);
/* Somebody speaks, or it ends what it replaces. */
CHECKED errc conductor_live(struct conductor *conductor, const struct conductor_order *order,
                            const struct wire_live *live);
/* An alarm, stop or live ends before its time: cancelled, replaced, revoked, released. */
void conductor_end(struct conductor *conductor, wire_id order, enum log_reason reason,
                   wire_id other);
void conductor_test(struct conductor *conductor, wire_id order, usec length, usec now);
/* The device has no place any more: nothing is planned, nothing sounds. */
void conductor_retire(struct conductor *conductor, usec now);

void conductor_turn(struct conductor *conductor, const struct conductor_now *now,
                    struct cue_sheet *ret_sheet);
/* When the sheet changes next, if nothing comes; INT64_MAX: never. */
usec conductor_next(const struct conductor *conductor);

enum cue_news { CUE_STARTED, CUE_ENDED, CUE_CUT, CUE_STOPPED, CUE_FAILED };
struct cue_heard {
    uint64_t serial;
    enum cue_news news;
    usec at;       /* server's clock */
    usec late;     /* of CUE_STARTED */
    usec sounded;  /* on a sink that worked */
    usec position; /* behind `from` */
};
void conductor_heard(struct conductor *conductor, const struct cue_heard *heard);

struct conductor_view {
    enum device_sound sound;
    wire_id playing;
    usec since;
    wire_id next;
    usec next_at;
    usec plan_to;
    size_t alarms;
};
void conductor_look(const struct conductor *conductor, struct conductor_view *ret_view);
/* The live streams that it wants to have now; at most LIVE_STREAMS. */
size_t conductor_streams(const struct conductor *conductor, uint64_t streams[LIVE_STREAMS]);
/* Every medium that it may need from `now` on, soonest first; alarms and clips come before. */
void conductor_media(const struct conductor *conductor, usec now,
                     void (*on_media)(void *ctx, hash media, uint64_t bytes, usec needed_at),
                     void *ctx);

#endif
