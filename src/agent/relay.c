#include "agent/relay.h"

#include "base/file.h"

#define AGAIN USEC_SECOND

void relay_init(struct relay *relay, const struct relay_port *take_port)
{
    *relay = (struct relay){.port = *take_port, .again_at = INT64_MIN};
}

void relay_finish(struct relay *relay)
{
    if (relay->port.ctx != NULL) {
        ignore(relay->port.set(relay->port.ctx, false, NULL));
        relay->port.close(relay->port.ctx);
    }
    relay->port = (struct relay_port){0};
}

void relay_set_times(struct relay *relay, usec lead, usec hold)
{
    relay->lead = lead;
    relay->hold = hold;
}

static usec least(usec a, usec b)
{
    return a < b ? a : b;
}

static usec most(usec a, usec b)
{
    return a > b ? a : b;
}

/* A port that refuses is asked once a second; only the first time is told. */
static errc switch_to(struct relay *relay, bool on, usec now, struct why *why)
{
    if (on == relay->on || now < relay->again_at) {
        return OK;
    }
    errc rc = relay->port.set(relay->port.ctx, on, why);
    bool is_new = rc != OK && !relay->failed;
    relay->failed = rc != OK;
    relay->again_at = rc == OK ? INT64_MIN : now + AGAIN;
    if (rc == OK) {
        relay->on = on;
        relay->on_since = now;
    }
    return is_new ? rc : OK;
}

usec relay_turn(struct relay *relay, usec now, bool sounds, usec next, errc *ret_rc,
                struct why *why)
{
    *ret_rc = OK;
    if (relay->port.ctx == NULL) {
        return INT64_MAX;
    }
    usec due = next == INT64_MAX ? INT64_MAX : next - relay->lead;
    if (sounds) {
        relay->wanted_until = most(relay->wanted_until, now + relay->hold + 1);
    }
    if (due <= now && next + relay->hold > now) {
        relay->wanted_until = most(relay->wanted_until, next + relay->hold + 1);
    }
    bool on = relay->wanted_until > now;
    *ret_rc = switch_to(relay, on, now, why);
    usec again = relay->failed ? relay->again_at : INT64_MAX;
    again = on ? least(again, relay->wanted_until) : again;
    return due > now ? least(again, due) : again;
}

usec relay_ready(const struct relay *relay, usec now)
{
    if (relay->port.ctx == NULL) {
        return now;
    }
    return relay->on ? most(now, relay->on_since + relay->lead) : now + relay->lead;
}

static errc set_file(void *ctx, bool on, struct why *why)
{
    return file_write(ctx, on ? S("1") : S("0"), 0644, why);
}

errc relay_file_open(const char *path, struct relay_port *ret_port, struct why *why)
{
    TRY(file_write(path, S("0"), 0644, why));
    *ret_port = (struct relay_port){set_file, mem_give, mem_text(path)};
    return OK;
}
