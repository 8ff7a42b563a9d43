/* Sums of plays. Chunks are taken from a list of those that are not summed yet, in the transaction
 * that adds them up: a crash in between counts nothing twice and forgets nothing. */
#include "broadcast/play_log.h"

#include "broadcast/log_bytes.h"
#include "broadcast/play_log_sql.h"
#include "wire/codec.h"

enum { SUMS_MOST = 4096 };

struct play_sum {
    day on;
    int64_t unit;
    int64_t programme;
    int64_t reason; /* -1: the sums themselves */
    int64_t counts[3];
    int64_t ms;
};

struct summing {
    struct db *db;
    struct arena *arena;
    struct why *why;
    usec zone;
    struct play_sum *sums;
    size_t count;
};

static struct play_sum *sum_of(struct summing *run, const struct play_sum *key)
{
    for (size_t i = run->count; i > 0; i--) { /* neighbours are alike */
        struct play_sum *sum = &run->sums[i - 1];
        if (sum->on == key->on && sum->unit == key->unit && sum->programme == key->programme &&
            sum->reason == key->reason) {
            return sum;
        }
    }
    run->sums[run->count] = *key;
    return &run->sums[run->count++];
}

static errc write_sum(const struct summing *run, const struct play_sum *sum)
{
    if (sum->reason < 0) {
        struct play_sum_add_in in = {sum->on,        sum->unit,      sum->programme, sum->counts[0],
                                     sum->counts[1], sum->counts[2], sum->ms};
        return play_sum_add(run->db, &in, NULL, run->why);
    }
    struct play_reason_add_in in = {sum->on, sum->unit, sum->programme, sum->reason,
                                    sum->counts[0] + sum->counts[1] + sum->counts[2]};
    return play_reason_add(run->db, &in, NULL, run->why);
}

static errc flush(struct summing *run)
{
    for (size_t i = 0; i < run->count; i++) {
        TRY(write_sum(run, &run->sums[i]));
    }
    run->count = 0;
    return OK;
}

/* Which programme, and on which day it was planned; what no plan of ours holds is programme 0. */
static errc find_item(const struct summing *run, const struct wire_log_entry *entry,
                      struct play_sum *key, bool *ret_counts)
{
    struct planned_item_of_in in = {{(const char *)entry->subject.bytes, WIRE_ID_SIZE}};
    struct planned_item_of_row row;
    errc rc = planned_item_of(run->db, &in, run->arena, &row, run->why);
    *ret_counts = rc == OK && row.programme_id != 0;
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    key->programme = row.programme_id;
    key->on = day_of(row.at_us, run->zone);
    return OK;
}

static errc find_unit(const struct summing *run, int64_t device, usec at, int64_t *ret_unit)
{
    struct plan_unit_of_in in = {device, at};
    struct plan_unit_of_row row;
    errc rc = plan_unit_of(run->db, &in, run->arena, &row, run->why);
    *ret_unit = rc == OK ? row.unit_id : 0;
    return rc == ERR_NOT_FOUND ? OK : rc;
}

static int outcome_index(uint64_t kind)
{
    switch (kind) {
    case LOG_ITEM_PLAYED:
        return PLAY_PLAYED;
    case LOG_ITEM_PARTLY:
        return PLAY_PARTLY;
    case LOG_ITEM_NOT_PLAYED:
        return PLAY_NOT_PLAYED;
    default: /* a number of the wire, not an enum of ours */
        return -1;
    }
}

static errc sum_entry(struct summing *run, int64_t device, const struct wire_log_entry *entry)
{
    int outcome = outcome_index(entry->kind);
    struct play_sum key = {.reason = -1};
    bool counts = false;
    if (outcome < 0) {
        return OK;
    }
    TRY(find_item(run, entry, &key, &counts));
    if (!counts) {
        return OK;
    }
    TRY(find_unit(run, device, entry->at, &key.unit));
    if (run->count + 2 > SUMS_MOST) {
        TRY(flush(run));
    }
    struct play_sum *sum = sum_of(run, &key);
    sum->counts[outcome]++;
    sum->ms += (int64_t)entry->ms;
    if (outcome != PLAY_PLAYED) {
        key.reason = (int64_t)entry->reason;
        sum_of(run, &key)->counts[outcome]++;
    }
    return OK;
}

static errc sum_chunk(struct summing *run, const struct log_unsummed_take_row *chunk)
{
    str rest = chunk->entries;
    str bytes = STR_NONE;
    bool more = true;
    TRY(log_bytes_next(&rest, &bytes, &more));
    while (more) {
        struct wire_log_entry entry;
        TRY(wire_record_read(&wire_record_log_entry, bytes, run->arena, &entry, run->why));
        TRY(sum_entry(run, chunk->device_id, &entry));
        TRY(log_bytes_next(&rest, &bytes, &more));
    }
    struct log_unsummed_drop_in in = {chunk->chunk_id};
    return log_unsummed_drop(run->db, &in, NULL, run->why);
}

errc play_log_sum(struct db *db, usec zone, size_t most, bool *ret_more, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct log_unsummed_take_in in = {(int64_t)most};
    struct log_unsummed_take_row *chunks = NULL;
    size_t count = 0;
    TRY(arena_create((size_t)256 * 1024 * 1024, &arena));
    struct summing run = {.db = db, .arena = arena, .why = why, .zone = zone};
    TRY(log_unsummed_take_all(db, &in, arena, &chunks, &count, why));
    run.sums = arena_take_array(arena, SUMS_MOST, sizeof *run.sums);
    if (run.sums == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(sum_chunk(&run, &chunks[i]));
    }
    TRY(flush(&run));
    *ret_more = count == most;
    return count == 0 ? OK : db_announce(db, "plays", why);
}

errc play_log_settle(struct db *db, day on, usec zone, usec now, struct why *why)
{
    usec from = day_start(on, zone);
    usec to = day_start(on + 1, zone);
    struct play_planned_clear_in clear = {on};
    struct play_planned_count_in planned = {on, from, to < now ? to : now,
                                            now - PLAY_REPORT_WITHIN};
    TRY(play_planned_clear(db, &clear, NULL, why));
    return planned.to_us <= from ? OK : play_planned_count(db, &planned, NULL, why);
}

#define PLANS_KEPT (40 * USEC_DAY) /* behind their end; by then every day of them is settled */

errc play_log_prune(struct db *db, usec before, int64_t most, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct log_chunks_prune_in chunks = {before, most};
    struct plans_prune_in plans = {before + PLANS_KEPT};
    struct planned_items_prune_in items = {before};
    TRY(arena_create((size_t)16 * 1024 * 1024, &arena));
    for (int64_t after = 0; after >= 0;) {
        struct log_devices_in in = {after};
        struct log_devices_row *rows = NULL;
        size_t count = 0;
        arena_reset(arena);
        TRY(log_devices_all(db, &in, arena, &rows, &count, why));
        for (size_t i = 0; i < count; i++) {
            struct plays_prune_device_in device = {rows[i].device_id, before};
            TRY(plays_prune_device(db, &device, NULL, why));
        }
        after = count == 0 ? -1 : rows[count - 1].device_id;
    }
    TRY(log_chunks_prune(db, &chunks, NULL, why));
    TRY(plans_prune(db, &plans, NULL, why));
    return planned_items_prune(db, &items, NULL, why);
}
