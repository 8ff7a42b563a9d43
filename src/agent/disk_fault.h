/* A disk in memory that behaves as badly as disks may: what was not synced is kept, torn, out of
 * order or lost when the power goes; removed files come back; steps fail, or there is no room. All
 * from a seed, so that every failure can be repeated. For tests and simulations. */
#ifndef LOA_AGENT_DISK_FAULT_H
#define LOA_AGENT_DISK_FAULT_H

#include "agent/disk.h"
#include "base/entropy.h"

struct disk_fault;

/* `room`: bytes that fit. The entropy's state must outlive the disk. */
struct disk_fault *disk_fault_create(uint64_t room, struct entropy chance);
void disk_fault_destroy(struct disk_fault *fault); /* accepts null */
struct disk disk_fault_disk(struct disk_fault *fault);

/* The power goes in the middle of the n-th step from now (1 is the next; a step is a write, cut,
 * sync, rename or removal); 0: never. From then on everything fails until disk_fault_restart(). */
void disk_fault_cut_at(struct disk_fault *fault, uint64_t step);
bool disk_fault_is_cut(const struct disk_fault *fault);
/* The power comes back: what a disk would have kept is there. Without a cut before, one happens
 * now, between two steps. */
void disk_fault_restart(struct disk_fault *fault);
/* The n-th step from now fails with this error, once, a write after half its bytes. */
void disk_fault_fail_at(struct disk_fault *fault, uint64_t step, errc error);
void disk_fault_set_room(struct disk_fault *fault, uint64_t room);
/* Flips one bit of the file, durably; false when it has none. */
bool disk_fault_flip(struct disk_fault *fault, const char *name, uint64_t bit);
uint64_t disk_fault_steps(const struct disk_fault *fault); /* ever */

#endif
