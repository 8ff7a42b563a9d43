/* Orders: what the signed head means. An order is a COSE_Sign1 (RFC 9052, untagged) with Ed25519:
 * protected header {1: -8, 4: key id}, nothing unprotected, the CBOR of struct wire_order as
 * payload. Server and device read and judge it with the same code. */
#ifndef LOA_WIRE_ORDER_H
#define LOA_WIRE_ORDER_H

#include "wire/types.h"

/* Drill is a class of its own, with keys of its own: it sounds like an emergency, says that it is
 * none, gives way to every real one, and can never become one. */
enum order_class { CLASS_ORDINARY = 1, CLASS_PRIORITY = 2, CLASS_EMERGENCY = 3, CLASS_DRILL = 4 };

enum order_kind {
    ORDER_PLACEMENT = 1, /* versioned; province only */
    ORDER_SETTINGS = 2,  /* versioned */
    ORDER_PLAN = 3,      /* versioned */
    ORDER_CLIPS = 4,     /* versioned */
    ORDER_ALARM = 5,     /* emergency or drill */
    ORDER_STOP = 6,      /* emergency or drill: one order, or everything */
    ORDER_RELEASE = 7,
    ORDER_ACTION = 8,
    ORDER_RETIRE = 9, /* the device forgets its place and is silent; province only */
    ORDER_LIVE = 10,  /* ordinary or priority: a live stream, or its end */
};

/* A lower number stands higher. Central orders come through the province. */
enum order_tier { TIER_PROVINCE = 1, TIER_DISTRICT = 2, TIER_COMMUNE = 3, TIER_VILLAGE = 4 };

/* Order of two things that want to sound now: > 0 when `a` goes first. Emergency before drill
 * before priority before ordinary; then the higher tier; then the newer. */
struct order_rank {
    enum order_class order_class;
    uint64_t tier;
    usec begun; /* not_before of an alarm, start of an item */
    wire_id id; /* so that it is never a draw */
};
int order_rank_compare(const struct order_rank *a, const struct order_rank *b);

/* The number of the stream that a plan item of kind relay takes from `source`. */
uint64_t order_stream_of(str source);

#endif
