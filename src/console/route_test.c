/* The route table: found by method and path, sound in itself. */
#include "console/route.h"

#include "base/testing.h"

static void finds_a_route_and_its_places(void **state)
{
    (void)state;
    struct route_match match;
    assert_int_equal(route_find(S("DELETE"), S("/api/v1/accounts/12/roles/7"), &match), OK);
    assert_true(str_is(match.places[0], S("12")));
    assert_true(str_is(match.places[1], S("7")));
    assert_int_equal(match.route->right, RIGHT_ROLES_GRANT);
}

static void prefers_a_word_over_a_place(void **state)
{
    (void)state;
    struct route_match match;
    assert_int_equal(route_find(S("GET"), S("/api/v1/units/search"), &match), OK);
    assert_string_equal(match.route->path, "/api/v1/units/search");
}

static void tells_an_unknown_path_from_a_wrong_method(void **state)
{
    (void)state;
    struct route_match match;
    assert_int_equal(route_find(S("GET"), S("/api/v1/nothing"), &match), ERR_NOT_FOUND);
    assert_int_equal(route_find(S("GET"), S("/api/v1/units/1/2/3"), &match), ERR_NOT_FOUND);
    assert_int_equal(route_find(S("GET"), S("/api/v1/units/"), &match), ERR_NOT_FOUND);
    assert_int_equal(route_find(S("GET"), S(""), &match), ERR_NOT_FOUND);
    assert_int_equal(route_find(S("PUT"), S("/api/v1/units"), &match), ERR_METHOD);
    assert_int_equal(route_find(S("get"), S("/api/v1/units"), &match), ERR_METHOD);
}

static void lists_the_methods_of_a_path(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf allowed;
    buf_init(&allowed, 100);
    route_allowed(S("/api/v1/reforms/4"), &allowed);
    assert_string_equal(allowed.at, "GET, PUT, DELETE");
}

static void every_row_can_be_found_by_its_own_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        struct route_match match;
        str method = str_of(route_method_name(route->method));
        assert_int_equal(route_find(method, str_of(route->path), &match), OK);
        assert_ptr_equal(match.route, route);
    }
}

/* What changes something goes through the writer, so that it is durable before it is answered;
 * what only reads never needs it. */
static void every_row_reads_or_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        bool reads = route->method == ROUTE_GET;
        bool stream = str_is(str_of(route->answer), S("text/event-stream"));
        bool told = str_ends(str_of(route->path), S("/audit/export")); /* leaves a line of itself */
        /* only reads, but what it is asked about is too long for an address */
        bool asks = str_ends(str_of(route->path), S("/speech/reading")) ||
                    str_ends(str_of(route->path), S("/bulletins/similar"));
        assert_int_equal((reads && !told) || asks, route->act == NULL);
        assert_true(!(reads || asks) || stream || route->look != NULL);
        assert_int_equal(route->status == 204, route->answer[0] == '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_route_and_its_places),
        cmocka_unit_test(prefers_a_word_over_a_place),
        cmocka_unit_test(tells_an_unknown_path_from_a_wrong_method),
        cmocka_unit_test(lists_the_methods_of_a_path),
        cmocka_unit_test(every_row_can_be_found_by_its_own_path),
        cmocka_unit_test(every_row_reads_or_writes),
    };
    return cmocka_run_group_tests_name("console: route", tests, NULL, NULL);
}
