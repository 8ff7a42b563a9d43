/* The figures say for each order who has read it and when it sounded. */
#include "sim/figures.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void an_order_has_its_spread(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out = {0};
    struct figures figures;
    const struct figures_now now = {.at = 5};
    const struct wire_order head = {
        .id = {{0xab}}, .kind = ORDER_ALARM, .order_class = CLASS_EMERGENCY};
    const struct wire_order plan = {.kind = ORDER_PLAN};
    figures_init(&figures, 1000);
    for (size_t i = 0; i < 999; i++) {
        figures_read(&figures, &head, i, 1000 + (usec)i);
        figures_read(&figures, &head, i, 99999); /* again changes nothing */
    }
    figures_read(&figures, &plan, 0, 1);
    figures_sounded(&figures, &head.id, 0, 7);
    buf_init(&out, 4096);
    figures_write_json(&figures, &now, &out);
    assert_non_null(strstr(out.at, "\"id\":\"ab000000000000000000000000000000\",\"kind\":5"));
    assert_non_null(strstr(out.at, "\"read\":{\"count\":999,\"first\":1000,\"p50\":1499,"
                                   "\"p99\":1988,\"p999\":1997,\"last\":1998}"));
    assert_non_null(strstr(out.at, "\"sounded\":{\"count\":1,\"first\":7"));
    assert_non_null(strstr(out.at, "\"accepted\":1999"));
    figures_finish(&figures);
}

static void the_oldest_order_makes_room(void **state)
{
    (void)state;
    struct figures figures;
    figures_init(&figures, 2);
    for (int i = 0; i < FIGURES_ORDERS + 3; i++) {
        const struct wire_order head = {.id = {{(uint8_t)(i + 1)}}, .kind = ORDER_STOP};
        figures_read(&figures, &head, 1, i + 1);
    }
    assert_int_equal(figures.order_count, FIGURES_ORDERS);
    assert_int_equal(figures.orders[0].id.bytes[0], 4);
    figures_finish(&figures);
}

static void attachments_are_counted_until_a_reset(void **state)
{
    (void)state;
    struct figures figures;
    figures_init(&figures, 2);
    figures_attached(&figures, true, 10);
    figures_attached(&figures, true, 20);
    figures_attached(&figures, false, 30);
    assert_int_equal(figures.attached, 1);
    assert_int_equal(figures.first_attached_at, 10);
    assert_int_equal(figures.last_attached_at, 20);
    figures_reset(&figures);
    figures_attached(&figures, true, 40);
    assert_int_equal(figures.first_attached_at, 40);
    assert_int_equal(figures.attachments, 3);
    figures_finish(&figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_has_its_spread),
        cmocka_unit_test(the_oldest_order_makes_room),
        cmocka_unit_test(attachments_are_counted_until_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
