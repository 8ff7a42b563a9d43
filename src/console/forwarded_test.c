/* Whose request it is: proxies of ours are believed, nobody else. */
#include "console/forwarded.h"

#include "base/testing.h"

struct forwarded_case {
    const char *peer;
    const char *header;
    const char *trusted;
    const char *expected;
};

static void believes_only_what_its_own_proxies_say(void **state)
{
    (void)state;
    static const struct forwarded_case cases[] = {
        {"1.2.3.4", "9.9.9.9", "", "1.2.3.4"},
        {"1.2.3.4", "9.9.9.9", "10.0.0.1", "1.2.3.4"},
        {"10.0.0.1", "9.9.9.9", "10.0.0.1", "9.9.9.9"},
        {"10.0.0.1", "6.6.6.6, 9.9.9.9", "10.0.0.1", "9.9.9.9"},
        {"10.0.0.1", "6.6.6.6, 9.9.9.9, 10.0.0.2", "10.0.0.1, 10.0.0.2", "9.9.9.9"},
        {"10.0.0.1", "10.0.0.2", "10.0.0.1,10.0.0.2", "10.0.0.2"},
        {"10.0.0.1", "", "10.0.0.1", "10.0.0.1"},
        {"10.0.0.1", "2001:db8::1", "10.0.0.1", "2001:db8::1"},
        {"10.0.0.1", "9.9.9.9, <script>", "10.0.0.1", "10.0.0.1"},
        {"10.0.0.1", "9.9.9.9,", "10.0.0.1", "10.0.0.1"},
        {"::1", "unknown", "::1", "::1"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str found = forwarded_address(str_of(cases[i].peer), str_of(cases[i].header),
                                      str_of(cases[i].trusted));
        assert_str(found, str_of(cases[i].expected));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believes_only_what_its_own_proxies_say),
    };
    return cmocka_run_group_tests_name("console: forwarded", tests, NULL, NULL);
}
