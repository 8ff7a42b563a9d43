/* The agenda gives back what was put, by time, and within one moment in the order of putting. */
#include "sim/agenda.h"

#include "base/entropy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { EVENTS = 5000 };

static void events_come_by_time_and_then_by_order(void **state)
{
    (void)state;
    struct entropy_seed seed = {20261125};
    struct agenda agenda;
    struct agenda_event event;
    usec due;
    agenda_init(&agenda);
    assert_false(agenda_next(&agenda, &due));
    for (uint32_t i = 0; i < EVENTS; i++) {
        event = (struct agenda_event){.due = (usec)entropy_below(entropy_seeded(&seed), 100),
                                      .device = i};
        agenda_put(&agenda, &event);
    }
    struct agenda_event before = {.due = -1};
    assert_false(agenda_take(&agenda, -1, &event));
    for (size_t i = 0; i < EVENTS; i++) {
        assert_true(agenda_take(&agenda, 100, &event));
        assert_true(event.due > before.due ||
                    (event.due == before.due && event.device > before.device));
        before = event;
    }
    assert_false(agenda_take(&agenda, 100, &event));
    agenda_finish(&agenda);
}

static void a_body_goes_with_its_event(void **state)
{
    (void)state;
    struct agenda agenda;
    struct agenda_event event = {.due = 5, .body = agenda_body(S("frame"))};
    agenda_init(&agenda);
    agenda_put(&agenda, &event);
    event.body = agenda_body(S("left behind"));
    agenda_put(&agenda, &event);
    assert_true(agenda_take(&agenda, 5, &event));
    assert_true(str_is(buf_str(event.body), S("frame")));
    agenda_free(event.body);
    agenda_finish(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_by_time_and_then_by_order),
        cmocka_unit_test(a_body_goes_with_its_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
