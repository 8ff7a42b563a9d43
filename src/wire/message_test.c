/* The message table: numbers are unique and for ever, strangers' numbers are answered calmly. */
#include "wire/message.h"

#include "base/testing.h"

static void finds_a_message_by_its_number(void **state)
{
    (void)state;
    const struct wire_message *hello = wire_message_of(1);
    assert_non_null(hello);
    assert_string_equal(hello->name, "hello");
    assert_int_equal(hello->kind, WIRE_HELLO);
}

static void answers_null_for_a_number_nobody_gave(void **state)
{
    (void)state;
    assert_null(wire_message_of(0));
    assert_null(wire_message_of(UINT64_MAX));
}

static void refuses_a_version_before_the_message_was_born(void **state)
{
    (void)state;
    assert_true(wire_message_is_allowed(wire_message_of(WIRE_BEAT), WIRE_FROM_DEVICE, 1));
    assert_false(wire_message_is_allowed(wire_message_of(WIRE_BEAT), WIRE_FROM_DEVICE, 0));
    assert_true(wire_message_is_allowed(wire_message_of(WIRE_ATTACH), WIRE_FROM_DEVICE, 0));
}

static void refuses_a_message_of_the_other_side(void **state)
{
    (void)state;
    struct wire_message order = {.kind = WIRE_HELLO, .from = WIRE_FROM_SERVER, .since = 1};
    assert_true(wire_message_is_allowed(&order, WIRE_FROM_SERVER, 1));
    assert_false(wire_message_is_allowed(&order, WIRE_FROM_DEVICE, 1));
}

static void gives_every_number_and_name_once(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
#define MESSAGE(number, NAME, name, from, since, most_bytes) (number),
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        for (size_t j = i + 1; j < COUNT_OF(numbers); j++) {
            assert_int_not_equal(numbers[i], numbers[j]);
            assert_string_not_equal(wire_message_of(numbers[i])->name,
                                    wire_message_of(numbers[j])->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_message_by_its_number),
        cmocka_unit_test(answers_null_for_a_number_nobody_gave),
        cmocka_unit_test(refuses_a_version_before_the_message_was_born),
        cmocka_unit_test(refuses_a_message_of_the_other_side),
        cmocka_unit_test(gives_every_number_and_name_once),
    };
    return cmocka_run_group_tests_name("wire: message", tests, NULL, NULL);
}
