/* The book of orders: everything that devices obey stands in it, signed, before anybody is told.
 * An order that is not in the book was never given; one that is there reaches every device it
 * concerns, now or when it comes back, until it expires or is ended.
 *
 * Numbers are given in the order in which orders become visible: who has read up to a number has
 * missed nothing. Issuing therefore takes the head of the book until the transaction ends; a job
 * that issues does it early or calls order_hold() first. Everything is announced as `orders`.
 *
 * What must never happen: an order that its unit may not give, or that nobody approved. */
#ifndef LOA_ORDERS_ORDER_BOOK_H
#define LOA_ORDERS_ORDER_BOOK_H

#include "orders/unit_key.h"

struct order_draft {
    enum order_kind kind;
    enum order_class order_class;
    unit_id issuer;            /* whose key signs; the area lies within it */
    enum right right;          /* that the actor must hold over the issuer */
    struct wire_uints area;    /* units, in any order, today's */
    struct wire_uints devices; /* only these, all of them in the area; none: everything there */
    usec not_before;
    usec expires;
    uint64_t version;   /* of versioned kinds; 0: the order's own number, which only grows */
    str body;           /* bytes of the kind's record */
    int64_t written_by; /* account; the actor approves. 0: the server itself */
    const hash *media;  /* what it needs; kept as long as it may be asked for */
    size_t media_count;
    wire_id id; /* zero: a new one */
};

struct order {
    int64_t id; /* number in the book */
    wire_id wire_id;
    enum order_kind kind;
    enum order_class order_class;
    unit_id issuer;
    uint64_t tier;
    wire_kid kid;
    usec not_before;
    usec expires;
    uint64_t version;
    struct wire_uints area;
    struct wire_uints devices;
    str cose; /* what is sent */
    int64_t written_by;
    int64_t issued_by;
    usec issued_at;
    usec ended_at; /* 0: not */
    enum log_reason ended_why;
};

struct orders {
    const struct order *at;
    size_t count;
};

struct hash_list {
    const hash *at;
    size_t count;
};

CHECKED errc order_hold(struct db *db, struct why *why);
/* ERR_FORBIDDEN: the actor lacks the right over the issuer, the area is not the issuer's, the tier
 * or class may not do this, or the signer refuses. ERR_INVALID: an area of no units, times that do
 * not fit (authority_longest), too many devices. Nothing is issued unless all of it is. */
CHECKED errc order_issue(struct db *db, const struct order_job *job,
                         const struct order_draft *draft, struct order *ret_order, struct why *why);
/* From now on it is not given to anybody. (Who has it is told by an order: stop, release.) */
CHECKED errc order_end(struct db *db, wire_id id, enum log_reason reason, usec now,
                       struct why *why);
/* ERR_NOT_FOUND. */
CHECKED errc order_find(struct db *db, wire_id id, struct arena *arena, struct order *ret_order,
                        struct why *why);
/* Orders above a number, at most `most`, ended ones included, oldest first. */
CHECKED errc orders_after(struct db *db, int64_t after, size_t most, struct arena *arena,
                          struct orders *ret_orders, struct why *why);
/* The last number of the book. */
CHECKED errc orders_last(struct db *db, struct arena *arena, int64_t *ret_last, struct why *why);

/* A device's place, and when. */
struct order_sight {
    struct wire_uints path; /* units from the province down */
    uint64_t device;
    usec now;
};

/* Whether it concerns that device. Pure. */
bool order_concerns(const struct order *order, const struct order_sight *sight);
/* What is in force for a device: stops and releases first, then alarms, then the newest placement,
 * settings, plan and clips, then the rest. */
CHECKED errc orders_in_force(struct db *db, const struct order_sight *sight, struct arena *arena,
                             struct orders *ret_orders, struct why *why);
/* The highest number that concerns the device, in force or not: the version of its state. */
CHECKED errc order_state_version(struct db *db, const struct order_sight *sight,
                                 struct arena *arena, int64_t *ret_version, struct why *why);

/* What an order, by its number in the book, needs. */
CHECKED errc order_media_of(struct db *db, int64_t id, struct arena *arena,
                            struct hash_list *ret_media, struct why *why);
/* Media that some order in force, or one that ended less than a day ago, needs. */
CHECKED errc order_media(struct db *db, usec now, void (*on_media)(void *ctx, hash media),
                         void *ctx, struct why *why);
/* Forgets programmes and settings whose time was over a month ago, at most so many. */
CHECKED errc orders_tidy(struct db *db, usec now, int64_t most, int64_t *ret_gone, struct why *why);

#endif
