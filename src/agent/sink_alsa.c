/* The sound card, through ALSA. What ALSA says of its delay tells when a sample will be heard; a
 * break (EPIPE) is mended at once and told; a card that is gone ends as an error, and the engine
 * opens it anew. A device that takes sound faster than time goes by (ALSA's own null and file
 * plugins do) is held to the pace of the steady clock. */
#include <alsa/asoundlib.h>

#include "agent/sink_pace.h"

enum { PERIOD = 480, BUFFER = 1440, WAIT_MS = 500, CHANNELS_MOST = 2 };

/* A card that has taken that much more than its buffer ahead of time has no crystal. */
#define AHEAD_MOST (40 * (usec)1000)

struct sink_alsa {
    struct sink base;
    struct sink_pace pace;
    char *device;
    snd_pcm_t *pcm;
    unsigned channels;
    usec buffer; /* what it holds */
    bool broken;
    bool is_paced;   /* has no crystal: the steady clock is its pace */
    usec began;      /* steady; first put since the last break */
    uint64_t frames; /* since then */
};

static errc fail_alsa(struct why *why, const char *what, const struct sink_alsa *sink, int rc)
{
    return fail(why, rc == -ENODEV || rc == -ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s: %s",
                sink->device, what, snd_strerror(rc));
}

static int set_rate(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw)
{
    unsigned rate = SINK_RATE;
    int rc = snd_pcm_hw_params_set_rate_near(pcm, hw, &rate, NULL);
    return rc < 0 ? rc : rate == SINK_RATE ? 0 : -EINVAL;
}

/* Mono where the card has it, else the same on both sides. */
static int set_channels(struct sink_alsa *sink, snd_pcm_hw_params_t *hw)
{
    for (sink->channels = 1; sink->channels <= CHANNELS_MOST; sink->channels++) {
        int rc = snd_pcm_hw_params_set_channels(sink->pcm, hw, sink->channels);
        if (rc == 0 || sink->channels == CHANNELS_MOST) {
            return rc;
        }
    }
    return -EINVAL;
}

static int set_hardware(struct sink_alsa *sink)
{
    snd_pcm_hw_params_t *hw = NULL;
    snd_pcm_uframes_t period = PERIOD;
    snd_pcm_uframes_t buffer = BUFFER;
    snd_pcm_hw_params_alloca(&hw);
    int rc = snd_pcm_hw_params_any(sink->pcm, hw);
    rc = rc < 0 ? rc : snd_pcm_hw_params_set_access(sink->pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
    rc = rc < 0 ? rc : snd_pcm_hw_params_set_format(sink->pcm, hw, SND_PCM_FORMAT_S16);
    rc = rc < 0 ? rc : set_channels(sink, hw);
    rc = rc < 0 ? rc : set_rate(sink->pcm, hw);
    rc = rc < 0 ? rc : snd_pcm_hw_params_set_period_size_near(sink->pcm, hw, &period, NULL);
    rc = rc < 0 ? rc : snd_pcm_hw_params_set_buffer_size_near(sink->pcm, hw, &buffer);
    return rc < 0 ? rc : snd_pcm_hw_params(sink->pcm, hw);
}

static int set_software(struct sink_alsa *sink)
{
    snd_pcm_sw_params_t *sw = NULL;
    snd_pcm_uframes_t buffer = BUFFER;
    snd_pcm_uframes_t period = PERIOD;
    int rc = snd_pcm_get_params(sink->pcm, &buffer, &period);
    snd_pcm_sw_params_alloca(&sw);
    rc = rc < 0 ? rc : snd_pcm_sw_params_current(sink->pcm, sw);
    sink->buffer = (usec)buffer * 125 / 6;
    /* It starts by itself when the buffer is nearly full. */
    snd_pcm_uframes_t start = buffer > period ? buffer - period : buffer;
    rc = rc < 0 ? rc : snd_pcm_sw_params_set_start_threshold(sink->pcm, sw, start);
    rc = rc < 0 ? rc : snd_pcm_sw_params_set_avail_min(sink->pcm, sw, period);
    return rc < 0 ? rc : snd_pcm_sw_params(sink->pcm, sw);
}

static void close_alsa(struct sink *sink)
{
    struct sink_alsa *alsa = (struct sink_alsa *)sink;
    if (alsa->pcm != NULL) {
        ignore_int(snd_pcm_close(alsa->pcm));
        alsa->pcm = NULL;
    }
}

static errc open_alsa(struct sink *sink, struct why *why)
{
    struct sink_alsa *alsa = (struct sink_alsa *)sink;
    int rc = snd_pcm_open(&alsa->pcm, alsa->device, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (rc < 0) {
        alsa->pcm = NULL;
        return fail_alsa(why, "opening", alsa, rc);
    }
    rc = set_hardware(alsa);
    rc = rc < 0 ? rc : set_software(alsa);
    if (rc < 0) {
        close_alsa(sink);
        return fail_alsa(why, "48 kHz, 16 bit", alsa, rc);
    }
    alsa->frames = 0;
    alsa->broken = false;
    alsa->is_paced = false;
    return OK;
}

/* After a break or a sleep of the machine. */
static errc recover(struct sink_alsa *alsa, int error, struct why *why)
{
    int rc = snd_pcm_recover(alsa->pcm, error, 1);
    if (rc < 0) {
        return fail_alsa(why, "playing", alsa, rc);
    }
    alsa->broken = true;
    alsa->frames = 0;
    return OK;
}

/* Has it taken more than a card can that plays in real time? */
static void find_pace(struct sink_alsa *alsa)
{
    usec played = (usec)alsa->frames * 125 / 6;
    if (!alsa->is_paced && alsa->frames > 0 &&
        alsa->began + played - now_steady() > alsa->buffer + AHEAD_MOST) {
        alsa->is_paced = true;
        sink_pace_begin(&alsa->pace);
    }
}

/* Room in the card, and what lies in it still. */
static errc wait_for_room(struct sink_alsa *alsa, snd_pcm_sframes_t *ret_room,
                          snd_pcm_sframes_t *ret_delay, struct why *why)
{
    *ret_room = 0;
    for (int tries = 0; *ret_room < 1; tries++) {
        TRY(sink_pace_until(&alsa->pace, 0, why));
        int rc = snd_pcm_wait(alsa->pcm, WAIT_MS);
        if (rc == 0 || tries > WAIT_MS) {
            return fail(why, ERR_TIMEOUT, "%s: takes no sound", alsa->device);
        }
        rc = rc < 0 ? rc : snd_pcm_avail_delay(alsa->pcm, ret_room, ret_delay);
        if (rc < 0) {
            TRY(recover(alsa, rc, why));
            *ret_room = 0;
        }
    }
    return OK;
}

static errc wait_alsa(struct sink *sink, struct sink_turn *ret_turn, struct why *why)
{
    struct sink_alsa *alsa = (struct sink_alsa *)sink;
    snd_pcm_sframes_t room = 0;
    snd_pcm_sframes_t delay = 0;
    find_pace(alsa);
    TRY(wait_for_room(alsa, &room, &delay, why));
    if (alsa->is_paced) {
        return sink_pace_wait(&alsa->pace, ret_turn, why);
    }
    size_t frames = room < SINK_TURN_MOST ? (size_t)room : SINK_TURN_MOST;
    usec heard = now_steady() + (usec)(delay > 0 ? delay : 0) * 125 / 6;
    *ret_turn = (struct sink_turn){frames, heard, alsa->broken};
    alsa->broken = false;
    return OK;
}

static errc put_alsa(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    struct sink_alsa *alsa = (struct sink_alsa *)sink;
    int16_t wide[SINK_TURN_MOST * CHANNELS_MOST];
    for (size_t i = 0; i < frames * alsa->channels; i++) {
        wide[i] = pcm[i / alsa->channels];
    }
    if (alsa->frames == 0) {
        alsa->began = now_steady();
    }
    for (size_t at = 0; at < frames;) {
        snd_pcm_sframes_t done = snd_pcm_writei(alsa->pcm, wide + at * alsa->channels, frames - at);
        if (done < 0) {
            return done == -EAGAIN ? OK : recover(alsa, (int)done, why);
        }
        at += (size_t)done;
        alsa->frames += (uint64_t)done;
    }
    return OK;
}

static void stop_alsa(struct sink *sink)
{
    sink_pace_stop(&((struct sink_alsa *)sink)->pace);
}

static void destroy_alsa(struct sink *sink)
{
    struct sink_alsa *alsa = (struct sink_alsa *)sink;
    close_alsa(sink);
    sink_pace_finish(&alsa->pace);
    mem_give(alsa->device);
    mem_give(alsa);
}

struct sink *sink_alsa_create(const char *device)
{
    static const struct sink_kind kind = {"alsa",     open_alsa, wait_alsa,   put_alsa,
                                          close_alsa, stop_alsa, destroy_alsa};
    struct sink_alsa *sink = mem_take(sizeof *sink);
    sink->base.kind = &kind;
    sink->device = mem_text(device);
    sink_pace_init(&sink->pace);
    return &sink->base;
}
