/* The library beneath the loop, for the files of this room only. */
#ifndef LOA_LOOP_LOOP_UV_H
#define LOA_LOOP_LOOP_UV_H

#include "loop/loop.h"

#include <uv.h>

uv_loop_t *loop_uv(struct loop *loop);

#endif
