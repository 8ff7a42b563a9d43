/* Which of two things goes first. */
#include "wire/order.h"

static int weight(enum order_class order_class)
{
    switch (order_class) {
    case CLASS_ORDINARY:
        return 1;
    case CLASS_PRIORITY:
        return 2;
    case CLASS_DRILL:
        return 3;
    case CLASS_EMERGENCY:
        return 4;
    }
    return 0;
}

int order_rank_compare(const struct order_rank *a, const struct order_rank *b)
{
    int by_class = weight(a->order_class) - weight(b->order_class);
    if (by_class != 0) {
        return by_class;
    }
    if (a->tier != b->tier) {
        return a->tier < b->tier ? 1 : -1;
    }
    if (a->begun != b->begun) {
        return a->begun > b->begun ? 1 : -1;
    }
    return memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes);
}

uint64_t order_stream_of(str source)
{
    hash name = hash_of(source);
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++) {
        number = number << 8 | name.bytes[i];
    }
    number &= INT64_MAX;
    return number == 0 ? 1 : number;
}
