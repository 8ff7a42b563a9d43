/* The bytes of a dial: plain, or TLS 1.3 with the server's certificate and name checked. A ticket
 * is remembered only for the server that gave it. */
#include "loop/dial_inside.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

enum { TICKET_MOST = 16 * 1024, RECORD = 16 * 1024 };

void dial_memory_init(struct dial_memory *memory)
{
    *memory = (struct dial_memory){.server = ""};
    buf_init(&memory->ticket, TICKET_MOST);
}

void dial_memory_finish(struct dial_memory *memory)
{
    if (memory->ticket.at != NULL) {
        mem_wipe(memory->ticket.at, memory->ticket.len);
    }
    buf_finish(&memory->ticket);
}

static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct dial *dial = SSL_get_app_data(ssl);
    struct dial_memory *memory = dial->memory;
    int size = i2d_SSL_SESSION(session, NULL);
    if (memory == NULL || size <= 0) {
        return 0;
    }
    buf_clear(&memory->ticket);
    unsigned char *at = (unsigned char *)buf_reserve(&memory->ticket, (size_t)size);
    if (at != NULL && i2d_SSL_SESSION(session, &at) == size) {
        buf_advance(&memory->ticket, (size_t)size);
    }
    return 0; /* the session is not kept by us */
}

static void set_up(SSL_CTX *context, const struct dialer_config *config)
{
    static const unsigned char protocols[] = "\x08http/1.1";
    ignore_int(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION));
    ignore_int(SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER));
    ignore_int(SSL_CTX_set_session_cache_mode(context,
                                              SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL));
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_sess_set_new_cb(context, on_session);
    ignore_int(SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols - 1));
    SSL_CTX_set_verify(context, config->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
}

errc dial_tls_create(const struct dialer_config *config, SSL_CTX **ret_context, struct why *why)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        return fail(why, ERR_NO_MEMORY, "cannot set up TLS");
    }
    set_up(context, config);
    int known = config->ca_file != NULL
                    ? SSL_CTX_load_verify_locations(context, config->ca_file, NULL)
                    : SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();
    if (known != 1 && !config->insecure) {
        SSL_CTX_free(context);
        return fail(why, ERR_INVALID, "cannot use the certificates in %s",
                    config->ca_file != NULL ? config->ca_file : "the system's store");
    }
    *ret_context = context;
    return OK;
}

static void remember(struct dial *dial)
{
    struct dial_memory *memory = dial->memory;
    const struct dial_url *url = &dial->start->url;
    char server[sizeof memory->server];
    int length = snprintf(server, sizeof server, "%s:%u", url->host, url->port);
    if (length < 0 || (size_t)length >= sizeof server) {
        dial->memory = NULL;
        return;
    }
    if (strcmp(server, memory->server) != 0) {
        buf_clear(&memory->ticket);
        memcpy(memory->server, server, sizeof server);
    }
    const unsigned char *at = (const unsigned char *)memory->ticket.at;
    SSL_SESSION *session =
        memory->ticket.len == 0 ? NULL : d2i_SSL_SESSION(NULL, &at, (long)memory->ticket.len);
    if (session != NULL) {
        ignore_int(SSL_set_session(dial->ssl, session));
        SSL_SESSION_free(session);
    }
}

static bool expect(SSL *ssl, const struct dial_url *url)
{
    if (url->is_numeric) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url->host) == 1;
    }
    char name[sizeof url->host]; /* OpenSSL's macro casts const away, which clang dislikes */
    memcpy(name, url->host, sizeof name);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

errc dial_tls_begin(struct dial *dial, struct why *why)
{
    dial->ssl = SSL_new(dial->dialer->context);
    if (dial->ssl == NULL || SSL_set_fd(dial->ssl, dial->socket->fd) != 1 ||
        !expect(dial->ssl, &dial->start->url)) {
        ERR_clear_error();
        return fail(why, ERR_NO_MEMORY, "cannot begin TLS");
    }
    SSL_set_app_data(dial->ssl, dial);
    SSL_set_connect_state(dial->ssl);
    if (dial->memory != NULL) {
        remember(dial);
    }
    ERR_clear_error();
    return OK;
}

static void explain(struct dial *dial, struct why *why)
{
    char text[160];
    long verified = SSL_get_verify_result(dial->ssl);
    if (verified != X509_V_OK && !dial->dialer->config.insecure) {
        ignore(fail(why, ERR_INVALID, "the certificate of %s: %s", dial->start->url.host,
                    X509_verify_cert_error_string(verified)));
        return;
    }
    unsigned long number = ERR_peek_last_error();
    ERR_error_string_n(number, text, sizeof text);
    ignore(fail(why, ERR_CLOSED, "TLS with %s: %s", dial->start->url.host,
                number == 0 ? "the line was cut" : text));
}

int dial_tls_shake(struct dial *dial, struct why *why)
{
    ERR_clear_error();
    int rc = SSL_do_handshake(dial->ssl);
    if (rc == 1) {
        dial->is_blocked = false;
        return 1;
    }
    switch (SSL_get_error(dial->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
        dial->is_blocked = false;
        return DIAL_IO_WAIT;
    case SSL_ERROR_WANT_WRITE:
        dial->is_blocked = true;
        return DIAL_IO_WAIT;
    default:
        explain(dial, why);
        if (dial->memory != NULL) {
            buf_clear(&dial->memory->ticket); /* it may be what went wrong */
        }
        SSL_set_quiet_shutdown(dial->ssl, 1);
        ERR_clear_error();
        return DIAL_IO_LOST;
    }
}

static ssize_t tls_result(struct dial *dial, int rc)
{
    if (rc > 0) {
        return rc;
    }
    switch (SSL_get_error(dial->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return DIAL_IO_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return DIAL_IO_END;
    default:
        ERR_clear_error();
        SSL_set_quiet_shutdown(dial->ssl, 1);
        return DIAL_IO_LOST;
    }
}

static ssize_t plain_error(void)
{
    return errno == EAGAIN || errno == EINTR ? DIAL_IO_WAIT : DIAL_IO_LOST;
}

ssize_t dial_read(struct dial *dial, char *into, size_t size)
{
    if (dial->ssl != NULL) {
        ERR_clear_error();
        return tls_result(dial, SSL_read(dial->ssl, into, (int)size));
    }
    ssize_t count = recv(dial->socket->fd, into, size, 0);
    return count > 0 ? count : count == 0 ? DIAL_IO_END : plain_error();
}

ssize_t dial_write(struct dial *dial, const char *bytes, size_t size)
{
    if (dial->ssl != NULL) {
        ERR_clear_error();
        return tls_result(dial, SSL_write(dial->ssl, bytes, (int)(size < RECORD ? size : RECORD)));
    }
    ssize_t count = send(dial->socket->fd, bytes, size, MSG_NOSIGNAL);
    return count >= 0 ? count : plain_error();
}

bool dial_has_more(const struct dial *dial)
{
    return dial->ssl != NULL && SSL_has_pending(dial->ssl) == 1;
}

void dial_tls_goodbye(struct dial *dial)
{
    ERR_clear_error();
    ignore_int(SSL_shutdown(dial->ssl));
    ERR_clear_error();
}
