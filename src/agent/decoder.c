/* Ogg Opus through libopusfile. All reading goes through callbacks of ours that count: a file that
 * makes the library seek to and fro for ever has used up its allowance long before anybody waits.
 */
#include "agent/engine_source.h"

#include <opusfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum {
    HOLES_MOST = 1000,
    STEREO = 2,
    PACKET_FRAMES = 5760, /* 120 ms, the longest there is */
    /* What opening or a seek may read: the file a few times over, and something for small ones. */
    ALLOWANCE_TIMES = 3,
    ALLOWANCE_MORE = 256 * 1024,
};
#define FRAMES_MOST (48000LL * 24 * 3600)

struct decoder {
    int fd;    /* -1: from bytes */
    str bytes; /* when fd is -1 */
    int64_t size;
    int64_t at;
    int64_t allowance; /* bytes that may still be read */
    OggOpusFile *file;
    int64_t frames;
    int holes;
    bool ended;
    int16_t stereo[PACKET_FRAMES * STEREO];
};

static int read_some(void *stream, unsigned char *to, int count)
{
    struct decoder *decoder = stream;
    if (count > decoder->allowance) {
        return -1;
    }
    ssize_t got = 0;
    if (decoder->fd >= 0) {
        got = pread(decoder->fd, to, (size_t)count, decoder->at);
    } else if (decoder->at < decoder->size) {
        int64_t left = decoder->size - decoder->at;
        got = left < count ? (ssize_t)left : count;
        memcpy(to, decoder->bytes.at + decoder->at, (size_t)got);
    }
    if (got < 0) {
        return -1;
    }
    decoder->at += got;
    decoder->allowance -= got;
    return (int)got;
}

static int seek_to(void *stream, opus_int64 offset, int whence)
{
    struct decoder *decoder = stream;
    int64_t base = whence == SEEK_CUR ? decoder->at : whence == SEEK_END ? decoder->size : 0;
    if (offset < -base || offset > decoder->size - base) {
        return -1;
    }
    /* A seek costs something even when nothing is read. */
    decoder->allowance -= 64;
    decoder->at = base + offset;
    return 0;
}

static opus_int64 tell(void *stream)
{
    struct decoder *decoder = stream;
    return decoder->at;
}

static void allow(struct decoder *decoder)
{
    decoder->allowance = decoder->size * ALLOWANCE_TIMES + ALLOWANCE_MORE;
}

static void finish(void *ctx)
{
    struct decoder *decoder = ctx;
    if (decoder->file != NULL) {
        op_free(decoder->file);
    }
    file_close(&decoder->fd);
    mem_give(decoder);
}

/* One channel of whatever there is; holes of a damaged file are left out, a few of them. */
static errc read_frames(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct decoder *decoder = ctx;
    int got = 0;
    *ret_count = 0;
    if (decoder->ended) {
        return OK;
    }
    bool mono = op_channel_count(decoder->file, -1) == 1;
    most = most < PACKET_FRAMES ? most : PACKET_FRAMES;
    do {
        got = mono ? op_read(decoder->file, pcm, (int)most, NULL)
                   : op_read_stereo(decoder->file, decoder->stereo, (int)most * STEREO);
    } while (got == OP_HOLE && decoder->holes++ < HOLES_MOST);
    if (got < 0) {
        decoder->ended = true;
        return fail(why, ERR_CORRUPT, "Opus: error %d", got);
    }
    for (int i = 0; !mono && i < got; i++) {
        pcm[i] = (int16_t)((decoder->stereo[i * 2] + decoder->stereo[i * 2 + 1]) / 2);
    }
    *ret_count = (size_t)got;
    decoder->ended = got == 0;
    return OK;
}

static errc seek_frame(void *ctx, uint64_t frame, struct why *why)
{
    struct decoder *decoder = ctx;
    if (frame >= (uint64_t)decoder->frames) {
        decoder->ended = true;
        return OK;
    }
    allow(decoder);
    int rc = op_pcm_seek(decoder->file, (ogg_int64_t)frame);
    decoder->ended = rc != 0;
    return rc == 0 ? OK
                   : fail(why, ERR_CORRUPT, "Opus: no way to frame %llu: error %d",
                          (unsigned long long)frame, rc);
}

static errc open_stream(struct decoder *decoder, struct why *why)
{
    static const OpusFileCallbacks callbacks = {read_some, seek_to, tell, NULL};
    int rc = 0;
    allow(decoder);
    decoder->file = op_open_callbacks(decoder, &callbacks, NULL, 0, &rc);
    if (decoder->file == NULL) {
        return fail(why, ERR_INVALID, "not Ogg Opus: error %d", rc);
    }
    op_set_dither_enabled(decoder->file, 0);
    decoder->frames = op_pcm_total(decoder->file, -1);
    if (op_link_count(decoder->file) != 1 || decoder->frames < 0 || decoder->frames > FRAMES_MOST) {
        return fail(why, ERR_INVALID, "not one stream of a sensible length");
    }
    allow(decoder);
    return OK;
}

static errc open_decoder(struct decoder *take_decoder, struct source *ret_source, struct why *why)
{
    errc rc = open_stream(take_decoder, why);
    if (rc != OK) {
        finish(take_decoder);
        return rc;
    }
    *ret_source = (struct source){
        .ctx = take_decoder,
        .read = read_frames,
        .seek = seek_frame,
        .close = finish,
        .frames = (uint64_t)take_decoder->frames,
    };
    return OK;
}

errc decoder_open(int take_fd, struct source *ret_source, struct why *why)
{
    struct decoder *decoder = mem_take(sizeof *decoder);
    struct stat about;
    decoder->fd = take_fd;
    if (fstat(take_fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        finish(decoder);
        return fail(why, ERR_INVALID, "not a file");
    }
    decoder->size = about.st_size;
    return open_decoder(decoder, ret_source, why);
}

errc decoder_open_bytes(str bytes, struct source *ret_source, struct why *why)
{
    struct decoder *decoder = mem_take(sizeof *decoder);
    decoder->fd = -1;
    decoder->bytes = bytes;
    decoder->size = (int64_t)bytes.len;
    return open_decoder(decoder, ret_source, why);
}

void source_close(struct source *source)
{
    if (source->ctx != NULL) {
        source->close(source->ctx);
    }
    *source = (struct source){0};
}
