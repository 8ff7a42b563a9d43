/* From inside the cage: what is not on the list cannot be done. Each test enters it in a child, for
 * there is no way back; the child says what it managed as bits of its exit status. */
#include "signer/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { OPENED = 1, CONNECTED = 2, STARTED = 4, PEEKED = 8, CAGELESS = 64 };

static int try_everything(int ours)
{
    int managed = 0;
    char word[8] = "";
    int file = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    managed |= file >= 0 || errno != EPERM ? OPENED : 0;
    managed |= open("/tmp/loa-cage", O_CREAT | O_WRONLY, 0600) >= 0 ? OPENED : 0;
    managed |= socket(AF_INET, SOCK_STREAM, 0) >= 0 ? CONNECTED : 0;
    managed |= socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? CONNECTED : 0;
    managed |= execl("/bin/true", "true", NULL) != -1 ? STARTED : 0;
    pid_t child = fork();
    managed |= child >= 0 ? STARTED : 0;
    managed |= ptrace(PTRACE_TRACEME, 0, 0, 0) >= 0 ? PEEKED : 0;
    managed |= read(ours, word, sizeof word) != 5 ? CAGELESS : 0; /* its own socket works */
    return managed;
}

static int in_child(enum cage_kind kind, int (*run)(int ours))
{
    int ends[2];
    int status = 0;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    assert_int_equal(write(ends[0], "hello", 5), 5);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(cage_enter(kind, NULL) == OK ? run(ends[1]) : CAGELESS);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    ignore_int(close(ends[0]));
    ignore_int(close(ends[1]));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_worker_can_open_nothing(void **state)
{
    (void)state;
    assert_int_equal(in_child(CAGE_WORKER, try_everything), 0);
}

static int start_worker(int ours)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(cage_enter(CAGE_WORKER, NULL) == OK ? try_everything(ours) : CAGELESS);
    }
    int file = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    bool kept = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status);
    return (kept ? WEXITSTATUS(status) : CAGELESS) | (file >= 0 ? OPENED : 0) |
           (socket(AF_INET, SOCK_STREAM, 0) >= 0 ? CONNECTED : 0);
}

static void a_keeper_starts_workers_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(in_child(CAGE_KEEPER, start_worker), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_can_open_nothing),
        cmocka_unit_test(a_keeper_starts_workers_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
