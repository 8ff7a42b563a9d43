/* An answer that comes after its question was given up is thrown away by its number. */
#include "signer/client.h"

#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

struct signer_client {
    int socket;
    usec wait;
    pthread_mutex_t lock;
    uint64_t number;
    struct buf out;
    char packet[TALK_MOST];
};

errc signer_client_create(int take_socket, usec wait, struct signer_client **ret_client,
                          struct why *why)
{
    (void)why;
    struct signer_client *client = mem_take(sizeof *client);
    client->socket = take_socket;
    client->wait = wait;
    buf_init(&client->out, TALK_MOST);
    ignore_int(pthread_mutex_init(&client->lock, NULL));
    *ret_client = client;
    return OK;
}

void signer_client_destroy(struct signer_client *client)
{
    if (client == NULL) {
        return;
    }
    file_close(&client->socket);
    buf_finish(&client->out);
    ignore_int(pthread_mutex_destroy(&client->lock));
    mem_give(client);
}

static errc receive(struct signer_client *client, usec until, str *ret_packet, struct why *why)
{
    for (;;) {
        usec left = until - now_steady();
        struct pollfd wait = {.fd = client->socket, .events = POLLIN};
        if (left <= 0 || poll(&wait, 1, (int)(left / 1000) + 1) == 0) {
            return fail(why, ERR_TIMEOUT, "the signer does not answer");
        }
        ssize_t size = recv(client->socket, client->packet, sizeof client->packet, MSG_DONTWAIT);
        if (size > 0) {
            *ret_packet = (str){client->packet, (size_t)size};
            return OK;
        }
        if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            return fail(why, ERR_CLOSED, "the signer is gone");
        }
    }
}

static errc converse(struct signer_client *client, struct talk_ask *ask,
                     struct talk_answer *ret_answer, struct why *why)
{
    usec until = now_steady() + client->wait;
    ask->number = ++client->number;
    buf_clear(&client->out);
    talk_ask_write(ask, &client->out);
    TRY(buf_check(&client->out));
    if (send(client->socket, client->out.at, client->out.len, MSG_NOSIGNAL) < 0) {
        return fail(why, ERR_CLOSED, "the signer is gone");
    }
    do {
        str packet = STR_NONE;
        TRY(receive(client, until, &packet, why));
        TRY(talk_answer_read(packet, ret_answer, why));
    } while (ret_answer->number != ask->number);
    if (ret_answer->rc != OK) {
        return fail(why, ret_answer->rc, "signer: %.*s", STR_ARG(ret_answer->reason));
    }
    return OK;
}

static errc take_bytes(const struct talk_answer *answer, struct buf *out)
{
    buf_add(out, answer->bytes);
    return buf_check(out);
}

errc signer_sign(struct signer_client *client, const struct signing_order *ask, struct buf *out,
                 uint64_t *ret_highest, struct why *why)
{
    struct talk_ask question = {.what = TALK_SIGN, .order = *ask};
    struct talk_answer answer = {.highest = 0};
    ignore_int(pthread_mutex_lock(&client->lock));
    errc rc = converse(client, &question, &answer, why);
    if (rc == OK) {
        rc = take_bytes(&answer, out);
    }
    *ret_highest = answer.highest;
    ignore_int(pthread_mutex_unlock(&client->lock));
    return rc;
}

static errc take_made(const struct talk_answer *answer, struct signing_made *ret_made,
                      struct why *why)
{
    if (answer->bytes.len > SIGNING_CERT_MOST || answer->sealed.len == 0) {
        return fail(why, ERR_INTERNAL, "the signer made no key");
    }
    struct signing_made made = {
        .key = answer->key, .sealed_len = answer->sealed.len, .cert_len = answer->bytes.len};
    memcpy(made.sealed, answer->sealed.at, answer->sealed.len);
    if (answer->bytes.len > 0) {
        memcpy(made.cert, answer->bytes.at, answer->bytes.len);
    }
    *ret_made = made;
    return OK;
}

errc signer_make(struct signer_client *client, const struct signing_key *ask,
                 struct signing_made *ret_made, struct why *why)
{
    struct talk_ask question = {.what = TALK_MAKE, .key = *ask};
    struct talk_answer answer = {.highest = 0};
    ignore_int(pthread_mutex_lock(&client->lock));
    errc rc = converse(client, &question, &answer, why);
    if (rc == OK) {
        rc = take_made(&answer, ret_made, why);
    }
    ignore_int(pthread_mutex_unlock(&client->lock));
    return rc;
}

static errc ask_bytes(struct signer_client *client, struct talk_ask *question, struct buf *out,
                      struct why *why)
{
    struct talk_answer answer = {.highest = 0};
    ignore_int(pthread_mutex_lock(&client->lock));
    errc rc = converse(client, question, &answer, why);
    if (rc == OK) {
        rc = take_bytes(&answer, out);
    }
    ignore_int(pthread_mutex_unlock(&client->lock));
    return rc;
}

errc signer_certify(struct signer_client *client, const struct signing_cert *ask, struct buf *out,
                    struct why *why)
{
    struct talk_ask question = {.what = TALK_CERTIFY, .cert = *ask};
    return ask_bytes(client, &question, out, why);
}

errc signer_revoke(struct signer_client *client, const struct signing_revocations *ask,
                   struct buf *out, struct why *why)
{
    struct talk_ask question = {.what = TALK_REVOKE, .revoke = *ask};
    return ask_bytes(client, &question, out, why);
}
