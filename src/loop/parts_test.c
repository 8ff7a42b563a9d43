/* The small parts beneath the server: ids, deadlines, addresses, outgoing queues, chunks. */
#include "loop/addresses.h"
#include "loop/chunked.h"
#include "loop/deadline.h"
#include "loop/out.h"
#include "loop/slots.h"

#include "base/entropy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void never_finds_another_thing_under_an_old_id(void **state)
{
    (void)state;
    struct slots slots;
    uint32_t slot[100];
    uint32_t generation[100];
    int things[100];
    slots_init(&slots);
    for (size_t i = 0; i < 100; i++) {
        assert_true(slots_add(&slots, &things[i], &slot[i], &generation[i]));
    }
    slots_drop(&slots, slot[7], generation[7]);
    slots_drop(&slots, slot[7], generation[7]); /* a second time changes nothing */
    uint32_t new_slot;
    uint32_t new_generation;
    assert_true(slots_add(&slots, &things[0], &new_slot, &new_generation));
    assert_int_equal(new_slot, slot[7]);
    assert_null(slots_get(&slots, slot[7], generation[7]));
    assert_ptr_equal(slots_get(&slots, new_slot, new_generation), &things[0]);
    assert_ptr_equal(slots_get(&slots, slot[8], generation[8]), &things[8]);
    assert_null(slots_get(&slots, 0, 0));
    assert_null(slots_get(&slots, UINT32_MAX, 1));
    slots_finish(&slots);
}

struct waiter {
    struct deadline deadline;
    struct wheel *wheel;
    usec *now;
    int fired;
    usec again; /* sets itself again this far ahead */
    struct waiter *clears;
};

static void fire(void *ctx)
{
    struct waiter *waiter = ctx;
    waiter->fired++;
    assert_true(*waiter->now >= waiter->deadline.due);
    assert_true(*waiter->now <= waiter->deadline.due + 2 * DEADLINE_STEP);
    if (waiter->again > 0) {
        deadline_set(waiter->wheel, &waiter->deadline, *waiter->now + waiter->again);
    }
    if (waiter->clears != NULL) {
        deadline_clear(waiter->wheel, &waiter->clears->deadline);
    }
}

static void fires_every_deadline_once_and_not_early(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static struct waiter waiters[COUNT];
    static struct wheel wheel;
    struct entropy_seed seed = {20260101};
    struct entropy chance = entropy_seeded(&seed);
    usec now = 123456789;
    print_message("seed %u\n", 20260101u);
    wheel_init(&wheel, now);
    for (size_t i = 0; i < COUNT; i++) {
        waiters[i] = (struct waiter){.wheel = &wheel, .now = &now};
        waiters[i].deadline = (struct deadline){.fn = fire, .ctx = &waiters[i]};
        usec far = (usec)entropy_below(chance, 90 * USEC_SECOND); /* beyond the ring as well */
        deadline_set(&wheel, &waiters[i].deadline, now + far);
        if (i % 3 == 0) { /* moved, later or earlier */
            deadline_set(&wheel, &waiters[i].deadline,
                         now + (usec)entropy_below(chance, 90 * USEC_SECOND));
        }
    }
    while (now < 123456789 + 91 * USEC_SECOND) {
        now += DEADLINE_STEP;
        wheel_turn(&wheel, now);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(waiters[i].fired, 1);
    }
    assert_int_equal(wheel.count, 0);
}

static void lets_a_deadline_set_itself_and_clear_others(void **state)
{
    (void)state;
    static struct wheel wheel;
    usec now = USEC_SECOND;
    struct waiter cleared = {.wheel = &wheel, .now = &now};
    struct waiter again = {.wheel = &wheel, .now = &now, .again = USEC_SECOND, .clears = &cleared};
    wheel_init(&wheel, now);
    again.deadline = (struct deadline){.fn = fire, .ctx = &again};
    cleared.deadline = (struct deadline){.fn = fire, .ctx = &cleared};
    deadline_set(&wheel, &again.deadline, now + 100);
    deadline_set(&wheel, &cleared.deadline, now + 200);
    for (int i = 0; i < 100; i++) {
        now += DEADLINE_STEP;
        wheel_turn(&wheel, now);
    }
    assert_int_equal(cleared.fired, 0);
    assert_true(again.fired >= 4);
    deadline_clear(&wheel, &again.deadline);
    assert_int_equal(wheel.count, 0);
}

static struct address numbered(uint32_t number)
{
    struct address address = {{0}};
    address.bytes[0] = 0x20;
    memcpy(address.bytes + 4, &number, sizeof number);
    return address;
}

static void counts_each_address_by_itself(void **state)
{
    (void)state;
    struct addresses addresses;
    addresses_init(&addresses, 3000, 99);
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            assert_true(addresses_add(&addresses, numbered(i), 3));
        }
    }
    assert_false(addresses_add(&addresses, numbered(5), 3));
    for (uint32_t i = 0; i < 1000; i += 2) { /* gaps close: the others are still found */
        for (int times = 0; times < 3; times++) {
            addresses_drop(&addresses, numbered(i));
        }
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(addresses_add(&addresses, numbered(i), 3), i % 2 == 0);
    }
    addresses_drop(&addresses, numbered(5000)); /* unknown: nothing happens */
    addresses_finish(&addresses);
}

static void takes_a_household_of_ipv6_for_one(void **state)
{
    (void)state;
    struct addresses addresses;
    struct address one = numbered(1);
    struct address neighbour = numbered(1);
    one.bytes[15] = 1;
    neighbour.bytes[15] = 2;
    addresses_init(&addresses, 10, 1);
    assert_true(addresses_add(&addresses, one, 1));
    assert_false(addresses_add(&addresses, neighbour, 1));
    addresses_finish(&addresses);
}

static void sends_pieces_in_order_whoever_owns_them(void **state)
{
    (void)state;
    struct out out = {0};
    struct http_message *message;
    char text[64] = "";
    assert_int_equal(http_message_create(S("shared "), &message), OK);
    assert_true(out_copy(&out, S("copied ")));
    assert_true(out_share(&out, message));
    assert_true(out_static(&out, S("static ")));
    assert_true(out_copy(&out, S("again")));
    http_message_release(message); /* the queue still holds it */
    assert_int_equal(out.size, 26);
    out_drop(&out, 3);
    assert_int_equal(out_read(&out, text, 9), 9);
    assert_memory_equal(text, "ied share", 9);
    assert_int_equal(out_read(&out, text, sizeof text), 14);
    assert_memory_equal(text, "d static again", 14);
    assert_int_equal(out.size, 0);
    out_finish(&out);
}

static void reads_chunks_however_they_are_cut(void **state)
{
    (void)state;
    static const char whole[] = "5\r\nhello\r\n00A\r\n0123456789\r\n0\r\n\r\nGET";
    for (size_t step = 1; step < sizeof whole; step++) {
        struct chunked chunked = {0};
        char body[64] = "";
        size_t size = 0;
        enum chunked_step at = CHUNKED_MORE;
        str left = STR_NONE;
        for (size_t from = 0; from < sizeof whole - 1 && at != CHUNKED_END; from += step) {
            str piece;
            left = str_cut((str){whole, sizeof whole - 1}, from, from + step);
            while ((at = chunked_next(&chunked, &left, &piece)) == CHUNKED_BYTES) {
                memcpy(body + size, piece.at, piece.len);
                size += piece.len;
            }
            assert_int_not_equal(at, CHUNKED_BAD);
        }
        assert_int_equal(at, CHUNKED_END);
        assert_string_equal(body, "hello0123456789");
        assert_true(left.len == 0 || left.at[0] == 'G');
    }
}

static struct http_message *letter(char byte)
{
    struct http_message *message = message_take(MESSAGE_WEBSOCKET, 1);
    message->bytes[0] = byte;
    return message;
}

static void what_is_urgent_goes_behind_what_has_begun(void **state)
{
    (void)state;
    struct http_message *early = letter('!');
    char text[32] = "";
    struct out out = {NULL, NULL, 0};
    assert_true(out_share_early(&out, early, 0)); /* into an empty queue */
    assert_true(out_static(&out, S("begun")) && out_static(&out, S("owed")) &&
                out_static(&out, S("rest")));
    assert_int_equal(out_read(&out, text, 3), 3);
    assert_string_equal(text, "!be");
    assert_true(out_share_early(&out, early, 0));
    assert_true(out_share_early(&out, early, 5)); /* gun!, and the first byte of owed */
    assert_int_equal(out_read(&out, text, sizeof text), 13);
    assert_memory_equal(text, "gun!owed!rest", 13);
    assert_true(out_copy(&out, S("a")));
    assert_true(out_share_early(&out, early, 1)); /* behind all that there is */
    assert_true(out_copy(&out, S("b")));
    assert_int_equal(out_read(&out, text, sizeof text), 3);
    assert_memory_equal(text, "a!b", 3);
    out_finish(&out);
    http_message_release(early);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_finds_another_thing_under_an_old_id),
        cmocka_unit_test(fires_every_deadline_once_and_not_early),
        cmocka_unit_test(lets_a_deadline_set_itself_and_clear_others),
        cmocka_unit_test(counts_each_address_by_itself),
        cmocka_unit_test(takes_a_household_of_ipv6_for_one),
        cmocka_unit_test(sends_pieces_in_order_whoever_owns_them),
        cmocka_unit_test(what_is_urgent_goes_behind_what_has_begun),
        cmocka_unit_test(reads_chunks_however_they_are_cut),
    };
    return cmocka_run_group_tests_name("loop: parts", tests, NULL, NULL);
}
