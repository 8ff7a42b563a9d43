/* Against a table that is searched from end to end: whatever is put and dropped, both say the same.
 */
#include "gate/slot_map.h"

#include "base/entropy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { KEYS = 300, STEPS = 20000 };

static void finds_what_was_put_and_nothing_else(void **state)
{
    (void)state;
    struct entropy_seed seed = {11};
    struct entropy entropy = entropy_seeded(&seed);
    struct slot_map map;
    uint32_t slots[KEYS + 1] = {0}; /* 0: not there */
    slot_map_init(&map, KEYS, entropy_u64(entropy));
    for (int i = 0; i < STEPS; i++) {
        uint64_t key = 1 + entropy_below(entropy, KEYS);
        uint32_t found = 0;
        if (entropy_below(entropy, 3) == 0) {
            slot_map_drop(&map, key);
            slots[key] = 0;
        } else {
            slots[key] = 1 + (uint32_t)entropy_below(entropy, 1000);
            slot_map_put(&map, key, slots[key]);
        }
        uint64_t other = 1 + entropy_below(entropy, KEYS);
        assert_int_equal(slot_map_get(&map, other, &found), slots[other] != 0);
        assert_true(slots[other] == 0 || found == slots[other]);
    }
    slot_map_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_was_put_and_nothing_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
