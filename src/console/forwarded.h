/* Behind a proxy every request comes from its address. What it says about the true one is believed
 * only when the proxy is one of ours, and only the part that our own proxies have written. */
#ifndef LOA_CONSOLE_FORWARDED_H
#define LOA_CONSOLE_FORWARDED_H

#include "base/base.h"

/* Whether the address stands in the list "10.0.0.1, 10.0.0.2". */
bool forwarded_is_trusted(str address, str trusted);
/* The address a request really comes from: `peer`, unless that is trusted and X-Forwarded-For names
 * another; then the last one there that is not trusted. Nonsense gives the peer. */
str forwarded_address(str peer, str forwarded_for, str trusted);

#endif
