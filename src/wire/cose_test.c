/* COSE_Sign1: what is signed is read and holds; nothing else is read, and nothing altered holds. */
#include "wire/cose.h"

#include "base/testing.h"

#include <sodium.h>

static void key_of(uint8_t number, uint8_t secret[COSE_SECRET_SIZE], hash *ret_key)
{
    uint8_t seed[crypto_sign_SEEDBYTES] = {number};
    assert_int_equal(crypto_sign_seed_keypair(ret_key->bytes, secret, seed), 0);
}

struct kit {
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
    struct buf out;
};

static int setup(void **state)
{
    struct kit *kit = mem_take(sizeof *kit);
    key_of(1, kit->secret, &kit->key);
    buf_init(&kit->out, 4096);
    *state = kit;
    return cose_sign(COSE_ORDER, S("payload"), kit->secret, &kit->out) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct kit *kit = *state;
    buf_finish(&kit->out);
    mem_give(kit);
    return 0;
}

static void holds_what_was_signed(void **state)
{
    struct kit *kit = *state;
    struct cose cose;
    assert_ok(cose_read(buf_str(&kit->out), &cose, NULL));
    assert_str(cose.payload, S("payload"));
    assert_true(kid_is(cose.kid, kid_of(kit->key)));
    assert_true(hash_is(cose_public(kit->secret), kit->key));
    assert_true(cose_check(COSE_ORDER, &cose, kit->key));
}

static void does_not_hold_for_another_use_or_key(void **state)
{
    struct kit *kit = *state;
    struct cose cose;
    uint8_t secret[COSE_SECRET_SIZE];
    hash other;
    key_of(2, secret, &other);
    assert_ok(cose_read(buf_str(&kit->out), &cose, NULL));
    assert_false(cose_check(COSE_CERT, &cose, kit->key));
    assert_false(cose_check(COSE_REVOCATIONS, &cose, kit->key));
    assert_false(cose_check(COSE_ORDER, &cose, other));
    cose.kid = kid_of(other); /* not in what was signed */
    assert_false(cose_check(COSE_ORDER, &cose, other));
}

static void holds_in_no_altered_byte_and_no_shorter_length(void **state)
{
    struct kit *kit = *state;
    struct cose cose;
    for (size_t i = 0; i < kit->out.len; i++) {
        assert_failed(cose_read((str){kit->out.at, i}, &cose, NULL), ERR_BAD_REQUEST);
        for (int bit = 0; bit < 8; bit++) {
            kit->out.at[i] = (char)(kit->out.at[i] ^ (1 << bit));
            assert_false(cose_read(buf_str(&kit->out), &cose, NULL) == OK &&
                         cose_check(COSE_ORDER, &cose, kit->key));
            kit->out.at[i] = (char)(kit->out.at[i] ^ (1 << bit));
        }
    }
    buf_add_byte(&kit->out, 0);
    assert_failed(cose_read(buf_str(&kit->out), &cose, NULL), ERR_BAD_REQUEST);
}

static void refuses_other_heads(void **state)
{
    (void)state;
    struct cose cose;
    const str heads[] = {
        S("\x83"),                                               /* an array of three */
        S("\x84\x40"),                                           /* no protected head */
        S("\x84\x43\xa1\x01\x27"),                               /* no key id */
        S("\x84\x4d\xa2\x01\x26\x04\x48kkkkkkkk"),               /* another algorithm */
        S("\x84\x4d\xa2\x01\x27\x05\x48kkkkkkkk"),               /* another header */
        S("\x84\x4d\xa2\x02\x27\x04\x48kkkkkkkk"),               /* another first header */
        S("\x84\x4c\xa2\x01\x27\x04\x47kkkkkkk"),                /* a short key id */
        S("\x84\x4e\xa2\x01\x27\x04\x48kkkkkkkk\x00"),           /* a byte behind it */
        S("\x84\x4d\xa2\x01\x27\x04\x68kkkkkkkk"),               /* a key id of text */
        S("\x84\x4d\xa2\x01\x27\x04\x48kkkkkkkk\xa1\x01\x01"),   /* unprotected headers */
        S("\x84\x4d\xa2\x01\x27\x04\x48kkkkkkkk\xa0\x61p"),      /* a payload of text */
        S("\x84\x4d\xa2\x01\x27\x04\x48kkkkkkkk\xa0\x41p\x41s"), /* a short signature */
        S("\x84\x4d\xa2\x01\x27\x04\x48kkkkkkkk\xa0\x41p\x61s"), /* a signature of text */
        S("\xd2\x84\x4d\xa2\x01\x27\x04\x48kkkkkkkk"),           /* tagged */
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        assert_failed(cose_read(heads[i], &cose, NULL), ERR_BAD_REQUEST);
    }
}

static void says_when_there_is_no_room(void **state)
{
    struct kit *kit = *state;
    AUTO(buf_finish) struct buf small = {0};
    buf_init(&small, 50);
    assert_failed(cose_sign(COSE_ORDER, S("payload"), kit->secret, &small), ERR_TOO_BIG);
    for (unsigned long nth = 1; nth <= 2; nth++) {
        buf_clear(&kit->out);
        mem_torture(nth);
        assert_failed(cose_sign(COSE_ORDER, S("payload"), kit->secret, &kit->out), ERR_NO_MEMORY);
        mem_torture(0);
    }
    struct cose cose = {.payload = S("payload")};
    mem_torture(1);
    assert_false(cose_check(COSE_ORDER, &cose, kit->key));
    mem_torture(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(holds_what_was_signed, setup, teardown),
        cmocka_unit_test_setup_teardown(does_not_hold_for_another_use_or_key, setup, teardown),
        cmocka_unit_test_setup_teardown(holds_in_no_altered_byte_and_no_shorter_length, setup,
                                        teardown),
        cmocka_unit_test(refuses_other_heads),
        cmocka_unit_test_setup_teardown(says_when_there_is_no_room, setup, teardown),
    };
    return cmocka_run_group_tests_name("wire: cose", tests, NULL, NULL);
}
