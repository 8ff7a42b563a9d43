/* Small questions about a receiver. */
#include "broadcast/receiver.h"

unit_id receiver_unit(const struct receiver *receiver)
{
    return receiver->path_count == 0 ? 0 : receiver->path[receiver->path_count - 1];
}

bool receiver_is_in(const struct receiver *receiver, unit_id unit)
{
    for (size_t i = 0; i < receiver->path_count; i++) {
        if (receiver->path[i] == unit) {
            return true;
        }
    }
    return false;
}
