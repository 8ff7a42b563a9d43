/* The system's generator through libsodium, and splitmix64 for what must be repeatable. */
#include "base/entropy.h"

#include "base/crash.h"

#include <sodium.h>
#include <string.h>

static void fill_system(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    ENSURE(sodium_init() >= 0);
    randombytes_buf(bytes, size);
}

struct entropy entropy_system(void)
{
    return (struct entropy){fill_system, NULL};
}

static uint64_t next_u64(struct entropy_seed *seed)
{
    seed->state += 0x9e3779b97f4a7c15u;
    uint64_t mixed = seed->state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

static void fill_seeded(void *ctx, void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size > 0) {
        uint64_t value = next_u64(ctx);
        size_t part = size < sizeof value ? size : sizeof value;
        memcpy(at, &value, part);
        at += part;
        size -= part;
    }
}

struct entropy entropy_seeded(struct entropy_seed *seed)
{
    return (struct entropy){fill_seeded, seed};
}

void entropy_fill(struct entropy entropy, void *bytes, size_t size)
{
    entropy.fill(entropy.ctx, bytes, size);
}

uint64_t entropy_u64(struct entropy entropy)
{
    uint64_t value = 0;
    entropy_fill(entropy, &value, sizeof value);
    return value;
}

uint64_t entropy_below(struct entropy entropy, uint64_t limit)
{
    ENSURE(limit > 0);
    uint64_t unfair = UINT64_MAX - UINT64_MAX % limit;
    uint64_t value = entropy_u64(entropy);
    while (value >= unfair) {
        value = entropy_u64(entropy);
    }
    return value % limit;
}
