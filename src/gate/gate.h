/* The door for devices: every device that is attached to this server has a session here, from the
 * upgrade of its connection until that ends. The gate proves who is there, gives each what is in
 * force for it, passes on new orders, keeps its log before it says so, tells the time, serves media
 * in turn, and lets people listen. What it knows of a device it hands to the fleet's presence.
 *
 * Lives on the loop's thread; what needs the store or a file goes there as a job and comes back by
 * session id. Everything a device can make us hold has a limit.
 *
 * What must never happen: an order that overtakes the keys it needs, a log entry acknowledged
 * before it is durable, one device that makes others wait. */
#ifndef LOA_GATE_GATE_H
#define LOA_GATE_GATE_H

#include "base/entropy.h"
#include "broadcast/coverage.h"
#include "fleet/presence.h"
#include "live/stream.h"
#include "loop/http.h"
#include "orders/signing.h"
#include "people/unit_book.h"

struct db;
struct gate;

#define GATE_PATH "/device/v1"
#define GATE_PROTOCOL "loa.1"

/* Work for a thread of the store, as the console's (console/house.h). */
struct gate_job {
    errc (*run)(void *ctx, struct db *db, struct why *why);
    void (*done)(void *ctx, errc rc, const struct why *why);
    void *ctx;
};

struct gate_ports {
    void *ctx;
    CHECKED errc (*read)(void *ctx, struct gate_job job);
    CHECKED errc (*write)(void *ctx, struct gate_job job);
    /* On a worker: the verified file, the caller's to close. */
    CHECKED errc (*media_open)(void *ctx, hash media, int *ret_fd, uint64_t *ret_bytes,
                               struct why *why);
    struct unit_book *units;
    const struct order_signing *signing;
    struct presence *presence;
    struct coverage *coverage;
    /* A device tunes in: whether it may have the stream. Who carries it has opened it with
     * gate_live_state() when this comes back. May be null. */
    bool (*live_wanted)(void *ctx, uint64_t stream, struct wire_uints path);
};

struct gate_config {
    struct loop *loop;
    struct http_server *http;
    struct gate_ports ports;
    struct entropy entropy;
    usec beat;       /* longest silence of a device */
    usec time_every; /* how often it asks the time */
    usec zone;       /* of the province's civil clock */
    size_t devices_most;
    size_t strangers_most; /* attached at a time and accepted by nobody */
    size_t media_rate;     /* bytes a second to all devices together */
};

/* Copies the config; what it points to outlives the gate. */
CHECKED errc gate_create(const struct gate_config *config, struct gate **ret_gate, struct why *why);
/* After the loop was drained. Accepts null. */
void gate_destroy(struct gate *gate);
/* A request for GATE_PATH whose plan was HTTP_WEBSOCKET. */
void gate_request(struct gate *gate, struct http_request *request);
/* A topic of the store: `orders`, `devices`, or `*`. */
void gate_changed(struct gate *gate, str topic);
/* Says goodbye to everybody; they come back, spread out. */
void gate_stop(struct gate *gate);

/* "Listen to this pole": turns the request into a stream of audio/ogg of what the device plays. In
 * every case the request is answered. */
void gate_listen(struct gate *gate, int64_t device, http_id request);

/* Live streams: their state to the devices that have tuned in, their sound to those whose lane the
 * bundle is for, and their end. */
void gate_live_state(struct gate *gate, uint64_t stream, enum live_state state);
void gate_live_send(struct gate *gate, uint64_t stream, const struct live_bundle *bundle);
void gate_live_drop(struct gate *gate, uint64_t stream);

struct gate_live_view {
    uint64_t devices;  /* tuned in here */
    uint64_t delay_ms; /* the longest of any place */
};
void gate_live_look(const struct gate *gate, uint64_t stream, struct gate_live_view *ret_view);

struct gate_counters {
    uint64_t attached; /* now */
    uint64_t strangers;
    uint64_t attaches; /* ever */
    uint64_t refused;
    uint64_t liars;
    uint64_t orders_sent;
    uint64_t log_entries;
    uint64_t log_refused;
    uint64_t media_bytes;
    uint64_t fetches; /* now */
    uint64_t listeners;
    uint64_t busy; /* answers that something must come later */
    int64_t last_order;
};
void gate_count(const struct gate *gate, struct gate_counters *ret_counters);

#endif
