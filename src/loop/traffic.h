/* What went over the line, as the kernel counted it. */
#ifndef LOA_LOOP_TRAFFIC_H
#define LOA_LOOP_TRAFFIC_H

#include <stdint.h>

struct wire_traffic {
    uint64_t bytes_in; /* TCP's payload; what was sent twice counts twice */
    uint64_t bytes_out;
    uint64_t packets_in; /* each costs some 52 bytes of headers beside its payload */
    uint64_t packets_out;
};

/* All zero when the kernel does not say. */
struct wire_traffic traffic_of(int fd);

/* What a SIM is charged for: payload and headers, IPv4. */
static inline uint64_t traffic_charged(const struct wire_traffic *traffic)
{
    const uint64_t headers = 52;
    return traffic->bytes_in + traffic->bytes_out +
           headers * (traffic->packets_in + traffic->packets_out);
}

#endif
