/* How many connections each peer address holds: an IPv4 address, or the /64 of an IPv6 one, which
 * is what one household or one attacker gets. */
#ifndef LOA_LOOP_ADDRESSES_H
#define LOA_LOOP_ADDRESSES_H

#include "base/base.h"

#include <sys/socket.h>

struct address {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
};

struct addresses {
    struct address_count *at;
    size_t room; /* a power of two, at least twice as many as may be in it */
    uint64_t secret;
};

/* `most` different addresses, one per connection at the worst. */
void addresses_init(struct addresses *addresses, size_t most, uint64_t secret);
void addresses_finish(struct addresses *addresses);
/* False when it already has `most`; then nothing is counted. */
CHECKED bool addresses_add(struct addresses *addresses, struct address address, size_t most);
void addresses_drop(struct addresses *addresses, struct address address);

struct address address_of(const struct sockaddr_storage *socket_address);

enum { ADDRESS_TEXT_SIZE = 46 };
void address_text(struct address address, char ret_text[ADDRESS_TEXT_SIZE]);

#endif
