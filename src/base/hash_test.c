/* Digests against published values; hexadecimal read strictly. */
#include "base/hash.h"

#include "base/base.h"
#include "base/testing.h"

static void hashes_what_the_standards_publish(void **state)
{
    (void)state;
    char text[HASH_TEXT_SIZE];
    hash_text(hash_of(S("abc")), text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    hash_text(hash_of(STR_NONE), text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash_text(hash_sha256(S("abc")), text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_text(hash_sha256(STR_NONE), text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hashes_pieces_as_the_whole(void **state)
{
    (void)state;
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, "a", 1);
    hasher_add(&hasher, "", 0);
    hasher_add(&hasher, "bc", 2);
    hash pieces = hasher_end(&hasher);
    assert_true(hash_is(pieces, hash_of(S("abc"))));
    assert_false(hash_is(pieces, hash_of(S("abd"))));
}

static void reads_its_own_hexadecimal_only(void **state)
{
    (void)state;
    char text[HASH_TEXT_SIZE];
    hash value = hash_of(S("x"));
    hash back = {{0}};
    hash_text(value, text);
    assert_true(hash_parse(str_of(text), &back));
    assert_true(hash_is(value, back));
    assert_false(hash_parse(str_cut(str_of(text), 0, 63), &back));
    assert_false(hash_parse(S(""), &back));
    static const char wrong[] = {'g', 'A', '/', ':', '`', ' '};
    for (size_t i = 0; i < 2 * COUNT_OF(wrong); i++) {
        char bad[HASH_TEXT_SIZE];
        memcpy(bad, text, sizeof bad);
        bad[62 + i % 2] = wrong[i / 2];
        assert_false(hash_parse(str_of(bad), &back));
    }
    assert_true(hash_is(value, back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_what_the_standards_publish),
        cmocka_unit_test(hashes_pieces_as_the_whole),
        cmocka_unit_test(reads_its_own_hexadecimal_only),
    };
    return cmocka_run_group_tests_name("base: hash", tests, NULL, NULL);
}
