/* The ports of a session, pretended: the link is the agenda, the disk is memory, the loudspeaker
 * keeps the times of one. */
#include "sim/device.h"

#include "sim/swarm.h"

#include "base/cbor_in.h"
#include "base/cbor_out.h"

#include <sodium.h>

enum { LOG_MOST = 256 * 1024, HANDSHAKE_TURNS = 2 };

/* --- what it is
 * -----------------------------------------------------------------------------------
 */

static hash seed_of(uint64_t seed, uint32_t index, const char *use)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, use, strlen(use));
    hasher_add(&hasher, &seed, sizeof seed);
    hasher_add(&hasher, &index, sizeof index);
    return hasher_end(&hasher);
}

static void make_key(struct device *device)
{
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
    hash seed = seed_of(device->swarm->args.seed, device->index, "loa-sim key");
    _Static_assert(COSE_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "Ed25519 as libsodium has it");
    ignore_int(crypto_sign_seed_keypair(public_key, device->secret, seed.bytes));
}

static void choose_link(struct device *device)
{
    static const enum link_kind mixed[] = {LINK_LAW_4G, LINK_LAW_FIBRE, LINK_LAW_4G, LINK_LAW_3G,
                                           LINK_LAW_4G, LINK_LAW_4G,    LINK_LAW_3G, LINK_LAW_2G};
    static const enum device_link names[LINK_LAWS] = {
        [LINK_LAW_NONE] = LINK_UNKNOWN, [LINK_LAW_FIBRE] = LINK_FIBRE, [LINK_LAW_4G] = LINK_4G,
        [LINK_LAW_3G] = LINK_3G,        [LINK_LAW_2G] = LINK_2G,
    };
    const struct sim_args *args = &device->swarm->args;
    enum link_kind kind = args->is_mixed ? mixed[device->index % COUNT_OF(mixed)] : args->link;
    uint64_t chance;
    hash seed = seed_of(args->seed, device->index, "loa-sim link");
    memcpy(&chance, seed.bytes, sizeof chance);
    link_init(&device->link, link_law_of(kind), chance);
    device->about.link = names[kind];
}

void device_init(struct device *device, struct swarm *swarm, uint32_t index)
{
    const struct sim_args *args = &swarm->args;
    *device = (struct device){.swarm = swarm, .index = index};
    make_key(device);
    choose_link(device);
    ignore_int(snprintf(device->serial, sizeof device->serial, "SIM-%llu-%u",
                        (unsigned long long)args->seed, index));
    if (args->claim != NULL) {
        ignore_int(snprintf(device->claim, sizeof device->claim, "%s%02u", args->claim, index + 1));
    }
    device->about.kind = DEVICE_SPEAKER;
    device->about.model = S("loa-sim");
    device->about.program = S("loa-sim");
    device->about.serial = str_of(device->serial);
    device->about.claim = str_of(device->claim);
    hash chance = seed_of(args->seed, index, "loa-sim chance");
    memcpy(&device->chance.state, chance.bytes, sizeof device->chance.state);
    log_tail_init(&device->log, cose_public(device->secret), LOG_MOST);
    dial_memory_init(&device->memory);
    buf_init(&device->authority, AUTHORITY_PACK_MOST);
}

void device_finish(struct device *device)
{
    session_destroy(device->session);
    log_tail_finish(&device->log);
    dial_memory_finish(&device->memory);
    buf_finish(&device->authority);
    mem_give(device->held);
    mem_wipe(device->secret, sizeof device->secret);
}

/* --- the ports: its line
 * --------------------------------------------------------------------------
 */

static void put(struct device *device, enum swarm_event kind, usec due, struct buf *body)
{
    const struct agenda_event event = {.due = due,
                                       .device = device->index,
                                       .kind = kind,
                                       .mark = device->connection,
                                       .body = body};
    swarm_put(device->swarm, &event);
}

static void on_dial(void *ctx)
{
    struct device *device = ctx;
    usec due = now_steady();
    device->connection++;
    link_begin(&device->link);
    for (int i = 0; i < HANDSHAKE_TURNS; i++) { /* TCP's and that of TLS */
        due = link_arrival(&device->link, LINK_UP, due, 300);
        due = link_arrival(&device->link, LINK_DOWN, due, 1200);
    }
    put(device, SWARM_DIAL, due, NULL);
}

static void on_send(void *ctx, str message)
{
    struct device *device = ctx;
    usec due = link_arrival(&device->link, LINK_UP, now_steady(), message.len);
    put(device, SWARM_SEND, due, agenda_body(message));
}

static void on_hang_up(void *ctx)
{
    struct device *device = ctx;
    put(device, SWARM_HANG_UP, link_arrival(&device->link, LINK_UP, now_steady(), 0), NULL);
}

/* --- the ports: its clock and its state
 * -----------------------------------------------------------
 */

static struct session_time on_time(void *ctx, usec now)
{
    const struct device *device = ctx;
    struct clock_view view = clock_look(&device->clock, now);
    return (struct session_time){.state = view.state, .now = view.now};
}

static void on_time_told(void *ctx, const struct session_exchange *exchange)
{
    struct device *device = ctx;
    struct clock_view before = clock_look(&device->clock, exchange->t4);
    ignore_int(clock_hear(&device->clock, &(struct clock_exchange){.t1 = exchange->t1,
                                                                   .t2 = exchange->t2,
                                                                   .t3 = exchange->t3,
                                                                   .t4 = exchange->t4}));
    struct clock_view after = clock_look(&device->clock, exchange->t4);
    if (after.state != before.state) {
        session_clocked(device->session, exchange->t4);
    }
}

static errc on_keep(void *ctx, const struct session_keep *keep, struct why *why)
{
    (void)why;
    struct device *device = ctx;
    size_t count = keep->held_count < DEVICE_HELD_MOST ? keep->held_count : DEVICE_HELD_MOST;
    buf_clear(&device->authority);
    buf_add(&device->authority, keep->authority);
    device->state_version = keep->state_version;
    mem_give(device->held);
    device->held = mem_take_array(count == 0 ? 1 : count, sizeof *device->held);
    device->held_count = count;
    if (count > 0) {
        memcpy(device->held, keep->held, count * sizeof *device->held);
    }
    return buf_check(&device->authority);
}

static void on_fallen(void *ctx, const struct session_held *held)
{
    (void)ctx;
    (void)held;
}

static void on_status(void *ctx, struct wire_status *ret_status)
{
    struct device *device = ctx;
    usec now = now_steady();
    struct clock_view view = clock_look(&device->clock, now);
    struct wire_traffic traffic = dial_traffic(device->swarm->dialer, device->dial);
    *ret_status = (struct wire_status){
        .sound = player_sound(&device->player),
        .clock = view.state,
        .clock_error_us = view.state >= CLOCK_HOLDING ? (uint64_t)view.error : 0,
        .volume = device->status.volume,
        .faults = view.state >= CLOCK_HOLDING ? 0 : FAULT_CLOCK,
        .bytes_in = device->traffic.bytes_in + traffic.bytes_in,
        .bytes_out = device->traffic.bytes_out + traffic.bytes_out,
        .uptime_s = (uint64_t)((now - device->started_at) / USEC_SECOND),
        .link = device->about.link,
    };
}

/* --- the ports: its sound
 * -------------------------------------------------------------------------
 */

static void on_player(void *ctx, const struct player_event *event)
{
    struct device *device = ctx;
    struct swarm *swarm = device->swarm;
    struct device_log log = log_tail_log(&device->log);
    if (event->sounded_at != 0) {
        figures_sounded(&swarm->figures, &event->entry.subject, device->index,
                        swarm_utc(swarm, event->sounded_at));
    }
    if (log.add(log.ctx, &event->entry, NULL) == OK) {
        swarm->figures.log_entries++;
        session_logged(device->session, now_steady(), true);
    }
}

static struct player_clock player_clock(const struct device *device, usec now)
{
    struct clock_view view = clock_look(&device->clock, now);
    return (struct player_clock){.steady = now, .server = view.now, .state = view.state};
}

static struct player_out player_out(struct device *device)
{
    return (struct player_out){.ctx = device, .tell = on_player};
}

static void on_obey(void *ctx, const struct authority_order *order)
{
    struct device *device = ctx;
    struct swarm *swarm = device->swarm;
    usec now = now_steady();
    struct player_clock clock = player_clock(device, now);
    struct player_out out = player_out(device);
    figures_read(&swarm->figures, &order->head, device->index, swarm_utc(swarm, now));
    if (order->head.kind == ORDER_SETTINGS) {
        device->status.volume = order->settings.volume;
        device->beat_ms = order->settings.beat_ms;
    }
    player_obey(&device->player, order, &clock, &out);
    session_changed(device->session, now);
}

static void on_media(void *ctx, const struct wire_said *said)
{
    struct device *device = ctx;
    if (said->kind == WIRE_CHUNK) {
        device->swarm->figures.fetched += said->chunk.bytes.len;
    }
}

static void on_listen(void *ctx, const struct wire_listen *listen)
{
    (void)ctx;
    (void)listen; /* there is nothing to be heard */
}

static void on_live(void *ctx, const struct wire_said *said)
{
    (void)ctx;
    (void)said; /* it never tunes in */
}

static void on_attached(void *ctx, bool is_attached)
{
    struct device *device = ctx;
    struct swarm *swarm = device->swarm;
    if (is_attached != device->is_attached) {
        device->is_attached = is_attached;
        figures_attached(&swarm->figures, is_attached, swarm_utc(swarm, now_steady()));
    }
}

static const struct session_ports port_functions = {
    .dial = on_dial,
    .send = on_send,
    .hang_up = on_hang_up,
    .time = on_time,
    .time_told = on_time_told,
    .keep = on_keep,
    .obey = on_obey,
    .fallen = on_fallen,
    .status = on_status,
    .media = on_media,
    .listen = on_listen,
    .live = on_live,
    .attached = on_attached,
};

/* --- what the swarm tells it
 * ----------------------------------------------------------------------
 */

static void settle(struct device *device)
{
    usec next = session_next(device->session);
    usec player = player_next(&device->player);
    swarm_plan_tick(device->swarm, device, next < player ? next : player);
}

errc device_start(struct device *device, usec now, struct why *why)
{
    device->ports = port_functions;
    device->ports.ctx = device;
    struct session_config config = {
        .room = device->swarm->room,
        .ports = &device->ports,
        .about = &device->about,
        .secret = device->secret,
        .log = log_tail_log(&device->log),
        .entropy = entropy_seeded(&device->chance),
    };
    entropy_fill(entropy_system(), config.boot.bytes, sizeof config.boot.bytes);
    const struct session_restored restored = {
        .authority = buf_str(&device->authority),
        .state_version = device->state_version,
        .held = device->held,
        .held_count = device->held_count,
        .beat_ms = device->beat_ms,
    };
    clock_init(&device->clock, &(struct clock_config){.bias = clock_bias_of(device->about.link)},
               now);
    device->started_at = now;
    TRY(session_create(&config, &restored, now, &device->session, why));
    device->is_started = true;
    device_tick(device, now);
    return OK;
}

void device_opened(struct device *device, usec now, const uint8_t *channel)
{
    device->is_open = true;
    session_opened(device->session, now, channel);
    settle(device);
}

void device_heard(struct device *device, usec now, str message)
{
    session_heard(device->session, now, message);
    settle(device);
}

void device_closed(struct device *device, usec now)
{
    device->is_open = false;
    on_attached(device, false);
    session_closed(device->session, now);
    settle(device);
}

void device_tick(struct device *device, usec now)
{
    struct player_clock clock = player_clock(device, now);
    struct player_out out = player_out(device);
    enum device_sound before = player_sound(&device->player);
    player_tick(&device->player, &clock, &out);
    if (player_sound(&device->player) != before) {
        session_changed(device->session, now);
    }
    session_tick(device->session, now);
    settle(device);
}

/* --- what a restart needs
 * -------------------------------------------------------------------------
 */

void device_save(const struct device *device, struct buf *out)
{
    const struct log_tail *log = &device->log;
    cbor_array(out, 9);
    cbor_uint(out, device->index);
    cbor_bytes(out, buf_str(&device->authority));
    cbor_uint(out, device->state_version);
    cbor_uint(out, device->beat_ms);
    cbor_bytes(out, (str){(const char *)device->held, device->held_count * sizeof *device->held});
    cbor_bytes(out, (str){(const char *)&log->begin, sizeof log->begin});
    cbor_bytes(out, (str){(const char *)&log->end, sizeof log->end});
    cbor_bytes(out, buf_str(&log->bytes));
    cbor_uint(out, device->status.volume);
}

static errc read_array(struct cbor_reader *reader, void *at, size_t size, struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_expect(reader, CBOR_KIND_BYTES, &piece, why));
    if (piece.bytes.len != size) {
        return fail(why, ERR_CORRUPT, "a kept state of another form");
    }
    memcpy(at, piece.bytes.at, size);
    return OK;
}

static errc read_held(struct cbor_reader *reader, struct device *device, struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_expect(reader, CBOR_KIND_BYTES, &piece, why));
    if (piece.bytes.len % sizeof *device->held != 0) {
        return fail(why, ERR_CORRUPT, "a kept state of another form");
    }
    device->held_count = piece.bytes.len / sizeof *device->held;
    device->held = mem_take(piece.bytes.len + 1);
    if (piece.bytes.len > 0) {
        memcpy(device->held, piece.bytes.at, piece.bytes.len);
    }
    return OK;
}

errc device_load(struct device *device, str bytes, struct why *why)
{
    struct cbor_reader reader = {.rest = bytes};
    struct cbor_piece piece;
    TRY(cbor_expect(&reader, CBOR_KIND_ARRAY, &piece, why));
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
    buf_add(&device->authority, piece.bytes);
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    device->state_version = piece.number;
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    device->beat_ms = piece.number;
    TRY(read_held(&reader, device, why));
    TRY(read_array(&reader, &device->log.begin, sizeof device->log.begin, why));
    TRY(read_array(&reader, &device->log.end, sizeof device->log.end, why));
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
    buf_add(&device->log.bytes, piece.bytes);
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    device->status.volume = piece.number;
    return OK;
}
