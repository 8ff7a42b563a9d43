/* pg_dump and pg_restore as children: quiet, bounded, their last words become the reason. */
#include "store/backup_impl.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 16, ENVIRONMENT = 64, SAID_SIZE = 160 };

struct program {
    const char *name;
    const char *arguments[ARGUMENTS]; /* null-ended */
};

static void free_options(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

/* Everything the child needs is made before the fork: after it, other threads' locks may be held.
 */
struct command {
    char path[BACKUP_PATH];
    char *arguments[ARGUMENTS + 2];
    char *environment[ENVIRONMENT + 1];
    size_t variables;
};

static void finish_command(struct command *command)
{
    for (size_t i = 1; command->arguments[i] != NULL; i++) {
        mem_give(command->arguments[i]);
    }
    for (size_t i = 0; i < command->variables; i++) {
        mem_wipe(command->environment[i], strlen(command->environment[i]));
        mem_give(command->environment[i]);
    }
}

static bool add_variable(struct command *command, const char *name, const char *value)
{
    if (command->variables == ENVIRONMENT) {
        return false;
    }
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = mem_take(size);
    ignore_int(snprintf(text, size, "%s=%s", name, value));
    command->environment[command->variables++] = text;
    return true;
}

/* The words of the conninfo as PGHOST, PGUSER, PGPASSWORD, …; of our own environment the path. */
static bool make_environment(struct command *command, const char *conninfo)
{
    AUTO(free_options)
    PQconninfoOption *options = conninfo == NULL ? NULL : PQconninfoParse(conninfo, NULL);
    const char *path = getenv("PATH");
    bool good = add_variable(command, "PATH", path == NULL ? "/usr/bin:/bin" : path) &&
                add_variable(command, "LC_ALL", "C");
    for (const PQconninfoOption *one = options; one != NULL && one->keyword != NULL; one++) {
        if (one->val != NULL && one->envvar != NULL) {
            good = good && add_variable(command, one->envvar, one->val);
        }
    }
    return good && (conninfo == NULL || options != NULL);
}

static errc make_command(const struct backup_place *place, const struct program *program,
                         struct command *command, struct why *why)
{
    bool named = place->programs != NULL;
    int length = snprintf(command->path, sizeof command->path, "%s%s%s",
                          named ? place->programs : "", named ? "/" : "", program->name);
    command->arguments[0] = command->path;
    for (size_t i = 0; program->arguments[i] != NULL; i++) {
        command->arguments[i + 1] = mem_text(program->arguments[i]);
    }
    if (length < 0 || (size_t)length >= sizeof command->path ||
        !make_environment(command, place->store->conninfo)) {
        return fail(why, ERR_USAGE, "the connection words cannot be handed to %s", program->name);
    }
    return OK;
}

static _Noreturn void become(const struct command *command, const int pipe[2])
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0 && dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1 && dup2(pipe[1], 2) == 2 &&
        prctl(PR_SET_PDEATHSIG, SIGTERM) == 0) {
        execvpe(command->path, command->arguments, command->environment);
    }
    _exit(127);
}

/* Reads to the end, so that the child is never blocked; the first words are kept. */
static void read_words(int fd, char said[SAID_SIZE])
{
    size_t used = 0;
    char block[512];
    ssize_t got = read(fd, block, sizeof block);
    while (got > 0 || (got < 0 && errno == EINTR)) {
        for (ssize_t i = 0; i < got && used + 1 < SAID_SIZE; i++) {
            said[used++] = block[i] == '\n' ? ' ' : block[i];
        }
        got = read(fd, block, sizeof block);
    }
    said[used] = '\0';
}

static errc run(const struct backup_place *place, const struct program *program, struct why *why)
{
    int ends[2];
    char said[SAID_SIZE] = "";
    int status = 0;
    AUTO(finish_command) struct command command = {.variables = 0};
    TRY(make_command(place, program, &command, why));
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fail_errno(why, errno, "pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        become(&command, ends);
    }
    file_close(&ends[1]);
    if (child > 0) {
        read_words(ends[0], said);
    }
    file_close(&ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return fail_errno(why, errno, "%s", program->name);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        return fail(why, ERR_NOT_FOUND, "%s is not installed (postgresql-client)", program->name);
    }
    bool full = strstr(said, "No space left") != NULL;
    return status == 0 ? OK
                       : fail(why, full ? ERR_DISK_FULL : ERR_STORE, "%s: %s", program->name, said);
}

errc backup_pg_dump(const struct backup_place *place, const char *snapshot, const char *path,
                    struct why *why)
{
    char name[128];
    ignore_int(snprintf(name, sizeof name, "--snapshot=%s", snapshot));
    struct program program = {"pg_dump",
                              {"--format=custom", "--no-owner", "--no-privileges", "--no-password",
                               name, "--file", path, NULL}};
    return run(place, &program, why);
}

/* Reads the whole archive and writes it as SQL to nowhere. */
errc backup_pg_check(const struct backup_place *place, const char *path, struct why *why)
{
    struct program program = {"pg_restore", {"--file", "/dev/null", path, NULL}};
    errc rc = run(place, &program, why);
    return rc == ERR_STORE ? ERR_CORRUPT : rc;
}

/* The name of the database alone; everything else goes by environment. */
static errc database_name(const char *conninfo, char name[BACKUP_PATH], struct why *why)
{
    AUTO(free_options) PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    for (const PQconninfoOption *one = options; one != NULL && one->keyword != NULL; one++) {
        if (strcmp(one->keyword, "dbname") == 0 && one->val != NULL) {
            int length = snprintf(name, BACKUP_PATH, "--dbname=%s", one->val);
            return length > 0 && length < BACKUP_PATH
                       ? OK
                       : fail(why, ERR_TOO_BIG, "the name of the database");
        }
    }
    return fail(why, ERR_USAGE, "the connection words name no database (dbname=)");
}

errc backup_pg_restore(const struct backup_place *place, const char *path, struct why *why)
{
    char name[BACKUP_PATH];
    TRY(database_name(place->store->conninfo, name, why));
    struct program program = {"pg_restore",
                              {"--single-transaction", "--exit-on-error", "--no-owner",
                               "--no-privileges", "--no-password", name, path, NULL}};
    return run(place, &program, why);
}
