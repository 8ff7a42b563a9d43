/* Keys in the database. Making one is two steps: the signer makes it and signs its certificate, the
 * row and the trust version follow in the caller's transaction. A key whose transaction is rolled
 * back was never told to anybody. */
#include "orders/unit_key.h"

#include "base/json_out.h"
#include "orders/order_book.h"
#include "orders/order_inside.h"
#include "orders/unit_key_sql.h"
#include "people/audit.h"
#include "wire/authority.h"

enum { REVOKED_MOST = 1024, REVOCATIONS_MOST = 16 * 1024, KEYS_LISTED = 10000 };

#define KEY_LIFE (5 * 366 * USEC_DAY)
#define KEY_LASTS (30 * USEC_DAY) /* a key that ends sooner is not used for anything new */
#define KEY_EARLIER (USEC_HOUR)   /* clocks of devices are not ours */

static wire_kid kid_from(str bytes)
{
    wire_kid kid = {{0}};
    if (bytes.len == WIRE_KID_SIZE) {
        memcpy(kid.bytes, bytes.at, WIRE_KID_SIZE);
    }
    return kid;
}

static str kid_bytes(const wire_kid *kid)
{
    return (str){(const char *)kid->bytes, WIRE_KID_SIZE};
}

#define KEY_OF(row)                                                                                \
    ((struct unit_key){                                                                            \
        .id = (row)->id,                                                                           \
        .kid = kid_from((row)->kid),                                                               \
        .tier = (uint64_t)(row)->tier,                                                             \
        .from = (row)->from_us,                                                                    \
        .to = (row)->to_us,                                                                        \
        .serial = (uint64_t)(row)->serial,                                                         \
        .key = (row)->public_key,                                                                  \
        .sealed = (row)->sealed,                                                                   \
        .cert = (row)->cert,                                                                       \
        .sequence = (uint64_t)(row)->sequence,                                                     \
        .made_at = (row)->made_at_us,                                                              \
        .trust_version = (row)->trust_version,                                                     \
    })

errc unit_key_list(struct db *db, struct arena *arena, struct unit_keys *ret_keys, struct why *why)
{
    struct keys_newest_row *rows = NULL;
    size_t count = 0;
    TRY(keys_newest_all(db, arena, &rows, &count, why));
    struct unit_key *keys = arena_take_array(arena, count, sizeof *keys);
    if (keys == NULL && count > 0) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu keys", count);
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = KEY_OF(&rows[i]);
        keys[i].use = (enum key_use)rows[i].key_use;
        keys[i].unit = rows[i].unit_id;
        keys[i].revoked_at = rows[i].has_revoked_at_us ? rows[i].revoked_at_us : 0;
    }
    *ret_keys = (struct unit_keys){keys, count};
    return OK;
}

/* --- making ---------------------------------------------------------------------------------- */

static errc write_audit(struct db *db, const struct order_job *job, const char *action,
                        const struct unit_key *key, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    struct json_out out;
    char name[2 * WIRE_KID_SIZE + 1];
    buf_init(&text, 1024);
    json_out_init(&out, &text);
    json_object(&out);
    json_text_at(&out, "use", key_use_name(key->use));
    json_i64_at(&out, "unit_id", key->unit);
    json_i64_at(&out, "serial", (int64_t)key->serial);
    json_end(&out);
    TRY(buf_check(&text));
    for (size_t i = 0; i < WIRE_KID_SIZE; i++) {
        ignore_int(snprintf(name + 2 * i, 3, "%02x", key->kid.bytes[i]));
    }
    struct audit_entry entry = {.actor = job->actor,
                                .action = action,
                                .subject_kind = "key",
                                .subject_id = key->id,
                                .subject_name = str_of(name),
                                .subject_unit_id = key->unit,
                                .after = buf_str(&text)};
    return audit_append(db, &entry, why);
}

static errc add_row(struct db *db, const struct order_job *job, const struct unit_key *key,
                    struct why *why)
{
    struct key_add_in in = {.kid = kid_bytes(&key->kid),
                            .key_use = key->use,
                            .unit_id = key->unit,
                            .tier = (int64_t)key->tier,
                            .from_us = key->from,
                            .to_us = key->to,
                            .serial = (int64_t)key->serial,
                            .public_key = key->key,
                            .sealed = key->sealed,
                            .cert = key->cert,
                            .made_at_us = job->actor->now,
                            .made_by = job->actor->account_id,
                            .trust_version = key->trust_version};
    struct trust_head_move_in head = {key->trust_version, (int64_t)key->serial};
    TRY(key_add(db, &in, NULL, why));
    TRY(trust_head_move(db, &head, NULL, why));
    TRY(write_audit(db, job, "key_made", key, why));
    return db_announce(db, "orders", why);
}

/* Asks the signer for the key that `ask` describes and writes it down. */
static errc make_key(struct db *db, const struct order_job *job, struct signing_key *ask,
                     struct unit_key *ret_key, struct why *why)
{
    struct trust_head_row head;
    struct signing_made *made = arena_take(job->arena, sizeof *made);
    if (made == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for a key");
    }
    TRY(order_hold(db, why));
    TRY(trust_head(db, job->arena, &head, why));
    ask->serial = (uint64_t)head.last_serial + 1;
    ask->from = job->actor->now - KEY_EARLIER;
    ask->to = job->actor->now + KEY_LIFE;
    TRY(job->signing->make(job->signing->ctx, ask, made, why));
    struct unit_key key = {.use = ask->use,
                           .kid = kid_of(made->key),
                           .unit = (unit_id)ask->unit,
                           .tier = ask->tier,
                           .from = ask->from,
                           .to = ask->to,
                           .serial = ask->serial,
                           .key = made->key,
                           .sealed = {(const char *)made->sealed, made->sealed_len},
                           .cert = {(const char *)made->cert, made->cert_len},
                           .made_at = job->actor->now,
                           .trust_version = head.trust_version + 1};
    TRY(add_row(db, job, &key, why));
    *ret_key = key;
    return OK;
}

/* Signs what is revoked, in one record that replaces the one before; `next` is null but for the
 * last word of a root. */
static errc sign_revocations(struct db *db, const struct order_job *job, str root_sealed,
                             const struct unit_key *next, struct buf *out, struct why *why)
{
    struct keys_revoked_row *rows = NULL;
    struct keys_revoked_in in = {job->actor->now};
    struct trust_head_row head;
    AUTO(buf_finish) struct buf kids;
    AUTO(buf_finish) struct buf record;
    size_t count = 0;
    buf_init(&kids, REVOKED_MOST * WIRE_KID_SIZE);
    buf_init(&record, REVOCATIONS_MOST);
    TRY(keys_revoked_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        buf_add(&kids, rows[i].kid);
    }
    TRY(trust_head(db, job->arena, &head, why));
    struct wire_revocations revocations = {
        .version = (uint64_t)head.trust_version + 1, .at = job->actor->now, .keys = buf_str(&kids)};
    struct signing_revocations ask = {.root_sealed = root_sealed};
    if (next != NULL) {
        revocations.next_root = next->key;
        ask.next_sealed = next->sealed;
    }
    TRY(buf_check(&kids));
    TRY(wire_record_write(&wire_record_revocations, &revocations, &record));
    ask.record = buf_str(&record);
    return job->signing->revoke(job->signing->ctx, &ask, out, why);
}

static errc put_revocations(struct db *db, const struct order_job *job, str root_sealed,
                            struct why *why)
{
    struct trust_head_row head;
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, REVOCATIONS_MOST);
    TRY(sign_revocations(db, job, root_sealed, NULL, &cose, why));
    TRY(trust_head(db, job->arena, &head, why));
    struct trust_revocations_put_in put = {head.trust_version + 1, buf_str(&cose)};
    TRY(trust_revocations_put(db, &put, NULL, why));
    return db_announce(db, "orders", why);
}

static errc root_of(struct db *db, const struct order_job *job, struct key_root_row *ret_root,
                    struct why *why)
{
    errc rc = key_root(db, job->arena, ret_root, why);
    if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    struct signing_key ask = {.use = KEY_ROOT};
    struct unit_key root;
    TRY(make_key(db, job, &ask, &root, why));
    TRY(put_revocations(db, job, root.sealed, why));
    *ret_root = (struct key_root_row){.public_key = root.key, .sealed = root.sealed};
    return OK;
}

errc unit_key_root(struct db *db, const struct order_job *job, hash *ret_root, struct why *why)
{
    struct key_root_row root;
    TRY(root_of(db, job, &root, why));
    *ret_root = root.public_key;
    return OK;
}

errc unit_key_root_read(struct db *db, struct arena *arena, hash *ret_root, struct why *why)
{
    struct key_root_row root;
    TRY(key_root(db, arena, &root, why));
    *ret_root = root.public_key;
    return OK;
}

static errc find_in_use(struct db *db, const struct order_job *job, const struct signing_key *ask,
                        struct unit_key *ret_key, struct why *why)
{
    struct key_in_use_row row;
    struct key_in_use_in in = {.unit_id = (unit_id)ask->unit,
                               .key_use = ask->use,
                               .now_us = job->actor->now,
                               .until_us = job->actor->now + KEY_LASTS};
    TRY(key_in_use(db, &in, job->arena, &row, why));
    *ret_key = KEY_OF(&row);
    ret_key->use = ask->use;
    ret_key->unit = (unit_id)ask->unit;
    return OK;
}

errc unit_key_make(struct db *db, const struct order_job *job, unit_id unit, enum key_use use,
                   struct unit_key *ret_key, struct why *why)
{
    struct signing_key ask = {
        .use = use, .unit = (uint64_t)unit, .tier = unit_key_tier(job->forest, unit)};
    struct key_root_row root;
    if (use == KEY_ROOT || ask.tier == 0) {
        return fail(why, ERR_INVALID, "unit %lld cannot have such a key", (long long)unit);
    }
    TRY(root_of(db, job, &root, why));
    ask.root_sealed = root.sealed;
    TRY(make_key(db, job, &ask, ret_key, why));
    return find_in_use(db, job, &ask, ret_key, why);
}

/* A certificate of before there was a kind of order does not hold it: the unit gets a key that
 * does.
 */
static bool holds_every_kind(const struct unit_key *key, struct arena *arena)
{
    struct key_limits limits = key_use_limits(key->use, key->tier);
    struct wire_cert cert;
    struct cose cose;
    bool readable = cose_read(key->cert, &cose, NULL) == OK &&
                    wire_record_read(&wire_record_cert, cose.payload, arena, &cert, NULL) == OK;
    return !readable || (limits.kinds & ~cert.kinds) == 0;
}

errc unit_key_for(struct db *db, const struct order_job *job, unit_id unit, enum key_use use,
                  struct unit_key *ret_key, struct why *why)
{
    struct signing_key ask = {.use = use, .unit = (uint64_t)unit};
    errc rc = find_in_use(db, job, &ask, ret_key, why);
    bool lacks = rc == OK && !holds_every_kind(ret_key, job->arena);
    return rc == ERR_NOT_FOUND || lacks ? unit_key_make(db, job, unit, use, ret_key, why) : rc;
}

errc unit_key_take_sequence(struct db *db, const struct unit_key *key, uint64_t sequence,
                            struct why *why)
{
    struct key_sequence_move_in in = {key->id, (int64_t)sequence};
    return key_sequence_move(db, &in, NULL, why);
}

/* --- revoking -------------------------------------------------------------------------------- */

errc unit_key_revoke(struct db *db, const struct order_job *job, wire_kid kid, struct why *why)
{
    struct key_of_kid_row row;
    struct key_of_kid_in of = {kid_bytes(&kid)};
    struct key_root_row root;
    TRY(order_hold(db, why));
    TRY(fail_in(why, key_of_kid(db, &of, job->arena, &row, why), "no such key"));
    if (row.key_use == KEY_ROOT) {
        return fail(why, ERR_INVALID, "devices have pinned the root: rotate-root replaces it");
    }
    struct key_revoke_in revoke = {row.id, job->actor->now, job->actor->account_id};
    int64_t changed = 0;
    TRY(key_revoke(db, &revoke, &changed, why));
    if (changed == 0) {
        return fail(why, ERR_EXISTS, "this key is revoked already");
    }
    TRY(root_of(db, job, &root, why));
    TRY(put_revocations(db, job, root.sealed, why));
    TRY(orders_sign_anew(db, job, kid, why));
    struct unit_key key = {
        .id = row.id, .kid = kid, .use = (enum key_use)row.key_use, .unit = row.unit_id};
    return write_audit(db, job, "key_revoked", &key, why);
}

/* --- another root ---------------------------------------------------------------------------- */

static errc say_last_word(struct db *db, const struct order_job *job,
                          const struct key_root_row *old, const struct unit_key *next,
                          struct why *why)
{
    struct trust_head_row head;
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, REVOCATIONS_MOST);
    TRY(sign_revocations(db, job, old->sealed, next, &cose, why));
    TRY(trust_head(db, job->arena, &head, why));
    struct root_change_add_in add = {head.trust_version + 1, buf_str(&cose), job->actor->now};
    struct trust_head_move_in move = {head.trust_version + 1, head.last_serial};
    TRY(root_change_add(db, &add, NULL, why));
    return trust_head_move(db, &move, NULL, why);
}

static errc certify(struct db *db, const struct order_job *job, const struct unit_key *key,
                    const struct unit_key *root, struct why *why)
{
    struct trust_head_row head;
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, SIGNING_CERT_MOST);
    TRY(trust_head(db, job->arena, &head, why));
    struct signing_cert ask = {.key = {.use = key->use,
                                       .root_sealed = root->sealed,
                                       .unit = (uint64_t)key->unit,
                                       .tier = key->tier,
                                       .from = key->from,
                                       .to = key->to,
                                       .serial = (uint64_t)head.last_serial + 1},
                               .sealed = key->sealed};
    TRY(job->signing->certify(job->signing->ctx, &ask, &cose, why));
    struct key_certify_in in = {key->id, head.last_serial + 1, buf_str(&cose), head.trust_version};
    struct trust_head_move_in move = {head.trust_version, head.last_serial + 1};
    TRY(key_certify(db, &in, NULL, why));
    return trust_head_move(db, &move, NULL, why);
}

/* Those that are believed; the trust version has just moved for everybody. */
static errc certify_all(struct db *db, const struct order_job *job, const struct unit_key *root,
                        struct why *why)
{
    struct unit_keys keys;
    TRY(unit_key_list(db, job->arena, &keys, why));
    if (keys.count == KEYS_LISTED) {
        return fail(why, ERR_TOO_MANY, "more than %d keys", KEYS_LISTED);
    }
    for (size_t i = 0; i < keys.count; i++) {
        const struct unit_key *key = &keys.at[i];
        if (key->use != KEY_ROOT && key->revoked_at == 0 && key->to > job->actor->now) {
            TRY(certify(db, job, key, root, why));
        }
    }
    return OK;
}

errc unit_key_replace_root(struct db *db, const struct order_job *job, hash *ret_root,
                           struct why *why)
{
    struct key_root_row old;
    struct unit_key fresh;
    struct signing_key ask = {.use = KEY_ROOT};
    TRY(order_hold(db, why));
    TRY(fail_in(why, key_root(db, job->arena, &old, why), "no root yet"));
    TRY(make_key(db, job, &ask, &fresh, why));
    struct key_revoke_in revoke = {old.id, job->actor->now, job->actor->account_id};
    TRY(key_revoke(db, &revoke, NULL, why));
    TRY(say_last_word(db, job, &old, &fresh, why));
    TRY(put_revocations(db, job, fresh.sealed, why));
    TRY(certify_all(db, job, &fresh, why));
    TRY(write_audit(db, job, "root_replaced", &fresh, why));
    *ret_root = fresh.key;
    return OK;
}

errc root_changes_after(struct db *db, int64_t version, struct arena *arena,
                        struct root_changes *ret_changes, struct why *why)
{
    struct root_changes_since_in in = {version};
    struct root_changes_since_row *rows = NULL;
    size_t count = 0;
    TRY(root_changes_since_all(db, &in, arena, &rows, &count, why));
    struct root_change *changes = arena_take_array(arena, count + 1, sizeof *changes);
    if (changes == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu roots", count);
    }
    for (size_t i = 0; i < count; i++) {
        changes[i] = (struct root_change){rows[i].version, rows[i].revocations};
    }
    *ret_changes = (struct root_changes){changes, count};
    return OK;
}

/* --- what devices are told -------------------------------------------------------------------- */

errc trust_version_last(struct db *db, struct arena *arena, int64_t *ret_version, struct why *why)
{
    struct trust_head_row head;
    TRY(trust_head(db, arena, &head, why));
    *ret_version = head.trust_version;
    return OK;
}

errc trust_version_for(struct db *db, struct wire_uints path, struct arena *arena,
                       int64_t *ret_version, struct why *why)
{
    struct trust_head_row head;
    TRY(trust_head(db, arena, &head, why));
    int64_t version = head.revocations_version;
    for (size_t i = 0; i < path.count; i++) {
        struct key_trust_of_in in = {(unit_id)path.at[i]};
        struct key_trust_of_row row;
        TRY(key_trust_of(db, &in, arena, &row, why));
        version = row.version > version ? row.version : version;
    }
    *ret_version = version;
    return OK;
}

struct collecting {
    str *at;
    size_t count;
    struct arena *arena;
};

static errc take_cert(void *ctx, const struct key_certs_of_row *row)
{
    struct collecting *certs = ctx;
    if (certs->count < AUTHORITY_CERTS) {
        certs->at[certs->count++] = arena_str(certs->arena, row->cert);
    }
    return OK;
}

errc trust_for(struct db *db, struct wire_uints path, usec now, struct arena *arena,
               struct wire_trust *ret_trust, struct why *why)
{
    struct trust_head_row head;
    int64_t version = 0;
    struct collecting certs = {.at = arena_take_array(arena, AUTHORITY_CERTS, sizeof(str)),
                               .arena = arena};
    if (certs.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for certificates");
    }
    TRY(trust_head(db, arena, &head, why));
    TRY(trust_version_for(db, path, arena, &version, why));
    for (size_t i = 0; i < path.count; i++) {
        struct key_certs_of_in in = {(unit_id)path.at[i], now};
        TRY(key_certs_of(db, &in, take_cert, &certs, why));
    }
    if (arena_failed(arena)) {
        return fail(why, ERR_NO_MEMORY, "memory for certificates");
    }
    *ret_trust = (struct wire_trust){.version = (uint64_t)version,
                                     .revocations = head.revocations,
                                     .certs = {certs.at, certs.count}};
    return OK;
}
