/* OpenSSL directly on the socket: no copying through memory BIOs, and with
 * SSL_MODE_RELEASE_BUFFERS an idle connection holds no buffers. */
#include "loop/tls.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#define TICKET_ROTATION (8 * USEC_HOUR)

enum { TICKET_SECONDS = 16 * 3600 }; /* less than two rotations: then its key is gone */

struct ticket_key {
    unsigned char name[16];
    unsigned char cipher[32];
    unsigned char mac[32];
    usec born;
};

struct tls {
    struct loop *loop;
    struct entropy entropy;
    SSL_CTX *context;
    struct ticket_key keys[2]; /* the one in use, and the one before it */
    bool has_old;
};

static void make_key(struct tls *tls)
{
    struct ticket_key *key = &tls->keys[0];
    entropy_fill(tls->entropy, key->name, sizeof key->name);
    entropy_fill(tls->entropy, key->cipher, sizeof key->cipher);
    entropy_fill(tls->entropy, key->mac, sizeof key->mac);
    key->born = loop_now(tls->loop);
}

struct tls *tls_create(struct loop *loop, struct entropy entropy)
{
    struct tls *tls = mem_take(sizeof *tls);
    tls->loop = loop;
    tls->entropy = entropy;
    make_key(tls);
    return tls;
}

void tls_destroy(struct tls *tls)
{
    if (tls == NULL) {
        return;
    }
    SSL_CTX_free(tls->context);
    mem_wipe(tls->keys, sizeof tls->keys);
    mem_give(tls);
}

bool tls_is_loaded(const struct tls *tls)
{
    return tls->context != NULL;
}

static errc fail_tls(struct why *why, const char *what, const char *path)
{
    char text[160];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return fail(why, ERR_INVALID, "%s %s: %s", what, path, text);
}

/* The key a ticket was made with; null when it is too old or was never ours. */
static const struct ticket_key *find_key(const struct tls *tls, const unsigned char name[16])
{
    for (size_t i = 0; i < (tls->has_old ? 2u : 1u); i++) {
        if (memcmp(tls->keys[i].name, name, 16) == 0) {
            return &tls->keys[i];
        }
    }
    return NULL;
}

static void rotate_keys(struct tls *tls)
{
    if (loop_now(tls->loop) - tls->keys[0].born >= TICKET_ROTATION) {
        tls->keys[1] = tls->keys[0];
        tls->has_old = true;
        make_key(tls);
    }
}

/* OpenSSL's contract: -1 error, 0 make a full handshake, 1 use it, 2 use it and give a new one. */
static int on_ticket(SSL *ssl, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *cipher,
                     EVP_MAC_CTX *mac, int making)
{
    struct tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    rotate_keys(tls);
    const struct ticket_key *key = &tls->keys[0];
    if (making) {
        memcpy(name, key->name, sizeof key->name);
        if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) {
            return -1;
        }
    } else {
        key = find_key(tls, name);
        if (key == NULL) {
            return 0;
        }
    }
    unsigned char secret[32];
    memcpy(secret, key->mac, sizeof secret);
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret, sizeof secret),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    int good = EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv, making) == 1 &&
               EVP_MAC_CTX_set_params(mac, params) == 1;
    mem_wipe(secret, sizeof secret);
    return !good ? -1 : making ? 1 : key == &tls->keys[0] ? 1 : 2;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_size,
                   const unsigned char *in, unsigned int in_size, void *ctx)
{
    (void)ssl;
    (void)ctx;
    static const unsigned char ours[] = "\x02h2\x08http/1.1";
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, in, in_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static void set_up(SSL_CTX *context, struct tls *tls)
{
    SSL_CTX_set_app_data(context, tls);
    ignore_int(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION));
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_COMPRESSION);
    ignore_int(SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER));
    SSL_CTX_set_read_ahead(context, 1); /* a record's head and body with one call */
    ignore_int(SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF));
    static const unsigned char name[] = "loa";
    ignore_int(SSL_CTX_set_session_id_context(context, name, sizeof name - 1));
    ignore_int(SSL_CTX_set_timeout(context, TICKET_SECONDS));
    ignore_int(SSL_CTX_set_num_tickets(context, 1));
    ignore_int(SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket));
    SSL_CTX_set_alpn_select_cb(context, on_alpn, NULL);
}

static void free_context(SSL_CTX **context)
{
    SSL_CTX_free(*context);
}

errc tls_load(struct tls *tls, const char *chain_path, const char *key_path, struct why *why)
{
    ERR_clear_error();
    AUTO(free_context) SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        return fail_tls(why, "cannot set up", "TLS");
    }
    set_up(context, tls);
    if (SSL_CTX_use_certificate_chain_file(context, chain_path) != 1) {
        return fail_tls(why, "cannot use certificate", chain_path);
    }
    if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1) {
        return fail_tls(why, "cannot use key", key_path);
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return fail_tls(why, "key does not fit the certificate", key_path);
    }
    SSL_CTX *old = tls->context;
    tls->context = context;
    context = old;
    return OK;
}

SSL *tls_accept(struct tls *tls, int fd)
{
    SSL *ssl = SSL_new(tls->context);
    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_accept_state(ssl);
    return ssl;
}

enum tls_step tls_handshake(SSL *ssl)
{
    ERR_clear_error();
    int rc = SSL_do_handshake(ssl);
    if (rc == 1) {
        return TLS_DONE;
    }
    switch (SSL_get_error(ssl, rc)) {
    case SSL_ERROR_WANT_READ:
        return TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANTS_WRITE;
    default:
        ERR_clear_error();
        return TLS_FAILED;
    }
}

bool tls_is_http2(SSL *ssl)
{
    const unsigned char *name;
    unsigned int size;
    SSL_get0_alpn_selected(ssl, &name, &size);
    return size == 2 && memcmp(name, "h2", 2) == 0;
}

bool tls_channel(SSL *ssl, uint8_t ret_bytes[32])
{
    static const char label[] = "EXPORTER-Channel-Binding";
    return SSL_export_keying_material(ssl, ret_bytes, 32, label, sizeof label - 1, NULL, 0, 0) == 1;
}
