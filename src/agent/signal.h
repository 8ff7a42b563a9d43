/* Sounds that need no file: attention signals before a text, the test tone, and the quiet burst by
 * which a device listens to itself at night. Always the same samples. */
#ifndef LOA_AGENT_SIGNAL_H
#define LOA_AGENT_SIGNAL_H

#include "agent/engine_source.h"
#include "wire/types.h"

enum {
    SIGNAL_PILOT_HZ = 19200, /* nobody hears it at this level, a microphone does */
    SIGNAL_TONE_HZ = 1000,
};

/* How long a signal sounds; 0 for SIGNAL_NONE. */
usec signal_length(enum alarm_signal signal);
/* SIGNAL_NONE gives a source that is at its end. */
void signal_open(enum alarm_signal signal, struct source *ret_source);
void signal_open_tone(usec length, struct source *ret_source);
void signal_open_pilot(usec length, struct source *ret_source);

#endif
