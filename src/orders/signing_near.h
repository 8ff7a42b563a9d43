/* The signing port without a process of its own: for tests and simulations, whose keys protect
 * nothing. Secrets are "sealed" as they are; what may be signed is not judged again. */
#ifndef LOA_ORDERS_SIGNING_NEAR_H
#define LOA_ORDERS_SIGNING_NEAR_H

#include "base/entropy.h"
#include "orders/signing.h"

/* The entropy behind `near` must outlive what is returned. */
struct signing_near {
    struct entropy entropy;
};
struct order_signing signing_near(struct signing_near *near);

#endif
