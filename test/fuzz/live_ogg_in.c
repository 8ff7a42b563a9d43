/* What an encoder sends: the same packets however it is cut. */
#include "live/ogg_in.h"

#include "base/crash.h"
#include "base/hash.h"

struct heard {
    uint64_t count;
    uint64_t sum;
};

static void on_packet(void *ctx, str packet)
{
    struct heard *heard = ctx;
    ENSURE(packet.len > 0);
    heard->count++;
    heard->sum = heard->sum * 31 + packet.len + (uint8_t)packet.at[packet.len - 1];
}

static struct heard read_in_pieces(str bytes, size_t step)
{
    struct heard heard = {0};
    struct ogg_in_port port = {&heard, on_packet};
    struct ogg_in *in = ogg_in_create(&port);
    errc rc = OK;
    for (size_t at = 0; at < bytes.len && rc == OK; at += step) {
        rc = ogg_in_take(in, str_cut(bytes, at, at + step < bytes.len ? at + step : bytes.len));
    }
    ENSURE(ogg_in_left(in) <= bytes.len);
    ogg_in_destroy(in);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str bytes = {(const char *)data, size};
    struct heard whole = read_in_pieces(bytes, size + 1);
    struct heard pieces = read_in_pieces(bytes, 7);
    ENSURE(whole.count == pieces.count && whole.sum == pieces.sum);
    return 0;
}
