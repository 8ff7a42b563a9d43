#include "agent/capture_inside.h"

#define AGAIN (2 * USEC_SECOND)

static void keep(struct capture *capture, const struct capture_piece *piece)
{
    atomic_store(&capture->origin, piece->heard_at - capture->written * 125 / 6);
    capture->written += (int64_t)mix_ring_put_rt(&capture->ring, piece->pcm, piece->frames);
}

/* Until it breaks or is stopped. */
static errc listen(struct capture *capture)
{
    struct capture_piece piece = {.frames = 0};
    TRY(capture->kind->open(capture, NULL));
    atomic_store(&capture->works, true);
    errc rc = OK;
    while (rc == OK) {
        rc = capture->kind->read(capture, &piece, NULL);
        if (rc == OK) {
            keep(capture, &piece);
        }
    }
    atomic_store(&capture->works, false);
    capture->kind->close(capture);
    return rc;
}

static void *run_capture(void *arg)
{
    struct capture *capture = arg;
    errc rc = OK;
    while (rc != ERR_CANCELLED) {
        rc = listen(capture);
        if (rc != ERR_CANCELLED) {
            rc = sink_pace_until(&capture->pace, now_steady() + AGAIN, NULL);
        }
    }
    return NULL;
}

errc capture_start(struct capture *capture, const struct capture_kind *kind, struct why *why)
{
    capture->kind = kind;
    sink_pace_init(&capture->pace);
    mix_ring_init(&capture->ring, CAPTURE_RING);
    int rc = pthread_create(&capture->thread, NULL, run_capture, capture);
    capture->has_thread = rc == 0;
    return rc == 0 ? OK : fail_errno(why, rc, "the listening thread");
}

void capture_destroy(struct capture *capture)
{
    if (capture == NULL) {
        return;
    }
    if (capture->has_thread) {
        sink_pace_stop(&capture->pace);
        ignore_int(pthread_join(capture->thread, NULL));
    }
    mix_ring_finish(&capture->ring);
    sink_pace_finish(&capture->pace);
    capture->kind->destroy(capture);
}

size_t capture_read(struct capture *capture, int16_t *pcm, size_t most, usec *ret_heard)
{
    *ret_heard = atomic_load(&capture->origin) + (usec)capture->taken * 125 / 6;
    size_t count = mix_ring_take_rt(&capture->ring, pcm, most);
    capture->taken += count;
    return count;
}

static size_t read_port(void *ctx, int16_t *pcm, size_t most, usec *ret_heard)
{
    return capture_read(ctx, pcm, most, ret_heard);
}

static bool works_port(void *ctx)
{
    return capture_works(ctx);
}

static void close_port(void *ctx)
{
    capture_destroy(ctx);
}

struct capture_port capture_port_of(struct capture *take_capture)
{
    return (struct capture_port){read_port, works_port, close_port, take_capture};
}

bool capture_works(const struct capture *capture)
{
    return atomic_load(&capture->works);
}
