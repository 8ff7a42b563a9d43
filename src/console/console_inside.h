/* What the files of the console share among themselves and nobody else sees. */
#ifndef LOA_CONSOLE_INSIDE_H
#define LOA_CONSOLE_INSIDE_H

#include "console/ask.h"
#include "console/console.h"
#include "people/session_cache.h"
#include "people/session_store.h"

enum {
    PAGES_MOST = 4096, /* open event streams */
    WORKS_MOST = 32,   /* password hashings waiting or running: each takes memory and a core */
};

/* Who was let in lately, and with which rights: enough to decide how much of a body to take before
 * the store has been asked. */
struct admitted {
    hash token;
    usec until;
    right_set rights;
};

/* The event stream of an open page. */
struct page {
    http_id id;
    usec until; /* then it must ask again, and be let in again */
};

struct console {
    struct house house;
    struct loop *loop;
    struct http_server *http;
    struct buf openapi;
    struct session_cache *sessions;
    loop_timer seen_timer;
    struct page pages[PAGES_MOST]; /* the oldest first */
    size_t page_count;
    size_t works;
    struct admitted admitted[1024];
};

CHECKED errc openapi_init(struct console *console, struct why *why);

/* seen.c: what the loop remembers of sessions, and writing down when they were last seen. */
CHECKED errc seen_start(struct console *console);
void seen_stop(struct console *console);
void seen_recall(struct console *console, struct ask *ask);
void seen_remember(struct console *console, const struct ask *ask, uint64_t generation);
bool seen_may(struct console *console, str token, enum right right, usec now);

/* flow.c: walks the steps of a route. */
void flow_begin(struct console *console, struct http_request *request,
                const struct route_match *match);
void flow_health(struct console *console, struct http_request *request);

/* page_events.c: server-sent events. */
void page_events_expire(struct console *console, usec now);
void page_events_open(struct console *console, http_id id);

/* who.c: fills in session, account and rights from the cookie; runs in the store. `fresh`: what the
 * cache remembers is not enough. */
CHECKED errc who_find(struct ask *ask, bool fresh, struct why *why);
/* Whether he may use this route at all, and whether the request is really his. */
CHECKED errc who_check(struct ask *ask, struct why *why);

#endif
