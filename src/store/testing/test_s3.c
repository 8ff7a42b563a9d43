/* Starts test/s3/server.mjs and reads its port. */
#include "store/testing/test_s3.h"

#include "base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 30000 };

static char program[] = LOA_SOURCE_DIR "/test/s3/server.mjs";
static char bucket[] = "loa-test";

static void become(struct test_s3 *s3, const int input[2], const int output[2])
{
    char node[] = "node";
    char *const arguments[] = {node, program, s3->folder, bucket, NULL};
    if (dup2(input[0], 0) == 0 && dup2(output[1], 1) == 1 &&
        prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) {
        execvp(node, arguments);
    }
    _exit(127);
}

static bool read_port(int fd, unsigned *ret_port)
{
    char text[64];
    struct pollfd waited = {fd, POLLIN, 0};
    if (poll(&waited, 1, START_MS) <= 0) {
        return false;
    }
    ssize_t got = read(fd, text, sizeof text);
    str line = str_trim((str){text, got > 0 ? (size_t)got : 0});
    uint64_t port = 0;
    if (!str_starts(line, S("port ")) || !str_to_u64(str_cut(line, 5, line.len), &port) ||
        port > 65535) {
        return false;
    }
    *ret_port = (unsigned)port;
    return true;
}

static bool start(struct test_s3 *s3)
{
    int input[2];
    int output[2];
    unsigned port = 0;
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) {
        return false;
    }
    s3->server = fork();
    if (s3->server == 0) {
        become(s3, input, output);
    }
    file_close(&input[0]);
    file_close(&output[1]);
    s3->input = input[1];
    bool good = s3->server > 0 && read_port(output[0], &port);
    file_close(&output[0]);
    ignore_int(snprintf(s3->endpoint, sizeof s3->endpoint, "http://127.0.0.1:%u", port));
    return good;
}

bool test_s3_start(struct test_s3 *ret_s3)
{
    struct test_s3 *s3 = ret_s3;
    *s3 = (struct test_s3){.folder = "/tmp/loa-s3-XXXXXX", .input = -1};
    if (!file_exists(LOA_SOURCE_DIR "/test/s3/node_modules/s3rver/package.json")) {
        fprintf(stderr, "skipped: no S3 server: run `npm ci` in test/s3\n");
        return false;
    }
    if (mkdtemp(s3->folder) == NULL || !start(s3)) {
        fprintf(stderr, "the S3 server of the test did not start\n");
        exit(1);
    }
    s3->config = (struct media_s3_config){.endpoint = s3->endpoint,
                                          .bucket = bucket,
                                          .prefix = "loa/",
                                          .key_id = "S3RVER",
                                          .secret = "S3RVER"};
    return true;
}

void test_s3_stop(struct test_s3 *s3)
{
    struct why why;
    file_close(&s3->input);
    if (s3->server > 0) {
        ignore_int(waitpid(s3->server, NULL, 0));
    }
    ignore(file_remove_tree(s3->folder, &why));
}
