/* TLS 1.3 for connections: certificates that can be replaced, session tickets whose keys rotate,
 * ALPN. Tickets outlive a change of certificate but not the process. */
#ifndef LOA_LOOP_TLS_H
#define LOA_LOOP_TLS_H

#include "base/base.h"
#include "base/entropy.h"
#include "loop/loop.h"

#include <openssl/ssl.h>

struct tls;

struct tls *tls_create(struct loop *loop, struct entropy entropy);
void tls_destroy(struct tls *tls);
/* Replaces the pair as a whole or, with an error, not at all. */
CHECKED errc tls_load(struct tls *tls, const char *chain_path, const char *key_path,
                      struct why *why);
bool tls_is_loaded(const struct tls *tls);
/* A server's end of a connection over fd; null when it cannot be had. */
SSL *tls_accept(struct tls *tls, int fd);

enum tls_step { TLS_DONE, TLS_WANTS_READ, TLS_WANTS_WRITE, TLS_FAILED };

enum tls_step tls_handshake(SSL *ssl);
bool tls_is_http2(SSL *ssl); /* chosen by ALPN */
CHECKED bool tls_channel(SSL *ssl, uint8_t ret_bytes[32]);

#endif
