/* The command line of loa-sim. Pure: words go in, a plain struct comes out. */
#ifndef LOA_SIM_ARGS_H
#define LOA_SIM_ARGS_H

#include "sim/link.h"

struct sim_args {
    const char *url;     /* wss://…/device/v1 */
    const char *ca_file; /* null: the system's */
    bool insecure;       /* loopback only */
    uint64_t devices;
    enum link_kind link;
    bool is_mixed; /* links in turn: fibre, 4G, 3G, 2G */
    uint64_t seed;
    const char *claim;     /* each device shows this and its number; null: none */
    const char *state_dir; /* null: what they know is forgotten */
    const char *sound_dir; /* null: no sound; else each is a whole agent that writes WAV here */
    usec ramp;             /* over which they come at first */
    usec kill_after;       /* 0: never */
    usec stop_after;       /* 0: never */
    uint64_t handshakes;   /* at one time */
    bool json;
    bool is_talkative; /* says of each call why it ended */
    bool help;
};

enum { SIM_DEVICES_MOST = 20000 };

CHECKED errc sim_args_parse(int count, char **words, struct sim_args *ret_args, struct why *why);
void sim_args_write_help(struct buf *out);

#endif
