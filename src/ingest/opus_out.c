/* See opus_out.h. */
#include "ingest/opus_out.h"

#include "base/file.h"
#include "ingest/sound_in.h"

#include <opusenc.h>

enum { SERIAL = 0x4c6f61, BYTES_MOST = 64 * 1024 * 1024 };

struct opus_out {
    int fd;
    int64_t bytes;
    bool is_full;
    OggOpusComments *comments;
    OggOpusEnc *encoder;
};

static int on_write(void *ctx, const unsigned char *bytes, opus_int32 size)
{
    struct opus_out *out = ctx;
    out->bytes += size;
    out->is_full = out->is_full || out->bytes > BYTES_MOST;
    return out->is_full || file_write_all(out->fd, bytes, (size_t)size, NULL) != OK ? 1 : 0;
}

static int on_close(void *ctx)
{
    (void)ctx;
    return 0;
}

errc opus_out_create(int fd, int64_t kbit, struct opus_out **ret_out, struct fault *fault)
{
    static const OpusEncCallbacks callbacks = {on_write, on_close};
    AUTO(opus_out_destroy) struct opus_out *out = mem_take(sizeof *out);
    int error = OPE_OK;
    out->fd = fd;
    out->comments = ope_comments_create();
    if (out->comments == NULL) {
        return fault_is(fault, "too_heavy");
    }
    out->encoder =
        ope_encoder_create_callbacks(&callbacks, out, out->comments, SOUND_RATE, 1, 0, &error);
    bool fits = out->encoder != NULL &&
                ope_encoder_ctl(out->encoder, OPE_SET_SERIALNO(SERIAL)) == OPE_OK &&
                ope_encoder_ctl(out->encoder, OPUS_SET_BITRATE((opus_int32)kbit * 1000)) == OPE_OK;
    if (!fits) {
        return fault_is(fault, "too_heavy");
    }
    *ret_out = out;
    out = NULL;
    return OK;
}

void opus_out_destroy(struct opus_out **out)
{
    if (*out != NULL) {
        if ((*out)->encoder != NULL) {
            ope_encoder_destroy((*out)->encoder);
        }
        if ((*out)->comments != NULL) {
            ope_comments_destroy((*out)->comments);
        }
        mem_give(*out);
    }
    *out = NULL;
}

errc opus_out_write(struct opus_out *out, const float *samples, size_t count, struct fault *fault)
{
    bool written = ope_encoder_write_float(out->encoder, samples, (int)count) == OPE_OK;
    return written && !out->is_full ? OK : fault_is(fault, out->is_full ? "too_long" : "too_heavy");
}

errc opus_out_end(struct opus_out *out, struct fault *fault)
{
    bool drained = ope_encoder_drain(out->encoder) == OPE_OK;
    return drained && !out->is_full ? OK : fault_is(fault, out->is_full ? "too_long" : "too_heavy");
}
