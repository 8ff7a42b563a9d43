/* Bodies that go to disk: whole, too large, broken off, and a disk that is full. */
#include "loop/http_world.h"

#include <dirent.h>

enum { SIZE = 1000000 };

static struct world world;

static int begin(void **state)
{
    (void)state;
    world_begin(&world, world_limits());
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static int count_uploads(void)
{
    int count = 0;
    DIR *folder = opendir(world.folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += strncmp(entry->d_name, "upload-", 7) == 0;
    }
    closedir(folder);
    return count;
}

static void wait_for_empty_folder(void)
{
    usec limit = now_steady() + PATIENCE * USEC_SECOND;
    while (count_uploads() > 0) {
        assert_true(now_steady() < limit);
        ignore_int(sched_yield());
    }
}

static uint64_t send_bytes(int fd, size_t size)
{
    static char bytes[SIZE];
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(i * 7 % 251);
        sum += (unsigned char)bytes[i];
    }
    client_send(fd, bytes, size);
    return sum;
}

static void writes_a_body_to_a_file_and_removes_it(void **state)
{
    (void)state;
    char expected[64];
    static const size_t sizes[] = {1, 65535, 65536, 65537, SIZE};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char head[200];
        int fd = client_open(world.port);
        ignore_int(snprintf(head, sizeof head,
                            "PUT /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                            "Content-Length: %zu\r\n\r\n",
                            sizes[i]));
        client_say(fd, head);
        uint64_t sum = send_bytes(fd, sizes[i]);
        ignore_int(
            snprintf(expected, sizeof expected, "%zu %llu", sizes[i], (unsigned long long)sum));
        assert_string_equal(client_body(client_hear(fd)), expected);
        ignore_int(close(fd));
    }
    wait_for_empty_folder();
}

static void takes_an_empty_body_without_a_file(void **state)
{
    (void)state;
    const char *answer = client_ask(&world, "PUT /upload HTTP/1.1\r\nHost: a\r\n"
                                            "Connection: close\r\nContent-Length: 0\r\n\r\n");
    assert_string_equal(client_body(answer), "0 0");
}

static void refuses_a_body_that_was_announced_too_large(void **state)
{
    (void)state;
    assert_status(client_ask(&world, "PUT /upload HTTP/1.1\r\nHost: a\r\n"
                                     "Content-Length: 4194305\r\n\r\n"),
                  413);
}

static void refuses_a_body_that_grows_too_large(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "PUT /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; i++) {
        client_say(fd, "f4240\r\n");
        send_bytes(fd, SIZE);
        client_say(fd, "\r\n");
    }
    assert_status(client_hear(fd), 413);
    ignore_int(close(fd));
    wait_for_empty_folder();
}

static bool is_empty(const struct world_look *look)
{
    return look->counters.connections_open == 0 && look->counters.requests_open == 0;
}

static void leaves_nothing_of_an_upload_that_breaks_off(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
    send_bytes(fd, SIZE);
    ignore_int(close(fd));
    world_until(&world, is_empty);
    wait_for_empty_folder();
}

static void says_that_the_disk_is_full(void **state)
{
    (void)state;
    static const size_t sizes[] = {1000, SIZE};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char head[200];
        int fd = client_open(world.port);
        file_torture(1, ENOSPC);
        ignore_int(snprintf(head, sizeof head,
                            "PUT /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                            "Content-Length: %zu\r\n\r\n",
                            sizes[i]));
        client_say(fd, head);
        send_bytes(fd, sizes[i]);
        assert_status(client_hear(fd), 507);
        assert_true(file_torture_hit() != 0);
        file_torture(0, 0);
        ignore_int(close(fd));
    }
    wait_for_empty_folder();
    assert_int_equal(world_look(&world).counters.refused[HTTP_REFUSED_DISK], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_a_body_to_a_file_and_removes_it, begin, end),
        cmocka_unit_test_setup_teardown(takes_an_empty_body_without_a_file, begin, end),
        cmocka_unit_test_setup_teardown(refuses_a_body_that_was_announced_too_large, begin, end),
        cmocka_unit_test_setup_teardown(refuses_a_body_that_grows_too_large, begin, end),
        cmocka_unit_test_setup_teardown(leaves_nothing_of_an_upload_that_breaks_off, begin, end),
        cmocka_unit_test_setup_teardown(says_that_the_disk_is_full, begin, end),
    };
    return cmocka_run_group_tests_name("loop: upload", tests, NULL, NULL);
}
