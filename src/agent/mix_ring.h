/* A ring of samples between two threads: one puts, one takes, nobody waits. */
#ifndef LOA_AGENT_MIX_RING_H
#define LOA_AGENT_MIX_RING_H

#include <stdatomic.h>

#include "base/base.h"

struct mix_ring {
    int16_t *at;
    size_t size; /* a power of two */
    _Atomic size_t put;
    _Atomic size_t taken;
};

static inline void mix_ring_init(struct mix_ring *ring, size_t size)
{
    ring->at = mem_take_array(size, sizeof *ring->at);
    ring->size = size;
    atomic_init(&ring->put, 0);
    atomic_init(&ring->taken, 0);
}

static inline void mix_ring_finish(struct mix_ring *ring)
{
    mem_give(ring->at);
    ring->at = NULL;
}

/* While neither side uses it. */
static inline void mix_ring_clear(struct mix_ring *ring)
{
    atomic_store(&ring->put, 0);
    atomic_store(&ring->taken, 0);
}

static inline size_t mix_ring_filled_rt(struct mix_ring *ring)
{
    size_t put = atomic_load_explicit(&ring->put, memory_order_acquire);
    return put - atomic_load_explicit(&ring->taken, memory_order_relaxed);
}

static inline size_t mix_ring_room_rt(struct mix_ring *ring)
{
    size_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
    return ring->size - (atomic_load_explicit(&ring->put, memory_order_relaxed) - taken);
}

/* All of it or as much as there is room for. */
static inline size_t mix_ring_put_rt(struct mix_ring *ring, const int16_t *pcm, size_t count)
{
    size_t room = mix_ring_room_rt(ring);
    size_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    count = count < room ? count : room;
    for (size_t i = 0; i < count; i++) {
        ring->at[(put + i) & (ring->size - 1)] = pcm[i];
    }
    atomic_store_explicit(&ring->put, put + count, memory_order_release);
    return count;
}

/* A null pcm lets them go. */
static inline size_t mix_ring_take_rt(struct mix_ring *ring, int16_t *pcm, size_t most)
{
    size_t filled = mix_ring_filled_rt(ring);
    size_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    size_t count = most < filled ? most : filled;
    for (size_t i = 0; pcm != NULL && i < count; i++) {
        pcm[i] = ring->at[(taken + i) & (ring->size - 1)];
    }
    atomic_store_explicit(&ring->taken, taken + count, memory_order_release);
    return count;
}

#endif
