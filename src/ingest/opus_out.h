/* Ogg Opus (RFC 7845) through a descriptor, as the server's strict reader and the devices want it:
 * mono, 20 ms frames, one stream. Equal sound gives equal bytes. */
#ifndef LOA_INGEST_OPUS_OUT_H
#define LOA_INGEST_OPUS_OUT_H

#include "ingest/fault.h"

struct opus_out;

CHECKED errc opus_out_create(int fd, int64_t kbit, struct opus_out **ret_out, struct fault *fault);
void opus_out_destroy(struct opus_out **out); /* for AUTO */
CHECKED errc opus_out_write(struct opus_out *out, const float *samples, size_t count,
                            struct fault *fault);
CHECKED errc opus_out_end(struct opus_out *out, struct fault *fault);

#endif
