/* How long a device may be silent before its link forgets it. Networks with address translation
 * drop idle connections without a word; the device notices when what it sends after a long silence
 * brings the end. Then it shortens its silences, and lengthens them again when days go well. Pure.
 */
#ifndef LOA_AGENT_LINK_BEAT_H
#define LOA_AGENT_LINK_BEAT_H

#include "wire/types.h"

enum { LINK_BEAT_LEAST_MS = 10000, LINK_BEAT_UNKNOWN_MS = 300000 };

struct link_beat {
    uint32_t most_ms; /* longest silence that this link is thought to bear */
    uint8_t drops;    /* ends that came right after a long silence, in a row */
    usec gap;         /* silence before the last thing sent */
    usec sent_at;     /* steady; 0: nothing on this connection yet */
    usec good_since;
};

struct link_beat link_beat_start(void);
void link_beat_opened(struct link_beat *beat, usec now);
void link_beat_sent(struct link_beat *beat, usec now);
/* `heard_at`: when the peer was heard last. The link broke; nobody said goodbye. */
void link_beat_broke(struct link_beat *beat, usec now, usec heard_at);
/* Longest silence now: never above what was told. */
usec link_beat_due(struct link_beat *beat, uint64_t told_ms, usec now);

#endif
