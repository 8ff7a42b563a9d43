/* Errors: the table is sound, reasons are written whole or cut, never past their room. */
#include "base/errors.h"

#include "base/base.h"
#include "base/testing.h"

#include <errno.h>

static const errc all[] = {
#define X(name, number, status, key) name,
#include "base/errors.def"
#undef X
};

static void names_every_error_once(void **state)
{
    (void)state;
    assert_string_equal(error_key(OK), "ok");
    assert_int_equal(error_status(OK), 200);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_in_range(error_status(all[i]), 400, 599);
        for (size_t j = i + 1; j < COUNT_OF(all); j++) {
            assert_int_not_equal(all[i], all[j]);
            assert_string_not_equal(error_key(all[i]), error_key(all[j]));
        }
    }
}

static void answers_calmly_for_a_number_that_is_none(void **state)
{
    (void)state;
    errc unknown = OK;
    memset(&unknown, 0x55, sizeof unknown);
    assert_string_equal(error_key(unknown), "internal");
    assert_int_equal(error_status(unknown), 500);
}

static void writes_a_reason_and_prefixes(void **state)
{
    (void)state;
    struct why why = {""};
    assert_failed(fail(&why, ERR_IO, "disk %d", 7), ERR_IO);
    assert_string_equal(why.text, "disk 7");
    assert_failed(fail_in(&why, ERR_IO, "reading %s", "a"), ERR_IO);
    assert_string_equal(why.text, "reading a: disk 7");
    assert_ok(fail_in(&why, OK, "never"));
    assert_string_equal(why.text, "reading a: disk 7");
    assert_failed(fail(&why, ERR_BUSY, "again: %s", why.text), ERR_BUSY);
    assert_string_equal(why.text, "again: reading a: disk 7");
    assert_failed(fail(NULL, ERR_IO, "nobody asks"), ERR_IO);
    assert_failed(fail_in(NULL, ERR_IO, "nobody asks"), ERR_IO);
}

static void cuts_a_reason_that_is_too_long(void **state)
{
    (void)state;
    struct why why = {""};
    assert_failed(fail(&why, ERR_IO, "%0400d", 1), ERR_IO);
    assert_int_equal(strlen(why.text), sizeof why.text - 1);
    assert_failed(fail_in(&why, ERR_IO, "prefix"), ERR_IO);
    assert_int_equal(strlen(why.text), sizeof why.text - 1);
    assert_memory_equal(why.text, "prefix: 000", 11);
    assert_failed(fail_in(&why, ERR_IO, "%0400d", 2), ERR_IO);
    assert_int_equal(strlen(why.text), sizeof why.text - 1);
}

static void tells_what_the_system_said(void **state)
{
    (void)state;
    struct why why = {""};
    assert_failed(fail_errno(&why, ENOSPC, "write %s", "x"), ERR_DISK_FULL);
    assert_string_equal(why.text, "write x: ENOSPC");
    assert_failed(fail_errno(&why, EDQUOT, "write"), ERR_DISK_FULL);
    assert_failed(fail_errno(&why, ENOMEM, "write"), ERR_NO_MEMORY);
    assert_failed(fail_errno(&why, ENOENT, "open"), ERR_NOT_FOUND);
    assert_failed(fail_errno(&why, EEXIST, "open"), ERR_EXISTS);
    assert_failed(fail_errno(NULL, EACCES, "open"), ERR_IO);
    assert_failed(fail_errno(&why, 99999, "open"), ERR_IO);
    assert_string_equal(why.text, "open: unknown system error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_error_once),
        cmocka_unit_test(answers_calmly_for_a_number_that_is_none),
        cmocka_unit_test(writes_a_reason_and_prefixes),
        cmocka_unit_test(cuts_a_reason_that_is_too_long),
        cmocka_unit_test(tells_what_the_system_said),
    };
    return cmocka_run_group_tests_name("base: errors", tests, NULL, NULL);
}
