/* A device's log in memory: what has not yet been kept by the server. For simulations and tests,
 * where thousands of devices live in one process; it costs what its unsent entries take. */
#ifndef LOA_AGENT_LOG_TAIL_H
#define LOA_AGENT_LOG_TAIL_H

#include "agent/device_log.h"

struct log_tail {
    hash start;             /* of an empty chain of this device */
    struct log_chain begin; /* before the first entry here */
    struct log_chain end;
    struct buf bytes; /* entries, each after its length in two bytes */
};

/* `most` bytes of unsent entries; past it, adding is ERR_DISK_FULL. */
void log_tail_init(struct log_tail *tail, hash device_key, size_t most);
void log_tail_finish(struct log_tail *tail);
/* The tail must outlive what is returned. */
struct device_log log_tail_log(struct log_tail *tail);

#endif
