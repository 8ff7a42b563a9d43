/* What a browser and its authenticator say: refused, or a credential that holds together. The
 * first byte chooses which part comes from the stranger; the rest of the ceremony is right, so that
 * the parsers and libfido2 behind them are reached. */
#include "people/webauthn.h"

#include "base/cbor_in.h"
#include "base/crash.h"
#include "people/webauthn_rsa.h"

static const struct webauthn_site site = {{"example.org", 11}, {"https://example.org", 19}};
static const char challenge[WEBAUTHN_CHALLENGE_SIZE] = "a challenge of thirty-two bytes";

static str challenge_text(void)
{
    return (str){challenge, sizeof(challenge)};
}

static void write_client_data(struct buf *out, const char *type)
{
    buf_add_format(out, "{\"type\":\"%s\",\"challenge\":\"", type);
    webauthn_encode(challenge_text(), out);
    buf_add_text(out, "\",\"origin\":\"https://example.org\"}");
}

static void check_credential(const struct webauthn_credential *credential)
{
    ENSURE(credential->id.len > 0 && credential->id.len <= WEBAUTHN_ID_MOST);
    switch (credential->algorithm) {
    case WEBAUTHN_ES256:
        ENSURE(credential->key_size == 64);
        break;
    case WEBAUTHN_EDDSA:
        ENSURE(credential->key_size == 32);
        break;
    case WEBAUTHN_RS256:
        ENSURE(credential->key_size >= WEBAUTHN_RSA_MODULUS_LEAST + WEBAUTHN_RSA_EXPONENT);
        ENSURE(credential->key_size <= WEBAUTHN_RSA_MODULUS_MOST + WEBAUTHN_RSA_EXPONENT);
        break;
    }
}

static void fuzz_registration(str object, struct buf *client_data)
{
    struct webauthn_credential credential;
    write_client_data(client_data, "webauthn.create");
    struct webauthn_registration registration = {buf_str(client_data), object};
    if (webauthn_check_registration(&registration, challenge_text(), &site, &credential, NULL) ==
        OK) {
        check_credential(&credential);
    }
}

/* Nobody can sign for this key, so nothing may pass. */
static void fuzz_assertion(str data, struct buf *client_data)
{
    static const struct webauthn_credential known = {
        .id = {"key", 3}, .algorithm = WEBAUTHN_EDDSA, .key = {1, 2, 3}, .key_size = 32};
    static const char signature[64] = {1};
    uint32_t count;
    write_client_data(client_data, "webauthn.get");
    struct webauthn_assertion assertion = {
        known.id, buf_str(client_data), data, {signature, sizeof(signature)}};
    ENSURE(webauthn_check_assertion(&assertion, challenge_text(), &site, &known, &count, NULL) !=
           OK);
    assertion.authenticator_data = str_cut(data, data.len / 2, data.len);
    assertion.signature = str_cut(data, 0, data.len / 2);
    ENSURE(webauthn_check_assertion(&assertion, challenge_text(), &site, &known, &count, NULL) !=
           OK);
}

static void fuzz_data(str data)
{
    struct webauthn_data parsed;
    if (webauthn_parse_data(data, &parsed, NULL) == OK) {
        ENSURE(parsed.rp_hash.len == 32);
        if (parsed.has_credential) {
            check_credential(&parsed.credential);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(buf_finish) struct buf client_data;
    buf_init(&client_data, WEBAUTHN_CLIENT_DATA_MOST);
    if (size == 0) {
        return 0;
    }
    str rest = {(const char *)data + 1, size - 1};
    struct cbor_reader reader = {.rest = rest};
    switch (data[0] % 5) {
    case 0:
        fuzz_registration(rest, &client_data);
        break;
    case 1:
        fuzz_assertion(rest, &client_data);
        break;
    case 2:
        ignore(webauthn_check_client_data(rest, "webauthn.get", challenge_text(), &site, NULL));
        break;
    case 3:
        fuzz_data(rest);
        break;
    default:
        ignore(cbor_skip(&reader, NULL));
    }
    return 0;
}
