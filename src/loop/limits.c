/* The limits of a server that is not told otherwise: a province with 20,000 devices on a small
 * machine. */
#include "loop/limits.h"

struct http_limits http_limits_default(void)
{
    return (struct http_limits){
        .header_bytes = 16 * 1024,
        .header_count = 100,
        .target_bytes = 8 * 1024,
        .query_count = 64,
        .body_memory = 1024 * 1024,
        .bodies_memory = 256 * 1024 * 1024,
        .body_disk = (uint64_t)2 * 1024 * 1024 * 1024,
        .arena_bytes = 4 * 1024 * 1024,
        .connections = 25000,
        .connections_per_address = 25000,
        .handshakes = 1000,
        .requests = 25000,
        .requests_per_connection = 100000,
        .streams = 100,
        .resets = 200,
        .control_frames = 500,
        .queue_bytes = 4 * 1024 * 1024,
        .stream_queue_bytes = 1024 * 1024,
        .ws_message_bytes = 1024 * 1024,
        .ws_fragments = 1024,
        .handshake_wait = 15 * USEC_SECOND,
        .header_wait = 15 * USEC_SECOND,
        .body_wait = 30 * USEC_SECOND,
        .idle_wait = 30 * USEC_SECOND,
        .keep_alive_wait = 75 * USEC_SECOND,
        .write_wait = 30 * USEC_SECOND,
        .answer_wait = 60 * USEC_SECOND,
        .body_rate = 512,
        .read_rate = 512,
        .events_beat = 20 * USEC_SECOND,
        .ws_ping_every = 30 * USEC_SECOND,
        .ws_pong_wait = 20 * USEC_SECOND,
        .ws_close_wait = 5 * USEC_SECOND,
    };
}

errc limits_check(const struct http_limits *limits, struct why *why)
{
    const struct {
        const char *name;
        uint64_t value;
        uint64_t most;
    } rows[] = {
        {"header_bytes", limits->header_bytes, 1024 * 1024},
        {"header_count", limits->header_count, 200},
        {"target_bytes", limits->target_bytes, 1024 * 1024},
        {"query_count", limits->query_count, 10000},
        {"body_memory", limits->body_memory, SIZE_MAX / 4},
        {"bodies_memory", limits->bodies_memory, SIZE_MAX / 4},
        {"body_disk", limits->body_disk, INT64_MAX},
        {"arena_bytes", limits->arena_bytes, SIZE_MAX / 4},
        {"connections", limits->connections, 10000000},
        {"connections_per_address", limits->connections_per_address, UINT32_MAX},
        {"handshakes", limits->handshakes, SIZE_MAX},
        {"requests", limits->requests, SIZE_MAX},
        {"requests_per_connection", limits->requests_per_connection, SIZE_MAX},
        {"streams", limits->streams, 10000},
        {"resets", limits->resets, SIZE_MAX},
        {"control_frames", limits->control_frames, SIZE_MAX},
        {"queue_bytes", limits->queue_bytes, SIZE_MAX / 4},
        {"stream_queue_bytes", limits->stream_queue_bytes, SIZE_MAX / 4},
        {"ws_message_bytes", limits->ws_message_bytes, SIZE_MAX / 4},
        {"ws_fragments", limits->ws_fragments, SIZE_MAX},
        {"handshake_wait", (uint64_t)limits->handshake_wait, USEC_DAY},
        {"header_wait", (uint64_t)limits->header_wait, USEC_DAY},
        {"body_wait", (uint64_t)limits->body_wait, USEC_DAY},
        {"idle_wait", (uint64_t)limits->idle_wait, USEC_DAY},
        {"keep_alive_wait", (uint64_t)limits->keep_alive_wait, USEC_DAY},
        {"write_wait", (uint64_t)limits->write_wait, USEC_DAY},
        {"answer_wait", (uint64_t)limits->answer_wait, USEC_DAY},
        {"body_rate", limits->body_rate, SIZE_MAX},
        {"read_rate", limits->read_rate, SIZE_MAX},
        {"events_beat", (uint64_t)limits->events_beat, USEC_DAY},
        {"ws_ping_every", (uint64_t)limits->ws_ping_every, USEC_DAY},
        {"ws_pong_wait", (uint64_t)limits->ws_pong_wait, USEC_DAY},
        {"ws_close_wait", (uint64_t)limits->ws_close_wait, USEC_DAY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].value == 0 || rows[i].value > rows[i].most) {
            return fail(why, ERR_INVALID, "limit %s is %llu, not from 1 to %llu", rows[i].name,
                        (unsigned long long)rows[i].value, (unsigned long long)rows[i].most);
        }
    }
    return OK;
}
