/* The dialer: who may shake hands now, the waits, and the turn. All that ends is only marked, and
 * freed in the turn, before the loop waits again: nobody's ground is pulled away in the middle of
 * a callback. */
#include "loop/dial_inside.h"

struct dial_limits dial_limits_default(void)
{
    return (struct dial_limits){
        .dials = 25000,
        .handshakes = 256,
        .head_bytes = 4096,
        .message_bytes = 256 * 1024,
        .fragments = 256,
        .queue_bytes = 256 * 1024,
        .connect_wait = 10 * USEC_SECOND,
        .handshake_wait = 30 * USEC_SECOND,
        .write_wait = 30 * USEC_SECOND,
        .ping_every = 5 * USEC_MINUTE,
        .pong_wait = 20 * USEC_SECOND,
        .close_wait = 5 * USEC_SECOND,
    };
}

/* --- waits
 * ----------------------------------------------------------------------------------------
 */

static void on_wheel(void *ctx)
{
    struct dialer *dialer = ctx;
    wheel_turn(&dialer->wheel, loop_now(dialer->loop));
    if (dialer->wheel.count == 0) {
        loop_timer_stop(dialer->loop, dialer->wheel_timer);
        dialer->wheel_timer = LOOP_TIMER_NONE;
    }
}

void dialer_wait(struct dialer *dialer, struct deadline *deadline, usec wait)
{
    if (dialer->wheel_timer.generation == 0) {
        wheel_turn(&dialer->wheel, loop_now(dialer->loop));
        dialer->wheel_timer =
            loop_timer_start(dialer->loop, DEADLINE_STEP, DEADLINE_STEP, on_wheel, dialer);
    }
    deadline_set(&dialer->wheel, deadline, loop_now(dialer->loop) + wait);
}

void dial_wait(struct dial *dial, usec wait)
{
    dialer_wait(dial->dialer, &dial->late, wait);
}

static void on_busy(uv_idle_t *handle)
{
    (void)handle; /* its being active keeps the loop from waiting */
}

static void be_busy(struct dialer *dialer)
{
    ignore_int(uv_idle_start(&dialer->busy, on_busy));
}

void dial_touch(struct dial *dial)
{
    if (!dial->is_touched) {
        dial->is_touched = true;
        dial->next_touched = dial->dialer->touched;
        dial->dialer->touched = dial;
        be_busy(dial->dialer);
    }
}

/* --- who may shake hands
 * --------------------------------------------------------------------------
 */

static void enqueue(struct dialer *dialer, struct dial *dial)
{
    dial->prev_queued = dialer->last_queued;
    *(dial->prev_queued == NULL ? &dialer->first_queued : &dial->prev_queued->next_queued) = dial;
    dialer->last_queued = dial;
    dial->is_queued = true;
    be_busy(dialer);
}

static void dequeue(struct dialer *dialer, struct dial *dial)
{
    if (!dial->is_queued) {
        return;
    }
    struct dial *next = dial->next_queued;
    struct dial *prev = dial->prev_queued;
    *(prev == NULL ? &dialer->first_queued : &prev->next_queued) = next;
    *(next == NULL ? &dialer->last_queued : &next->prev_queued) = prev;
    dial->next_queued = dial->prev_queued = NULL;
    dial->is_queued = false;
}

static void admit(struct dialer *dialer)
{
    while (dialer->first_queued != NULL && dialer->handshakes < dialer->config.limits.handshakes) {
        struct dial *dial = dialer->first_queued;
        dequeue(dialer, dial);
        if (dial->state == DIAL_QUEUED) {
            dial->is_admitted = true;
            dialer->handshakes++;
            dial_begin(dial);
        }
    }
}

void dial_leave_handshake(struct dial *dial)
{
    if (dial->is_admitted) {
        dial->is_admitted = false;
        dial->dialer->handshakes--;
        be_busy(dial->dialer); /* the next in the queue */
    }
}

void dial_free_start(struct dial *dial)
{
    if (dial->start != NULL) {
        dial_forget_lookup(dial);
        buf_finish(&dial->start->head);
        mem_give(dial->start);
        dial->start = NULL;
    }
}

/* Once per dial, from the turn or the dialer's end. */
static void free_dial(struct dial *dial)
{
    struct dialer *dialer = dial->dialer;
    dequeue(dialer, dial);
    dial_leave_handshake(dial);
    dial_free_start(dial);
    dial_hang_up(dial);
    SSL_free(dial->ssl);
    deadline_clear(&dialer->wheel, &dial->late);
    deadline_clear(&dialer->wheel, &dial->write_late);
    buf_finish(&dial->out);
    ws_reader_finish(&dial->reader);
    slots_drop(&dialer->ids, dial->id.slot, dial->id.generation);
    if (dial->prev != NULL) {
        dial->prev->next = dial->next;
    } else {
        dialer->dials = dial->next;
    }
    if (dial->next != NULL) {
        dial->next->prev = dial->prev;
    }
    dialer->count--;
    mem_give(dial);
}

static void report(struct dial *dial)
{
    struct dial_handler handler = dial->handler;
    struct dial_end end = dial->end;
    dial_id id = dial->id;
    if (dial->socket != NULL) {
        end.traffic = traffic_of(dial->socket->fd);
        if (dial->ssl != NULL && end.code != WS_CLOSE_LOST) {
            dial_tls_goodbye(dial);
        }
    }
    free_dial(dial);
    if (handler.on_close != NULL) {
        handler.on_close(handler.ctx, id, &end);
    }
}

/* --- beginning
 * ------------------------------------------------------------------------------------
 */

static void on_late(void *ctx)
{
    dial_late(ctx);
}

static void on_write_late(void *ctx)
{
    dial_write_late(ctx);
}

static errc check_target(const struct dialer *dialer, const struct dial_target *target,
                         struct dial_start *start, struct why *why)
{
    const struct dialer_config *config = &dialer->config;
    TRY(dial_url_parse(str_of(target->url), &start->url, why));
    if (!str_to_array(str_of(target->protocol), start->protocol, sizeof start->protocol)) {
        return fail(why, ERR_INVALID, "the subprotocol's name is too long");
    }
    if (!start->url.tls && !start->url.is_loopback && !config->plain_anywhere) {
        return fail(why, ERR_INVALID, "plain ws:// to %s, which is not loopback, was not allowed",
                    start->url.host);
    }
    if (start->url.tls && config->insecure && !start->url.is_loopback) {
        return fail(why, ERR_INVALID, "%s is not loopback: its certificate must be checked",
                    start->url.host);
    }
    if (dialer->count >= config->limits.dials) {
        return fail(why, ERR_TOO_MANY, "%zu dials are open", dialer->count);
    }
    return OK;
}

errc dial_open(struct dialer *dialer, const struct dial_target *target,
               const struct dial_handler *handler, dial_id *ret_id, struct why *why)
{
    struct dial_start checked = {.next_address = 0};
    TRY(check_target(dialer, target, &checked, why));
    struct dial *dial = mem_take(sizeof *dial);
    if (!slots_add(&dialer->ids, dial, &dial->id.slot, &dial->id.generation)) {
        mem_give(dial);
        return fail(why, ERR_NO_MEMORY, "no memory for another dial");
    }
    dial->dialer = dialer;
    dial->state = DIAL_QUEUED;
    dial->handler = *handler;
    dial->memory = target->memory;
    dial->start = mem_take(sizeof *dial->start);
    *dial->start = checked;
    buf_init(&dial->start->head, dialer->config.limits.head_bytes + DIAL_READ);
    buf_init(&dial->out, SIZE_MAX / 4); /* queue_bytes is asked before */
    ws_reader_init(&dial->reader, dialer->config.limits.message_bytes,
                   dialer->config.limits.fragments);
    dial->late = (struct deadline){.fn = on_late, .ctx = dial};
    dial->write_late = (struct deadline){.fn = on_write_late, .ctx = dial};
    dial->next = dialer->dials;
    if (dial->next != NULL) {
        dial->next->prev = dial;
    }
    dialer->dials = dial;
    dialer->count++;
    enqueue(dialer, dial);
    *ret_id = dial->id;
    return OK;
}

/* --- the turn
 * -------------------------------------------------------------------------------------
 */

static void turn_dial(struct dial *dial)
{
    if (dial->is_again && dial->state != DIAL_OVER) {
        dial_readable(dial);
    }
    if (dial->state >= DIAL_ASKING && dial->state != DIAL_OVER) {
        dial_flush(dial);
    }
    if (dial->state == DIAL_CLOSING && dial->heard_close && dial->out.len == 0) {
        dial_finish(dial, dial->end.code, NULL);
    }
    if (dial->state >= DIAL_SHAKING && dial->state != DIAL_OVER) {
        dial_watch(dial, UV_READABLE | (dial->is_blocked ? UV_WRITABLE : 0));
    }
    if (dial->state == DIAL_OVER && !dial->is_touched) { /* else the next turn has it in its list */
        report(dial);
    }
}

static void on_turn(uv_prepare_t *handle)
{
    struct dialer *dialer = handle->data;
    struct dial *dial = dialer->touched;
    dialer->touched = NULL;
    ignore_int(uv_idle_stop(&dialer->busy));
    while (dial != NULL) {
        struct dial *next = dial->next_touched;
        dial->is_touched = false;
        turn_dial(dial);
        dial = next;
    }
    admit(dialer);
}

/* --- beginning and end
 * ----------------------------------------------------------------------------
 */

errc dialer_create(struct loop *loop, const struct dialer_config *config,
                   struct dialer **ret_dialer, struct why *why)
{
    const struct dial_limits *limits = &config->limits;
    SSL_CTX *context;
    if (config->entropy.fill == NULL || limits->dials == 0 || limits->handshakes == 0 ||
        limits->head_bytes == 0 || limits->message_bytes == 0 || limits->fragments == 0 ||
        limits->queue_bytes == 0 || limits->connect_wait <= 0 || limits->handshake_wait <= 0 ||
        limits->write_wait <= 0 || limits->ping_every <= 0 || limits->pong_wait <= 0 ||
        limits->close_wait <= 0) {
        return fail(why, ERR_USAGE, "a dialer needs entropy and all its limits");
    }
    TRY(dial_tls_create(config, &context, why));
    struct dialer *dialer = mem_take(sizeof *dialer);
    dialer->loop = loop;
    dialer->config = *config;
    dialer->context = context;
    slots_init(&dialer->ids);
    wheel_init(&dialer->wheel, loop_now(loop));
    dialer->read_buffer = mem_take(DIAL_READ);
    dialer->turn.data = dialer;
    dialer->busy.data = dialer;
    ignore_int(uv_prepare_init(loop_uv(loop), &dialer->turn));
    ignore_int(uv_idle_init(loop_uv(loop), &dialer->busy));
    ignore_int(uv_prepare_start(&dialer->turn, on_turn));
    *ret_dialer = dialer;
    return OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct dialer *dialer = handle->data;
    dialer->closing--;
    if (dialer->closing == 0) {
        mem_give(dialer);
    }
}

void dialer_destroy(struct dialer *dialer)
{
    if (dialer == NULL) {
        return;
    }
    while (dialer->dials != NULL) {
        free_dial(dialer->dials);
    }
    dialer_forget_lookups(dialer);
    loop_timer_stop(dialer->loop, dialer->wheel_timer);
    slots_finish(&dialer->ids);
    SSL_CTX_free(dialer->context);
    mem_give(dialer->read_buffer);
    dialer->closing = 2;
    uv_close((uv_handle_t *)&dialer->turn, on_closed);
    uv_close((uv_handle_t *)&dialer->busy, on_closed);
}
