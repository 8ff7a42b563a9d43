/* A whole device: session, conductor, engine, clock, log, media and state, behind ports for all
 * that is outside of it (network, disk, sink, clock, chance). main.c gives it one machine;
 * simulations and tests make as many as they want, on a pretended world.
 *
 * It is told what happens on its connection and that time passes; it wants to be called again at
 * agent_next() at the latest. One thread; what blocks is its disk, for moments. */
#ifndef LOA_AGENT_AGENT_H
#define LOA_AGENT_AGENT_H

#include "agent/capture.h"
#include "agent/clock.h"
#include "agent/conductor.h"
#include "agent/disk.h"
#include "agent/engine.h"
#include "agent/relay.h"
#include "agent/session.h"

struct agent;

/* Folders of its disk, for disk_folder_open(). */
extern const char *const agent_folders[];

struct agent_ports {
    void *ctx;
    usec (*steady)(void *ctx); /* never jumps */
    void (*dial)(void *ctx);
    void (*send)(void *ctx, str message);
    void (*hang_up)(void *ctx);
    void (*restart)(void *ctx); /* ordered from afar: end the program, in order */
    /* What went over the line since this was asked last. May be null. */
    void (*traffic)(void *ctx, uint64_t *ret_in, uint64_t *ret_out);
    void (*wake)(void *ctx); /* from another thread: call agent_turn() soon. May be null */
};

struct agent_config {
    struct disk disk; /* must outlive it */
    struct sink *take_sink;
    bool pulled;                      /* the engine has no threads: agent_pull() */
    struct relay_port take_relay;     /* zeros: none */
    struct capture_port take_capture; /* zeros: none */
    struct agent_ports ports;
    struct session_identity about; /* texts must outlive it */
    struct entropy entropy;
    usec wall;           /* of a clock that ran on while we did not; 0: there is none */
    wire_id machine_run; /* changes when the machine starts anew; zero: not known */
    uint64_t log_most;   /* bytes on the disk; 0: 16 MiB */
    uint64_t media_most; /* 0: 2 GiB */
};

/* Opens what is on the disk, mends what a power cut left, makes a key on the first start. */
CHECKED errc agent_create(const struct agent_config *config, struct agent **ret_agent,
                          struct why *why);
/* In order: what is on its way to the disk is made durable, and the next start knows that it was no
 * power cut. Accepts null. */
void agent_destroy(struct agent *agent);
/* As if the power went: nothing is written any more. */
void agent_drop(struct agent *agent);

void agent_opened(struct agent *agent, const uint8_t *channel); /* 32 bytes; null: no TLS */
void agent_heard(struct agent *agent, str message);
void agent_closed(struct agent *agent);
void agent_turn(struct agent *agent);
usec agent_next(const struct agent *agent); /* steady clock */
/* Pulled engines: the next frames (at most SINK_TURN_MOST), heard from that instant on. */
CHECKED errc agent_pull(struct agent *agent, size_t frames, usec heard_at, struct why *why);

/* The device's own key, made on the first start: it never leaves the disk. */
struct agent_secret {
    uint8_t bytes[COSE_SECRET_SIZE];
    hash key; /* the public half */
};
/* Without starting anything. ERR_CORRUPT: it is damaged; only a person makes a new device of it. */
CHECKED errc agent_secret_open(const struct disk *disk, struct entropy entropy,
                               struct agent_secret *ret_secret, struct why *why);

hash agent_key(const struct agent *agent);
struct agent_view {
    uint64_t device; /* 0: accepted nowhere yet */
    bool is_attached;
    struct conductor_view sound;
    struct clock_view clock;
    uint32_t faults;
    uint64_t log_last;
    size_t media_missing;
};
void agent_look(struct agent *agent, struct agent_view *ret_view);

/* The folder "loa" of a stick (stick.h): what it brings is judged, the log goes back on it. */
CHECKED errc agent_stick(struct agent *agent, const struct disk *stick, struct why *why);
/* For a folder where sticks are mounted: one is read when it appears. Whether one is there. */
bool agent_stick_look(struct agent *agent, const char *folder, bool was_there);

#endif
