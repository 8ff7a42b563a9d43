/* Whom an order concerns. */
#include "orders/order_book.h"

static bool has(struct wire_uints list, uint64_t number)
{
    size_t low = 0;
    size_t high = list.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list.at[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list.count && list.at[low] == number;
}

bool order_concerns(const struct order *order, const struct order_sight *sight)
{
    if (order->devices.count > 0) {
        return has(order->devices, sight->device);
    }
    for (size_t i = 0; i < sight->path.count; i++) {
        if (has(order->area, sight->path.at[i])) {
            return true;
        }
    }
    return false;
}
