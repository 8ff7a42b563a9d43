/* The ear through ALSA. */
#include <alsa/asoundlib.h>

#include "agent/capture_inside.h"

enum { WAIT_MS = 500, LATENCY_US = 200000 };

struct capture_alsa {
    struct capture base;
    char *device;
    snd_pcm_t *pcm;
};

static errc open_alsa(struct capture *capture, struct why *why)
{
    struct capture_alsa *alsa = (struct capture_alsa *)capture;
    int rc = snd_pcm_open(&alsa->pcm, alsa->device, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
    if (rc < 0) {
        alsa->pcm = NULL;
        return fail(why, ERR_IO, "%s: %s", alsa->device, snd_strerror(rc));
    }
    rc = snd_pcm_set_params(alsa->pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                            SINK_RATE, 1, LATENCY_US);
    rc = rc < 0 ? rc : snd_pcm_start(alsa->pcm);
    if (rc < 0) {
        ignore_int(snd_pcm_close(alsa->pcm));
        alsa->pcm = NULL;
        return fail(why, ERR_IO, "%s: %s", alsa->device, snd_strerror(rc));
    }
    return OK;
}

/* After a break it goes on; the time of the next piece says what is missing. */
static errc mend(struct capture_alsa *alsa, int error, struct why *why)
{
    int rc = snd_pcm_recover(alsa->pcm, error, 1);
    rc = rc < 0 ? rc : snd_pcm_start(alsa->pcm);
    return rc < 0 ? fail(why, ERR_IO, "%s: %s", alsa->device, snd_strerror(rc)) : OK;
}

static errc read_piece(struct capture *capture, struct capture_piece *ret_piece, struct why *why)
{
    struct capture_alsa *alsa = (struct capture_alsa *)capture;
    snd_pcm_sframes_t got = 0;
    while (got <= 0) {
        /* A device that never runs dry (ALSA's null) is read no faster than time goes by. */
        TRY(sink_pace_until(&capture->pace, now_steady() + USEC_SECOND / 200, why));
        int rc = snd_pcm_wait(alsa->pcm, WAIT_MS);
        if (rc == 0) {
            return fail(why, ERR_TIMEOUT, "%s: gives no sound", alsa->device);
        }
        got = rc < 0 ? rc : snd_pcm_readi(alsa->pcm, ret_piece->pcm, CAPTURE_PIECE);
        if (got < 0 && got != -EAGAIN) {
            TRY(mend(alsa, (int)got, why));
        }
    }
    snd_pcm_sframes_t waiting = snd_pcm_avail(alsa->pcm);
    usec after = (usec)((waiting > 0 ? waiting : 0) + got) * 125 / 6;
    ret_piece->frames = (size_t)got;
    ret_piece->heard_at = now_steady() - after;
    return OK;
}

static void close_alsa(struct capture *capture)
{
    struct capture_alsa *alsa = (struct capture_alsa *)capture;
    if (alsa->pcm != NULL) {
        ignore_int(snd_pcm_close(alsa->pcm));
        alsa->pcm = NULL;
    }
}

static void destroy_alsa(struct capture *capture)
{
    mem_give(((struct capture_alsa *)capture)->device);
    mem_give(capture);
}

struct capture *capture_alsa_create(const char *device)
{
    static const struct capture_kind kind = {open_alsa, read_piece, close_alsa, destroy_alsa};
    struct capture_alsa *alsa = mem_take(sizeof *alsa);
    alsa->device = mem_text(device);
    /* Without its thread it is an ear that never works, and is told as such. */
    ignore(capture_start(&alsa->base, &kind, NULL));
    return &alsa->base;
}
