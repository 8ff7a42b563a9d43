/* See sound_in.h. Everything of the libraries is taken down and built anew to rewind: the second
 * time through is exactly the first. */
#include "ingest/sound_in.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    IO_SIZE = 64 * 1024,
    CONVERTED_MOST = 16 * 1024 * 1024, /* samples that one packet can be */
    ERRORS_FREE = 3,                   /* broken packets that say nothing of a file */
    ERRORS_SHARE = 20,                 /* one in so many is damage */
    PCM_BLOCK = 4096,
    STREAM_PROBE = 32 * 1024,
};

#define SAMPLES_MOST ((int64_t)SOUND_HOURS_MOST * 3600 * SOUND_RATE)
#define MISSING_FREE                                                                               \
    (2 * (int64_t)SOUND_RATE) /* that may lack at the end of what its head says                    \
                               */

struct sound_in {
    int fd; /* -1: pcm */
    bool is_stream;
    int64_t size;
    struct pcm pcm;
    size_t pcm_at;
    AVFormatContext *format;
    AVIOContext *io;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    SwrContext *resampler;
    AVChannelLayout layout; /* what the resampler was made for */
    int rate;
    int sample_format;
    int stream;
    bool ended;   /* nothing comes from the decoder any more */
    bool drained; /* nor from the resampler */
    int64_t packets;
    int64_t errors;
    int64_t samples; /* handed out */
    float *converted;
    size_t converted_room;
    size_t converted_count;
    size_t converted_at;
};

/* --- bytes ----------------------------------------------------------------------------------- */

static int on_read(void *ctx, uint8_t *bytes, int size)
{
    const struct sound_in *in = ctx;
    ssize_t got = read(in->fd, bytes, (size_t)size);
    return got > 0 ? (int)got : AVERROR_EOF;
}

static int64_t on_seek(void *ctx, int64_t offset, int whence)
{
    const struct sound_in *in = ctx;
    if (whence == AVSEEK_SIZE) {
        return in->size;
    }
    off_t at = lseek(in->fd, offset, whence & ~AVSEEK_FORCE);
    return at < 0 ? AVERROR(EIO) : at;
}

static int on_open(AVFormatContext *format, AVIOContext **io, const char *address, int flags,
                   AVDictionary **options)
{
    (void)format;
    (void)io;
    (void)address;
    (void)flags;
    (void)options;
    return AVERROR(EACCES);
}

/* --- opening --------------------------------------------------------------------------------- */

static void take_down(struct sound_in *in)
{
    avformat_close_input(&in->format);
    avcodec_free_context(&in->codec);
    av_packet_free(&in->packet);
    av_frame_free(&in->frame);
    swr_free(&in->resampler);
    av_channel_layout_uninit(&in->layout);
    if (in->io != NULL) {
        av_freep(&in->io->buffer);
        avio_context_free(&in->io);
    }
}

static errc open_format(struct sound_in *in, struct fault *fault)
{
    unsigned char *buffer = av_malloc(IO_SIZE);
    in->io = buffer == NULL ? NULL
                            : avio_alloc_context(buffer, IO_SIZE, 0, in, on_read, NULL,
                                                 in->is_stream ? NULL : on_seek);
    in->format = avformat_alloc_context();
    bool at_start = in->is_stream || lseek(in->fd, 0, SEEK_SET) == 0;
    if (in->io == NULL || in->format == NULL || !at_start) {
        return fault_is(fault, "too_heavy");
    }
    in->format->pb = in->io;
    in->format->io_open = on_open;
    in->format->flags |= AVFMT_FLAG_CUSTOM_IO;
    if (in->is_stream) { /* what is looked at first is sound that comes later */
        in->format->probesize = STREAM_PROBE;
        in->format->max_analyze_duration = AV_TIME_BASE / 2;
        in->format->flags |= AVFMT_FLAG_NOBUFFER;
        in->io->seekable = 0;
    }
    if (avformat_open_input(&in->format, NULL, NULL, NULL) < 0) {
        return fault_is(fault, "not_media");
    }
    return avformat_find_stream_info(in->format, NULL) < 0 ? fault_is(fault, "not_media") : OK;
}

static errc open_codec(struct sound_in *in, struct fault *fault)
{
    const AVCodec *decoder = NULL;
    in->stream = av_find_best_stream(in->format, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    if (in->stream < 0 || decoder == NULL) {
        return fault_is(fault, in->format->nb_streams > 0 ? "no_sound" : "not_media");
    }
    for (unsigned i = 0; i < in->format->nb_streams; i++) {
        in->format->streams[i]->discard = (int)i == in->stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    const AVStream *stream = in->format->streams[in->stream];
    in->codec = avcodec_alloc_context3(decoder);
    in->packet = av_packet_alloc();
    in->frame = av_frame_alloc();
    if (in->codec == NULL || in->packet == NULL || in->frame == NULL) {
        return fault_is(fault, "too_heavy");
    }
    if (avcodec_parameters_to_context(in->codec, stream->codecpar) < 0) {
        return fault_is(fault, "not_media");
    }
    in->codec->thread_count = 1;
    in->codec->pkt_timebase = stream->time_base;
    return avcodec_open2(in->codec, decoder, NULL) < 0 ? fault_is(fault, "not_media") : OK;
}

errc sound_in_rewind(struct sound_in *in, struct fault *fault)
{
    take_down(in);
    in->ended = false;
    in->drained = false;
    in->pcm_at = 0;
    in->packets = 0;
    in->errors = 0;
    in->samples = 0;
    in->converted_count = 0;
    in->converted_at = 0;
    if (in->fd < 0) {
        in->frame = av_frame_alloc();
        return in->frame == NULL ? fault_is(fault, "too_heavy") : OK;
    }
    TRY(open_format(in, fault));
    return open_codec(in, fault);
}

static errc start(struct sound_in *in, struct sound_in **ret_in, struct fault *fault)
{
    errc rc = sound_in_rewind(in, fault);
    if (rc != OK) {
        sound_in_close(&in);
        return rc;
    }
    *ret_in = in;
    return OK;
}

errc sound_in_file(int fd, struct sound_in **ret_in, struct fault *fault)
{
    struct stat info;
    struct sound_in *in = mem_take(sizeof *in);
    av_log_set_level(AV_LOG_QUIET);
    in->fd = fd;
    in->size = fstat(fd, &info) == 0 ? info.st_size : 0;
    return start(in, ret_in, fault);
}

errc sound_in_stream(int fd, struct sound_in **ret_in, struct fault *fault)
{
    struct sound_in *in = mem_take(sizeof *in);
    av_log_set_level(AV_LOG_QUIET);
    in->fd = fd;
    in->is_stream = true;
    return start(in, ret_in, fault);
}

errc sound_in_pcm(struct pcm pcm, struct sound_in **ret_in, struct fault *fault)
{
    struct sound_in *in = mem_take(sizeof *in);
    in->fd = -1;
    in->pcm = pcm;
    return start(in, ret_in, fault);
}

void sound_in_close(struct sound_in **in)
{
    if (*in != NULL) {
        take_down(*in);
        mem_give((*in)->converted);
        mem_give(*in);
    }
    *in = NULL;
}

/* --- resampling ------------------------------------------------------------------------------ */

static bool fits_resampler(const struct sound_in *in, const AVFrame *frame)
{
    return in->resampler != NULL && frame->sample_rate == in->rate &&
           frame->format == in->sample_format &&
           av_channel_layout_compare(&frame->ch_layout, &in->layout) == 0;
}

/* A stream may change in the middle, and some do not say which channel is where. */
static errc make_resampler(struct sound_in *in, AVFrame *frame, struct fault *fault)
{
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        int channels = frame->ch_layout.nb_channels;
        av_channel_layout_uninit(&frame->ch_layout);
        av_channel_layout_default(&frame->ch_layout, channels);
    }
    if (fits_resampler(in, frame)) {
        return OK;
    }
    swr_free(&in->resampler);
    bool made =
        frame->sample_rate > 0 &&
        swr_alloc_set_opts2(&in->resampler, &mono, AV_SAMPLE_FMT_FLT, SOUND_RATE, &frame->ch_layout,
                            frame->format, frame->sample_rate, 0, NULL) >= 0 &&
        swr_init(in->resampler) >= 0 && av_channel_layout_copy(&in->layout, &frame->ch_layout) >= 0;
    in->rate = frame->sample_rate;
    in->sample_format = frame->format;
    return made ? OK : fault_is(fault, "not_media");
}

static errc make_room(struct sound_in *in, int samples, struct fault *fault)
{
    size_t wanted = samples > 0 ? (size_t)samples : 0;
    if (samples < 0 || wanted > CONVERTED_MOST) {
        return fault_is(fault, "too_heavy");
    }
    if (wanted > in->converted_room) {
        float *grown = mem_try_grow(in->converted, wanted * sizeof *grown);
        if (grown == NULL) {
            return fault_is(fault, "too_heavy");
        }
        in->converted = grown;
        in->converted_room = wanted;
    }
    return OK;
}

/* A null frame drains what the resampler still holds. */
static errc convert(struct sound_in *in, const AVFrame *frame, struct fault *fault)
{
    int given = frame == NULL ? 0 : frame->nb_samples;
    TRY(make_room(in, swr_get_out_samples(in->resampler, given), fault));
    uint8_t *out[] = {(uint8_t *)in->converted};
    union {
        uint8_t *const *given;
        const uint8_t **taken;
    } bytes = {.given = frame == NULL ? NULL : frame->extended_data};
    int count = swr_convert(in->resampler, out, (int)in->converted_room, bytes.taken, given);
    if (count < 0) {
        return fault_is(fault, "damaged");
    }
    in->converted_count = (size_t)count;
    in->converted_at = 0;
    return OK;
}

/* --- decoding -------------------------------------------------------------------------------- */

static errc too_many_errors(const struct sound_in *in, struct fault *fault)
{
    bool damaged = in->errors > ERRORS_FREE && in->errors * ERRORS_SHARE > in->packets;
    return damaged ? fault_is(fault, "damaged") : OK;
}

/* The next packet of our stream goes to the decoder; at the end of the file nothing, which drains
 * it. */
static errc feed(struct sound_in *in, struct fault *fault)
{
    for (;;) {
        int rc = av_read_frame(in->format, in->packet);
        if (rc < 0) {
            ignore_int(avcodec_send_packet(in->codec, NULL));
            return OK;
        }
        bool ours = in->packet->stream_index == in->stream;
        if (ours) {
            in->packets++;
            rc = avcodec_send_packet(in->codec, in->packet);
            in->errors += rc == AVERROR_INVALIDDATA ? 1 : 0;
        }
        av_packet_unref(in->packet);
        TRY(too_many_errors(in, fault));
        if (ours) {
            return OK;
        }
    }
}

/* Where the head says how long it is, much less than that is a torn file. */
static errc check_length(const struct sound_in *in, struct fault *fault)
{
    const AVFormatContext *format = in->format;
    bool says =
        format->duration > 0 && format->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
    int64_t expected = says ? av_rescale(format->duration, SOUND_RATE, AV_TIME_BASE) : 0;
    bool torn = in->samples + MISSING_FREE < expected - expected / ERRORS_SHARE;
    if (in->samples == 0 && !torn) {
        return fault_is(fault, in->errors > 0 ? "damaged" : "no_sound");
    }
    return torn ? fault_is(fault, "damaged") : OK;
}

static errc decode(struct sound_in *in, struct fault *fault)
{
    while (!in->ended) {
        int rc = avcodec_receive_frame(in->codec, in->frame);
        if (rc == 0) {
            errc made = make_resampler(in, in->frame, fault);
            errc done = made == OK ? convert(in, in->frame, fault) : made;
            av_frame_unref(in->frame);
            return done;
        }
        if (rc == AVERROR(EAGAIN)) {
            TRY(feed(in, fault));
        } else if (rc == AVERROR_EOF) {
            in->ended = true;
        } else {
            in->errors++;
            TRY(too_many_errors(in, fault));
        }
    }
    return OK;
}

static errc take_pcm(struct sound_in *in, struct fault *fault)
{
    size_t left = in->pcm.count - in->pcm_at;
    size_t size = left < PCM_BLOCK ? left : PCM_BLOCK;
    const uint8_t *at = (const uint8_t *)(in->pcm.at + in->pcm_at);
    AVFrame *frame = in->frame;
    if (size == 0) {
        in->ended = true;
        return OK;
    }
    av_channel_layout_default(&frame->ch_layout, 1);
    frame->format = AV_SAMPLE_FMT_S16;
    frame->sample_rate = in->pcm.rate;
    frame->nb_samples = (int)size;
    union {
        const uint8_t *said;
        uint8_t *given;
    } bytes = {.said = at}; /* only read */
    frame->data[0] = bytes.given;
    frame->extended_data = frame->data;
    in->pcm_at += size;
    TRY(make_resampler(in, frame, fault));
    return convert(in, frame, fault);
}

static errc refill(struct sound_in *in, struct fault *fault)
{
    in->converted_count = 0;
    in->converted_at = 0;
    while (!in->ended && in->converted_count == 0) {
        TRY(in->fd < 0 ? take_pcm(in, fault) : decode(in, fault));
    }
    if (in->converted_count == 0 && !in->drained) {
        in->drained = true;
        TRY(in->resampler == NULL ? OK : convert(in, NULL, fault));
    }
    return OK;
}

errc sound_in_read(struct sound_in *in, float *samples, size_t most, size_t *ret_count,
                   struct fault *fault)
{
    size_t count = 0;
    while (count < most) {
        if (in->converted_at == in->converted_count) {
            TRY(refill(in, fault));
        }
        size_t left = in->converted_count - in->converted_at;
        size_t part = left < most - count ? left : most - count;
        if (part == 0) {
            TRY(in->fd < 0 || in->is_stream ? OK : check_length(in, fault));
            break;
        }
        memcpy(samples + count, in->converted + in->converted_at, part * sizeof *samples);
        in->converted_at += part;
        in->samples += (int64_t)part;
        count += part;
    }
    if (in->samples > SAMPLES_MOST && !in->is_stream) {
        return fault_is(fault, "too_long");
    }
    *ret_count = count;
    return OK;
}

double sound_in_share(const struct sound_in *in)
{
    if (in->fd < 0) {
        return in->pcm.count == 0 ? 1 : (double)in->pcm_at / (double)in->pcm.count;
    }
    double at = in->io == NULL ? 0 : (double)avio_tell(in->io);
    double share = in->size <= 0 ? 1 : at / (double)in->size;
    return share > 1 ? 1 : share;
}
