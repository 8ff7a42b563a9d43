/* Children with pipes: what they write comes back, a room that is full is told of, and who is
 * stopped is gone. */
#include "loop/process.h"

#include "base/testing.h"

enum { PATIENCE_S = 20 };

struct kit {
    struct loop *loop;
    struct process *process;
    char heard[256];
    size_t size;
    bool ended;
    bool busy;
    bool roomy;
};

static void on_bytes(void *ctx, str bytes)
{
    struct kit *kit = ctx;
    for (size_t i = 0; i < bytes.len && kit->size + 1 < sizeof kit->heard; i++) {
        kit->heard[kit->size++] = bytes.at[i];
    }
}

static void on_end(void *ctx)
{
    struct kit *kit = ctx;
    kit->ended = true;
    loop_stop(kit->loop);
}

static void on_room(void *ctx)
{
    struct kit *kit = ctx;
    kit->roomy = true;
    process_end_input(kit->process);
}

static void late(void *ctx)
{
    (void)ctx;
    fail_msg("waited %d s in vain for the child", PATIENCE_S);
}

static struct kit *kit_create(const char *const *words)
{
    struct kit *kit = mem_take(sizeof *kit);
    struct process_config config = {.path = "/bin/sh",
                                    .words = words,
                                    .ctx = kit,
                                    .on_bytes = on_bytes,
                                    .on_room = on_room,
                                    .on_end = on_end};
    assert_ok(loop_create(NULL, &kit->loop, NULL));
    loop_timer_start(kit->loop, PATIENCE_S * USEC_SECOND, 0, late, kit);
    assert_ok(process_start(kit->loop, &config, &kit->process, NULL));
    return kit;
}

static void kit_destroy(struct kit *kit)
{
    process_stop(kit->process);
    loop_destroy(kit->loop);
    mem_give(kit);
}

static void hears_what_it_writes_and_its_end(void **state)
{
    (void)state;
    static const char *const words[] = {"sh", "-c", "read line; echo \"got $line\"", NULL};
    struct kit *kit = kit_create(words);
    assert_ok(process_write(kit->process, S("ba\n")));
    loop_run(kit->loop);
    assert_string_equal(kit->heard, "got ba\n");
    assert_true(kit->ended);
    assert_int_equal(process_write(kit->process, S("x")), ERR_CLOSED);
    kit_destroy(kit);
}

static void says_when_it_is_behind_and_when_not(void **state)
{
    (void)state;
    static const char *const words[] = {"sh", "-c", "cat >/dev/null; echo all", NULL};
    struct kit *kit = kit_create(words);
    static char piece[64 * 1024];
    errc rc = OK;
    for (int i = 0; i < 64 && rc == OK; i++) {
        rc = process_write(kit->process, (str){piece, sizeof piece});
    }
    assert_int_equal(rc, ERR_BUSY);
    loop_run(kit->loop);
    assert_true(kit->roomy);
    assert_string_equal(kit->heard, "all\n");
    kit_destroy(kit);
}

static void is_stopped_in_the_middle(void **state)
{
    (void)state;
    static const char *const words[] = {"sh", "-c", "exec cat", NULL};
    struct kit *kit = kit_create(words);
    process_stop(kit->process);
    kit->process = NULL;
    loop_drain(kit->loop);
    assert_false(kit->ended);
    kit_destroy(kit);
}

static void says_that_there_is_no_such_program(void **state)
{
    (void)state;
    static const char *const words[] = {"x", NULL};
    struct loop *loop = NULL;
    struct process *process = NULL;
    struct process_config config = {.path = "/nowhere/x", .words = words, .on_bytes = on_bytes};
    assert_ok(loop_create(NULL, &loop, NULL));
    assert_int_equal(process_start(loop, &config, &process, NULL), ERR_NOT_FOUND);
    loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_what_it_writes_and_its_end),
        cmocka_unit_test(says_when_it_is_behind_and_when_not),
        cmocka_unit_test(is_stopped_in_the_middle),
        cmocka_unit_test(says_that_there_is_no_such_program),
    };
    return cmocka_run_group_tests_name("loop: process", tests, NULL, NULL);
}
