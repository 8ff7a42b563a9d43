/* See child.h. posix_spawn, because the server has threads. */
#include "server/child.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_IN = 3, CHILD_OUT = 4, CHILD_REPORT = 5, CHILD_FIRST_SPARE = 16 };

static const char *const environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};

struct spawning {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int input; /* copies whose numbers none of the targets has */
    int output;
    int report;
};

static void finish_spawning(struct spawning *spawning)
{
    ignore_int(posix_spawn_file_actions_destroy(&spawning->files));
    ignore_int(posix_spawnattr_destroy(&spawning->how));
    file_close(&spawning->input);
    file_close(&spawning->output);
    file_close(&spawning->report);
}

static int put_files(struct spawning *spawning, bool speaks)
{
    posix_spawn_file_actions_t *files = &spawning->files;
    int in = speaks ? STDIN_FILENO : CHILD_IN;
    int out = speaks ? STDOUT_FILENO : CHILD_OUT;
    int last = speaks ? STDERR_FILENO : CHILD_REPORT;
    int rc = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    rc = rc != 0 ? rc
                 : posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(files, spawning->input, in);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(files, spawning->output, out);
    if (rc == 0 && !speaks) {
        rc = posix_spawn_file_actions_adddup2(files, spawning->report, CHILD_REPORT);
    }
    return rc != 0 ? rc : posix_spawn_file_actions_addclosefrom_np(files, last + 1);
}

static int put_signals(posix_spawnattr_t *how)
{
    sigset_t none;
    sigset_t all;
    ignore_int(sigemptyset(&none));
    ignore_int(sigfillset(&all));
    int rc = posix_spawnattr_setsigmask(how, &none);
    rc = rc != 0 ? rc : posix_spawnattr_setsigdefault(how, &all);
    rc = rc != 0 ? rc : posix_spawnattr_setpgroup(how, 0);
    return rc != 0 ? rc
                   : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                       POSIX_SPAWN_SETPGROUP);
}

static errc spawn(const struct child_plan *plan, struct spawning *spawning, pid_t *ret_pid,
                  struct why *why)
{
    union {
        const char *said[CHILD_ARGUMENTS + 2];
        char *given[CHILD_ARGUMENTS + 2];
    } words = {.said = {plan->program}};
    union {
        const char *const *said;
        char *const *given;
    } world = {.said = environment};
    for (size_t i = 0; i + 1 < CHILD_ARGUMENTS && plan->arguments[i] != NULL; i++) {
        words.said[i + 1] = plan->arguments[i];
    }
    int rc = put_files(spawning, plan->speaks);
    rc = rc != 0 ? rc : put_signals(&spawning->how);
    rc = rc != 0 ? rc
                 : posix_spawn(ret_pid, plan->program, &spawning->files, &spawning->how,
                               words.given, world.given);
    return rc == 0 ? OK : fail_errno(why, rc, "cannot start %s", plan->program);
}

errc child_start(const struct child_plan *plan, struct child *ret_child, struct why *why)
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fail_errno(why, errno, "pipe of a child");
    }
    AUTO(file_close) int report = ends[0];
    AUTO(finish_spawning)
    struct spawning spawning = {.input = fcntl(plan->input, F_DUPFD_CLOEXEC, CHILD_FIRST_SPARE),
                                .output = fcntl(plan->output, F_DUPFD_CLOEXEC, CHILD_FIRST_SPARE),
                                .report = fcntl(ends[1], F_DUPFD_CLOEXEC, CHILD_FIRST_SPARE)};
    ignore_int(posix_spawn_file_actions_init(&spawning.files));
    ignore_int(posix_spawnattr_init(&spawning.how));
    file_close(&ends[1]);
    if (spawning.input < 0 || spawning.output < 0 || spawning.report < 0) {
        return fail_errno(why, errno, "descriptors of a child");
    }
    struct child child = {.report = -1};
    TRY(spawn(plan, &spawning, &child.pid, why));
    child.done = (int)syscall(SYS_pidfd_open, child.pid, 0);
    if (!plan->speaks) {
        child.report = report;
        report = -1;
    }
    *ret_child = child;
    return OK;
}

void child_kill(struct child *child)
{
    if (child->pid > 0) {
        ignore_int(kill(-child->pid, SIGKILL));
        ignore_int(kill(child->pid, SIGKILL));
    }
}

errc child_finish(struct child *child, struct why *why)
{
    int status = 0;
    pid_t pid = child->pid;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (pid > 0) {
        ignore_int(kill(-pid, SIGKILL)); /* what it left behind */
    }
    child->pid = 0;
    file_close(&child->report);
    file_close(&child->done);
    bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (WIFSIGNALED(status)) {
        return fail(why, ERR_CANCELLED, "the child was ended by signal %d", WTERMSIG(status));
    }
    return fine ? OK : fail(why, ERR_INVALID, "the child ended with %d", WEXITSTATUS(status));
}
