/* An allow-list of system calls (libseccomp): what is not on it fails with EPERM, so that a library
 * that tries something else goes on without it. Limits beside it, for what a filter cannot see. */
#include "signer/cage.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Talking on what is open, the clock, memory, and the end. */
static const int worker_calls[] = {
    SCMP_SYS(read),           SCMP_SYS(write),
    SCMP_SYS(writev),         SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),        SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),        SCMP_SYS(poll),
    SCMP_SYS(ppoll),          SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),   SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),      SCMP_SYS(brk),
    SCMP_SYS(mmap),           SCMP_SYS(munmap),
    SCMP_SYS(mremap),         SCMP_SYS(madvise),
    SCMP_SYS(mprotect),       SCMP_SYS(futex),
    SCMP_SYS(getpid),         SCMP_SYS(gettid),
    SCMP_SYS(tgkill),         SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),    SCMP_SYS(restart_syscall),
    SCMP_SYS(close),          SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* What a keeper needs besides: children, and putting the next cage around them. */
static const int keeper_calls[] = {
    SCMP_SYS(clone),     SCMP_SYS(clone3),    SCMP_SYS(fork),    SCMP_SYS(wait4),
    SCMP_SYS(waitid),    SCMP_SYS(prctl),     SCMP_SYS(seccomp), SCMP_SYS(prlimit64),
    SCMP_SYS(setrlimit), SCMP_SYS(getppid),   SCMP_SYS(kill),    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),      SCMP_SYS(getrlimit),
};

struct limit {
    __rlimit_resource_t resource;
    rlim_t most;
};

static errc limit_all(const struct limit *limits, size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        struct rlimit limit = {limits[i].most, limits[i].most};
        if (setrlimit(limits[i].resource, &limit) != 0) {
            return fail_errno(why, errno, "limit of the signer");
        }
    }
    return OK;
}

static int allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    }
    return rc;
}

static errc load_filter(enum cage_kind kind, struct why *why)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        return fail(why, ERR_NO_MEMORY, "no filter of system calls");
    }
    int rc = allow(filter, worker_calls, COUNT_OF(worker_calls));
    if (rc == 0 && kind == CAGE_KEEPER) {
        rc = allow(filter, keeper_calls, COUNT_OF(keeper_calls));
    }
    if (rc == 0) {
        rc = seccomp_load(filter);
    }
    seccomp_release(filter);
    return rc == 0 ? OK : fail_errno(why, -rc, "filter of system calls");
}

errc cage_enter(enum cage_kind kind, struct why *why)
{
    static const struct limit both[] = {
        {RLIMIT_CORE, 0}, {RLIMIT_FSIZE, 0}, {RLIMIT_MEMLOCK, 0}, {RLIMIT_MSGQUEUE, 0}};
    static const struct limit worker[] = {{RLIMIT_NPROC, 0}, {RLIMIT_NOFILE, 0}};
    bool quiet =
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (!quiet) {
        return fail_errno(why, errno, "privileges of the signer");
    }
    TRY(limit_all(both, COUNT_OF(both), why));
    if (kind == CAGE_WORKER) {
        TRY(limit_all(worker, COUNT_OF(worker), why));
    }
    return load_filter(kind, why);
}
