/* The lives that are carried by this server: packets come in from a page, an encoder or a radio,
 * and go out to loudspeakers (gate), to the public, and onto the disk. What a live is and may be
 * stands in the store (live/live.h); here is what flows. Loop thread; what waits goes to workers
 * and to the store as jobs and comes back by the live's number.
 *
 * What must never happen: two senders in one live at a time, sound without a live that stands in
 * the store, a recording that was promised and is lost because the server ended. */
#ifndef LOA_SERVER_LIVE_HUB_H
#define LOA_SERVER_LIVE_HUB_H

#include "gate/gate.h"
#include "live/board.h"
#include "live/live.h"
#include "server/app.h"

struct live_hub;

struct live_hub_config {
    struct app *app;
    struct loop *loop;
    struct http_server *http;
    struct gate *gate;
    struct live_board *board; /* where others read how lives stand */
    const struct order_signing *signing;
    void *media; /* for media_put */
    CHECKED errc (*media_put)(void *media, str bytes, hash *ret_media, struct why *why);
};

/* Copies the config. */
struct live_hub *live_hub_create(const struct live_hub_config *config);
void live_hub_stop(struct live_hub *hub); /* recordings go to the disk; nothing begins any more */
void live_hub_destroy(struct live_hub *hub); /* after the loop was drained; accepts null */

/* A topic of the store: `live`, or `*`. */
void live_hub_changed(struct live_hub *hub, str topic);

/* Port of the gate. */
bool live_hub_wanted(struct live_hub *hub, uint64_t stream, struct wire_uints path);

/* A page that was let in becomes the sender (WebSocket); a person who may listens (audio/ogg). Both
 * answer the request in every case. `live` is a loan for the call. */
void live_hub_speak(struct live_hub *hub, const struct live *live, http_id request);
void live_hub_listen(struct live_hub *hub, int64_t live, http_id request);

/* Addresses outside of the API: /live/… for the public, /source/… for encoders. */
bool live_hub_wants(const struct http_request *request);
struct http_plan live_hub_plan(struct live_hub *hub, struct http_request *request);
void live_hub_request(struct live_hub *hub, struct http_request *request);

#endif
