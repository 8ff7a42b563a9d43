/* Dying: one line of JSON on stderr, then SIGABRT for the supervisor. */
#include "base/crash.h"

#include "base/base.h"
#include "base/testing.h"

#include <signal.h>
#include <unistd.h>

static sigjmp_buf before_death;

/* A sanitizer would die in its own way when asked for too much; it asks these first. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void handle_abort(int number)
{
    (void)number;
    siglongjmp(before_death, 1);
}

/* What `die` says on stderr before it aborts; it must abort. */
static str dying_words(void (*die)(void), char *words, size_t size)
{
    int ends[2];
    struct sigaction catching = {.sa_handler = handle_abort};
    struct sigaction usual;
    assert_int_equal(pipe(ends), 0);
    int kept = dup(STDERR_FILENO);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(sigaction(SIGABRT, &catching, &usual), 0);
    bool aborted = sigsetjmp(before_death, 1) != 0;
    if (!aborted) {
        die();
    }
    assert_int_equal(sigaction(SIGABRT, &usual, NULL), 0);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t got = read(ends[0], words, size);
    close(ends[0]);
    assert_true(aborted && got > 0);
    /* several writes, but all of them were in the pipe before it was read */
    return (str){words, (size_t)got};
}

static void die_of_hunger(void)
{
    /* So much that neither the system nor a sanitizer gives it; volatile, so that no compiler
     * knows beforehand. */
    volatile size_t much = SIZE_MAX / 4;
    mem_give(mem_take_array(4, much + 1));
}

static void die_of_a_claim(void)
{
    const char *claim = "a\"b";
    ENSURE(strcmp(claim, "\"\\") == 0);
}

static void dies_loudly(void **state)
{
    (void)state;
    char words[512];
    str said = dying_words(die_of_a_claim, words, sizeof words);
    assert_true(str_starts(said, S("<2>{\"level\":\"crash\",\"event\":\"")));
    assert_true(str_ends(said, S(" does not hold: strcmp(claim, '''''') == 0\"}\n")));
    said = dying_words(die_of_hunger, words, sizeof words);
    assert_true(str_ends(said, S("<2>{\"level\":\"crash\",\"event\":\"out of memory\"}\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dies_loudly),
    };
    return cmocka_run_group_tests_name("base: crash", tests, NULL, NULL);
}
