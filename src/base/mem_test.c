/* The heap: what is handed out is zeroed, and zero bytes are no special case. */
#include "base/mem.h"

#include "base/base.h"
#include "base/testing.h"

static void hands_out_zeroed_memory(void **state)
{
    (void)state;
    char *block = mem_take_array(3, 5);
    for (int i = 0; i < 15; i++) {
        assert_int_equal(block[i], 0);
    }
    mem_give(block);
    mem_give(mem_take(0));
    mem_give(mem_take_array(0, 0));
    mem_give(mem_try(0));
    mem_give(mem_try_grow(NULL, 0));
    mem_give(NULL);
    char *text = mem_text("đài");
    assert_string_equal(text, "đài");
    mem_wipe(text, 2);
    assert_int_equal(text[0] | text[1], 0);
    mem_give_text(&text);
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_zeroed_memory),
    };
    return cmocka_run_group_tests_name("base: mem", tests, NULL, NULL);
}
