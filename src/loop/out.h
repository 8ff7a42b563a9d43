/* What waits to be sent on a connection or a stream: a chain of pieces, some copied, some shared
 * between many receivers, some borrowed for ever. Empty, it holds no memory. */
#ifndef LOA_LOOP_OUT_H
#define LOA_LOOP_OUT_H

#include "base/base.h"
#include "loop/http.h"

#include <stdatomic.h>
#include <sys/uio.h>

enum message_kind { MESSAGE_BYTES, MESSAGE_WEBSOCKET };

struct http_message {
    atomic_uint holders;
    enum message_kind kind;
    size_t size;
    char bytes[];
};

struct piece;

struct out {
    struct piece *first;
    struct piece *last;
    size_t size;
};

/* Null when it cannot be had; one holder. */
struct http_message *message_take(enum message_kind kind, size_t size);
void message_hold(struct http_message *message);

void out_finish(struct out *out);
/* False when memory is exhausted; then nothing was added. */
CHECKED bool out_copy(struct out *out, str bytes);
CHECKED bool out_static(struct out *out, str bytes);
CHECKED bool out_share(struct out *out, struct http_message *message); /* holds it */
CHECKED bool out_share_part(struct out *out, struct http_message *message, str part);
/* In front of all pieces that have not begun to leave and lie beyond the first `owed` bytes. */
CHECKED bool out_share_early(struct out *out, struct http_message *message, size_t owed);
/* Room for up to `size` bytes at the end, to be filled at once and confirmed with out_advance(). */
CHECKED char *out_reserve(struct out *out, size_t size);
void out_advance(struct out *out, size_t size);
/* The first pieces; returns how many. */
int out_look(const struct out *out, struct iovec *ret_pieces, int most);
void out_drop(struct out *out, size_t size);
/* Takes up to `size` bytes from the front. */
size_t out_read(struct out *out, void *bytes, size_t size);

#endif
