/* The keys of the units: public halves, sealed secrets and certificates in the database, made by
 * the signer when they are first needed. A key is never changed: a new one is made beside it, what
 * was signed with the old one is signed anew, and the old one is revoked. Devices hear of both
 * through their trust, whose version moves for exactly the devices it concerns. */
#ifndef LOA_ORDERS_UNIT_KEY_H
#define LOA_ORDERS_UNIT_KEY_H

#include "base/entropy.h"
#include "orders/signing.h"
#include "people/forest.h"
#include "people/right.h"
#include "wire/codec.h"

struct db;

/* What everything in this room that writes takes besides the database. */
struct order_job {
    const struct order_signing *signing;
    const struct actor *actor;
    const struct forest *forest;
    struct entropy entropy;
    struct arena *arena;
};

struct unit_key {
    int64_t id;
    wire_kid kid;
    enum key_use use;
    unit_id unit; /* 0: the root */
    uint64_t tier;
    usec from;
    usec to;
    uint64_t serial;
    hash key;
    str sealed;
    str cert;
    uint64_t sequence; /* taken last */
    usec made_at;
    usec revoked_at;       /* 0: not */
    int64_t trust_version; /* when devices first could know it */
};

struct unit_keys {
    const struct unit_key *at;
    size_t count;
};

/* enum order_tier of a unit, 0 when it cannot order anything (the country, a tier of one's own). */
uint64_t unit_key_tier(const struct forest *forest, unit_id unit);
/* Units from the province down to this one, as of today; 0 when it is not there or too deep. */
size_t unit_key_path(const struct forest *forest, unit_id unit, day today,
                     uint64_t ret_path[SIGNING_PATH_MOST]);

/* The newest first; of every unit, and of the root. */
CHECKED errc unit_key_list(struct db *db, struct arena *arena, struct unit_keys *ret_keys,
                           struct why *why);
/* The root that devices pin; made when there is none. */
CHECKED errc unit_key_root(struct db *db, const struct order_job *job, hash *ret_root,
                           struct why *why);
/* ERR_NOT_FOUND when no key was ever made. */
CHECKED errc unit_key_root_read(struct db *db, struct arena *arena, hash *ret_root,
                                struct why *why);
/* The key that a unit uses now for this; made when there is none that lasts. */
CHECKED errc unit_key_for(struct db *db, const struct order_job *job, unit_id unit,
                          enum key_use use, struct unit_key *ret_key, struct why *why);
/* A new key beside the ones there are; from now on it is the one in use. */
CHECKED errc unit_key_make(struct db *db, const struct order_job *job, unit_id unit,
                           enum key_use use, struct unit_key *ret_key, struct why *why);
/* Nobody believes it any more. What it signed and still stands for (placements, settings, plans,
 * clips) is signed anew with a present key of the unit; its alarms, stops and the like end. */
CHECKED errc unit_key_revoke(struct db *db, const struct order_job *job, wire_kid kid,
                             struct why *why);

/* A new root instead of the one that devices believe: the old one signs that the new one follows,
 * every key that is in use gets a certificate of the new one, and the old one signs nothing more.
 * Orders stay as they are. ERR_NOT_FOUND: there is no root yet. */
CHECKED errc unit_key_replace_root(struct db *db, const struct order_job *job, hash *ret_root,
                                   struct why *why);

/* --- what devices are told ------------------------------------------------------------------- */

/* Moves with every certificate and every revocation, whomever they concern. */
CHECKED errc trust_version_last(struct db *db, struct arena *arena, int64_t *ret_version,
                                struct why *why);
/* The version of the trust of a device that stands there; 0: no keys yet. */
CHECKED errc trust_version_for(struct db *db, struct wire_uints path, struct arena *arena,
                               int64_t *ret_version, struct why *why);
/* The last words of the roots that were replaced after that trust version: a device whose trust is
 * no newer is told them first, in this order and without certificates, and then its trust. */
struct root_change {
    int64_t version;
    str revocations;
};
struct root_changes {
    const struct root_change *at;
    size_t count;
};
CHECKED errc root_changes_after(struct db *db, int64_t version, struct arena *arena,
                                struct root_changes *ret_changes, struct why *why);
/* Revocations, and the certificates of every unit of the path. */
CHECKED errc trust_for(struct db *db, struct wire_uints path, usec now, struct arena *arena,
                       struct wire_trust *ret_trust, struct why *why);

#endif
