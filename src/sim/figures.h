/* What a run has shown: who is attached, and for each alarm and stop when each device read it and
 * when it sounded. Times are UTC, so that they can be compared with the console's. */
#ifndef LOA_SIM_FIGURES_H
#define LOA_SIM_FIGURES_H

#include "wire/order.h"

enum { FIGURES_ORDERS = 64 };

struct figures_order {
    wire_id id;
    enum order_kind kind;
    enum order_class order_class;
    usec *read_at;    /* by device; 0: not yet */
    usec *sounded_at; /* first sample, or silence of a stop */
};

struct figures {
    size_t devices;
    struct figures_order orders[FIGURES_ORDERS]; /* the newest; then the oldest goes */
    size_t order_count;
    size_t attached; /* now */
    uint64_t attachments;
    usec first_attached_at; /* since the last reset */
    usec last_attached_at;
    uint64_t frames; /* that carry an order, as they left the socket, since the last reset */
    usec first_frame_at;
    usec last_frame_at;
    uint64_t accepted;
    uint64_t log_entries;
    uint64_t closed;   /* connections */
    uint64_t resumed;  /* TLS */
    uint64_t fetched;  /* bytes of media */
    uint64_t bytes_in; /* of connections that are over */
    uint64_t bytes_out;
    uint64_t packets;
};

void figures_init(struct figures *figures, size_t devices);
void figures_finish(struct figures *figures);
void figures_reset(struct figures *figures); /* frames and times of attachment */
void figures_attached(struct figures *figures, bool is_attached, usec now);
void figures_frame(struct figures *figures, usec now);
void figures_read(struct figures *figures, const struct wire_order *head, size_t device, usec now);
void figures_sounded(struct figures *figures, const wire_id *id, size_t device, usec at);

/* What the whole swarm adds to it. */
struct figures_now {
    usec at;
    uint64_t bytes_in; /* of the connections that are open */
    uint64_t bytes_out;
    uint64_t packets;
    uint64_t log_waiting; /* entries that the server has not kept */
    uint64_t checks_spared;
};

/* One line. */
void figures_write_json(const struct figures *figures, const struct figures_now *now,
                        struct buf *out);
void figures_write_text(const struct figures *figures, const struct figures_now *now,
                        struct buf *out);

#endif
