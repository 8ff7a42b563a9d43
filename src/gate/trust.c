/* Certificates and revocations, read once and kept as long as nothing changes: what any device must
 * be told is put together from here without asking the store. */
#include "gate/gate_inside.h"

#include "wire/authority.h"

enum { TRUST_ARENA = 64 * 1024 * 1024 };

struct known_cert {
    unit_id unit;
    int64_t version;
    str cert;
};

struct gate_trust {
    struct arena *arena;
    int64_t head;
    int64_t revocations_version;
    str revocations;
    struct root_changes roots; /* that were replaced */
    struct known_cert *certs;  /* by unit, the newest first */
    size_t count;
};

void gate_trust_destroy(struct gate_trust *trust)
{
    if (trust != NULL) {
        arena_destroy(trust->arena);
        mem_give(trust);
    }
}

static int compare(const void *a, const void *b)
{
    const struct known_cert *left = a;
    const struct known_cert *right = b;
    if (left->unit != right->unit) {
        return left->unit < right->unit ? -1 : 1;
    }
    return left->version > right->version ? -1 : left->version < right->version;
}

static errc take_certs(struct gate_trust *trust, const struct unit_keys *keys, usec now,
                       struct why *why)
{
    trust->certs = arena_take_array(trust->arena, keys->count + 1, sizeof *trust->certs);
    if (trust->certs == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for certificates");
    }
    for (size_t i = 0; i < keys->count; i++) {
        const struct unit_key *key = &keys->at[i];
        if (key->use != KEY_ROOT && key->revoked_at == 0 && key->to > now) {
            trust->certs[trust->count++] =
                (struct known_cert){key->unit, key->trust_version, key->cert};
        }
    }
    qsort(trust->certs, trust->count, sizeof *trust->certs, compare);
    return OK;
}

static errc fill(struct gate_trust *trust, struct db *db, usec now, struct why *why)
{
    struct wire_trust everywhere;
    struct unit_keys keys;
    struct wire_uints nowhere = {NULL, 0};
    TRY(trust_version_last(db, trust->arena, &trust->head, why));
    TRY(trust_for(db, nowhere, now, trust->arena, &everywhere, why));
    TRY(unit_key_list(db, trust->arena, &keys, why));
    trust->revocations_version = (int64_t)everywhere.version;
    trust->revocations = everywhere.revocations;
    TRY(root_changes_after(db, 0, trust->arena, &trust->roots, why));
    return take_certs(trust, &keys, now, why);
}

errc gate_trust_read(struct db *db, usec now, struct gate_trust **ret_trust, struct why *why)
{
    struct gate_trust *trust = mem_take(sizeof *trust);
    errc rc = arena_create(TRUST_ARENA, &trust->arena);
    if (rc == OK) {
        rc = fill(trust, db, now, why);
    }
    if (rc != OK) {
        gate_trust_destroy(trust);
        return rc;
    }
    *ret_trust = trust;
    return OK;
}

/* The first certificate of a unit, or where it would stand. */
static size_t find(const struct gate_trust *trust, unit_id unit)
{
    size_t low = 0;
    size_t high = trust->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trust->certs[middle].unit < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int64_t gate_trust_version(const struct gate_trust *trust, struct wire_uints path)
{
    int64_t version = trust == NULL ? 0 : trust->revocations_version;
    for (size_t i = 0; trust != NULL && i < path.count; i++) {
        size_t at = find(trust, (unit_id)path.at[i]);
        bool has = at < trust->count && trust->certs[at].unit == (unit_id)path.at[i];
        version = has && trust->certs[at].version > version ? trust->certs[at].version : version;
    }
    return version;
}

int64_t gate_trust_head(const struct gate_trust *trust)
{
    return trust == NULL ? 0 : trust->head;
}

bool gate_trust_say_root(const struct gate_trust *trust, int64_t after, struct wire_said *ret_said)
{
    for (size_t i = 0; trust != NULL && i < trust->roots.count; i++) {
        const struct root_change *change = &trust->roots.at[i];
        if (change->version > after) {
            *ret_said = (struct wire_said){.kind = WIRE_TRUST,
                                           .trust = {.version = (uint64_t)change->version,
                                                     .revocations = change->revocations}};
            return true;
        }
    }
    return false;
}

int64_t gate_trust_roots(const struct gate_trust *trust)
{
    bool any = trust != NULL && trust->roots.count > 0;
    return any ? trust->roots.at[trust->roots.count - 1].version : 0;
}

errc gate_trust_say(const struct gate_trust *trust, struct wire_uints path, struct arena *arena,
                    struct wire_said *ret_said)
{
    str *certs = arena_take_array(arena, AUTHORITY_CERTS, sizeof *certs);
    size_t count = 0;
    if (certs == NULL || trust->revocations.len == 0) {
        return ERR_NOT_FOUND;
    }
    for (size_t i = 0; i < path.count; i++) {
        unit_id unit = (unit_id)path.at[i];
        for (size_t at = find(trust, unit);
             at < trust->count && trust->certs[at].unit == unit && count < AUTHORITY_CERTS; at++) {
            certs[count++] = trust->certs[at].cert;
        }
    }
    *ret_said = (struct wire_said){.kind = WIRE_TRUST,
                                   .trust = {.version = (uint64_t)gate_trust_version(trust, path),
                                             .revocations = trust->revocations,
                                             .certs = {certs, count}}};
    return OK;
}
