/* A sound as one channel of 48,000 floats a second, whatever it was: a file of a stranger's through
 * the FFmpeg libraries, or speech that was just made. It is read from the beginning as often as
 * one likes, because nothing of its length is kept in memory.
 *
 * What the libraries would open besides the one descriptor (addresses in playlists, other files) is
 * refused here, and could not be opened in the cage anyway. */
#ifndef LOA_INGEST_SOUND_IN_H
#define LOA_INGEST_SOUND_IN_H

#include "ingest/fault.h"

enum { SOUND_RATE = 48000, SOUND_HOURS_MOST = 6 };

struct sound_in;

struct pcm {
    const int16_t *at;
    size_t count;
    int rate;
};

CHECKED errc sound_in_file(int fd, struct sound_in **ret_in, struct fault *fault);
/* What comes through a pipe, without an end and without a way back. */
CHECKED errc sound_in_stream(int fd, struct sound_in **ret_in, struct fault *fault);
CHECKED errc sound_in_pcm(struct pcm pcm, struct sound_in **ret_in, struct fault *fault);
void sound_in_close(struct sound_in **in); /* for AUTO */
CHECKED errc sound_in_rewind(struct sound_in *in, struct fault *fault);
/* Up to `most` samples; 0 at the end. */
CHECKED errc sound_in_read(struct sound_in *in, float *samples, size_t most, size_t *ret_count,
                           struct fault *fault);
double sound_in_share(const struct sound_in *in); /* of it that was read, 0 to 1 */

#endif
