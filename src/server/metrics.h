/* Figures in Prometheus' text format. */
#ifndef LOA_SERVER_METRICS_H
#define LOA_SERVER_METRICS_H

#include "loop/http.h"
#include "store/store.h"

struct metrics_base {
    const struct http_server *http;
    struct store *store;
    usec begun; /* steady */
    uint64_t files_most;
};

void metrics_write(const struct metrics_base *base, struct buf *out);

#endif
