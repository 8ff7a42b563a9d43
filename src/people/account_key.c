/* A sealed value is: version byte, nonce, ciphertext with tag. Purpose and account are bound as
 * additional data, so a secret copied from one row to another does not open. */
#include "people/account_key.h"

#include "base/crash.h"

#include <sodium.h>

enum { VERSION = 1, NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, BOUND_ROOM = 64 };

_Static_assert(ACCOUNT_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert(sizeof(struct account_key) == sizeof(hash), "both are 32 bytes in hex");
_Static_assert(SEAL_OVERHEAD == 1 + NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "overhead");

errc account_key_parse(str text, struct account_key *ret_key, struct why *why)
{
    hash bytes;
    if (!hash_parse(str_trim(text), &bytes)) {
        return fail(why, ERR_INVALID, "a key is 64 hexadecimal digits");
    }
    memcpy(ret_key->bytes, bytes.bytes, ACCOUNT_KEY_SIZE);
    mem_wipe(&bytes, sizeof(bytes));
    return OK;
}

/* What the seal is bound to: "purpose:account". */
static str bound_to(char room[BOUND_ROOM], const struct account_seal *seal)
{
    int len = snprintf(room, BOUND_ROOM, "loa:%s:%lld", seal->purpose, (long long)seal->account_id);
    return (str){room, len > 0 && len < BOUND_ROOM ? (size_t)len : BOUND_ROOM - 1};
}

errc account_key_seal(const struct account_seal *seal, str plain, struct entropy entropy,
                      struct arena *arena, str *ret_sealed, struct why *why)
{
    if (plain.len > SEAL_PLAIN_MOST) {
        return fail(why, ERR_TOO_BIG, "%zu bytes are too many to seal", plain.len);
    }
    uint8_t *sealed = arena_take(arena, plain.len + SEAL_OVERHEAD);
    if (sealed == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory to seal");
    }
    char room[BOUND_ROOM];
    str bound = bound_to(room, seal);
    sealed[0] = VERSION;
    entropy_fill(entropy, sealed + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE, NULL, (const uint8_t *)plain.at,
                                               plain.len, (const uint8_t *)bound.at, bound.len,
                                               NULL, sealed + 1, seal->key->bytes);
    *ret_sealed = (str){(const char *)sealed, plain.len + SEAL_OVERHEAD};
    return OK;
}

errc account_key_open(const struct account_seal *seal, str sealed, struct arena *arena,
                      str *ret_plain, struct why *why)
{
    const uint8_t *bytes = (const uint8_t *)sealed.at;
    if (sealed.len < SEAL_OVERHEAD || sealed.len > SEAL_PLAIN_MOST + SEAL_OVERHEAD ||
        bytes[0] != VERSION) {
        return fail(why, ERR_CORRUPT, "a sealed %s is damaged", seal->purpose);
    }
    size_t len = sealed.len - SEAL_OVERHEAD;
    uint8_t *plain = arena_take(arena, len + 1);
    if (plain == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory to open a seal");
    }
    char room[BOUND_ROOM];
    str bound = bound_to(room, seal);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, NULL, NULL, bytes + 1 + NONCE, sealed.len - 1 - NONCE, (const uint8_t *)bound.at,
            bound.len, bytes + 1, seal->key->bytes) != 0) {
        return fail(why, ERR_CORRUPT, "a sealed %s does not open with this key", seal->purpose);
    }
    *ret_plain = (str){(const char *)plain, len};
    return OK;
}

hash account_key_mark(const struct account_seal *seal, str text)
{
    char room[BOUND_ROOM];
    str bound = bound_to(room, seal);
    crypto_generichash_state state;
    hash mark;
    /* A part that begins with its length cannot run into the next one. */
    uint8_t len = (uint8_t)bound.len;
    ENSURE(crypto_generichash_init(&state, seal->key->bytes, sizeof(seal->key->bytes), HASH_SIZE) ==
           0);
    ENSURE(crypto_generichash_update(&state, &len, sizeof(len)) == 0);
    ENSURE(crypto_generichash_update(&state, (const uint8_t *)bound.at, bound.len) == 0);
    ENSURE(crypto_generichash_update(&state, (const uint8_t *)text.at, text.len) == 0);
    ENSURE(crypto_generichash_final(&state, mark.bytes, HASH_SIZE) == 0);
    return mark;
}
