/* What the files of this room share among themselves. */
#ifndef LOA_ORDERS_ORDER_INSIDE_H
#define LOA_ORDERS_ORDER_INSIDE_H

#include "orders/order_book.h"

/* unit_key_rows.c */
CHECKED errc unit_key_take_sequence(struct db *db, const struct unit_key *key, uint64_t sequence,
                                    struct why *why);

/* order_book_rows.c: what a revoked key signed and still stands for. */
CHECKED errc orders_sign_anew(struct db *db, const struct order_job *job, wire_kid kid,
                              struct why *why);

/* order_check.c: whether a draft may become an order; pure. */
CHECKED errc order_check(const struct order_job *job, const struct order_draft *draft,
                         struct why *why);
enum key_use order_key_use(enum order_class order_class);
bool order_is_versioned(enum order_kind kind);
/* The units of an area, ascending and each once, with those above them. */
struct order_reach {
    struct wire_uints area;
    struct wire_uints devices;
    const struct order_place *places;
};
CHECKED errc order_reach_make(const struct order_job *job, const struct order_draft *draft,
                              struct order_reach *ret_reach, struct why *why);

#endif
