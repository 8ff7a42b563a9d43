/* Ogg Opus (RFC 3533, RFC 7845) as a stranger hands it in, read strictly: one stream, whole pages
 * with right checksums, numbered without gaps, mono or stereo of the simple mapping, packets whose
 * lengths add up to what the pages say, and an end. Pure; nothing is decoded. What is not exactly
 * that is refused, so that no device is ever sent a file on which it could stumble. */
#ifndef LOA_BROADCAST_OPUS_FILE_H
#define LOA_BROADCAST_OPUS_FILE_H

#include "base/base.h"

enum { OPUS_FILE_MOST = 64 * 1024 * 1024 };
#define OPUS_FILE_MOST_MS ((int64_t)6 * 3600 * 1000)

struct opus_facts {
    int64_t ms; /* what is heard: without pre-skip and what the end cuts off */
    int64_t bytes;
    int channels;
    int64_t gain_mb; /* the file's own, hundredths of a decibel */
};

/* ERR_INVALID with the reason in `why`: a key of the catalogue stands first, up to the colon. */
CHECKED errc opus_file_read(str bytes, struct opus_facts *ret_facts, struct why *why);

#endif
