/* initdb and postgres as children of the test. The server asks the kernel to be ended with its
 * parent, so that a killed test leaves no process behind. */
#include "store/testing/test_cluster.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_TRIES = 1000, READY_PAUSE_MS = 20 };

static bool find_programs(char *folder, size_t size)
{
    glob_t found = {.gl_pathc = 0};
    bool good = false;
    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0 && found.gl_pathc > 0) {
        str path = str_of(found.gl_pathv[found.gl_pathc - 1]);
        good = str_to_array(str_cut(path, 0, path.len - strlen("/initdb")), folder, size);
    }
    globfree(&found);
    return good;
}

bool test_cluster_available(void)
{
    char folder[128];
    return find_programs(folder, sizeof folder);
}

/* The account for a server that refuses to be root; false when we are not root. */
static bool find_account(uid_t *ret_uid, gid_t *ret_gid)
{
    struct passwd *account = getpwnam("postgres");
    account = account != NULL ? account : getpwnam("nobody");
    if (geteuid() != 0 || account == NULL) {
        return false;
    }
    *ret_uid = account->pw_uid;
    *ret_gid = account->pw_gid;
    return true;
}

/* In the child: quiet, unprivileged, ended with the parent. Comes back only when it failed. */
static void become(const struct test_cluster *cluster, char *const *arguments)
{
    uid_t uid = 0;
    gid_t gid = 0;
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(nothing, 2) < 0) {
        return;
    }
    if (find_account(&uid, &gid) &&
        (setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0)) {
        return;
    }
    if (chdir(cluster->folder) != 0 || setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0) {
        return;
    }
    execv(arguments[0], arguments);
}

static errc start_program(const struct test_cluster *cluster, char *const *arguments,
                          pid_t *ret_child, struct why *why)
{
    pid_t child = fork();
    if (child < 0) {
        return fail_errno(why, errno, "fork");
    }
    if (child == 0) {
        become(cluster, arguments);
        _exit(127);
    }
    *ret_child = child;
    return OK;
}

static errc run_initdb(struct test_cluster *cluster, struct why *why)
{
    char program[192];
    char data[96];
    pid_t child = 0;
    int status = 0;
    ignore_int(snprintf(program, sizeof program, "%s/initdb", cluster->programs));
    ignore_int(snprintf(data, sizeof data, "%s/data", cluster->folder));
    char user[] = "--username=loa";
    char trust[] = "--auth=trust";
    char encoding[] = "--encoding=UTF8";
    char locale[] = "--locale=C";
    char no_sync[] = "--no-sync";
    char *const arguments[] = {program, user, trust, encoding, locale, no_sync, data, NULL};
    TRY(start_program(cluster, arguments, &child, why));
    if (waitpid(child, &status, 0) != child || status != 0) {
        return fail(why, ERR_INTERNAL, "initdb ended with %d", status);
    }
    return OK;
}

errc test_cluster_create(bool durable, struct test_cluster *ret_cluster, struct why *why)
{
    struct test_cluster cluster = {.folder = "/tmp/loa-pg-XXXXXX", .durable = durable};
    uid_t uid = 0;
    gid_t gid = 0;
    if (!find_programs(cluster.programs, sizeof cluster.programs)) {
        return fail(why, ERR_NOT_FOUND, "PostgreSQL is not installed");
    }
    if (mkdtemp(cluster.folder) == NULL) {
        return fail_errno(why, errno, "%s", cluster.folder);
    }
    if (find_account(&uid, &gid) && chown(cluster.folder, uid, gid) != 0) {
        return fail_errno(why, errno, "%s", cluster.folder);
    }
    errc rc = run_initdb(&cluster, why);
    rc = rc == OK ? test_cluster_start(&cluster, why) : rc;
    if (rc != OK) {
        test_cluster_destroy(&cluster);
        return rc;
    }
    *ret_cluster = cluster;
    return OK;
}

void test_cluster_conninfo(const struct test_cluster *cluster, const char *database, char *text,
                           size_t size)
{
    ignore_int(snprintf(text, size, "host=%s user=loa dbname=%s", cluster->folder, database));
}

static errc wait_ready(struct test_cluster *cluster, struct why *why)
{
    char conninfo[160];
    test_cluster_conninfo(cluster, "postgres", conninfo, sizeof conninfo);
    for (int i = 0; i < READY_TRIES; i++) {
        if (PQping(conninfo) == PQPING_OK) {
            return OK;
        }
        if (waitpid(cluster->server, NULL, WNOHANG) == cluster->server) {
            cluster->server = 0;
            return fail(why, ERR_INTERNAL, "the server ended while starting");
        }
        ignore_int(poll(NULL, 0, READY_PAUSE_MS));
    }
    return fail(why, ERR_TIMEOUT, "the server did not become ready");
}

errc test_cluster_start(struct test_cluster *cluster, struct why *why)
{
    char program[192];
    char data[96];
    char fsync[16];
    ignore_int(snprintf(program, sizeof program, "%s/postgres", cluster->programs));
    ignore_int(snprintf(data, sizeof data, "%s/data", cluster->folder));
    ignore_int(snprintf(fsync, sizeof fsync, "fsync=%s", cluster->durable ? "on" : "off"));
    char *const arguments[] = {program,
                               (char[]){"-D"},
                               data,
                               (char[]){"-k"},
                               cluster->folder,
                               (char[]){"-c"},
                               (char[]){"listen_addresses="},
                               (char[]){"-c"},
                               (char[]){"shared_buffers=32MB"},
                               (char[]){"-c"},
                               (char[]){"max_connections=100"},
                               (char[]){"-c"},
                               (char[]){"autovacuum=off"},
                               (char[]){"-c"},
                               (char[]){"max_wal_size=256MB"},
                               (char[]){"-c"},
                               fsync,
                               NULL};
    TRY(start_program(cluster, arguments, &cluster->server, why));
    return wait_ready(cluster, why);
}

void test_cluster_stop(struct test_cluster *cluster)
{
    if (cluster->server > 0) {
        ignore_int(kill(cluster->server, SIGQUIT));
        ignore_int(waitpid(cluster->server, NULL, 0));
        cluster->server = 0;
    }
}

void test_cluster_destroy(struct test_cluster *cluster)
{
    struct why why;
    test_cluster_stop(cluster);
    if (cluster->folder[0] != '\0') {
        ignore(file_remove_tree(cluster->folder, &why));
    }
    cluster->folder[0] = '\0';
}
