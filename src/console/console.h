/* The console: takes requests from the HTTP server, finds who asks and whether he may, walks the
 * route's steps over the store's threads, and answers when the change is durable. Lives on the
 * loop thread; only steps run elsewhere, one at a time for each request. */
#ifndef LOA_CONSOLE_CONSOLE_H
#define LOA_CONSOLE_CONSOLE_H

#include "console/house.h"
#include "loop/http.h"

struct console;

/* Copies the house; what it points to outlives the console. */
CHECKED errc console_create(const struct house *house, struct loop *loop,
                            struct console **ret_console, struct why *why);
void console_destroy(struct console *console); /* accepts null */
/* The server is created with the console's callbacks, and given back to it before it listens. */
void console_http_config(struct console *console, struct http_config *config);
void console_use_http(struct console *console, struct http_server *http);
/* To change the rules in force while running. Loop thread. */
struct house *console_house(struct console *console);
/* Tells open pages that something changed; any topic of the store. Loop thread. */
void console_changed(struct console *console, str topic);

/* The words for people of the whole program, in both languages. */
CHECKED errc console_words(struct words **ret_words, struct why *why);

/* The OpenAPI 3.1 description, from the route table and schemas.json. */
CHECKED errc openapi_write(struct buf *out, struct why *why);

#endif
