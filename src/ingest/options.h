/* What the server tells loa-ingest to do, by its arguments; nothing is guessed. */
#ifndef LOA_INGEST_OPTIONS_H
#define LOA_INGEST_OPTIONS_H

#include "base/base.h"

struct options {
    int64_t kbit;
    int64_t loudness_lufs;
    int64_t true_peak_db;
    int64_t seconds; /* of processing */
    int64_t from_ms;
    int64_t to_ms; /* 0: to the end */
    bool keep_silence;
    str voice; /* of a text; STR_NONE: the input is a sound */
    int64_t speed;
    bool version;
    bool live; /* from the standard input to packets at the standard output */
};

CHECKED errc options_take(const char *const *words, size_t count, struct options *ret_options,
                          struct why *why);

#endif
