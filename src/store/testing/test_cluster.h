/* A PostgreSQL cluster of the test's own: in a temporary folder, on a socket in it, without a port,
 * as an unprivileged user when we are root, gone when the program ends or dies. */
#ifndef LOA_STORE_TESTING_TEST_CLUSTER_H
#define LOA_STORE_TESTING_TEST_CLUSTER_H

#include "base/base.h"

#include <sys/types.h>

struct test_cluster {
    char programs[128]; /* folder of initdb and postgres */
    char folder[64];
    bool durable; /* fsync: for benches; a killed server loses nothing without it */
    pid_t server; /* 0: stopped */
};

/* False where PostgreSQL is not installed. */
bool test_cluster_available(void);
CHECKED errc test_cluster_create(bool durable, struct test_cluster *ret_cluster, struct why *why);
CHECKED errc test_cluster_start(struct test_cluster *cluster, struct why *why);
void test_cluster_stop(struct test_cluster *cluster); /* at once, as a power cut does */
void test_cluster_destroy(struct test_cluster *cluster);
/* To connect to; the data base `postgres` always exists. */
void test_cluster_conninfo(const struct test_cluster *cluster, const char *database, char *text,
                           size_t size);

#endif
