/* setgroups, setgid, setuid in this order, then a check that there is no way back. The user is
 * taken on before anything is opened, so that what the server makes is its own from the start. */
#include "server/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t privileges_raise_files(void)
{
    struct rlimit limit = {0};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        ignore_int(getrlimit(RLIMIT_NOFILE, &limit));
    }
    return (uint64_t)limit.rlim_cur;
}

void privileges_ignore_signals(void)
{
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    ignore_int(sigaction(SIGPIPE, &ignored, NULL));
    ignore_int(sigaction(SIGXFSZ, &ignored, NULL));
}

struct system_user {
    uid_t uid;
    gid_t gid;
};

static errc find_user(const char *user, struct system_user *ret_user, struct why *why)
{
    const struct passwd *entry = getpwnam(user);
    if (entry == NULL) {
        return fail(why, ERR_INVALID, "there is no system user %s", user);
    }
    *ret_user = (struct system_user){.uid = entry->pw_uid, .gid = entry->pw_gid};
    return OK;
}

errc privileges_give_folder(const char *folder, const char *user, struct why *why)
{
    if (user[0] == '\0' || geteuid() != 0) {
        return OK;
    }
    struct system_user found = {.uid = 0};
    TRY(find_user(user, &found, why));
    if (chown(folder, found.uid, found.gid) != 0) {
        return fail_errno(why, errno, "cannot give %s to %s", folder, user);
    }
    return OK;
}

/* The capability sets of this process; libcap would be a library for two calls. */
static errc keep_only(uint32_t capabilities, struct why *why)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {
        {.effective = capabilities, .permitted = capabilities}};
    if (syscall(SYS_capset, &header, sets) != 0) {
        return fail_errno(why, errno, "capabilities");
    }
    return OK;
}

errc privileges_become(const char *user, struct why *why)
{
    if (user[0] == '\0' || geteuid() != 0) {
        return OK;
    }
    struct system_user found = {.uid = 0};
    TRY(find_user(user, &found, why));
    if (found.uid == 0) {
        return fail(why, ERR_INVALID, "the user must not be root");
    }
    bool changed = prctl(PR_SET_KEEPCAPS, 1) == 0 && setgroups(0, NULL) == 0 &&
                   setgid(found.gid) == 0 && setuid(found.uid) == 0;
    if (!changed) {
        return fail_errno(why, errno, "cannot become %s", user);
    }
    TRY(keep_only(1u << CAP_NET_BIND_SERVICE, why));
    if (setuid(0) == 0) {
        return fail(why, ERR_INTERNAL, "privileges could be taken back");
    }
    return OK;
}

errc privileges_drop(struct why *why)
{
    if (geteuid() != 0) { /* root who was not told a user stays what the operator made him */
        TRY(keep_only(0, why));
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail_errno(why, errno, "no_new_privs");
    }
    return OK;
}
