/* The proof at attach holds for exactly its facts; the fingerprint is fit for people. */
#include "wire/proof.h"

#include "base/testing.h"

#include <sodium.h>

static void key_of(uint8_t number, uint8_t secret[COSE_SECRET_SIZE], hash *ret_key)
{
    uint8_t seed[crypto_sign_SEEDBYTES] = {number};
    assert_int_equal(crypto_sign_seed_keypair(ret_key->bytes, secret, seed), 0);
}

static void proves_the_key_for_these_facts_alone(void **state)
{
    (void)state;
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
    key_of(1, secret, &key);
    struct proof_facts facts = {{{1}}, {{2}}, 1, {{3}}};
    wire_signature proof = proof_make(&facts, secret);
    assert_true(proof_check(&facts, &proof, key));
    struct proof_facts others[] = {facts, facts, facts, facts};
    others[0].nonce.bytes[31]++;
    others[1].channel.bytes[31]++;
    others[2].version++;
    others[3].boot.bytes[15]++;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(proof_check(&others[i], &proof, key));
    }
    proof.bytes[0] ^= 1;
    assert_false(proof_check(&facts, &proof, key));
}

static void writes_a_fingerprint_that_people_can_compare(void **state)
{
    (void)state;
    char text[FINGERPRINT_SIZE];
    hash key = {{0}};
    fingerprint_write(key, text);
    assert_string_equal(text, "K9PJ-UUNC-F6GU-WD8K-DVA5-F8BK-TS7B-B9QC");
    for (size_t i = 0; i < sizeof text - 1; i++) {
        assert_null(strchr("01IO", text[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_the_key_for_these_facts_alone),
        cmocka_unit_test(writes_a_fingerprint_that_people_can_compare),
    };
    return cmocka_run_group_tests_name("wire: proof", tests, NULL, NULL);
}
