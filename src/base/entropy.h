/* Randomness as an argument: code that needs chance takes a struct entropy, so that a test or a
 * simulation can give it a seed. Only the edge of a program hands out entropy_system(). */
#ifndef LOA_BASE_ENTROPY_H
#define LOA_BASE_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

struct entropy {
    void (*fill)(void *ctx, void *bytes, size_t size);
    void *ctx;
};

struct entropy_seed {
    uint64_t state;
};

struct entropy entropy_system(void);
/* Repeatable, for tests and simulations only; the seed must outlive what is returned. */
struct entropy entropy_seeded(struct entropy_seed *seed);
void entropy_fill(struct entropy entropy, void *bytes, size_t size);
uint64_t entropy_u64(struct entropy entropy);
uint64_t entropy_below(struct entropy entropy, uint64_t limit); /* 0 to limit-1, without bias */

#endif
