/* The parts of agent.c, agent_past.c, agent_orders.c, agent_sound.c and agent_report.c; nobody
 * else's. */
#ifndef LOA_AGENT_AGENT_INSIDE_H
#define LOA_AGENT_AGENT_INSIDE_H

#include "agent/agent.h"
#include "agent/engine_listen.h"
#include "agent/fetch.h"
#include "agent/log_file.h"
#include "agent/state_file.h"

enum { AGENT_WISHES = 512 };

struct agent_live;

struct agent_voice {
    uint64_t serial; /* 0: free */
    voice_id voice;
    usec from;
};

/* What the last run left behind: kept in "run". */
struct agent_run {
    uint64_t number; /* of starts */
    bool was_orderly;
    wire_id machine_run;
    usec last_trusted;
    int64_t rate_ppb;
    bool rate_is_known;
    uint64_t month; /* year * 12 + month, of the counters */
    uint64_t bytes_in;
    uint64_t bytes_out;
};

struct agent {
    struct agent_config config;
    struct agent_secret secret;
    struct agent_run run;
    wire_id boot;
    usec booted; /* steady */
    struct log_file *log_file;
    struct device_log log;
    struct cache *cache;
    struct fetcher *fetcher;
    struct session_room *room;
    struct session_ports session_ports;
    struct session *session;
    struct conductor *conductor;
    struct clock clock;
    struct relay relay;
    /* --- sound --- */
    struct engine *engine;
    struct cue_sheet sheet;
    struct agent_voice voices[ENGINE_VOICES];
    struct wire_settings settings;
    bool sink_works;
    struct ear *ear;
    struct agent_live *live;
    struct listen *listen;
    struct wire_listen listening;
    usec listen_until;
    /* --- what is told --- */
    uint32_t faults;
    int64_t zone_s;
    struct conductor_view told; /* in the last status */
    /* --- media --- */
    struct fetch_wish wishes[AGENT_WISHES];
    size_t wish_count;
    usec wishes_at; /* looked at last */
    usec fetch_at;
    bool is_attached;
    /* --- when --- */
    usec sound_at; /* turn the sound again */
    usec keep_at;  /* write down what time it is */
    usec check_at; /* read a medium over */
    bool is_dropped;
};

/* agent.c */
usec agent_steady(const struct agent *agent);
/* Well enough to keep a programme: from a server, or from a clock with a battery. */
bool agent_knows_time(const struct clock_view *view);
struct clock_view agent_time(const struct agent *agent);
void agent_note(struct agent *agent, const struct wire_log_entry *entry, bool urgent);

/* agent_past.c */
void agent_read_run(struct agent *agent, struct agent_run *ret_run);
void agent_write_run(struct agent *agent, bool orderly);
struct past_orders {
    wire_id ended[64];
    size_t count;
};
/* What the log says of before this start. */
CHECKED errc agent_read_past(struct agent *agent, struct conductor_past *ret_past,
                             struct past_orders *ret_ended, struct why *why);

/* agent_orders.c */
CHECKED errc agent_open_session(struct agent *agent, const struct past_orders *ended,
                                struct why *why);

/* agent_sound.c */
CHECKED errc agent_open_sound(struct agent *agent, struct why *why);
void agent_sound_turn(struct agent *agent);
void agent_listen(struct agent *agent, const struct wire_listen *listen);
void agent_listen_turn(struct agent *agent);
usec agent_sound_next(const struct agent *agent);

/* agent_live.c */
struct agent_live *agent_live_create(void);
void agent_live_destroy(struct agent_live *live); /* accepts null */
struct live_flow agent_live_flow(void *agent, uint64_t stream, usec now);
CHECKED errc agent_live_open(struct agent *agent, const struct cue *cue, struct source *ret_source,
                             struct why *why);
void agent_live_turn(struct agent *agent);
usec agent_live_next(const struct agent *agent);
void agent_live_attached(struct agent *agent, bool is_attached);
void agent_live_heard(void *agent, const struct wire_said *said); /* a tuned, a live_sound */

/* agent_ear.c */
struct ear *agent_open_ear(struct agent *agent);
void agent_close_ear(struct ear *ear); /* before the engine; accepts null */
void agent_ear_turn(struct agent *agent);
usec agent_ear_next(const struct agent *agent);
bool agent_ear_tests(const struct agent *agent); /* the relay has to be on */
/* Quiet sounds for a second; the log says whether they came out. */
void agent_self_test(struct agent *agent, wire_id subject);

/* agent_report.c */
void agent_report_turn(struct agent *agent);
void agent_status(void *ctx, struct wire_status *ret_status);
void agent_fetch_turn(struct agent *agent);
void agent_wish_again(struct agent *agent);
CHECKED errc agent_open_media(struct agent *agent, struct why *why);
void agent_set_fault(struct agent *agent, enum device_fault fault, bool is_there);
void agent_set_rules(struct agent *agent);

#endif
