/* A child process with pipes at its input and output, on the loop: for programs of ours that do
 * what the server itself should not (look at strangers' sound, fetch from strangers). Nothing but
 * the three standard descriptors is handed on. Loop thread only. */
#ifndef LOA_LOOP_PROCESS_H
#define LOA_LOOP_PROCESS_H

#include "loop/loop.h"

struct process;

struct process_config {
    const char *path;         /* of the program */
    const char *const *words; /* its arguments, the name first, ended by null */
    void *ctx;
    void (*on_bytes)(void *ctx, str bytes); /* what it writes; a loan */
    void (*on_room)(void *ctx);             /* what waited for it has been taken; may be null */
    void (*on_end)(void *ctx);              /* it has ended by itself; once; may be null */
};

/* ERR_NOT_FOUND: there is no such program; ERR_IO: it does not start. */
CHECKED errc process_start(struct loop *loop, const struct process_config *config,
                           struct process **ret_child, struct why *why);
/* Copied. ERR_BUSY: taken, but more should wait for on_room(). ERR_CLOSED: it has ended. */
CHECKED errc process_write(struct process *child, str bytes);
void process_end_input(struct process *child); /* nothing more will be written */
void process_set_reading(struct process *child, bool reading);
/* Kills it. No call comes afterwards; accepts null. */
void process_stop(struct process *child);

#endif
