/* Revocations and certificates: what the root says about keys. */
#include "wire/authority.h"

#include "wire/authority_rules.h"

/* A key with both could make a drill real. */
static bool mixes_drill(uint64_t classes)
{
    uint64_t drill = UINT64_C(1) << CLASS_DRILL;
    return (classes & drill) != 0 && classes != drill;
}

static enum log_reason read_signed(enum cose_use use, str bytes, hash root, struct cose *ret_cose)
{
    if (cose_read(bytes, ret_cose, NULL) != OK) {
        return REASON_MALFORMED;
    }
    if (!kid_is(ret_cose->kid, kid_of(root))) {
        return REASON_UNKNOWN_KEY;
    }
    return cose_check(use, ret_cose, root) ? REASON_NONE : REASON_BAD_SIGNATURE;
}

static bool kids_ascend(str keys)
{
    for (size_t i = WIRE_KID_SIZE; i < keys.len; i += WIRE_KID_SIZE) {
        if (memcmp(keys.at + i - WIRE_KID_SIZE, keys.at + i, WIRE_KID_SIZE) >= 0) {
            return false;
        }
    }
    return keys.len % WIRE_KID_SIZE == 0;
}

static enum log_reason read_revocations(const struct authority *authority, str bytes,
                                        struct arena *arena, struct wire_revocations *ret_record)
{
    struct cose cose;
    enum log_reason reason = read_signed(COSE_REVOCATIONS, bytes, authority->root, &cose);
    if (reason != REASON_NONE) {
        return reason;
    }
    if (wire_record_read(&wire_record_revocations, cose.payload, arena, ret_record, NULL) != OK ||
        !kids_ascend(ret_record->keys)) {
        return REASON_MALFORMED;
    }
    return ret_record->version < authority->revocations_version ? REASON_OLD_VERSION : REASON_NONE;
}

static bool read_cert(const struct authority *authority, str bytes, struct arena *arena,
                      struct wire_cert *ret_cert)
{
    struct cose cose;
    return read_signed(COSE_CERT, bytes, authority->root, &cose) == REASON_NONE &&
           wire_record_read(&wire_record_cert, cose.payload, arena, ret_cert, NULL) == OK &&
           ret_cert->from < ret_cert->to && !mixes_drill(ret_cert->classes) &&
           !authority_is_revoked(authority, kid_of(ret_cert->key));
}

static size_t read_certs(struct authority *authority, const struct wire_trust *trust,
                         struct arena *arena)
{
    size_t refused = 0;
    authority->cert_count = 0;
    memset(authority->certs, 0, sizeof authority->certs);
    for (size_t i = 0; i < trust->certs.count; i++) {
        struct wire_cert cert;
        if (authority->cert_count < AUTHORITY_CERTS &&
            read_cert(authority, trust->certs.at[i], arena, &cert)) {
            authority->certs[authority->cert_count] = cert;
            authority->cert_count++;
        } else {
            refused++;
        }
    }
    return refused;
}

static void take_revocations(struct authority *authority, const struct wire_revocations *record)
{
    static const hash none = {{0}};
    authority->revocations_version = record->version;
    authority->revoked_count = record->keys.len / WIRE_KID_SIZE;
    memset(authority->revoked, 0, sizeof authority->revoked);
    if (authority->revoked_count > 0) {
        memcpy(authority->revoked, record->keys.at, record->keys.len);
    }
    if (!hash_is(record->next_root, none)) {
        authority->root = record->next_root;
    }
}

/* What revoked keys have ordered ends, and their sequences need not be remembered. */
static void end_revoked(struct authority *authority)
{
    size_t kept = 0;
    for (size_t i = 0; i < authority->in_force_count; i++) {
        if (!authority_is_revoked(authority, authority->in_force[i].kid)) {
            authority->in_force[kept++] = authority->in_force[i];
        }
    }
    authority->in_force_count = kept;
    kept = 0;
    for (size_t i = 0; i < authority->seen_count; i++) {
        if (!authority_is_revoked(authority, authority->seen[i].kid)) {
            authority->seen[kept++] = authority->seen[i];
        }
    }
    authority->seen_count = kept;
    for (size_t kind = 0; kind < AUTHORITY_KINDS; kind++) {
        if (authority_is_revoked(authority, authority->version_kids[kind])) {
            authority->versions[kind] = authority->versions_before[kind];
            memset(&authority->version_kids[kind], 0, sizeof authority->version_kids[kind]);
        }
    }
}

enum log_reason authority_trust(struct authority *authority, enum clock_state clock, usec now,
                                const struct wire_trust *trust, struct arena *arena,
                                size_t *ret_refused)
{
    struct wire_revocations record;
    if (!authority->enrolled) {
        return REASON_NOT_ENROLLED;
    }
    enum log_reason reason = read_revocations(authority, trust->revocations, arena, &record);
    if (reason != REASON_NONE) {
        return reason;
    }
    take_revocations(authority, &record);
    end_revoked(authority);
    authority->trust_version = trust->version;
    *ret_refused = read_certs(authority, trust, arena);
    bool true_time = clock >= CLOCK_HOLDING && record.at <= now + AUTHORITY_EARLY;
    if (true_time && record.at > authority->last_trusted) {
        authority->last_trusted = record.at;
    }
    return REASON_NONE;
}
