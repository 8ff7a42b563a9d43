/* Files of strangers through the libraries that read them: whatever it is, a sound of bounded
 * length comes out or a reason that the server knows, and a second time through is like the first.
 */
#include "ingest/sound_in.h"

#include "base/crash.h"
#include "base/file.h"

#include <math.h>
#include <sys/mman.h>

enum { SAMPLES = 4800, BLOCKS_MOST = 600 };

static errc hear(struct sound_in *in, double *ret_sum, struct fault *fault)
{
    float samples[SAMPLES];
    size_t count = SAMPLES;
    double sum = 0;
    for (int i = 0; i < BLOCKS_MOST && count == SAMPLES; i++) {
        TRY(sound_in_read(in, samples, SAMPLES, &count, fault));
        ENSURE(count <= SAMPLES);
        for (size_t at = 0; at < count; at++) {
            sum += isfinite(samples[at]) ? fabs((double)samples[at]) : 1;
        }
        ENSURE(sound_in_share(in) >= 0 && sound_in_share(in) <= 1);
    }
    *ret_sum = sum;
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(file_close) int fd = memfd_create("fuzz", MFD_CLOEXEC);
    AUTO(sound_in_close) struct sound_in *in = NULL;
    struct fault fault = {NULL};
    double first = 0;
    double second = 0;
    ENSURE(fd >= 0 && file_write_all(fd, data, size, NULL) == OK);
    errc rc = sound_in_file(fd, &in, &fault);
    if (rc == OK) {
        rc = hear(in, &first, &fault);
    }
    if (rc == OK) {
        rc = sound_in_rewind(in, &fault);
    }
    if (rc == OK && hear(in, &second, &fault) == OK) {
        ENSURE(fabs(first - second) <= 1e-3 * (1 + fabs(first)));
    }
    ENSURE(rc == OK || fault.reason != NULL);
    return 0;
}
