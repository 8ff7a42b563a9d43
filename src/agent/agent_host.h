/* An agent on a real machine: its folder, its connection, its place in an event loop. The program
 * has one; simulations have twenty, side by side on one loop and one dialer. */
#ifndef LOA_AGENT_AGENT_HOST_H
#define LOA_AGENT_AGENT_HOST_H

#include "agent/agent.h"
#include "loop/dial.h"

struct agent_host;

struct agent_host_config {
    const char *server; /* wss://host[:port]/device/v1 */
    const char *folder; /* made when it is not there */
    struct sink *take_sink;
    struct relay_port take_relay;
    struct capture_port take_capture;
    struct session_identity about; /* texts must outlive it */
    struct entropy entropy;
    const char *stick;   /* a folder that is read when a bundle lies in it; null: none */
    wire_id machine_run; /* see agent_config */
    uint64_t log_most;
    uint64_t media_most;
    void (*on_restart)(void *ctx);                         /* ordered from afar */
    void (*on_end)(void *ctx, const struct dial_end *end); /* a connection ended; may be null */
    void *ctx;
};

/* Loop and dialer must outlive it. Texts of the config are copied but for `about`. */
CHECKED errc agent_host_create(struct loop *loop, struct dialer *dialer,
                               const struct agent_host_config *config, struct agent_host **ret_host,
                               struct why *why);
/* Makes durable, ends. The dialer must be destroyed before it, the loop after it. Accepts null. */
void agent_host_destroy(struct agent_host *host);
struct agent *agent_host_agent(struct agent_host *host); /* a loan */

#endif
