/* Keeping the logs of devices: see play_log.h. One message is one chunk: a look at the head of the
 * chain, the verdict, the bytes, the plays that are in them, the new head. */
#include "broadcast/play_log.h"

#include "broadcast/coverage_rows.h"
#include "broadcast/log_bytes.h"
#include "broadcast/play_log_sql.h"
#include "people/audit.h"
#include "wire/codec.h"

enum { CHUNK_MOST = 64 * 1024 + 1024 };

struct keeping {
    struct db *db;
    const struct play_log_message *message;
    struct arena *arena;
    struct why *why;
    struct log_chain kept;  /* before this message */
    struct log_chain chain; /* after it */
    struct play_add_in *plays;
    size_t play_count;
    struct coverage_receipt *receipts;
    size_t receipt_count;
    struct buf entries;
    usec from;
    usec to;
};

errc play_log_head(struct db *db, uint64_t device, hash device_key, struct log_chain *ret_chain,
                   struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct log_head_of_in in = {(int64_t)device};
    struct log_head_of_row row;
    TRY(arena_create(64 * 1024, &arena));
    errc rc = log_head_of(db, &in, arena, &row, why);
    if (rc == ERR_NOT_FOUND || (rc == OK && row.seq == 0)) {
        *ret_chain = log_chain_start(device_key);
        return OK;
    }
    TRY(rc);
    *ret_chain = (struct log_chain){(uint64_t)row.seq, row.head};
    return OK;
}

/* --- what is in the entries ------------------------------------------------------------------- */

static bool outcome_of(enum log_kind kind, enum play_outcome *ret_outcome)
{
    static const struct {
        enum log_kind kind;
        enum play_outcome outcome;
    } ends[] = {{LOG_ITEM_PLAYED, PLAY_PLAYED},
                {LOG_ITEM_PARTLY, PLAY_PARTLY},
                {LOG_ITEM_NOT_PLAYED, PLAY_NOT_PLAYED}};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (ends[i].kind == kind) {
            *ret_outcome = ends[i].outcome;
            return true;
        }
    }
    return false;
}

static str id_bytes(struct arena *arena, wire_id id)
{
    return arena_str(arena, (str){(const char *)id.bytes, sizeof id.bytes});
}

static bool id_is_none(wire_id id)
{
    static const wire_id none;
    return memcmp(id.bytes, none.bytes, sizeof id.bytes) == 0;
}

static void take_play(struct keeping *run, const struct wire_log_entry *entry,
                      enum play_outcome outcome)
{
    run->plays[run->play_count++] = (struct play_add_in){
        .device_id = (int64_t)run->message->device,
        .at_us = entry->at,
        .seq = (int64_t)entry->seq,
        .item = id_bytes(run->arena, entry->subject),
        .outcome = outcome,
        .reason = (int64_t)entry->reason,
        .ms = (int64_t)entry->ms,
        .other = id_is_none(entry->other) ? STR_NONE : id_bytes(run->arena, entry->other),
    };
}

static void take_receipt(struct keeping *run, const struct wire_log_entry *entry)
{
    run->receipts[run->receipt_count++] = (struct coverage_receipt){
        .order = entry->subject,
        .device = run->message->device,
        .kind = (enum log_kind)entry->kind,
        .reason = (enum log_reason)entry->reason,
        .value = entry->value,
        .at = entry->at,
    };
}

static void take_entry(struct keeping *run, str bytes, const struct wire_log_entry *entry)
{
    enum play_outcome outcome = PLAY_PLAYED;
    log_bytes_add(&run->entries, bytes);
    run->from = run->from == 0 || entry->at < run->from ? entry->at : run->from;
    run->to = entry->at > run->to ? entry->at : run->to;
    if (outcome_of((enum log_kind)entry->kind, &outcome)) {
        take_play(run, entry, outcome);
    }
    if (coverage_concerns((enum log_kind)entry->kind)) {
        take_receipt(run, entry);
    }
}

/* Entries that are not kept yet. */
static errc take_entries(struct keeping *run)
{
    const struct wire_log *log = run->message->log;
    run->plays = arena_take_array(run->arena, log->entries.count + 1, sizeof *run->plays);
    run->receipts = arena_take_array(run->arena, log->entries.count + 1, sizeof *run->receipts);
    if (run->plays == NULL || run->receipts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < log->entries.count; i++) {
        struct wire_log_entry entry;
        str bytes = log->entries.at[i];
        if (log->first + i <= run->kept.seq) {
            continue;
        }
        TRY(wire_record_read(&wire_record_log_entry, bytes, run->arena, &entry, run->why));
        take_entry(run, bytes, &entry);
    }
    return arena_failed(run->arena) ? ERR_NO_MEMORY : buf_check(&run->entries);
}

/* --- the verdict ------------------------------------------------------------------------------ */

/* A message that begins at or below what is kept: what we have of it must be the same, byte for
 * byte. ERR_FORBIDDEN: the device tells two stories. */
static errc check_same(struct keeping *run)
{
    const struct wire_log *log = run->message->log;
    uint64_t last = log->first + log->entries.count - 1;
    struct log_chunks_over_in in = {(int64_t)run->message->device, (int64_t)log->first,
                                    (int64_t)(last < run->kept.seq ? last : run->kept.seq)};
    struct log_chunks_over_row *chunks = NULL;
    size_t count = 0;
    TRY(log_chunks_over_all(run->db, &in, run->arena, &chunks, &count, run->why));
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = (uint64_t)chunks[i].first_seq;
        str rest = chunks[i].entries;
        str entry = STR_NONE;
        bool more = true;
        TRY(log_bytes_next(&rest, &entry, &more));
        for (; more; seq++) {
            if (seq >= log->first && seq <= last &&
                !str_is(entry, log->entries.at[seq - log->first])) {
                return fail(run->why, ERR_FORBIDDEN, "entry %llu is not what it was",
                            (unsigned long long)seq);
            }
            TRY(log_bytes_next(&rest, &entry, &more));
        }
    }
    return OK;
}

/* Whether what is new chains on to what is kept, whatever the message says about its beginning. */
static bool chains_on(const struct keeping *run, const struct log_chain *end)
{
    const struct wire_log *log = run->message->log;
    struct log_chain chain = run->kept;
    for (uint64_t i = chain.seq + 1 - log->first; i < log->entries.count; i++) {
        log_chain_add(&chain, log->entries.at[i]);
    }
    return hash_is(chain.head, end->head);
}

/* The device says again what is kept, and perhaps more. */
static errc follow_overlap(struct keeping *run, const struct log_sender *sender)
{
    const struct wire_log *log = run->message->log;
    struct log_chain chain = {log->first - 1, log->before};
    TRY(check_same(run));
    TRY(log_chain_follow(&chain, log, sender, run->why));
    if (chain.seq <= run->kept.seq) {
        return OK;
    }
    if (!chains_on(run, &chain)) {
        return fail(run->why, ERR_FORBIDDEN, "a log that forks before %llu",
                    (unsigned long long)log->first);
    }
    run->chain = chain;
    return OK;
}

/* OK; ERR_FORBIDDEN and ERR_BAD_REQUEST: not believed; ERR_CONFLICT: it does not join on, which is
 * what a device says that was ahead of us: it is told what is kept. */
static errc follow(struct keeping *run)
{
    const struct play_log_message *message = run->message;
    struct log_sender sender = {message->device, message->device_key, message->now};
    const struct wire_log *log = message->log;
    run->chain = run->kept;
    if (log->first == 0 || log->entries.count == 0) {
        return fail(run->why, ERR_BAD_REQUEST, "a log without entries");
    }
    if (log->first <= run->kept.seq) {
        return follow_overlap(run, &sender);
    }
    errc rc = log_chain_follow(&run->chain, log, &sender, run->why);
    bool forked = rc == ERR_CONFLICT && log->first == run->kept.seq + 1;
    return forked ? fail(run->why, ERR_FORBIDDEN, "a log that forks after %llu",
                         (unsigned long long)run->kept.seq)
                  : rc;
}

static errc refuse(struct keeping *run, const struct why *reason, struct play_log_kept *ret_kept)
{
    struct log_refusal_put_in in = {(int64_t)run->message->device, (int64_t)run->kept.seq,
                                    run->kept.head, run->message->now,
                                    audit_clean(run->arena, str_of(reason->text), 200)};
    TRY(log_refusal_put(run->db, &in, NULL, run->why));
    TRY(db_announce(run->db, "faults", run->why));
    *ret_kept = (struct play_log_kept){.seq = run->kept.seq, .is_refused = true};
    return OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

static errc write_chunk(struct keeping *run)
{
    const struct play_log_message *message = run->message;
    bool overlaps = message->log->first <= run->kept.seq;
    struct log_chunk_add_row row;
    struct log_chunk_add_in in = {
        .device_id = (int64_t)message->device,
        .first_seq = (int64_t)(overlaps ? run->kept.seq + 1 : message->log->first),
        .last_seq = (int64_t)run->chain.seq,
        .from_us = run->from,
        .to_us = run->to,
        .came_at_us = message->now,
        .head = overlaps ? run->kept.head : message->log->before,
        .signature = {(const char *)message->log->signature.bytes, WIRE_SIGNATURE_SIZE},
        .entries = buf_str(&run->entries),
    };
    TRY(log_chunk_add(run->db, &in, run->arena, &row, run->why));
    if (run->play_count == 0) {
        return OK;
    }
    struct log_unsummed_add_in unsummed = {row.id};
    TRY(play_add_batch(run->db, run->plays, run->play_count, run->why));
    TRY(log_unsummed_add(run->db, &unsummed, NULL, run->why));
    return db_announce(run->db, "plays", run->why);
}

static errc write_head(struct keeping *run)
{
    struct log_head_put_in in = {(int64_t)run->message->device, (int64_t)run->chain.seq,
                                 run->chain.head, run->to};
    return log_head_put(run->db, &in, NULL, run->why);
}

static errc write_all(struct keeping *run)
{
    TRY(take_entries(run));
    TRY(write_chunk(run));
    TRY(write_head(run));
    for (size_t i = 0; i < run->receipt_count; i++) {
        TRY(coverage_row_step(run->db, &run->receipts[i], run->arena, run->why));
    }
    return run->receipt_count == 0 ? OK : db_announce(run->db, "coverage", run->why);
}

static errc keep(struct keeping *run, struct play_log_kept *ret_kept)
{
    struct why reason = {""};
    struct why *why = run->why;
    TRY(play_log_head(run->db, run->message->device, run->message->device_key, &run->kept, why));
    run->why = &reason;
    errc rc = follow(run);
    run->why = why;
    if (rc == ERR_FORBIDDEN || rc == ERR_BAD_REQUEST) {
        return refuse(run, &reason, ret_kept);
    }
    if (rc == ERR_CONFLICT) {
        *ret_kept = (struct play_log_kept){.seq = run->kept.seq};
        return OK;
    }
    TRY(rc);
    if (run->chain.seq > run->kept.seq) {
        TRY(write_all(run));
    }
    *ret_kept = (struct play_log_kept){
        .seq = run->chain.seq, .receipts = run->receipts, .receipt_count = run->receipt_count};
    return OK;
}

errc play_log_keep(struct db *db, const struct play_log_message *message, struct arena *arena,
                   struct play_log_kept *ret_kept, struct why *why)
{
    struct keeping run = {.db = db, .message = message, .arena = arena, .why = why};
    buf_init(&run.entries, CHUNK_MOST);
    errc rc = keep(&run, ret_kept);
    buf_finish(&run.entries);
    return rc;
}

/* --- reading back ----------------------------------------------------------------------------- */

struct paging {
    const struct play_log_page *page;
    struct wire_log_entry *at;
    size_t count;
};

/* The entries of a chunk below the number, the last first. */
static errc take_chunk(struct paging *run, const struct log_chunks_below_row *chunk,
                       uint64_t before, struct why *why)
{
    size_t count = (size_t)(chunk->last_seq - chunk->first_seq) + 1;
    str *entries = arena_take_array(run->page->arena, count + 1, sizeof *entries);
    str rest = chunk->entries;
    bool more = true;
    size_t found = 0;
    if (entries == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(log_bytes_next(&rest, &entries[0], &more));
    while (more && found < count) {
        found++;
        TRY(log_bytes_next(&rest, &entries[found], &more));
    }
    for (size_t i = found; i > 0 && run->count < run->page->limit; i--) {
        if ((uint64_t)chunk->first_seq + i - 1 < before) {
            TRY(wire_record_read(&wire_record_log_entry, entries[i - 1], run->page->arena,
                                 &run->at[run->count], why));
            run->count++;
        }
    }
    return OK;
}

errc play_log_read(struct db *db, const struct play_log_page *page,
                   struct play_log_entries *ret_entries, struct why *why)
{
    uint64_t before = page->before_seq == 0 ? INT64_MAX : page->before_seq;
    struct paging run = {.page = page};
    struct log_chunks_below_in in = {(int64_t)page->device, (int64_t)before};
    struct log_chunks_below_row *chunks = NULL;
    size_t count = 0;
    run.at = arena_take_array(page->arena, page->limit + 1, sizeof *run.at);
    if (run.at == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(log_chunks_below_all(db, &in, page->arena, &chunks, &count, why));
    for (size_t i = 0; i < count && run.count < page->limit; i++) {
        TRY(take_chunk(&run, &chunks[i], before, why));
    }
    uint64_t last = run.count == 0 ? 0 : run.at[run.count - 1].seq;
    *ret_entries = (struct play_log_entries){run.at, run.count, last > 1 ? last : 0};
    return OK;
}
