/* server ── socketpair ── worker; keeper beside it. The keeper holds the key in memory, so that a
 * new worker needs no file; it takes no input but the end of its child. A worker that finds the
 * socket closed ends in order, and its keeper with it. */
#include "server/signing.h"

#include "base/file.h"
#include "server/privileges.h"
#include "signer/cage.h"
#include "signer/client.h"
#include "signer/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_ROOM = 512, KEY_FILE_MOST = 256, START_WAIT_MS = 30000, PAUSE_MS = 200 };

#define ANSWER_WAIT (3 * USEC_SECOND)

struct signing {
    struct signer_client *client;
    pid_t keeper;
};

/* What the child needs, made before it is started. */
struct start {
    char path[PATH_ROOM]; /* of the key file */
    const char *user;
    struct worker_config config;
    int socket;
};

/* --- the key file ---------------------------------------------------------------------------- */

static errc read_key(const char *path, struct vault_key *ret_key, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    struct stat info;
    buf_init(&text, KEY_FILE_MOST);
    TRY(file_read(path, KEY_FILE_MOST, &text, why));
    if (stat(path, &info) == 0 && (info.st_mode & 077) != 0) {
        return fail(why, ERR_INVALID, "%s must be readable by its owner only (chmod 600)", path);
    }
    errc rc = vault_key_parse(buf_str(&text), ret_key, why);
    mem_wipe(text.at, text.len);
    return fail_in(why, rc, "%s", path);
}

static errc open_key(const char *path, struct entropy entropy, struct vault_key *ret_key,
                     struct why *why)
{
    errc rc = read_key(path, ret_key, why);
    if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    AUTO(buf_finish) struct buf text;
    uint8_t bytes[VAULT_KEY_SIZE];
    buf_init(&text, KEY_FILE_MOST);
    entropy_fill(entropy, bytes, sizeof bytes);
    buf_add_hex(&text, bytes, sizeof bytes);
    buf_add_byte(&text, '\n');
    mem_wipe(bytes, sizeof bytes);
    TRY(buf_check(&text));
    rc = file_write(path, buf_str(&text), 0600, why);
    mem_wipe(text.at, text.len);
    return rc == OK ? read_key(path, ret_key, why) : rc;
}

/* --- in the child ---------------------------------------------------------------------------- */

/* The server decides when it ends; a Ctrl-C for all of them must not cut off what it still signs.
 */
static void leave_signals_to_server(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        ignore_int(sigaction(signals[i], &ignored, NULL));
    }
}

static _Noreturn void work(const struct start *start)
{
    struct signer_worker *worker = NULL;
    struct why why = {""};
    errc rc = worker_create(&start->config, &worker);
    if (rc == OK) {
        rc = cage_enter(CAGE_WORKER, &why);
    }
    if (rc == OK) {
        rc = worker_serve(worker, start->socket, &why);
    }
    _exit(rc == OK ? 0 : 1);
}

/* The server hears whether there is a signer as the answer to a question that it never asked. */
static void report(int socket, errc rc, const struct why *why)
{
    AUTO(buf_finish) struct buf out;
    struct talk_answer answer = {.rc = rc, .reason = str_cut(str_of(why->text), 0, TALK_REASON)};
    buf_init(&out, TALK_MOST);
    talk_answer_write(&answer, &out);
    ignore_int(send(socket, out.at, out.len, MSG_NOSIGNAL));
}

static errc prepare(struct start *start, struct why *why)
{
    leave_signals_to_server();
    ignore_int(close(STDIN_FILENO));
    ignore_int(close(STDOUT_FILENO));
    ignore_int(prctl(PR_SET_NAME, "loa-signer"));
    TRY(open_key(start->path, start->config.entropy, &start->config.key, why));
    TRY(privileges_become(start->user, why));
    ignore_int(prctl(PR_SET_PDEATHSIG, SIGKILL)); /* forgotten when the user changes */
    return cage_enter(CAGE_KEEPER, why);
}

static _Noreturn void keep(struct start *start)
{
    struct why why = {""};
    errc rc = prepare(start, &why);
    report(start->socket, rc, &why);
    while (rc == OK) {
        int status = 0;
        pid_t worker = fork();
        if (worker == 0) {
            work(start);
        }
        while (worker > 0 && waitpid(worker, &status, 0) < 0 && errno == EINTR) {
        }
        if (worker > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            break;
        }
        ignore_int(poll(NULL, 0, PAUSE_MS)); /* one that dies at once does not spin */
    }
    mem_wipe(&start->config, sizeof start->config);
    _exit(rc == OK ? 0 : 1);
}

/* --- in the server --------------------------------------------------------------------------- */

static unsigned parse_classes(str list)
{
    static const struct {
        const char *name;
        enum order_class order_class;
    } classes[] = {{"ordinary", CLASS_ORDINARY},
                   {"priority", CLASS_PRIORITY},
                   {"emergency", CLASS_EMERGENCY},
                   {"drill", CLASS_DRILL}};
    unsigned bits = 0;
    while (list.at != NULL) {
        str word = str_split(list, ' ', &list);
        for (size_t i = 0; i < COUNT_OF(classes); i++) {
            bits |= str_is(word, str_of(classes[i].name)) ? 1U << classes[i].order_class : 0;
        }
    }
    return bits;
}

static errc fill_start(const struct settings *settings, const char *folder, struct start *start,
                       struct why *why)
{
    const char *file = settings_text(settings, SETTING_KEY_signer_key);
    start->user = settings_text(settings, SETTING_KEY_user);
    start->config =
        (struct worker_config){.rules = judge_rules_default(), .entropy = entropy_system()};
    start->config.rules.alone =
        parse_classes(str_of(settings_text(settings, SETTING_KEY_sign_alone)));
    TRY(file_make_folder(folder, 0700, why));
    TRY(privileges_give_folder(folder, start->user, why));
    if (file[0] != '\0') {
        ignore_int(snprintf(start->path, sizeof start->path, "%s", file));
    } else {
        ignore_int(snprintf(start->path, sizeof start->path, "%s/signer.key", folder));
    }
    return OK;
}

static errc hear_report(int socket, struct why *why)
{
    char packet[1024];
    struct talk_answer answer;
    struct pollfd wait = {.fd = socket, .events = POLLIN};
    ssize_t size = poll(&wait, 1, START_WAIT_MS) == 1 ? recv(socket, packet, sizeof packet, 0) : 0;
    if (size <= 0) {
        return fail(why, ERR_CLOSED, "the signer did not start");
    }
    TRY(talk_answer_read((str){packet, (size_t)size}, &answer, why));
    return answer.rc == OK ? OK : fail(why, answer.rc, "signer: %.*s", STR_ARG(answer.reason));
}

errc signing_start(const struct settings *settings, const char *folder,
                   struct signing **ret_signing, struct why *why)
{
    int ends[2];
    struct start start = {.socket = -1};
    TRY(fill_start(settings, folder, &start, why));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return fail_errno(why, errno, "socket of the signer");
    }
    start.socket = ends[1];
    pid_t keeper = fork();
    if (keeper == 0) {
        ignore_int(close(ends[0]));
        keep(&start);
    }
    ignore_int(close(ends[1]));
    if (keeper < 0) {
        ignore_int(close(ends[0]));
        return fail_errno(why, errno, "process of the signer");
    }
    struct signing *signing = mem_take(sizeof *signing);
    signing->keeper = keeper;
    errc rc = hear_report(ends[0], why);
    if (rc == OK) {
        rc = signer_client_create(ends[0], ANSWER_WAIT, &signing->client, why);
    } else {
        ignore_int(close(ends[0]));
    }
    if (rc != OK) {
        signing_stop(signing);
        return rc;
    }
    *ret_signing = signing;
    return OK;
}

void signing_stop(struct signing *signing)
{
    if (signing == NULL) {
        return;
    }
    signer_client_destroy(signing->client); /* the worker finds its socket closed */
    while (waitpid(signing->keeper, NULL, 0) < 0 && errno == EINTR) {
    }
    mem_give(signing);
}

/* --- the port -------------------------------------------------------------------------------- */

static errc port_sign(void *ctx, const struct signing_order *ask, struct buf *out,
                      uint64_t *ret_highest, struct why *why)
{
    const struct signing *signing = ctx;
    return signer_sign(signing->client, ask, out, ret_highest, why);
}

static errc port_make(void *ctx, const struct signing_key *ask, struct signing_made *ret_made,
                      struct why *why)
{
    const struct signing *signing = ctx;
    return signer_make(signing->client, ask, ret_made, why);
}

static errc port_certify(void *ctx, const struct signing_cert *ask, struct buf *out,
                         struct why *why)
{
    const struct signing *signing = ctx;
    return signer_certify(signing->client, ask, out, why);
}

static errc port_revoke(void *ctx, const struct signing_revocations *ask, struct buf *out,
                        struct why *why)
{
    const struct signing *signing = ctx;
    return signer_revoke(signing->client, ask, out, why);
}

struct order_signing signing_port(struct signing *signing)
{
    return (struct order_signing){
        .ctx = signing,
        .sign = port_sign,
        .make = port_make,
        .certify = port_certify,
        .revoke = port_revoke,
    };
}
