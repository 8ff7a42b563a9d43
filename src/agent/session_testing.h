/* A session before a scripted server: what it says is collected and read, what it hears is written
 * here. Time runs by hand; the keys and orders are those of wire/authority_testing.h. For tests
 * only. */
#ifndef LOA_AGENT_SESSION_TESTING_H
#define LOA_AGENT_SESSION_TESTING_H

#include "agent/log_tail.h"
#include "agent/session.h"
#include "base/testing.h"
#include "wire/authority_testing.h"
#include "wire/proof.h"

enum { STAGE_SAID = 4096 };

struct stage {
    struct authority_kit *kit;
    struct kit_secret device;
    struct session_room *room;
    struct session *session;
    struct session_ports ports;
    struct session_identity about;
    struct entropy_seed seed;
    struct log_tail tail;
    struct arena *arena; /* of what the server reads */
    usec now;
    enum clock_state clock;
    bool has_no_time; /* not even an unsure one */
    errc keep_fails;
    /* --- what the session did --- */
    struct wire_said said[STAGE_SAID];
    size_t said_count;
    unsigned dials;
    unsigned hang_ups;
    unsigned obeyed;
    uint64_t obeyed_kind;
    unsigned fallen;
    unsigned told;
    unsigned keeps;
    bool attached;
    struct buf kept_authority;
    struct session_held kept[64];
    size_t kept_count;
    uint64_t kept_version;
    /* --- what the server keeps of the log --- */
    struct log_chain chain;
    bool is_slow;
    usec answered; /* the last question over the time */
};

static inline void stage_dial(void *ctx)
{
    ((struct stage *)ctx)->dials++;
}

static inline void stage_send(void *ctx, str message)
{
    struct stage *stage = ctx;
    str kept = arena_str(stage->arena, message);
    assert_true(stage->said_count < STAGE_SAID);
    assert_ok(wire_hear(kept, WIRE_FROM_DEVICE, WIRE_VERSION, stage->arena,
                        &stage->said[stage->said_count], NULL));
    stage->said_count++;
}

static inline void stage_hang_up(void *ctx)
{
    ((struct stage *)ctx)->hang_ups++;
}

static inline struct session_time stage_time(void *ctx, usec now)
{
    const struct stage *stage = ctx;
    return (struct session_time){stage->clock, stage->has_no_time ? 0 : KIT_NOW + now - stage->now};
}

static inline void stage_told(void *ctx, const struct session_exchange *exchange)
{
    struct stage *stage = ctx;
    assert_true(exchange->t1 <= exchange->t4);
    stage->told++;
}

static inline errc stage_keep(void *ctx, const struct session_keep *keep, struct why *why)
{
    struct stage *stage = ctx;
    if (stage->keep_fails != OK) {
        return fail(why, stage->keep_fails, "as the test wants it");
    }
    stage->keeps++;
    buf_clear(&stage->kept_authority);
    buf_add(&stage->kept_authority, keep->authority);
    assert_true(keep->held_count <= COUNT_OF(stage->kept));
    stage->kept_count = keep->held_count;
    if (keep->held_count > 0) {
        memcpy(stage->kept, keep->held, keep->held_count * sizeof *keep->held);
    }
    stage->kept_version = keep->state_version;
    return OK;
}

static inline void stage_obey(void *ctx, const struct authority_order *order)
{
    struct stage *stage = ctx;
    stage->obeyed++;
    stage->obeyed_kind = order->head.kind;
}

static inline void stage_fallen(void *ctx, const struct session_held *held)
{
    (void)held;
    ((struct stage *)ctx)->fallen++;
}

static inline void stage_status(void *ctx, struct wire_status *ret_status)
{
    (void)ctx;
    ret_status->volume = 70;
}

static inline void stage_media(void *ctx, const struct wire_said *said)
{
    (void)ctx;
    (void)said;
}

static inline void stage_live(void *ctx, const struct wire_said *said)
{
    (void)ctx;
    (void)said;
}

static inline void stage_listen(void *ctx, const struct wire_listen *listen)
{
    (void)ctx;
    (void)listen;
}

static inline void stage_attached(void *ctx, bool is_attached)
{
    ((struct stage *)ctx)->attached = is_attached;
}

static inline void stage_start(struct stage *stage)
{
    struct session_config config = {
        .room = stage->room,
        .ports = &stage->ports,
        .about = &stage->about,
        .secret = stage->device.secret,
        .log = log_tail_log(&stage->tail),
        .entropy = entropy_seeded(&stage->seed),
        .boot = {{1, 2, 3}},
    };
    struct session_restored restored = {
        .authority = buf_str(&stage->kept_authority),
        .state_version = stage->kept_version,
        .held = stage->kept,
        .held_count = stage->kept_count,
    };
    assert_ok(session_create(&config, &restored, stage->now, &stage->session, NULL));
}

static inline struct stage *stage_open(void)
{
    struct stage *stage = mem_take(sizeof *stage);
    stage->kit = kit_create();
    stage->device = kit_secret_of(200);
    stage->now = USEC_HOUR;
    stage->clock = CLOCK_SURE;
    stage->seed.state = 1;
    stage->about = (struct session_identity){
        .kind = DEVICE_SPEAKER, .model = S("test"), .claim = S("LOA-1"), .link = LINK_4G};
    stage->ports = (struct session_ports){
        .ctx = stage,
        .dial = stage_dial,
        .send = stage_send,
        .hang_up = stage_hang_up,
        .time = stage_time,
        .time_told = stage_told,
        .keep = stage_keep,
        .obey = stage_obey,
        .fallen = stage_fallen,
        .status = stage_status,
        .media = stage_media,
        .listen = stage_listen,
        .live = stage_live,
        .attached = stage_attached,
    };
    assert_ok(arena_create(64 << 20, &stage->arena));
    assert_ok(session_room_create(&stage->room));
    buf_init(&stage->kept_authority, 65536);
    log_tail_init(&stage->tail, stage->device.key, 65536);
    stage->chain = log_chain_start(stage->device.key);
    stage_start(stage);
    return stage;
}

static inline void stage_close(struct stage *stage)
{
    session_destroy(stage->session);
    session_room_destroy(stage->room);
    log_tail_finish(&stage->tail);
    buf_finish(&stage->kept_authority);
    arena_destroy(stage->arena);
    kit_destroy(stage->kit);
    mem_give(stage);
}

/* The device loses its power: what was kept stays. */
static inline void stage_power_cut(struct stage *stage)
{
    session_destroy(stage->session);
    stage_start(stage);
}

static inline void stage_hear(struct stage *stage, const struct wire_said *said)
{
    AUTO(buf_finish) struct buf out = {.at = NULL};
    buf_init(&out, WIRE_MESSAGE_MOST);
    assert_ok(wire_say(said, &out));
    session_heard(stage->session, stage->now, buf_str(&out));
}

/* The last message of this kind that was said; of kind 0 when there is none. */
static inline const struct wire_said *stage_said(const struct stage *stage, enum wire_kind kind)
{
    static const struct wire_said nothing = {0};
    for (size_t i = stage->said_count; i > 0; i--) {
        if (stage->said[i - 1].kind == kind) {
            return &stage->said[i - 1];
        }
    }
    return &nothing;
}

static inline size_t stage_count(const struct stage *stage, enum wire_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < stage->said_count; i++) {
        count += stage->said[i].kind == kind;
    }
    return count;
}

static inline void stage_hello(struct stage *stage)
{
    session_tick(stage->session, stage->now);
    session_opened(stage->session, stage->now, NULL);
    struct wire_said hello = {
        .kind = WIRE_HELLO,
        .hello = {.version_least = 1, .version_most = 3, .nonce = hash_of(S("x")), .now = KIT_NOW},
    };
    stage_hear(stage, &hello);
}

static inline void stage_attach(struct stage *stage, uint64_t device)
{
    stage_hello(stage);
    struct wire_said attached = {
        .kind = WIRE_ATTACHED,
        .attached = {.device = device,
                     .log_seq = stage->chain.seq,
                     .beat_ms = 45000,
                     .time_every_ms = 160000},
    };
    stage_hear(stage, &attached);
}

static inline void stage_enrol(struct stage *stage)
{
    struct wire_said enrol = {.kind = WIRE_ENROL};
    enrol.enrol.device = KIT_DEVICE;
    enrol.enrol.root = stage->kit->keys[KIT_ROOT].key;
    stage_hear(stage, &enrol);
}

static inline void stage_trust(struct stage *stage, uint64_t version)
{
    struct wire_said trust = {.kind = WIRE_TRUST, .trust = kit_trust(stage->kit, version)};
    stage_hear(stage, &trust);
}

static inline void stage_order(struct stage *stage, const struct kit_draft *draft)
{
    struct wire_said order = {.kind = WIRE_ORDER,
                              .order_sent = {.cose = kit_order(stage->kit, draft)}};
    stage_hear(stage, &order);
}

/* Attached, accepted, with trust and a place. */
static inline void stage_settle(struct stage *stage)
{
    stage_attach(stage, 0);
    stage_enrol(stage);
    stage_trust(stage, 1);
    stage->kit->authority.enrolled = true;
    stage->kit->authority.device_key = stage->device.key;
    struct kit_draft draft = kit_draft_of(stage->kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    stage_order(stage, &draft);
}

/* The server keeps what came of the log, or says what it keeps when that does not join on; the
 * number of new entries. */
static inline size_t stage_keep_log(struct stage *stage)
{
    uint64_t before = stage->chain.seq;
    for (size_t i = 0; i < stage->said_count; i++) {
        if (stage->said[i].kind == WIRE_LOG) {
            struct log_sender sender = {KIT_DEVICE, stage->device.key, KIT_NOW + USEC_DAY};
            errc rc = log_chain_follow(&stage->chain, &stage->said[i].log, &sender, NULL);
            assert_true(rc == OK || rc == ERR_CONFLICT);
            stage->said[i].kind = 0;
            struct wire_said kept = {.kind = WIRE_LOG_KEPT, .log_kept = {.seq = stage->chain.seq}};
            stage_hear(stage, &kept);
        }
    }
    return stage->chain.seq - before;
}

static inline void stage_answer(struct stage *stage)
{
    usec asked = stage_said(stage, WIRE_TIME_ASK)->time_ask.t1;
    if (asked != 0 && asked != stage->answered) {
        stage->answered = asked;
        struct wire_said tell = {
            .kind = WIRE_TIME_TELL,
            .time_tell = {.t1 = asked, .t2 = KIT_NOW, .t3 = KIT_NOW},
        };
        stage_hear(stage, &tell);
    }
    if (!stage->is_slow) {
        stage_keep_log(stage);
    }
}

/* Time passes, in steps as the session asks for them; every question over the time is answered,
 * and the log is kept unless the server is said to be slow. */
static inline void stage_run(struct stage *stage, usec length)
{
    usec end = stage->now + length;
    while (stage->now < end) {
        stage_answer(stage);
        usec next = session_next(stage->session);
        next = next <= stage->now ? stage->now + 1000 : next;
        stage->now = next < end ? next : end;
        session_tick(stage->session, stage->now);
    }
    stage_answer(stage);
}

#endif
