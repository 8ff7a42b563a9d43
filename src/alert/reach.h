/* Whom a message is for: its codes and shapes as units of ours. A shape meets the communes in which
 * something of ours stands inside of it; rather one commune too many than one too few. Pure but for
 * what the server tells of places. */
#ifndef LOA_ALERT_REACH_H
#define LOA_ALERT_REACH_H

#include "alert/source.h"
#include "cap/cap_shape.h"

/* Where something of ours stands. */
struct alert_point {
    unit_id unit;
    struct cap_point at;
};

struct alert_points {
    const struct alert_point *at;
    size_t count;
};

/* Filled in by the server; the fleet knows the places. */
struct alert_places {
    void *ctx;
    CHECKED errc (*points)(void *ctx, struct arena *arena, struct alert_points *ret_points);
};

struct reach {
    const unit_id *units; /* each once, none below another */
    size_t count;
    size_t areas;   /* that the message names */
    size_t outside; /* of them, those that meet nobody of ours */
};

/* Within the source's unit, in the arena. */
CHECKED errc reach_of(const struct desk *desk, const struct cap_source *source,
                      const struct cap_message *message, struct alert_points points,
                      struct reach *ret_reach);

#endif
