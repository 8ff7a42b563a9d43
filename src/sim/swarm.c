/* The swarm's loop: an agenda behind one timer, and the calls of all devices through one dialer. */
#include "sim/swarm.h"

#include "base/cbor_in.h"
#include "base/cbor_out.h"
#include "base/file.h"
#include "base/log.h"
#include "sim/verify_memo.h"

enum { SOURCES = 8, STATE_MOST = 1024 * 1024 * 1024 };

/* So long do devices work before the sockets are looked at again. */
#define SLICE ((usec)5000)

static void on_timer(void *ctx);

static void arm(struct swarm *swarm)
{
    usec due;
    if (!agenda_next(&swarm->agenda, &due) || swarm->timer_due <= due) {
        return;
    }
    usec now = now_steady();
    loop_timer_stop(swarm->loop, swarm->timer);
    swarm->timer_due = due;
    swarm->timer = loop_timer_start(swarm->loop, due > now ? due - now : 0, 0, on_timer, swarm);
}

void swarm_put(struct swarm *swarm, const struct agenda_event *event)
{
    agenda_put(&swarm->agenda, event);
    arm(swarm);
}

void swarm_plan_tick(struct swarm *swarm, struct device *device, usec due)
{
    if (due < INT64_MAX && (device->tick_due == 0 || due < device->tick_due)) {
        device->tick_due = due;
        const struct agenda_event event = {
            .due = due, .device = device->index, .kind = SWARM_TICK, .mark = (uint64_t)due};
        swarm_put(swarm, &event);
    }
}

/* --- the calls
 * ------------------------------------------------------------------------------------
 */

static bool is_order(str frame)
{
    return frame.len > 2 && (uint8_t)frame.at[0] == 0x82 && frame.at[1] == WIRE_ORDER;
}

static void put(struct device *device, enum swarm_event kind, usec due, struct buf *body)
{
    const struct agenda_event event = {.due = due,
                                       .device = device->index,
                                       .kind = kind,
                                       .mark = device->connection,
                                       .body = body};
    swarm_put(device->swarm, &event);
}

static void on_open(void *ctx, dial_id id)
{
    struct device *device = ctx;
    struct swarm *swarm = device->swarm;
    uint8_t channel[32];
    usec now = now_steady();
    bool has = dial_channel(swarm->dialer, id, channel);
    swarm->figures.resumed += dial_was_resumed(swarm->dialer, id);
    put(device, SWARM_OPENED, link_arrival(&device->link, LINK_DOWN, now, 200),
        has ? agenda_body((str){(const char *)channel, sizeof channel}) : NULL);
    usec cut = link_cut_after(&device->link);
    if (cut > 0) {
        put(device, SWARM_CUT, now + cut, NULL);
    }
}

static void on_message(void *ctx, dial_id id, enum ws_kind kind, str payload)
{
    struct device *device = ctx;
    usec now = now_steady();
    (void)id;
    (void)kind;
    if (is_order(payload)) {
        figures_frame(&device->swarm->figures, swarm_utc(device->swarm, now));
    }
    put(device, SWARM_HEARD, link_arrival(&device->link, LINK_DOWN, now, payload.len),
        agenda_body(payload));
}

static void on_close(void *ctx, dial_id id, const struct dial_end *end)
{
    struct device *device = ctx;
    struct figures *figures = &device->swarm->figures;
    usec now = now_steady();
    usec last = device->link.last[LINK_DOWN];
    (void)id;
    figures->closed++;
    device->traffic.bytes_in += end->traffic.bytes_in;
    device->traffic.bytes_out += end->traffic.bytes_out;
    figures->bytes_in += end->traffic.bytes_in;
    figures->bytes_out += end->traffic.bytes_out;
    figures->packets += end->traffic.packets_in + end->traffic.packets_out;
    LOG(LOG_DEBUG, "call_ended", log_int("device", device->index), log_int("code", end->code),
        log_int("status", end->status), log_why(&end->why));
    put(device, SWARM_CLOSED, now > last ? now : last, NULL);
}

static void call(struct device *device, usec now)
{
    struct swarm *swarm = device->swarm;
    const struct dial_target target = {
        .url = swarm->args.url, .protocol = "loa.1", .memory = &device->memory};
    const struct dial_handler handler = {
        .ctx = device, .on_open = on_open, .on_message = on_message, .on_close = on_close};
    struct why why;
    if (swarm->is_leaving) {
        return;
    }
    if (dial_open(swarm->dialer, &target, &handler, &device->dial, &why) != OK) {
        LOG(LOG_WARN, "cannot_call", log_int("device", device->index), log_why(&why));
        put(device, SWARM_CLOSED, now, NULL);
    }
}

/* --- events
 * ---------------------------------------------------------------------------------------
 */

static void start(struct device *device, usec now)
{
    struct why why;
    if (device_start(device, now, &why) != OK) {
        LOG(LOG_ERROR, "cannot_start", log_int("device", device->index), log_why(&why));
    }
}

static void tick(struct device *device, usec now, const struct agenda_event *event)
{
    if (event->mark == (uint64_t)device->tick_due) {
        device->tick_due = 0;
        device_tick(device, now);
    }
}

static void send_frame(struct device *device, const struct agenda_event *event)
{
    ignore(dial_send(device->swarm->dialer, device->dial, WS_BINARY, buf_str(event->body)));
}

static void happen(struct swarm *swarm, const struct agenda_event *event, usec now)
{
    struct device *device = &swarm->devices[event->device];
    enum swarm_event kind = (enum swarm_event)event->kind;
    bool is_current = event->mark == device->connection;
    if (kind != SWARM_START && kind != SWARM_TICK && !is_current) {
        return;
    }
    switch (kind) {
    case SWARM_START:
        start(device, now);
        break;
    case SWARM_DIAL:
        call(device, now);
        break;
    case SWARM_OPENED:
        device_opened(device, now, event->body == NULL ? NULL : (const uint8_t *)event->body->at);
        break;
    case SWARM_HEARD:
        if (device->is_open) {
            device_heard(device, now, buf_str(event->body));
        }
        break;
    case SWARM_CLOSED:
        device_closed(device, now);
        break;
    case SWARM_SEND:
        send_frame(device, event);
        break;
    case SWARM_HANG_UP:
        dial_close(swarm->dialer, device->dial, WS_CLOSE_NORMAL, STR_NONE);
        break;
    case SWARM_CUT:
        dial_cut(swarm->dialer, device->dial);
        break;
    case SWARM_TICK:
        tick(device, now, event);
        break;
    }
}

static void on_timer(void *ctx)
{
    struct swarm *swarm = ctx;
    struct agenda_event event;
    usec begun = now_steady();
    usec now = begun;
    swarm->timer = LOOP_TIMER_NONE;
    swarm->timer_due = 0; /* nothing is to be armed meanwhile */
    while (now - begun < SLICE && agenda_take(&swarm->agenda, now, &event)) {
        happen(swarm, &event, now);
        agenda_free(event.body);
        now = now_steady();
    }
    swarm->timer_due = INT64_MAX;
    arm(swarm);
}

/* --- what they know, in one file
 * ------------------------------------------------------------------
 */

static errc path_of(const struct swarm *swarm, char path[4096])
{
    int length = snprintf(path, 4096, "%s/devices-%llu.state", swarm->args.state_dir,
                          (unsigned long long)swarm->args.seed);
    return length > 0 && length < 4096 ? OK : ERR_INVALID;
}

errc swarm_save(struct swarm *swarm, struct why *why)
{
    AUTO(buf_finish) struct buf all = {0};
    AUTO(buf_finish) struct buf one = {0};
    char path[4096];
    if (swarm->args.state_dir == NULL) {
        return OK;
    }
    TRY(path_of(swarm, path));
    buf_init(&all, STATE_MOST);
    buf_init(&one, STATE_MOST);
    for (size_t i = 0; i < swarm->count; i++) {
        buf_clear(&one);
        device_save(&swarm->devices[i], &one);
        cbor_bytes(&all, buf_str(&one));
    }
    TRY(buf_check(&all));
    return file_write(path, buf_str(&all), 0600, why);
}

static errc load(struct swarm *swarm, struct why *why)
{
    AUTO(buf_finish) struct buf all = {0};
    char path[4096];
    if (swarm->args.state_dir == NULL) {
        return OK;
    }
    TRY(file_make_folder(swarm->args.state_dir, 0700, why));
    TRY(path_of(swarm, path));
    if (!file_exists(path)) {
        return OK;
    }
    buf_init(&all, STATE_MOST);
    TRY(file_read(path, STATE_MOST, &all, why));
    struct cbor_reader reader = {.rest = buf_str(&all)};
    for (size_t i = 0; i < swarm->count && reader.rest.len > 0; i++) {
        struct cbor_piece piece;
        TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
        TRY(device_load(&swarm->devices[i], piece.bytes, why));
    }
    return OK;
}

/* --- beginning and end
 * ----------------------------------------------------------------------------
 */

static errc make_dialer(struct swarm *swarm, struct why *why)
{
    struct dialer_config config = {
        .ca_file = swarm->args.ca_file,
        .insecure = swarm->args.insecure,
        .local_addresses = swarm->count > 1000 ? SOURCES : 0,
        .entropy = entropy_system(),
        .limits = dial_limits_default(),
    };
    config.limits.dials = swarm->count + 1000;
    config.limits.handshakes = swarm->args.handshakes;
    config.limits.handshake_wait = 120 * USEC_SECOND; /* a province at once takes its time */
    config.limits.connect_wait = 120 * USEC_SECOND;
    return dialer_create(swarm->loop, &config, &swarm->dialer, why);
}

static void plan_starts(struct swarm *swarm)
{
    struct entropy_seed seed = {swarm->args.seed};
    usec now = now_steady();
    usec ramp = swarm->args.ramp > 0 ? swarm->args.ramp : 1;
    for (size_t i = 0; i < swarm->count; i++) {
        usec due = now + (usec)entropy_below(entropy_seeded(&seed), (uint64_t)ramp);
        put(&swarm->devices[i], SWARM_START, due, NULL);
    }
}

errc swarm_create(struct loop *loop, const struct sim_args *args, struct swarm **ret_swarm,
                  struct why *why)
{
    struct swarm *swarm = mem_take(sizeof *swarm);
    swarm->args = *args;
    swarm->loop = loop;
    swarm->count = (size_t)args->devices;
    swarm->timer_due = INT64_MAX;
    swarm->utc = now_utc() - now_steady();
    agenda_init(&swarm->agenda);
    figures_init(&swarm->figures, swarm->count);
    swarm->devices = mem_take_array(swarm->count, sizeof *swarm->devices);
    for (size_t i = 0; i < swarm->count; i++) {
        device_init(&swarm->devices[i], swarm, (uint32_t)i);
    }
    errc rc = session_room_create(&swarm->room);
    if (rc == OK) {
        rc = make_dialer(swarm, why);
    }
    if (rc == OK) {
        rc = load(swarm, why);
    }
    if (rc != OK) {
        swarm_destroy(swarm);
        return rc;
    }
    plan_starts(swarm);
    *ret_swarm = swarm;
    return OK;
}

void swarm_destroy(struct swarm *swarm)
{
    if (swarm == NULL) {
        return;
    }
    swarm->is_leaving = true;
    dialer_destroy(swarm->dialer);
    for (size_t i = 0; i < swarm->count; i++) {
        device_finish(&swarm->devices[i]);
    }
    session_room_destroy(swarm->room);
    loop_timer_stop(swarm->loop, swarm->timer);
    agenda_finish(&swarm->agenda);
    figures_finish(&swarm->figures);
    mem_give(swarm->devices);
    mem_give(swarm);
}

void swarm_print(struct swarm *swarm)
{
    AUTO(buf_finish) struct buf out = {0};
    struct figures_now now = {.at = swarm_utc(swarm, now_steady()),
                              .checks_spared = verify_memo_hits()};
    buf_init(&out, 1024 * 1024);
    for (size_t i = 0; i < swarm->count; i++) {
        const struct device *device = &swarm->devices[i];
        struct wire_traffic traffic = dial_traffic(swarm->dialer, device->dial);
        now.bytes_in += traffic.bytes_in;
        now.bytes_out += traffic.bytes_out;
        now.packets += traffic.packets_in + traffic.packets_out;
        now.log_waiting += device->log.end.seq - device->log.begin.seq;
    }
    if (swarm->args.json) {
        figures_write_json(&swarm->figures, &now, &out);
    } else {
        figures_write_text(&swarm->figures, &now, &out);
    }
    ignore_int((long)fwrite(out.at, 1, out.len, stdout));
    fflush(stdout);
}
