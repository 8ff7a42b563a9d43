/* An S3-speaking server of the test's own (test/s3), on a free loopback port. */
#ifndef LOA_STORE_TESTING_TEST_S3_H
#define LOA_STORE_TESTING_TEST_S3_H

#include "base/base.h"
#include "store/media.h"

#include <sys/types.h>

struct test_s3 {
    char folder[64];
    char endpoint[64];
    pid_t server;
    int input; /* closing it ends the server */
    struct media_s3_config config;
};

/* False, with a message, where node or its modules are not installed. */
bool test_s3_start(struct test_s3 *ret_s3);
void test_s3_stop(struct test_s3 *s3);

#endif
