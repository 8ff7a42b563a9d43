/* Ogg Opus of strangers: opened or refused, read to an end within a bound, entered in the middle.
 */
#include "agent/engine_source.h"
#include "base/crash.h"

enum { READS_MOST = 100000 };

static void read_all(struct source *source)
{
    int16_t pcm[960];
    size_t got = 1;
    int reads = 0;
    while (got > 0 && source->read(source->ctx, pcm, 960, &got, NULL) == OK) {
        ENSURE(got <= 960 && ++reads < READS_MOST);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source source;
    struct why why = {""};
    if (size > 64 * 1024) {
        return 0;
    }
    if (decoder_open_bytes((str){(const char *)data, size}, &source, &why) != OK) {
        ENSURE(why.text[0] != 0);
        return 0;
    }
    read_all(&source);
    uint64_t middle = size > 0 ? source.frames / 256 * data[size - 1] : 0;
    if (source.seek(source.ctx, middle, &why) == OK) {
        read_all(&source);
    }
    source_close(&source);
    return 0;
}
