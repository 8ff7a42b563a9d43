/* A whole province in one process on a virtual clock: the server's deciding code on a real store
 * whose disk loses its power, whole agents on disks that do the same, links that delay and break,
 * all from a seed. What the loop and the gate do with sockets is done here with queues. For tests
 * only; province_server_testing.h is the other half. */
#ifndef LOA_SIM_PROVINCE_TESTING_H
#define LOA_SIM_PROVINCE_TESTING_H

#include "agent/agent.h"
#include "agent/disk_fault.h"
#include "base/crash.h"
#include "base/testing.h"
#include "broadcast/desk_testing.h"
#include "broadcast/plan.h"
#include "wire/codec.h"

#include <math.h>

enum { PROVINCE_MEDIA = 4, PROVINCE_ITEMS = 4096, POLE_DISK = 256 << 20 };

#define PROVINCE_PULL ((usec)SINK_TURN_MOST * USEC_SECOND / SINK_RATE)
/* Silence longer than that within a planned item is dead air; people pause for less. */
#define PROVINCE_PAUSE (2 * USEC_SECOND)
/* Whoever begins later than that is out of step with the neighbours. */
#define PROVINCE_LATE (10 * 1000)
/* So long after the power came back sound may take. */
#define PROVINCE_START (15 * USEC_SECOND)

/* A message on its way. */
struct parcel {
    struct parcel *next;
    usec due;
    size_t size;
    char bytes[];
};

struct parcels {
    struct parcel *first;
    struct parcel **last;
    usec latest;
};

/* The loudspeaker: notes when it was heard last. */
struct ear {
    struct sink sink;
    struct pole *pole;
};

struct pole {
    struct province *province;
    const struct receiver *receiver;
    struct disk_fault *disk;
    struct agent *agent; /* null: no power */
    hash key;
    usec booted;      /* world time */
    usec power_at;    /* when the power goes or comes next */
    usec link_at;     /* when the link breaks or comes back next */
    usec turn_at;     /* when the agent wants to be called */
    usec next_at;     /* when there was to be something to do */
    usec pulled_to;   /* world time up to which sound was taken */
    usec heard_at;    /* when something sounded last */
    usec silent_from; /* since when an item should sound and does not; 0: it does */
    bool has_link;
    bool is_dialing;
    bool is_open;
    bool is_attached;
    bool wants_close;
    struct parcels down;
    struct parcels up;
    usec dead_air;
    unsigned cuts;
    hash nonce;
    const struct wire_plan_item *items; /* what it is to play, as its last plan says */
    size_t item_count;
    struct arena *items_arena;
};

struct province {
    struct desk_kit kit;
    struct entropy_seed seed;
    struct entropy chance;
    usec now; /* the server's clock is the true time */
    hash root;
    struct pole poles[KIT_DEVICES];
    struct store *store; /* null: the server is down */
    struct store_config config;
    char folders[2][TEST_TEXT];
    char paths[2][TEST_TEXT + 32];
    size_t folder; /* which one is in use */
    usec server_at;
    usec chores_at;
    usec alarm_at;
    int64_t orders_seen;
    struct {
        hash name;
        struct buf bytes;
    } media[PROVINCE_MEDIA];
    struct arena *arena; /* of one message */
    unsigned server_crashes;
    unsigned alarms;
    size_t starts;      /* of items, as the poles tell */
    size_t starts_late; /* by more than PROVINCE_LATE */
    bool has_faults;
};

/* --- chance ---------------------------------------------------------------------------------- */

static inline usec province_between(struct province *province, usec least, usec most)
{
    return least + (usec)entropy_below(province->chance, (uint64_t)(most - least + 1));
}

/* Exponential, with that mean. */
static inline usec province_after(struct province *province, usec mean)
{
    double u = ((double)(entropy_u64(province->chance) >> 11) + 1) / 9007199254740993.0;
    return (usec)(-log(u) * (double)mean);
}

/* --- links ---------------------------------------------------------------------------------------
 */

static inline void parcels_init(struct parcels *parcels)
{
    *parcels = (struct parcels){.first = NULL};
    parcels->last = &parcels->first;
}

static inline void parcels_drop(struct parcels *parcels)
{
    while (parcels->first != NULL) {
        struct parcel *next = parcels->first->next;
        mem_give(parcels->first);
        parcels->first = next;
    }
    parcels_init(parcels);
}

/* 4G as measured: a fixed part and an exponential one; what was sent first comes first. */
static inline void parcels_add(struct pole *pole, struct parcels *parcels, str bytes)
{
    struct province *province = pole->province;
    bool down = parcels == &pole->down;
    struct parcel *parcel = mem_take(sizeof *parcel + bytes.len);
    usec due =
        province->now + (down ? 20000 : 30000) + province_after(province, down ? 8000 : 15000);
    parcel->due = due > parcels->latest ? due : parcels->latest;
    parcel->size = bytes.len;
    memcpy(parcel->bytes, bytes.at, bytes.len);
    parcels->latest = parcel->due;
    *parcels->last = parcel;
    parcels->last = &parcel->next;
}

static inline struct parcel *parcels_take(struct parcels *parcels, usec now)
{
    struct parcel *parcel = parcels->first;
    if (parcel == NULL || parcel->due > now) {
        return NULL;
    }
    parcels->first = parcel->next;
    if (parcels->first == NULL) {
        parcels->last = &parcels->first;
    }
    return parcel;
}

static inline void pole_say(struct pole *pole, const struct wire_said *said)
{
    AUTO(buf_finish) struct buf out;
    buf_init(&out, WIRE_MESSAGE_MOST);
    ENSURE(wire_say(said, &out) == OK);
    parcels_add(pole, &pole->down, buf_str(&out));
}

static inline void pole_unlink(struct pole *pole)
{
    bool was_open = pole->is_open || pole->is_dialing;
    parcels_drop(&pole->down);
    parcels_drop(&pole->up);
    pole->is_open = false;
    pole->is_dialing = false;
    pole->is_attached = false;
    if (was_open && pole->agent != NULL) {
        agent_closed(pole->agent);
        pole->turn_at = pole->province->now;
    }
}

/* --- what an agent asks of its machine ------------------------------------------------------- */

static inline usec pole_steady(void *ctx)
{
    const struct pole *pole = ctx;
    return pole->province->now - pole->booted + USEC_MINUTE;
}

static inline void pole_dial(void *ctx)
{
    ((struct pole *)ctx)->is_dialing = true;
}

static inline void pole_send(void *ctx, str message)
{
    struct pole *pole = ctx;
    if (pole->is_open) {
        parcels_add(pole, &pole->up, message);
    }
}

/* Closed in the next step, not under the agent's feet. */
static inline void pole_hang_up(void *ctx)
{
    ((struct pole *)ctx)->wants_close = true;
}

static inline void pole_restart(void *ctx)
{
    (void)ctx;
}

/* --- sound
 * ---------------------------------------------------------------------------------------- */

static inline errc ear_open(struct sink *sink, struct why *why)
{
    (void)sink;
    (void)why;
    return OK;
}

static inline errc ear_put(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    struct ear *ear = (struct ear *)(void *)sink;
    (void)why;
    for (size_t i = 0; i < frames; i++) {
        if (pcm[i] > 2 || pcm[i] < -2) {
            ear->pole->heard_at = ear->pole->province->now;
            return OK;
        }
    }
    return OK;
}

static inline void ear_close(struct sink *sink)
{
    (void)sink;
}

static inline void ear_destroy(struct sink *sink)
{
    mem_give(sink);
}

static const struct sink_kind ear_kind = {
    .name = "ear",
    .open = ear_open,
    .put = ear_put,
    .close = ear_close,
    .stop = ear_close,
    .destroy = ear_destroy,
};

static inline struct sink *ear_create(struct pole *pole)
{
    struct ear *ear = mem_take(sizeof *ear);
    ear->sink.kind = &ear_kind;
    ear->pole = pole;
    return &ear->sink;
}

/* The item that the pole should be playing now, with a moment at both ends left out. */
static inline const struct wire_plan_item *pole_item(const struct pole *pole)
{
    usec now = pole->province->now;
    for (size_t i = 0; i < pole->item_count; i++) {
        const struct wire_plan_item *item = &pole->items[i];
        if (item->at <= now && now < item->at + (usec)item->ms * 1000) {
            return item;
        }
    }
    return NULL;
}

/* Counts silence where an item should sound, from when the device could have begun. */
static inline void pole_listen(struct pole *pole)
{
    usec now = pole->province->now;
    bool should = pole_item(pole) != NULL && now - pole->booted > PROVINCE_START;
    bool sounds = now - pole->heard_at < PROVINCE_PULL * 2;
    if (!should || sounds) {
        if (pole->silent_from != 0 && now - pole->silent_from > PROVINCE_PAUSE) {
            pole->dead_air += now - pole->silent_from;
            print_message("pole %zu is silent for %lld ms, %lld s after its start\n",
                          (size_t)(pole - pole->province->poles),
                          (long long)(now - pole->silent_from) / 1000,
                          (long long)(now - pole->booted) / USEC_SECOND);
        }
        pole->silent_from = 0;
    } else if (pole->silent_from == 0) {
        pole->silent_from = now;
    }
}

/* --- power
 * ----------------------------------------------------------------------------------------- */

static inline void pole_start(struct pole *pole)
{
    struct province *province = pole->province;
    struct agent_config config = {
        .disk = disk_fault_disk(pole->disk),
        .take_sink = ear_create(pole),
        .pulled = true,
        .ports = {.ctx = pole,
                  .steady = pole_steady,
                  .dial = pole_dial,
                  .send = pole_send,
                  .hang_up = pole_hang_up,
                  .restart = pole_restart},
        .about = {.kind = DEVICE_SPEAKER, .model = S("province"), .link = LINK_4G},
        .entropy = province->chance,
        /* A clock with a battery, a second wrong at most: who has none is silent until it hears a
         * server after a power cut, and says so. */
        .wall = province->now + province_between(province, -USEC_SECOND, USEC_SECOND),
    };
    struct why why = {.text = ""};
    pole->booted = province->now;
    pole->pulled_to = province->now;
    pole->turn_at = province->now;
    if (agent_create(&config, &pole->agent, &why) != OK) {
        fail_msg("an agent does not start unaided: %s", why.text);
    }
    pole->key = agent_key(pole->agent);
}

/* Without warning: what was not synced may be lost. */
static inline void pole_cut(struct pole *pole)
{
    agent_drop(pole->agent);
    pole->agent = NULL;
    pole->cuts++;
    pole->silent_from = 0;
    pole_unlink(pole);
    disk_fault_restart(pole->disk);
}

static inline void pole_power(struct pole *pole)
{
    struct province *province = pole->province;
    if (!province->has_faults) {
        pole->power_at = INT64_MAX;
        if (pole->agent == NULL) {
            pole_start(pole);
        }
        return;
    }
    if (pole->agent == NULL) {
        pole_start(pole);
        pole->power_at = province->now + province_after(province, 5 * USEC_HOUR) + USEC_MINUTE;
        /* Now and then the power goes in the midst of a write. */
        disk_fault_cut_at(pole->disk, 1 + entropy_below(province->chance, 3000));
        return;
    }
    pole_cut(pole);
    bool is_short = entropy_below(province->chance, 2) == 0;
    pole->power_at =
        province->now + (is_short ? province_between(province, USEC_SECOND, USEC_MINUTE)
                                  : province_after(province, 40 * USEC_MINUTE));
}

static inline void pole_link(struct pole *pole)
{
    struct province *province = pole->province;
    pole->has_link = !pole->has_link;
    if (!pole->has_link) {
        pole_unlink(pole);
        pole->link_at = province->now + province_after(province, 15 * USEC_MINUTE);
        return;
    }
    pole->link_at =
        province->has_faults ? province->now + province_after(province, 2 * USEC_HOUR) : INT64_MAX;
}

#endif
