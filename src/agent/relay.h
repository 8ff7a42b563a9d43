/* The switch before the amplifier: on for `lead` before sound, off `hold` after it. What should be
 * is decided purely; a port switches it, and one that refuses is told as a fault and asked again.
 */
#ifndef LOA_AGENT_RELAY_H
#define LOA_AGENT_RELAY_H

#include "base/base.h"

struct relay_port {
    CHECKED errc (*set)(void *ctx, bool on, struct why *why);
    void (*close)(void *ctx);
    void *ctx; /* null: there is no relay, sound may always start */
};

/* A line of a GPIO chip ("gpiochip0" or "/dev/gpiochip0"). Off until it is set. */
CHECKED errc relay_gpio_open(const char *chip, unsigned line, bool active_low,
                             struct relay_port *ret_port, struct why *why);
/* The dummy: a file that holds "0" or "1". */
CHECKED errc relay_file_open(const char *path, struct relay_port *ret_port, struct why *why);

struct relay {
    struct relay_port port;
    usec lead;
    usec hold;
    bool on;
    bool failed;
    usec on_since;
    usec wanted_until; /* sound, and hold after it */
    usec again_at;     /* when a port that refused is asked again */
};

/* All times here are of the steady clock. */
void relay_init(struct relay *relay, const struct relay_port *take_port);
void relay_finish(struct relay *relay); /* off */
void relay_set_times(struct relay *relay, usec lead, usec hold);
/* `sounds`: something sounds now or should. `next`: when the next sound begins; INT64_MAX: none is
 * known. Returns when to be called again at the latest. The first failure comes back in *ret_rc. */
usec relay_turn(struct relay *relay, usec now, bool sounds, usec next, errc *ret_rc,
                struct why *why);
/* From when on sound reaches the loudspeakers, if the relay is switched on now. */
usec relay_ready(const struct relay *relay, usec now);

#endif
