#include "agent/log_tail.h"

#include "wire/codec.h"

enum { LENGTH_SIZE = 2 };

void log_tail_init(struct log_tail *tail, hash device_key, size_t most)
{
    struct log_chain chain = log_chain_start(device_key);
    *tail = (struct log_tail){.start = chain.head, .begin = chain, .end = chain};
    buf_init(&tail->bytes, most);
}

void log_tail_finish(struct log_tail *tail)
{
    buf_finish(&tail->bytes);
}

/* Room for the length first; it is filled in when it is known. */
static errc add_numbered(struct log_tail *tail, const struct wire_log_entry *entry, struct why *why)
{
    size_t before = tail->bytes.len;
    buf_add(&tail->bytes, (str){"\0\0", LENGTH_SIZE});
    errc rc = wire_record_write(&wire_record_log_entry, entry, &tail->bytes);
    size_t size = tail->bytes.len - before - LENGTH_SIZE;
    if (rc != OK || tail->bytes.failed || size > LOG_ENTRY_MOST) {
        tail->bytes.failed = false;
        buf_cut(&tail->bytes, before);
        return fail(why, ERR_DISK_FULL, "no room for another entry of the log");
    }
    tail->bytes.at[before] = (char)(size >> 8);
    tail->bytes.at[before + 1] = (char)(size & 0xff);
    log_chain_add(&tail->end, (str){tail->bytes.at + before + LENGTH_SIZE, size});
    return OK;
}

static errc tail_add(void *ctx, const struct wire_log_entry *entry, struct why *why)
{
    struct log_tail *tail = ctx;
    struct wire_log_entry numbered = *entry;
    numbered.seq = tail->end.seq + 1;
    return add_numbered(tail, &numbered, why);
}

/* The entry at *at, which moves on; null at the end. */
static str entry_next(const struct log_tail *tail, size_t *at)
{
    if (*at + LENGTH_SIZE > tail->bytes.len) {
        return STR_NONE;
    }
    const uint8_t *head = (const uint8_t *)tail->bytes.at + *at;
    size_t size = (size_t)head[0] << 8 | head[1];
    str entry = {tail->bytes.at + *at + LENGTH_SIZE, size};
    *at += LENGTH_SIZE + size;
    return entry;
}

static errc tail_read(void *ctx, uint64_t from, size_t most, struct arena *arena,
                      struct log_piece *ret_piece, struct why *why)
{
    struct log_tail *tail = ctx;
    if (from <= tail->begin.seq || from > tail->end.seq) {
        return fail(why, ERR_NOT_FOUND, "entry %llu of the log is not here",
                    (unsigned long long)from);
    }
    struct log_chain chain = tail->begin;
    size_t at = 0;
    while (chain.seq + 1 < from) {
        log_chain_add(&chain, entry_next(tail, &at));
    }
    str *entries = arena_take_array(arena, most, sizeof *entries);
    if (entries == NULL) {
        return fail(why, ERR_NO_MEMORY, "reading the log");
    }
    struct log_piece piece = {.first = from, .before = chain.head};
    size_t bytes = 0;
    while (piece.entries.count < most && at < tail->bytes.len && bytes < LOG_PIECE_BYTES) {
        str entry = arena_str(arena, entry_next(tail, &at));
        bytes += entry.len;
        entries[piece.entries.count++] = entry;
        log_chain_add(&chain, entry);
    }
    piece.entries.at = entries;
    piece.end = chain;
    *ret_piece = piece;
    return arena_failed(arena) ? fail(why, ERR_NO_MEMORY, "reading the log") : OK;
}

static struct log_span tail_span(void *ctx)
{
    const struct log_tail *tail = ctx;
    return (struct log_span){
        .first = tail->begin.seq + 1,
        .last = tail->end.seq,
        .head = tail->end.head,
    };
}

static void tail_kept(void *ctx, uint64_t seq)
{
    struct log_tail *tail = ctx;
    size_t at = 0;
    while (tail->begin.seq < seq && tail->begin.seq < tail->end.seq) {
        log_chain_add(&tail->begin, entry_next(tail, &at));
    }
    buf_drop(&tail->bytes, at);
}

static errc tail_begin_anew(void *ctx, uint64_t above, const struct wire_log_entry *gap,
                            struct why *why)
{
    struct log_tail *tail = ctx;
    uint64_t seq = above > tail->end.seq ? above : tail->end.seq;
    buf_clear(&tail->bytes);
    tail->begin = (struct log_chain){.seq = seq, .head = tail->start};
    tail->end = tail->begin;
    return tail_add(ctx, gap, why);
}

struct device_log log_tail_log(struct log_tail *tail)
{
    return (struct device_log){
        .ctx = tail,
        .add = tail_add,
        .read = tail_read,
        .span = tail_span,
        .kept = tail_kept,
        .begin_anew = tail_begin_anew,
    };
}
