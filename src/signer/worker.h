/* The signer's work: questions in, answers out, until the server is gone. Runs in a process of its
 * own that has entered its cage (cage.h) before the first question. */
#ifndef LOA_SIGNER_WORKER_H
#define LOA_SIGNER_WORKER_H

#include "signer/judge.h"
#include "signer/talk.h"

struct worker_config {
    struct vault_key key;
    struct judge_rules rules;
    struct entropy entropy;
};

struct signer_worker;

CHECKED errc worker_create(const struct worker_config *config, struct signer_worker **ret_worker);
void worker_destroy(struct signer_worker *worker); /* accepts null */
/* One packet; whatever it is, there is an answer in `out`. */
void worker_answer(struct signer_worker *worker, str packet, usec now, struct buf *out);
/* Answers on the socket (SOCK_SEQPACKET) until the other end is closed. */
CHECKED errc worker_serve(struct signer_worker *worker, int socket, struct why *why);

#endif
