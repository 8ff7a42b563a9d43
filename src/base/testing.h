/* What every cmocka test of Loa includes instead of cmocka's five headers. For tests only. */
#ifndef LOA_BASE_TESTING_H
#define LOA_BASE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
/* cmocka's macro would hide the function of base/errors.h. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                              \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        print_error("\n");                                                                         \
        _fail(__FILE__, __LINE__);                                                                 \
    } while (0)

#include "base/str.h"

/* Compares texts and prints both when they differ. */
static inline void assert_str(str found, str expected)
{
    if (!str_is(found, expected)) {
        fail_msg("found \"%.*s\", expected \"%.*s\"", STR_ARG(found), STR_ARG(expected));
    }
}

/* How often something random is tried: a few times with every `make test`, as often as a release
 * wants with `make soak`. */
static inline size_t test_rounds(size_t quick, size_t soak)
{
    return getenv("LOA_SOAK") != NULL ? soak : quick;
}

#define assert_ok(call) assert_int_equal((call), OK)
#define assert_failed(call, code) assert_int_equal((call), (code))

#endif
