/* The rules of authority: who may order what, where, over whom. One pure file, used by the server
 * before it signs and by every device before it obeys. It takes what is known and `now`, and gives
 * a verdict; it changes nothing but the struct it is told to change, once the caller has made the
 * acceptance durable.
 *
 * What must never happen: a sound, a silence or a change that was not ordered by a key of a unit
 * that stands over this device, within the key's area, class, kinds and time, freshly, and not over
 * the head of a higher tier. */
#ifndef LOA_WIRE_AUTHORITY_H
#define LOA_WIRE_AUTHORITY_H

#include "wire/cose.h"
#include "wire/order.h"

enum {
    AUTHORITY_CERTS = 64,
    AUTHORITY_REVOKED = 1024,
    AUTHORITY_IN_FORCE = 128,
    AUTHORITY_SEEN = 64
};

/* Sequences of one key that were taken: the highest, and which of the 64 below it. */
struct authority_seen {
    wire_kid kid;
    uint64_t highest;
    uint64_t below; /* bit n: highest - 1 - n was taken */
};

/* An alarm, stop or drill in force: what later orders may be aimed at. */
struct authority_target {
    wire_id id;
    enum order_kind kind;
    enum order_class order_class;
    uint64_t tier;
    usec expires;
};

/* What a device knows; all of it is kept durably. A value without pointers, so that it can be
 * written down whole. */
struct authority {
    bool enrolled;
    bool retired;
    uint64_t device;
    hash root;
    uint64_t path[8]; /* units from the province down; none before the placement */
    size_t path_count;
    uint64_t trust_version;
    wire_kid revoked[AUTHORITY_REVOKED];
    size_t revoked_count;
    struct wire_cert certs[AUTHORITY_CERTS];
    size_t cert_count;
    struct authority_seen seen[AUTHORITY_SEEN];
    size_t seen_count;
    struct authority_target in_force[AUTHORITY_IN_FORCE];
    size_t in_force_count;
    uint64_t versions[16]; /* by order_kind, of those that replace as a whole */
    usec last_trusted;     /* time never runs back behind this */
};

/* What a judged order asks for. Views into the bytes and the arena it was read with. */
struct authority_order {
    struct wire_order head;
    struct wire_cert cert;
    uint64_t tier;
    union {
        struct wire_placement placement;
        struct wire_settings settings;
        struct wire_plan plan;
        struct wire_clips clips;
        struct wire_alarm alarm;
        struct wire_stop stop;
        struct wire_release release;
        struct wire_action action;
        struct wire_retire retire;
    };
};

/* REASON_NONE: obey. *ret_again: it is right, but was taken before (say so, do nothing). On refusal
 * ret_order->head holds what could be read, for the log. */
enum log_reason authority_judge(const struct authority *authority, enum clock_state clock, usec now,
                                str cose, struct arena *arena, struct authority_order *ret_order,
                                bool *ret_again);
/* Writes the acceptance down: sequence, version, target in force, end of a target, placement. */
void authority_take(struct authority *authority, const struct authority_order *order, usec now);

/* Revocations and certificates; each certificate that does not hold is left out and counted. */
enum log_reason authority_trust(struct authority *authority, enum clock_state clock, usec now,
                                const struct wire_trust *trust, struct arena *arena,
                                size_t *ret_refused);
void authority_expire(struct authority *authority, usec now); /* targets whose time is over */

/* How long an order of this class and kind may be valid: shared with whoever makes orders. */
usec authority_longest(enum order_kind kind, enum order_class order_class);

#endif
