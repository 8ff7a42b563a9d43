/* A thread that gives letters to the network, one batch after the other, so that neither the loop
 * nor the store's threads ever wait for a stranger's server. Urgent letters have a lane of their
 * own: an alarm does not stand behind a hundred daily letters. Everything here is called on the
 * loop's thread; `done` comes there too. */
#ifndef LOA_SERVER_POST_LANE_H
#define LOA_SERVER_POST_LANE_H

#include "duty/post.h"
#include "loop/loop.h"

struct post_lane;

/* One batch: the letters are the caller's until done. */
struct post_batch {
    const struct post_config *config;
    struct letters letters;
    struct letter_result results[LETTER_BATCH];
    usec now;
    void (*done)(void *ctx);
    void *ctx;
};

CHECKED errc post_lane_start(struct loop *loop, struct post_lane **ret_lane, struct why *why);
/* One batch at a time: not before the `done` of the one before. */
void post_lane_send(struct post_lane *lane, struct post_batch *batch);
/* Ends what is under way and the thread; its `done` still comes when the loop is drained. */
void post_lane_halt(struct post_lane *lane);
void post_lane_destroy(struct post_lane *lane); /* after post_lane_halt; accepts null */

#endif
