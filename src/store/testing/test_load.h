/* Rows as a server gets them: several threads submit jobs of a few hundred rows each, with a few
 * jobs under way at a time; a row counts when its job has been acknowledged. For benches. */
#ifndef LOA_STORE_TESTING_TEST_LOAD_H
#define LOA_STORE_TESTING_TEST_LOAD_H

#include "base/base.h"
#include "store/store.h"

struct test_load {
    int threads;
    int rows_per_job;
    int jobs_per_thread;
    int jobs_under_way; /* of one thread */
};

struct test_load_result {
    double seconds; /* from the first submission to the last acknowledgement */
    int64_t rows;
    usec slowest; /* job, from submission to acknowledgement */
};

CHECKED errc test_load_run(struct store *store, const struct test_load *load,
                           struct test_load_result *ret_result, struct why *why);

#endif
