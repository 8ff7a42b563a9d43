/* The check that every limit is one. */
#ifndef LOA_LOOP_LIMITS_H
#define LOA_LOOP_LIMITS_H

#include "loop/http.h"

CHECKED errc limits_check(const struct http_limits *limits, struct why *why);

#endif
