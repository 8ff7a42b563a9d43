/* A refusal is an answer like any other. */
#include "signer/worker.h"

#include "base/entropy.h"
#include "wire/codec.h"

#include <errno.h>
#include <sodium.h>
#include <sys/socket.h>

enum { ARENA_MOST = 1024 * 1024, CERT_ROOM = 1024 };

struct signer_worker {
    struct worker_config config;
    struct judge *judge;
    struct arena *arena; /* of one question */
    struct buf bytes;
    struct signing_made made;
};

errc worker_create(const struct worker_config *config, struct signer_worker **ret_worker)
{
    struct signer_worker *worker = mem_take(sizeof *worker);
    worker->config = *config;
    buf_init(&worker->bytes, TALK_MOST);
    errc rc = judge_create(&config->rules, &worker->judge);
    if (rc == OK) {
        rc = arena_create(ARENA_MOST, &worker->arena);
    }
    if (rc != OK) {
        worker_destroy(worker);
        return rc;
    }
    *ret_worker = worker;
    return OK;
}

void worker_destroy(struct signer_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    judge_destroy(worker->judge);
    arena_destroy(worker->arena);
    buf_finish(&worker->bytes);
    mem_wipe(worker, sizeof *worker);
    mem_give(worker);
}

static hash public_of(const struct vault_secret *secret)
{
    hash key;
    ignore_int(crypto_sign_ed25519_sk_to_pk(key.bytes, secret->secret));
    return key;
}

static errc sign_order(struct signer_worker *worker, const struct talk_ask *ask, usec now,
                       struct talk_answer *answer, struct why *why)
{
    AUTO(vault_secret_wipe) struct vault_secret secret = {0};
    TRY(vault_open(&worker->config.key, ask->order.sealed, &secret, why));
    struct judge_case on = {.secret = &secret,
                            .kid = kid_of(public_of(&secret)),
                            .ask = &ask->order,
                            .now = now,
                            .arena = worker->arena};
    TRY(judge_order(worker->judge, &on, &answer->highest, why));
    TRY(cose_sign(COSE_ORDER, ask->order.payload, secret.secret, &worker->bytes));
    answer->bytes = buf_str(&worker->bytes);
    return OK;
}

static errc sign_cert(struct signer_worker *worker, const struct vault_secret *root,
                      const struct signing_key *ask, hash key, struct why *why)
{
    AUTO(buf_finish) struct buf record;
    struct wire_cert cert = signing_cert_of(ask, key);
    buf_init(&record, CERT_ROOM);
    errc rc = wire_record_write(&wire_record_cert, &cert, &record);
    if (rc == OK) {
        rc = cose_sign(COSE_CERT, buf_str(&record), root->secret, &worker->bytes);
    }
    return fail_in(why, rc, "certificate");
}

static errc make_key(struct signer_worker *worker, const struct talk_ask *ask, usec now,
                     struct talk_answer *answer, struct why *why)
{
    AUTO(vault_secret_wipe) struct vault_secret root = {0};
    AUTO(vault_secret_wipe)
    struct vault_secret fresh = {
        .use = ask->key.use, .unit = ask->key.unit, .tier = ask->key.tier, .to = ask->key.to};
    uint8_t seed[crypto_sign_SEEDBYTES];
    bool is_root = ask->key.use == KEY_ROOT;
    if (!is_root) {
        TRY(vault_open(&worker->config.key, ask->key.root_sealed, &root, why));
    }
    TRY(judge_key(worker->judge, is_root ? NULL : &root, &ask->key, now, why));
    entropy_fill(worker->config.entropy, seed, sizeof seed);
    ignore_int(crypto_sign_seed_keypair(answer->key.bytes, fresh.secret, seed));
    mem_wipe(seed, sizeof seed);
    if (!is_root) {
        TRY(sign_cert(worker, &root, &ask->key, answer->key, why));
    }
    vault_seal(&worker->config.key, &fresh, worker->config.entropy, &worker->made);
    answer->bytes = buf_str(&worker->bytes);
    answer->sealed = (str){(const char *)worker->made.sealed, worker->made.sealed_len};
    return OK;
}

static errc certify_key(struct signer_worker *worker, const struct signing_cert *ask, usec now,
                        struct talk_answer *answer, struct why *why)
{
    AUTO(vault_secret_wipe) struct vault_secret root = {0};
    AUTO(vault_secret_wipe) struct vault_secret secret = {0};
    TRY(vault_open(&worker->config.key, ask->key.root_sealed, &root, why));
    TRY(vault_open(&worker->config.key, ask->sealed, &secret, why));
    TRY(judge_cert(&root, &secret, &ask->key, now, why));
    answer->key = public_of(&secret);
    TRY(sign_cert(worker, &root, &ask->key, answer->key, why));
    answer->bytes = buf_str(&worker->bytes);
    return OK;
}

static errc sign_revocations(struct signer_worker *worker, const struct talk_ask *ask,
                             struct talk_answer *answer, struct why *why)
{
    AUTO(vault_secret_wipe) struct vault_secret root = {0};
    AUTO(vault_secret_wipe) struct vault_secret next = {0};
    const struct signing_revocations *revoke = &ask->revoke;
    struct judge_revoking on = {.root = &root, .record = revoke->record};
    TRY(vault_open(&worker->config.key, revoke->root_sealed, &root, why));
    if (revoke->next_sealed.len > 0) {
        TRY(vault_open(&worker->config.key, revoke->next_sealed, &next, why));
        on.next = &next;
        on.next_key = public_of(&next);
    }
    TRY(judge_revocations(worker->judge, &on, worker->arena, why));
    TRY(cose_sign(COSE_REVOCATIONS, revoke->record, root.secret, &worker->bytes));
    answer->bytes = buf_str(&worker->bytes);
    return OK;
}

static errc do_ask(struct signer_worker *worker, const struct talk_ask *ask, usec now,
                   struct talk_answer *answer, struct why *why)
{
    switch (ask->what) {
    case TALK_SIGN:
        return sign_order(worker, ask, now, answer, why);
    case TALK_MAKE:
        return make_key(worker, ask, now, answer, why);
    case TALK_REVOKE:
        return sign_revocations(worker, ask, answer, why);
    case TALK_CERTIFY:
        return certify_key(worker, &ask->cert, now, answer, why);
    }
    return ERR_BAD_REQUEST;
}

void worker_answer(struct signer_worker *worker, str packet, usec now, struct buf *out)
{
    struct talk_ask ask = {.number = 0};
    struct talk_answer answer = {.rc = OK};
    struct why why = {""};
    arena_reset(worker->arena);
    buf_clear(&worker->bytes);
    errc rc = talk_ask_read(packet, worker->arena, &ask, &why);
    if (rc == OK) {
        rc = do_ask(worker, &ask, now, &answer, &why);
    }
    if (rc != OK) {
        answer = (struct talk_answer){.highest = answer.highest};
        answer.reason = str_cut(str_of(why.text), 0, TALK_REASON);
    }
    answer.number = ask.number;
    answer.rc = rc;
    talk_answer_write(&answer, out);
}

errc worker_serve(struct signer_worker *worker, int socket, struct why *why)
{
    AUTO(buf_finish) struct buf out;
    static char packet[TALK_MOST + 1];
    buf_init(&out, TALK_MOST);
    for (;;) {
        ssize_t size = recv(socket, packet, sizeof packet, 0);
        if (size == 0) {
            return OK;
        }
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return fail_errno(why, errno, "the server's questions");
        }
        buf_clear(&out);
        worker_answer(worker, (str){packet, (size_t)size}, now_utc(), &out);
        if (send(socket, out.at, out.len, MSG_NOSIGNAL) < 0 && errno != EINTR) {
            return errno == EPIPE ? OK : fail_errno(why, errno, "an answer to the server");
        }
    }
}
