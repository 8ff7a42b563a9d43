/* A whole device in a pretended world: a clock that runs by hand, a disk that forgets what was not
 * synced, a sink whose sound is kept or thrown away, and a server that speaks the protocol with the
 * keys of wire/authority_testing.h. For tests only. */
#ifndef LOA_AGENT_AGENT_TESTING_H
#define LOA_AGENT_AGENT_TESTING_H

#include "agent/agent.h"
#include "agent/disk_fault.h"
#include "base/file.h"
#include "base/testing.h"
#include "wire/authority_testing.h"

enum { TOWN_MEDIA = 4, TOWN_PIECE = 32 * 1024, TOWN_QUEUE = 64 };

#define TOWN_PULL ((usec)10 * 1000) /* what the sink takes at a time */

struct town_medium {
    hash name;
    struct buf bytes;
};

struct town {
    struct authority_kit *kit;
    struct entropy_seed seed;
    struct disk_fault *disk;
    struct agent *agent;
    struct capture_port ear; /* zeros: it has none */
    const char *wav;         /* where the sink writes; null: nowhere */
    usec now;                /* steady clock of the device, which starts anew with it */
    usec world;              /* true time since KIT_NOW */
    bool has_battery;        /* its clock runs on without power */
    struct arena *arena;
    /* --- the server --- */
    bool is_down;
    bool is_linked;
    unsigned dials;
    uint64_t device; /* 0: waits for a person */
    uint64_t log_from;
    struct log_chain chain;
    struct wire_log_entry log[4096];
    struct buf answers; /* to be heard, each after its length in four bytes */
    str orders[32];
    wire_id ids[32];
    size_t order_count;
    struct town_medium media[TOWN_MEDIA];
    uint64_t state_reported;
    uint64_t fetched; /* bytes of media that were sent */
    bool wants_close;
    struct wire_status status;
};

static inline usec town_steady(void *ctx)
{
    return ((struct town *)ctx)->now;
}

static inline void town_answer(struct town *town, const struct wire_said *said)
{
    AUTO(buf_finish) struct buf out;
    buf_init(&out, WIRE_MESSAGE_MOST);
    assert_ok(wire_say(said, &out));
    uint32_t size = (uint32_t)out.len;
    buf_add(&town->answers, (str){(const char *)&size, sizeof size});
    buf_add(&town->answers, buf_str(&out));
    assert_ok(buf_check(&town->answers));
}

static inline void town_dial(void *ctx)
{
    struct town *town = ctx;
    town->dials++;
    town->wants_close = town->is_down;
    town->is_linked = !town->is_down;
}

static inline void town_hang_up(void *ctx)
{
    ((struct town *)ctx)->wants_close = true;
}

static inline void town_restart(void *ctx)
{
    (void)ctx;
}

static inline void town_attach(struct town *town)
{
    struct wire_said attached = {
        .kind = WIRE_ATTACHED,
        .attached = {.device = town->device,
                     .log_seq = town->chain.seq,
                     .beat_ms = 45000,
                     .time_every_ms = 160000},
    };
    town_answer(town, &attached);
    struct wire_said enrol = {.kind = WIRE_ENROL};
    enrol.enrol.device = KIT_DEVICE;
    enrol.enrol.root = town->kit->keys[KIT_ROOT].key;
    town_answer(town, &enrol);
    struct wire_said trust = {.kind = WIRE_TRUST, .trust = kit_trust(town->kit, 1)};
    town_answer(town, &trust);
    struct wire_said state = {
        .kind = WIRE_STATE,
        .state = {.version = 1 + town->order_count,
                  .trust_version = 1,
                  .orders = {town->ids, town->order_count}},
    };
    town_answer(town, &state);
}

static inline bool town_same(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static inline void town_give_wanted(struct town *town, const struct wire_want *want)
{
    for (size_t i = 0; i < want->orders.count; i++) {
        for (size_t o = 0; o < town->order_count; o++) {
            if (town_same(want->orders.at[i], town->ids[o])) {
                struct wire_said order = {.kind = WIRE_ORDER,
                                          .order_sent = {.cose = town->orders[o]}};
                town_answer(town, &order);
            }
        }
    }
}

static inline void town_keep_log(struct town *town, const struct wire_log *log)
{
    struct log_sender sender = {KIT_DEVICE, agent_key(town->agent), KIT_NOW + town->world};
    uint64_t before = town->chain.seq;
    errc rc = log_chain_follow(&town->chain, log, &sender, NULL);
    assert_true(rc == OK || rc == ERR_CONFLICT);
    for (size_t i = 0; rc == OK && i < log->entries.count; i++) {
        struct wire_log_entry entry;
        assert_ok(wire_record_read(&wire_record_log_entry, log->entries.at[i], town->arena, &entry,
                                   NULL));
        assert_true(entry.seq > before && entry.seq < COUNT_OF(town->log));
        town->log[entry.seq] = entry;
    }
    struct wire_said kept = {.kind = WIRE_LOG_KEPT, .log_kept = {.seq = town->chain.seq}};
    town_answer(town, &kept);
}

static inline void town_outline(struct town *town, uint64_t tag, str bytes)
{
    hash pieces[64];
    size_t count = 0;
    for (size_t at = 0; at < bytes.len; at += TOWN_PIECE) {
        assert_true(count < COUNT_OF(pieces));
        pieces[count++] = hash_of(str_cut(bytes, at, at + TOWN_PIECE));
    }
    struct wire_said outline = {
        .kind = WIRE_OUTLINE,
        .outline = {
            .tag = tag, .bytes = bytes.len, .piece_bytes = TOWN_PIECE, .pieces = {pieces, count}}};
    town_answer(town, &outline);
}

static inline void town_fetch(struct town *town, const struct wire_fetch *fetch)
{
    for (size_t i = 0; i < TOWN_MEDIA; i++) {
        str bytes = buf_str(&town->media[i].bytes);
        if (bytes.len == 0 || !hash_is(town->media[i].name, fetch->media)) {
            continue;
        }
        if (fetch->from == 0 || fetch->most == 0) {
            town_outline(town, fetch->tag, bytes);
        }
        size_t end = (size_t)(fetch->from + fetch->most);
        for (size_t at = (size_t)fetch->from; at < end && at < bytes.len; at += 1200) {
            struct wire_said chunk = {.kind = WIRE_CHUNK, .chunk = {.tag = fetch->tag, .from = at}};
            chunk.chunk.bytes = str_cut(bytes, at, at + 1200 < end ? at + 1200 : end);
            town->fetched += chunk.chunk.bytes.len;
            town_answer(town, &chunk);
        }
        return;
    }
    struct wire_said later = {
        .kind = WIRE_LATER,
        .later = {.tag = fetch->tag, .after_ms = 5000, .reason = LATER_MISSING}};
    town_answer(town, &later);
}

static inline void town_send(void *ctx, str message)
{
    struct town *town = ctx;
    struct wire_said said;
    arena_reset(town->arena);
    assert_ok(wire_hear(message, WIRE_FROM_DEVICE, WIRE_VERSION, town->arena, &said, NULL));
    usec server = KIT_NOW + town->world;
    if (said.kind == WIRE_ATTACH) {
        town_attach(town);
    } else if (said.kind == WIRE_TIME_ASK) {
        struct wire_said tell = {.kind = WIRE_TIME_TELL,
                                 .time_tell = {.t1 = said.time_ask.t1, .t2 = server, .t3 = server}};
        town_answer(town, &tell);
    } else if (said.kind == WIRE_WANT) {
        town_give_wanted(town, &said.want);
    } else if (said.kind == WIRE_LOG) {
        town_keep_log(town, &said.log);
    } else if (said.kind == WIRE_FETCH) {
        town_fetch(town, &said.fetch);
    } else if (said.kind == WIRE_REPORT) {
        town->state_reported = said.report.state_version;
    } else if (said.kind == WIRE_STATUS) {
        town->status = said.status;
    }
}

/* The program starts; ERR_… when the disk gives up in the midst of it. */
static inline errc town_try_start(struct town *town)
{
    struct agent_config config = {
        .disk = disk_fault_disk(town->disk),
        .pulled = true,
        .ports = {.ctx = town,
                  .steady = town_steady,
                  .dial = town_dial,
                  .send = town_send,
                  .hang_up = town_hang_up,
                  .restart = town_restart},
        .take_capture = town->ear,
        .about = {.kind = DEVICE_SPEAKER, .model = S("test"), .link = LINK_4G},
        .entropy = entropy_seeded(&town->seed),
        .wall = town->has_battery ? KIT_NOW + town->world : 0,
    };
    if (town->wav == NULL) {
        config.take_sink = sink_null_create();
    } else {
        assert_ok(sink_file_create(town->wav, (uint64_t)1 << 30, &config.take_sink, NULL));
    }
    town->now = USEC_MINUTE;
    town->is_linked = false;
    town->wants_close = false;
    buf_clear(&town->answers);
    return agent_create(&config, &town->agent, NULL);
}

static inline struct town *town_open(const char *wav)
{
    struct town *town = mem_take(sizeof *town);
    town->kit = kit_create();
    town->seed.state = 5;
    town->wav = wav;
    town->device = KIT_DEVICE;
    town->world = USEC_SECOND;
    buf_init(&town->answers, 64 << 20);
    assert_ok(arena_create(4 << 20, &town->arena));
    town->disk = disk_fault_create(256 << 20, entropy_seeded(&town->seed));
    assert_ok(town_try_start(town));
    town->kit->authority.device_key = agent_key(town->agent);
    town->chain = log_chain_start(agent_key(town->agent));
    return town;
}

static inline void town_close(struct town *town)
{
    agent_destroy(town->agent);
    disk_fault_destroy(town->disk);
    for (size_t i = 0; i < TOWN_MEDIA; i++) {
        buf_finish(&town->media[i].bytes);
    }
    buf_finish(&town->answers);
    arena_destroy(town->arena);
    kit_destroy(town->kit);
    mem_give(town);
}

/* An order is given: it is in force from now on, and sent when the device is there. */
static inline void town_order(struct town *town, const struct kit_draft *draft)
{
    assert_true(town->order_count < COUNT_OF(town->orders));
    str cose = kit_order(town->kit, draft);
    town->orders[town->order_count] = cose;
    town->ids[town->order_count] = draft->head.id;
    town->order_count++;
    if (town->is_linked) {
        struct wire_said order = {.kind = WIRE_ORDER, .order_sent = {.cose = cose}};
        town_answer(town, &order);
    }
}

static inline struct kit_draft town_draft(struct town *town, enum order_kind kind, enum kit_key key)
{
    struct kit_draft draft = kit_draft_of(town->kit, kind, key);
    draft.head.not_before = KIT_NOW + town->world - USEC_SECOND;
    draft.head.expires = KIT_NOW + town->world + USEC_HOUR;
    return draft;
}

static inline void town_place(struct town *town)
{
    struct kit_draft draft = town_draft(town, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    town_order(town, &draft);
}

/* A sound of the demo province, which the server has from now on. */
static inline hash town_medium(struct town *town, size_t index, const char *file)
{
    char path[512];
    struct town_medium *medium = &town->media[index];
    ignore_int(snprintf(path, sizeof path, LOA_SOURCE_DIR "/src/server/demo/clips/%s", file));
    buf_init(&medium->bytes, 4 << 20);
    assert_ok(file_read(path, 4 << 20, &medium->bytes, NULL));
    medium->name = hash_of(buf_str(&medium->bytes));
    return medium->name;
}

static inline void town_hear(struct town *town)
{
    size_t at = 0;
    AUTO(buf_finish) struct buf answers = town->answers;
    buf_init(&town->answers, 64 << 20);
    while (at + sizeof(uint32_t) <= answers.len && !town->wants_close) {
        uint32_t size = 0;
        memcpy(&size, answers.at + at, sizeof size);
        at += sizeof size;
        agent_heard(town->agent, (str){answers.at + at, size});
        at += size;
    }
}

static inline void town_link(struct town *town)
{
    if (town->wants_close) {
        town->wants_close = false;
        town->is_linked = false;
        buf_clear(&town->answers);
        agent_closed(town->agent);
    } else if (town->is_linked && town->dials > 0) {
        town->dials = 0;
        agent_opened(town->agent, NULL);
        struct wire_said hello = {.kind = WIRE_HELLO,
                                  .hello = {.version_least = 1,
                                            .version_most = 1,
                                            .nonce = hash_of(S("x")),
                                            .now = KIT_NOW + town->world}};
        town_answer(town, &hello);
    }
}

/* Time passes in the steps of the sink; false: the power went. */
static inline bool town_run(struct town *town, usec length)
{
    for (usec end = town->now + length; town->now < end;) {
        town_link(town);
        town_hear(town);
        agent_turn(town->agent);
        if (disk_fault_is_cut(town->disk)) {
            return false;
        }
        assert_ok(agent_pull(town->agent, SINK_TURN_MOST, town->now, NULL));
        town->now += TOWN_PULL;
        town->world += TOWN_PULL;
    }
    return true;
}

static inline size_t town_count(const struct town *town, enum log_kind kind)
{
    size_t count = 0;
    for (size_t seq = 1; seq <= town->chain.seq; seq++) {
        count += town->log[seq].kind == kind;
    }
    return count;
}

static inline struct wire_plan_item town_item(const struct town *town, uint8_t number, usec after,
                                              hash media, uint64_t ms)
{
    return (struct wire_plan_item){
        .id = {{number, 7, 7}},
        .at = KIT_NOW + town->world + after,
        .ms = ms,
        .kind = PLAN_MEDIA,
        .order_class = CLASS_ORDINARY,
        .tier = TIER_COMMUNE,
        .media = media,
        .rules = PLAN_RESUMES,
    };
}

static inline void town_plan(struct town *town, const struct wire_plan_item *items, size_t count)
{
    struct kit_draft draft = town_draft(town, ORDER_PLAN, KIT_COMMUNE_DAILY);
    draft.head.expires = KIT_NOW + town->world + 8 * USEC_DAY;
    draft.plan = (struct wire_plan){
        .from = KIT_NOW, .to = KIT_NOW + town->world + 8 * USEC_DAY, .items = {items, count}};
    town_order(town, &draft);
}

static inline void town_settings(struct town *town)
{
    struct kit_draft draft = town_draft(town, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    draft.settings = (struct wire_settings){.volume = 80, .fade_ms = 100};
    town_order(town, &draft);
}

#endif
