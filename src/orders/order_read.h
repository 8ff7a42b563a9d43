/* Inside this room: orders as they stand in the book. What an order says is read from its own
 * signed bytes; the columns beside them are for finding it. */
#ifndef LOA_ORDERS_ORDER_READ_H
#define LOA_ORDERS_ORDER_READ_H

#include "orders/order_book.h"

CHECKED errc order_read_head(str cose, struct arena *arena, struct wire_order *ret_head,
                             struct why *why);
void order_take_head(const struct wire_order *head, struct order *order);
CHECKED errc orders_of_kid(struct db *db, wire_kid kid, usec now, struct arena *arena,
                           struct orders *ret_orders, struct why *why);

#endif
