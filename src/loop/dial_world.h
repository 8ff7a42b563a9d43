/* For the tests of the dialer: one caller on a loop of its own, run by the test's thread until
 * something has happened. No wait is longer than PATIENCE. */
#ifndef LOA_LOOP_DIAL_WORLD_H
#define LOA_LOOP_DIAL_WORLD_H

#include "loop/dial.h"
#include "loop/http_world.h"

enum { HEARD_MOST = 512 * 1024 };

struct caller {
    struct loop *loop;
    struct dialer *dialer;
    dial_id id; /* the last that was opened */
    int opened;
    int closed;
    int heard;
    int wanted_opened; /* the loop stops when so many are open, closed or heard */
    int wanted_closed;
    int wanted_heard;
    struct dial_end end; /* of the last that closed */
    enum ws_kind kind;
    size_t size;
    char text[HEARD_MOST]; /* the last message */
};

static inline void caller_look(struct caller *caller)
{
    if (caller->opened >= caller->wanted_opened && caller->closed >= caller->wanted_closed &&
        caller->heard >= caller->wanted_heard) {
        loop_stop(caller->loop);
    }
}

static inline void caller_on_open(void *ctx, dial_id id)
{
    struct caller *caller = ctx;
    caller->id = id;
    caller->opened++;
    caller_look(caller);
}

static inline void caller_on_message(void *ctx, dial_id id, enum ws_kind kind, str payload)
{
    struct caller *caller = ctx;
    (void)id;
    caller->kind = kind;
    caller->size = payload.len < HEARD_MOST ? payload.len : HEARD_MOST;
    memcpy(caller->text, payload.len == 0 ? "" : payload.at, caller->size);
    caller->heard++;
    caller_look(caller);
}

static inline void caller_on_close(void *ctx, dial_id id, const struct dial_end *end)
{
    struct caller *caller = ctx;
    (void)id;
    caller->end = *end;
    caller->closed++;
    caller_look(caller);
}

static inline struct dialer_config caller_config(const char *ca_file)
{
    return (struct dialer_config){
        .ca_file = ca_file, .entropy = entropy_system(), .limits = dial_limits_default()};
}

static inline void caller_begin(struct caller *caller, const struct dialer_config *config)
{
    struct why why = {""};
    memset(caller, 0, sizeof *caller);
    assert_int_equal(loop_create(NULL, &caller->loop, &why), OK);
    assert_int_equal(dialer_create(caller->loop, config, &caller->dialer, &why), OK);
}

static inline void caller_end(struct caller *caller)
{
    dialer_destroy(caller->dialer);
    loop_destroy(caller->loop);
}

static inline errc caller_try(struct caller *caller, const struct dial_target *target)
{
    const struct dial_handler handler = {.ctx = caller,
                                         .on_open = caller_on_open,
                                         .on_message = caller_on_message,
                                         .on_close = caller_on_close};
    return dial_open(caller->dialer, target, &handler, &caller->id, NULL);
}

/* Opens start:port/path of this machine. */
static inline void caller_open(struct caller *caller, const char *start, int port, const char *path,
                               const char *protocol)
{
    char url[128];
    ignore_int(snprintf(url, sizeof url, "%s:%d%s", start, port, path));
    struct dial_target target = {.url = url, .protocol = protocol};
    assert_int_equal(caller_try(caller, &target), OK);
}

static inline void caller_give_up(void *ctx)
{
    (void)ctx;
    fail_msg("waited in vain");
}

/* Until so many more have opened, closed and been heard. */
static inline void caller_run(struct caller *caller, int opened, int closed, int heard)
{
    caller->wanted_opened = caller->opened + opened;
    caller->wanted_closed = caller->closed + closed;
    caller->wanted_heard = caller->heard + heard;
    loop_timer patience =
        loop_timer_start(caller->loop, PATIENCE * USEC_SECOND, 0, caller_give_up, NULL);
    loop_run(caller->loop);
    loop_timer_stop(caller->loop, patience);
}

#endif
