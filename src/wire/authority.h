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
    AUTHORITY_SEEN = 64,
    AUTHORITY_PATH = 8,
    AUTHORITY_KINDS = 16, /* room for every order_kind */
};

/* How far ahead of us the clock of whoever signs may be. */
#define AUTHORITY_EARLY USEC_MINUTE

/* Sequences of one key that were taken: the highest, and which of the 64 below it. */
struct authority_seen {
    wire_kid kid;
    uint64_t highest;
    uint64_t below; /* bit n: highest - 1 - n was taken */
    usec to;        /* of its certificate: afterwards nothing of this key is taken anyway */
};

/* An order that was taken and whose time is not over: what later ones may be aimed at, and what is
 * not taken twice. Orders that replace as a whole (versions) are not among them. What another has
 * ended stays until its time is over, because what it has ended itself may yet come. */
struct authority_target {
    wire_id id;
    wire_id aim; /* of a stop or release its target, of an alarm the one that it replaces */
    wire_kid kid;
    enum order_kind kind;
    enum order_class order_class;
    uint64_t tier;
    usec expires;
    bool ended;
};

/* What a device knows; all of it is kept durably. A value without pointers, so that it can be
 * written down whole. */
struct authority {
    bool enrolled; /* device, device_key and root are known */
    bool retired;
    uint64_t device;
    hash device_key;
    hash root;
    uint64_t path[AUTHORITY_PATH]; /* units from the province down; none before the placement */
    size_t path_count;
    uint64_t trust_version;       /* as the server counts; not signed, so only for comparing */
    uint64_t revocations_version; /* as the root signed it; never lower again */
    wire_kid revoked[AUTHORITY_REVOKED];
    size_t revoked_count;
    struct wire_cert certs[AUTHORITY_CERTS];
    size_t cert_count;
    struct authority_seen seen[AUTHORITY_SEEN];
    size_t seen_count;
    struct authority_target in_force[AUTHORITY_IN_FORCE];
    size_t in_force_count;
    /* By order_kind, of those that replace as a whole: the version in force, whose key ordered it
     * (zero: nothing is in force, or not any more), and the version before that of another key. */
    uint64_t versions[AUTHORITY_KINDS];
    wire_kid version_kids[AUTHORITY_KINDS];
    uint64_t versions_before[AUTHORITY_KINDS];
    /* Time never runs back behind this. Signed times move it, and whoever keeps this struct may,
     * while its clock is sure. */
    usec last_trusted;
};

/* What a judged order asks for. Views into the bytes and the arena it was read with. */
struct authority_order {
    struct wire_order head;
    struct wire_cert cert;
    uint64_t tier;
    bool clock_was_sure; /* its times were compared with a clock that knows */
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
        struct wire_live live;
    };
};

/* REASON_NONE: obey. *ret_again: it is right, but was taken before (say so, do nothing). On refusal
 * ret_order->head holds what could be read, for the log; it need not be true. */
enum log_reason authority_judge(const struct authority *authority, enum clock_state clock, usec now,
                                str cose, struct arena *arena, struct authority_order *ret_order,
                                bool *ret_again);
/* Writes the acceptance of a judged order down: sequence, version, target in force, end of a
 * target, placement. Not for what was taken before. */
void authority_take(struct authority *authority, const struct authority_order *order, usec now);

/* Revocations and certificates, which replace those before. Each certificate that does not hold is
 * left out and counted. What a revoked key has ordered ends: its targets go, and where its version
 * is in force the kid becomes zero (what the device keeps of that kind does not count any more) and
 * the version falls back, so that a stolen key cannot have used up all numbers. */
enum log_reason authority_trust(struct authority *authority, enum clock_state clock, usec now,
                                const struct wire_trust *trust, struct arena *arena,
                                size_t *ret_refused);
void authority_expire(struct authority *authority, usec now); /* targets whose time is over */

/* --- single rules, for whoever makes, signs or obeys orders ----------------------------------- */

/* Whether a key may sign such an order at all: issuer, class, kind, tier, times that fit each
 * other. Does not look at the clock, the area or the body. */
enum log_reason authority_fits(const struct wire_cert *cert, const struct wire_order *head);
/* Reads the body of order->head, which fits order->cert, and looks at what the codec cannot: items
 * in order and of a class that the key may, caps that are caps, … */
enum log_reason authority_read_body(struct authority_order *order, struct arena *arena);
/* How long an order of this class and kind may be valid; 0: there is no such order. */
usec authority_longest(enum order_kind kind, enum order_class order_class);
/* Replaces as a whole what was ordered before of the same kind: placement, settings, plan, clips.
 */
bool authority_is_versioned(enum order_kind kind);
/* Whether `one` may end or silence `other`: not from a lower tier, and a drill touches drills only.
 * Also the rule by which an all-stop silences: what it may not command goes on sounding. */
bool authority_commands(const struct authority_target *one, const struct authority_target *other);
/* In force, not ended. */
const struct authority_target *authority_find(const struct authority *authority, wire_id id);

#endif
