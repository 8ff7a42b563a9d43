/* Dying: one line of JSON on stderr, then SIGABRT for the supervisor. */
#include "base/crash.h"

#include "base/base.h"
#include "base/testing.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `die` in a child with stderr in a pipe; the child must have aborted. */
static str dying_words(void (*die)(void), char *words, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        ignore_int(setrlimit(RLIMIT_CORE, &none));
        ignore_int(dup2(ends[1], STDERR_FILENO));
        ignore_int(signal(SIGABRT, SIG_DFL) == SIG_ERR);
        die();
        _exit(0);
    }
    assert_true(child > 0);
    close(ends[1]);
    size_t len = 0;
    ssize_t got = 0;
    while ((got = read(ends[0], words + len, size - len)) > 0) {
        len += (size_t)got;
    }
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    return (str){words, len};
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
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    said = dying_words(die_of_hunger, words, sizeof words);
    assert_str(said, S("<2>{\"level\":\"crash\",\"event\":\"out of memory\"}\n"));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dies_loudly),
    };
    return cmocka_run_group_tests_name("base: crash", tests, NULL, NULL);
}
