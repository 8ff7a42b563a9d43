/* What every request shares: the words, the rules in force, and the few things that only the
 * server can do. The console never touches the store, a file or a clock by itself: it asks for
 * what it needs through these functions, which the server fills in. */
#ifndef LOA_CONSOLE_HOUSE_H
#define LOA_CONSOLE_HOUSE_H

#include "base/base.h"
#include "base/entropy.h"
#include "base/hash.h"
#include "base/words.h"
#include "broadcast/desk.h"
#include "duty/duty_job.h"
#include "loop/http.h"
#include "people/account_key.h"
#include "people/policy.h"
#include "people/right.h"

struct db;
struct order_signing;
struct presence;
struct unit_book;
struct json_out;
struct ask;
struct alert_places;
struct coverage;
struct devices;
struct receiver_port;
struct live;
struct live_board;
struct inbox_sources;

/* Work for a thread of the store. run gets the connection, inside a transaction; done is called on
 * the store's thread when the outcome is durable. */
struct house_job {
    errc (*run)(void *ctx, struct db *db, struct why *why);
    void (*done)(void *ctx, errc rc, const struct why *why);
    void *ctx;
};

struct house_ports {
    void *ctx;
    CHECKED errc (*read)(void *ctx, struct house_job job);
    CHECKED errc (*write)(void *ctx, struct house_job job);
    /* The units through time as the job's own snapshot of the store has them; the caller drops it.
     */
    struct unit_book *units;
    struct presence *presence;           /* the fleet as it is now */
    const struct order_signing *signing; /* null: no orders can be given */
    void (*metrics)(void *ctx, struct buf *out);
    CHECKED errc (*settings_list)(void *ctx, struct ask *ask, struct why *why);
    CHECKED errc (*settings_put)(void *ctx, struct ask *ask, str key, str value, struct why *why);
    CHECKED errc (*settings_reset)(void *ctx, struct ask *ask, str key, struct why *why);
    void (*about)(void *ctx, struct ask *ask);
    struct coverage *coverage; /* whom alarms have reached */
    const struct receiver_port *receivers;
    const struct alert_places *places; /* where things stand; null: nobody knows */
    const struct inbox_sources *inbox; /* what waits for people */
    /* On workers, with `devices` as ctx: media by name. The descriptor is the caller's to close. */
    struct devices *devices;
    CHECKED errc (*media_open)(void *devices, hash media, int *ret_fd, uint64_t *ret_bytes,
                               struct why *why);
    CHECKED errc (*media_put)(void *devices, str bytes, hash *ret_media, struct why *why);
    /* On workers: a piece of an upload goes to the disk and is synced. */
    CHECKED errc (*upload_keep)(void *ctx, int64_t upload, int64_t at, str piece, struct why *why);
    /* On the loop's thread, with `devices` as ctx: what the device plays now becomes the answer to
     * the request (audio/ogg), or says why it cannot. */
    void (*listen)(void *devices, int64_t device, http_id request);
    struct live_board *board; /* how lives stand now */
    /* Likewise: the request becomes the WebSocket of who speaks, or the sound of a live. */
    void (*live_speak)(void *devices, const struct live *live, http_id request);
    void (*live_listen)(void *devices, int64_t live, http_id request);
};

/* How sounds come in; fixed while the server runs. */
struct house_sound {
    int64_t upload_most; /* bytes of one upload */
    usec upload_keep;
    int64_t place; /* the number of the folder of uploads */
    str voices;    /* names with blanks between them */
    str voice;
    int64_t speed; /* hundredths */
    bool outside;  /* an engine of somebody else's speaks */
};

struct house {
    struct house_ports ports;
    const struct words *words;
    struct policy policy;              /* changed on the loop thread only; requests carry a copy */
    struct broadcast_policy broadcast; /* fixed while the server runs */
    struct house_sound sound;
    struct duty_policy duty; /* as policy */
    struct entropy entropy;
    enum words_language language; /* for people who have not chosen */
    str openapi;                  /* filled in by the console */
    usec zone;
    str public_origin;      /* "https://loa.example"; empty: whatever Host says */
    str site_name;          /* what a security key shows */
    str cap_certificate;    /* PEM: what our CAP messages are signed by; empty: none */
    struct account_key key; /* for second factors at rest */
    const char *folder;     /* for temporary files */
    size_t body_most;
    size_t upload_most;
    str trusted_proxies;
    bool metrics_open;
};

#endif
