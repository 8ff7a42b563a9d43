/* Whether an address on the network is one of the open Internet. What strangers may name (the
 * endpoint of a browser's push service, a feed, a radio) is only ever dialled there: never this
 * machine, its neighbours, or the cloud's own services. To be asked about the very address that a
 * connection goes to, after the name was resolved. */
#ifndef LOA_BASE_ADDRESS_H
#define LOA_BASE_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* False also for what is neither IPv4 nor IPv6. */
bool address_is_public(const struct sockaddr *address);

#endif
