/* Which addresses strangers may send us to. */
#include "base/address.h"

#include "base/base.h"
#include "base/cases.h"
#include "base/testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

static bool judge(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return address_is_public((const struct sockaddr *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return address_is_public((const struct sockaddr *)&six);
}

static void check(void *ctx, const struct cases_row *row)
{
    (void)ctx;
    bool expected = str_is(row->cells[1], S("yes"));
    if (judge(row->cells[0].at) != expected) {
        fail_msg("%s:%zu: %s", row->path, row->line, row->cells[0].at);
    }
}

static void knows_the_open_internet_from_everything_else(void **state)
{
    (void)state;
    struct why why = {""};
    errc rc = cases_each(LOA_SOURCE_DIR "/src/base/address.cases", 2, check, NULL, &why);
    assert_int_equal(rc, OK);
}

static void takes_no_socket_of_this_machine_for_an_address(void **state)
{
    (void)state;
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_false(address_is_public((const struct sockaddr *)&local));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_open_internet_from_everything_else),
        cmocka_unit_test(takes_no_socket_of_this_machine_for_an_address),
    };
    return cmocka_run_group_tests_name("base: address", tests, NULL, NULL);
}
