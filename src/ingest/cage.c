/* See cage.h. An allow-list: what is not on it fails with EPERM, so that a library that tries
 * something else (an address in a playlist, a thread, a device) goes on without it. */
#include "ingest/cage.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICE = 10 };

static const int calls[] = {
    SCMP_SYS(read),          SCMP_SYS(write),           SCMP_SYS(writev),
    SCMP_SYS(pread64),       SCMP_SYS(lseek),           SCMP_SYS(close),
    SCMP_SYS(fstat),         SCMP_SYS(newfstatat),      SCMP_SYS(brk),
    SCMP_SYS(mmap),          SCMP_SYS(munmap),          SCMP_SYS(mremap),
    SCMP_SYS(madvise),       SCMP_SYS(mprotect),        SCMP_SYS(futex),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),     SCMP_SYS(getpid),          SCMP_SYS(gettid),
    SCMP_SYS(tgkill),        SCMP_SYS(rt_sigaction),    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(sigaltstack),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),   SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group),    SCMP_SYS(getrusage),
};

static errc limit(__rlimit_resource_t resource, rlim_t most, struct why *why)
{
    struct rlimit limits = {most, most};
    return setrlimit(resource, &limits) == 0 ? OK : fail_errno(why, errno, "limit of loa-ingest");
}

/* No file can be named any more. A kernel without Landlock still has the filter. */
static void close_files(void)
{
    struct landlock_ruleset_attr every = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM};
    AUTO(file_close)
    int rules = (int)syscall(SYS_landlock_create_ruleset, &every, sizeof every, 0);
    if (rules >= 0) {
        ignore_int(syscall(SYS_landlock_restrict_self, rules, 0));
    }
}

static errc load_filter(struct why *why)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int rc = filter == NULL ? -ENOMEM : 0;
    for (size_t i = 0; i < COUNT_OF(calls) && rc == 0; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    }
    if (rc == 0) {
        rc = seccomp_load(filter);
    }
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return rc == 0 ? OK : fail_errno(why, -rc, "filter of system calls");
}

/* The server goes before whatever else its machine does; what it has made for it does not. */
static void step_back(void)
{
    AUTO(file_close) int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    ignore_int(setpriority(PRIO_PROCESS, 0, NICE));
    ignore_int(score < 0 ? 0 : write(score, "900", 3));
    ignore_int(prctl(PR_SET_PDEATHSIG, SIGKILL));
}

errc cage_enter(const struct cage_limits *limits, struct why *why)
{
    step_back();
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail_errno(why, errno, "privileges of loa-ingest");
    }
    close_files();
    TRY(limit(RLIMIT_CORE, 0, why));
    TRY(limits->memory == 0 ? OK : limit(RLIMIT_AS, limits->memory, why));
    TRY(limit(RLIMIT_CPU, limits->seconds, why));
    TRY(limit(RLIMIT_FSIZE, limits->file, why));
    TRY(limit(RLIMIT_NPROC, 0, why));
    TRY(limit(RLIMIT_NOFILE, 0, why));
    return load_filter(why);
}
