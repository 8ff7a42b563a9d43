/* Open pages listen for topics ("units", "accounts" …) and fetch again what they show. Nothing but
 * the topic is said, so a page learns no more than its own next request will tell it. */
#include "console/console_inside.h"

#define PAGE_MOST (10 * USEC_MINUTE)

static void forget(struct console *console, size_t index)
{
    console->page_count--;
    memmove(&console->pages[index], &console->pages[index + 1],
            (console->page_count - index) * sizeof console->pages[0]);
}

static void on_close(void *ctx, http_id id)
{
    struct console *console = ctx;
    for (size_t i = 0; i < console->page_count; i++) {
        if (http_id_is(console->pages[i].id, id)) {
            forget(console, i);
            return;
        }
    }
}

static void close_oldest(struct console *console)
{
    http_id oldest = console->pages[0].id;
    forget(console, 0);
    http_stream_close(console->http, oldest);
}

/* A stream does not outlive the right to it for long: its browser comes again by itself. */
void page_events_expire(struct console *console, usec now)
{
    while (console->page_count > 0 && console->pages[0].until <= now) {
        close_oldest(console);
    }
}

void page_events_open(struct console *console, http_id id)
{
    if (console->page_count == PAGES_MOST) {
        close_oldest(console);
    }
    const struct http_header headers[] = {{S("cache-control"), S("no-store")},
                                          {S("x-content-type-options"), S("nosniff")}};
    struct http_stream_config config = {.type = S("text/event-stream"),
                                        .headers = headers,
                                        .header_count = COUNT_OF(headers),
                                        .stream = {.ctx = console, .on_close = on_close}};
    struct why why;
    if (http_stream_open(console->http, id, &config, &why) == OK) {
        console->pages[console->page_count++] =
            (struct page){.id = id, .until = now_utc() + PAGE_MOST};
    }
}

void console_changed(struct console *console, str topic)
{
    if (str_is(topic, S("session")) || str_is(topic, S("accounts")) || str_is(topic, S("*"))) {
        session_cache_forget(console->sessions);
    }
    if (console->page_count == 0) {
        return;
    }
    char data[128];
    ignore_int(snprintf(data, sizeof data, "{\"topic\":\"%.*s\"}", STR_ARG(str_cut(topic, 0, 64))));
    struct http_message *message = NULL;
    if (http_event_create(S("changed"), S(""), str_of(data), &message) != OK) {
        return;
    }
    /* A send may cut a slow page, whose on_close comes later and shortens the list. */
    for (size_t i = console->page_count; i-- > 0;) {
        ignore(http_stream_send(console->http, console->pages[i].id, message));
    }
    http_message_release(message);
}
