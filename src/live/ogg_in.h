/* Ogg Opus as an encoder sends it, without an end: pages as they come, in pieces of any size, and
 * out of them the packets. Streams may follow one another (a new title): each begins with its two
 * heads, which are left out. Checksums are looked at; a page that does not hold is passed over to
 * the next that does. Pure. */
#ifndef LOA_LIVE_OGG_IN_H
#define LOA_LIVE_OGG_IN_H

#include "base/base.h"

struct ogg_in;

struct ogg_in_port {
    void *ctx;
    void (*packet)(void *ctx, str packet); /* a loan */
};

struct ogg_in *ogg_in_create(const struct ogg_in_port *port);
void ogg_in_destroy(struct ogg_in *in); /* accepts null */
/* ERR_INVALID: this is no Ogg, or no Opus in it. */
CHECKED errc ogg_in_take(struct ogg_in *in, str bytes);
/* Bytes at the end that are no whole page yet. */
size_t ogg_in_left(const struct ogg_in *in);

#endif
