/* Only the newest file is written to, and its bytes stand in memory as well: after a sync that
 * failed, nothing is known of what the disk has, and the file is written anew from there. */
#include "agent/log_file.h"

#include "base/crash.h"
#include "wire/codec.h"

enum {
    SEGMENT_BYTES = 32 * 1024, /* then a new file begins */
    SEGMENTS_MOST = 4096,
    HEAD_SIZE = 8 + HASH_SIZE,
    LENGTH_SIZE = 2,
    CHECK_SIZE = 8,
    NAME_ROOM = 40,
};

/* A file that is not the newest. */
struct segment {
    struct log_chain before;
    uint64_t last;
    uint64_t bytes;
};

struct log_file {
    struct disk disk;
    hash start; /* of an empty chain of this device */
    uint64_t most;
    uint64_t total; /* bytes of all files */
    struct segment segments[SEGMENTS_MOST];
    size_t count;
    struct log_chain before; /* of the newest file */
    struct log_chain end;
    struct buf bytes; /* the newest file */
    size_t written;   /* of it, as far as the disk was told */
    bool is_dirty;    /* not synced */
    bool is_unsure;   /* a sync failed */
    bool was_mended;
};

static void name_of(uint64_t before, char name[NAME_ROOM])
{
    ignore_int(snprintf(name, NAME_ROOM, "log/%020llu", (unsigned long long)before));
}

static uint64_t read_u64(const char *at)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++) {
        value = value << 8 | (uint8_t)at[i];
    }
    return value;
}

static void begin_segment(struct log_file *file, struct log_chain before)
{
    char head[HEAD_SIZE];
    for (size_t i = 0; i < 8; i++) {
        head[i] = (char)(before.seq >> (56 - 8 * i));
    }
    memcpy(head + 8, before.head.bytes, HASH_SIZE);
    buf_clear(&file->bytes);
    buf_add(&file->bytes, (str){head, HEAD_SIZE});
    file->before = before;
    file->end = before;
    file->written = 0;
    file->is_dirty = false;
    file->is_unsure = false;
    file->total += HEAD_SIZE;
}

/* --- reading back ------------------------------------------------------------------------------
 */

/* The entry at *at, checked against the chain, which moves on; STR_NONE when what stands there is
 * no entry of this chain. */
static str step(str bytes, size_t *at, struct log_chain *chain)
{
    if (bytes.len - *at < LENGTH_SIZE + CHECK_SIZE) {
        return STR_NONE;
    }
    const uint8_t *head = (const uint8_t *)bytes.at + *at;
    size_t size = (size_t)head[0] << 8 | head[1];
    if (size == 0 || size > LOG_ENTRY_MOST || bytes.len - *at - LENGTH_SIZE - CHECK_SIZE < size) {
        return STR_NONE;
    }
    str entry = {bytes.at + *at + LENGTH_SIZE, size};
    struct log_chain next = *chain;
    log_chain_add(&next, entry);
    if (memcmp(entry.at + size, next.head.bytes, CHECK_SIZE) != 0) {
        return STR_NONE;
    }
    *chain = next;
    *at += LENGTH_SIZE + size + CHECK_SIZE;
    return entry;
}

/* Reads a file and follows its chain; *ret_good: how many of its bytes hold. */
static errc load(struct log_file *file, uint64_t number, struct log_chain *ret_before,
                 struct log_chain *ret_end, size_t *ret_good, struct why *why)
{
    char name[NAME_ROOM];
    name_of(number, name);
    buf_clear(&file->bytes);
    TRY(file->disk.read(file->disk.ctx, name, 0, SEGMENT_BYTES * 2, &file->bytes, why));
    str bytes = buf_str(&file->bytes);
    if (bytes.len < HEAD_SIZE || read_u64(bytes.at) != number) {
        *ret_good = 0;
        return OK;
    }
    struct log_chain chain = {.seq = number};
    memcpy(chain.head.bytes, bytes.at + 8, HASH_SIZE);
    *ret_before = chain;
    size_t at = HEAD_SIZE;
    while (step(bytes, &at, &chain).at != NULL) {
    }
    *ret_end = chain;
    *ret_good = at;
    return OK;
}

struct names {
    uint64_t numbers[SEGMENTS_MOST];
    size_t count;
};

static errc take_name(void *ctx, const char *name, uint64_t size)
{
    struct names *names = ctx;
    (void)size;
    uint64_t number = 0;
    if (strlen(name) != 20 || !str_to_u64(str_of(name), &number) || names->count == SEGMENTS_MOST) {
        return OK; /* not ours, or a leftover of a file that was being written */
    }
    size_t at = names->count++;
    for (; at > 0 && names->numbers[at - 1] > number; at--) {
        names->numbers[at] = names->numbers[at - 1];
    }
    names->numbers[at] = number;
    return OK;
}

static void drop_segments(struct log_file *file, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[NAME_ROOM];
        name_of(file->segments[i].before.seq, name);
        ignore(file->disk.remove(file->disk.ctx, name, NULL));
        file->total -= file->segments[i].bytes;
    }
    file->count -= count;
    memmove(file->segments, file->segments + count, file->count * sizeof file->segments[0]);
}

/* Takes a file that was read over: joins it on, or gives up what it does not join on to. */
static void take_segment(struct log_file *file, struct log_chain before, struct log_chain end,
                         size_t good)
{
    struct segment *previous = file->count == 0 ? NULL : &file->segments[file->count - 1];
    bool joins =
        previous == NULL || (file->end.seq == before.seq && hash_is(file->end.head, before.head));
    if (!joins) {
        file->was_mended = true;
        drop_segments(file, file->count);
    }
    file->segments[file->count++] = (struct segment){before, end.seq, good};
    file->total += good;
    file->end = end;
}

/* The newest file goes on being written: the last of those read. */
static void open_newest(struct log_file *file, size_t good)
{
    struct segment *last = &file->segments[--file->count];
    file->before = last->before;
    if (good < file->bytes.len) {
        file->is_unsure = true; /* what is torn is cut off with the next sync */
        buf_cut(&file->bytes, good);
    }
    file->written = file->bytes.len;
}

static errc load_all(struct log_file *file, const struct names *names, struct why *why)
{
    size_t good = 0;
    for (size_t i = 0; i < names->count; i++) {
        struct log_chain before;
        struct log_chain end;
        TRY(load(file, names->numbers[i], &before, &end, &good, why));
        bool is_last = i + 1 == names->count;
        if (good > 0) {
            take_segment(file, before, end, good);
            file->was_mended = file->was_mended || (!is_last && good < file->bytes.len);
            continue;
        }
        /* A newest file without a whole head was being made when the power went. */
        char name[NAME_ROOM];
        name_of(names->numbers[i], name);
        TRY(file->disk.remove(file->disk.ctx, name, why));
        file->was_mended = file->was_mended || !is_last;
    }
    if (file->count == 0) {
        return OK;
    }
    struct segment last = file->segments[file->count - 1];
    struct log_chain before;
    TRY(load(file, last.before.seq, &before, &file->end, &good, why));
    open_newest(file, good);
    return OK;
}

errc log_file_open(const struct disk *disk, hash device_key, uint64_t most,
                   struct log_file **ret_file, struct why *why)
{
    struct log_file *file = mem_take(sizeof *file);
    struct names *names = mem_take(sizeof *names);
    struct log_chain start = log_chain_start(device_key);
    file->disk = *disk;
    file->start = start.head;
    file->most = most;
    buf_init(&file->bytes, SEGMENT_BYTES * 2);
    struct disk_each each = {take_name, names};
    errc rc = disk->list(disk->ctx, "log", &each, why);
    if (rc == OK || rc == ERR_NOT_FOUND) {
        rc = load_all(file, names, why);
    }
    mem_give(names);
    if (rc != OK) {
        log_file_close(file);
        return rc;
    }
    if (file->bytes.len == 0 || file->end.seq == 0) {
        file->total = 0;
        begin_segment(file, start);
    }
    *ret_file = file;
    return OK;
}

void log_file_close(struct log_file *file)
{
    if (file != NULL) {
        buf_finish(&file->bytes);
        mem_give(file);
    }
}

bool log_file_was_mended(const struct log_file *file)
{
    return file->was_mended;
}

/* --- writing -------------------------------------------------------------------------------------
 */

static errc write_newest(struct log_file *file, struct why *why)
{
    char name[NAME_ROOM];
    name_of(file->before.seq, name);
    str fresh = str_cut(buf_str(&file->bytes), file->written, file->bytes.len);
    if (fresh.len == 0 || file->is_unsure) {
        return OK; /* or: the sync writes all of it anew */
    }
    TRY(file->disk.write(file->disk.ctx, name, file->written, fresh, why));
    file->written = file->bytes.len;
    return OK;
}

errc log_file_sync(struct log_file *file, struct why *why)
{
    char name[NAME_ROOM];
    if (!file->is_dirty && !file->is_unsure) {
        return OK;
    }
    name_of(file->before.seq, name);
    if (file->is_unsure) {
        TRY(file->disk.put(file->disk.ctx, name, buf_str(&file->bytes), why));
        file->written = file->bytes.len;
    } else {
        errc rc = write_newest(file, why);
        if (rc == OK) {
            rc = file->disk.sync(file->disk.ctx, name, why);
        }
        if (rc != OK) {
            file->is_unsure = true;
            return rc;
        }
    }
    file->is_unsure = false;
    file->is_dirty = false;
    return OK;
}

/* The newest file is full: it is synced and a new one begins. */
static errc turn_page(struct log_file *file, struct why *why)
{
    TRY(log_file_sync(file, why));
    if (file->count == SEGMENTS_MOST) {
        return fail(why, ERR_DISK_FULL, "the log has too many files");
    }
    file->segments[file->count++] = (struct segment){file->before, file->end.seq, file->bytes.len};
    begin_segment(file, file->end);
    return OK;
}

static errc add_record(struct log_file *file, const struct wire_log_entry *entry, struct why *why)
{
    size_t before = file->bytes.len;
    buf_add(&file->bytes, (str){"\0\0", LENGTH_SIZE});
    errc rc = wire_record_write(&wire_record_log_entry, entry, &file->bytes);
    size_t size = file->bytes.len - before - LENGTH_SIZE;
    if (rc != OK || size > LOG_ENTRY_MOST) {
        buf_cut(&file->bytes, before);
        return rc != OK ? fail(why, rc, "an entry that cannot be written")
                        : fail(why, ERR_TOO_BIG, "an entry of %zu bytes", size);
    }
    file->bytes.at[before] = (char)(size >> 8);
    file->bytes.at[before + 1] = (char)(size & 0xff);
    struct log_chain end = file->end;
    log_chain_add(&end, (str){file->bytes.at + before + LENGTH_SIZE, size});
    buf_add(&file->bytes, (str){(const char *)end.head.bytes, CHECK_SIZE});
    file->is_dirty = true;
    rc = write_newest(file, why);
    if (rc != OK) { /* the same place is written again next time */
        buf_cut(&file->bytes, before);
        file->is_unsure = true;
        return rc;
    }
    file->total += file->bytes.len - before;
    file->end = end;
    return OK;
}

static errc file_add(void *ctx, const struct wire_log_entry *entry, struct why *why)
{
    struct log_file *file = ctx;
    if (file->total + LOG_ENTRY_MOST > file->most) {
        return fail(why, ERR_DISK_FULL, "the log is full of what the server does not keep yet");
    }
    if (file->bytes.len >= SEGMENT_BYTES) {
        TRY(turn_page(file, why));
    }
    struct wire_log_entry numbered = *entry;
    numbered.seq = file->end.seq + 1;
    return add_record(file, &numbered, why);
}

/* --- handing out
 * ---------------------------------------------------------------------------------- */

static uint64_t first_entry(const struct log_file *file)
{
    return (file->count == 0 ? file->before.seq : file->segments[0].before.seq) + 1;
}

static struct log_span file_span(void *ctx)
{
    const struct log_file *file = ctx;
    return (struct log_span){.first = first_entry(file), .last = file->end.seq};
}

/* The file in which an entry stands, and the chain before it. */
static errc find_bytes(struct log_file *file, uint64_t from, struct buf *room, str *ret_bytes,
                       struct log_chain *ret_before, struct why *why)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct segment *segment = &file->segments[i];
        if (from <= segment->last) {
            char name[NAME_ROOM];
            name_of(segment->before.seq, name);
            TRY(file->disk.read(file->disk.ctx, name, 0, (size_t)segment->bytes, room, why));
            *ret_bytes = buf_str(room);
            *ret_before = segment->before;
            return OK;
        }
    }
    *ret_bytes = buf_str(&file->bytes);
    *ret_before = file->before;
    return OK;
}

static errc take_piece(str bytes, struct log_chain chain, uint64_t from, size_t most,
                       struct arena *arena, struct log_piece *ret_piece, struct why *why)
{
    size_t at = HEAD_SIZE;
    while (chain.seq + 1 < from) {
        if (step(bytes, &at, &chain).at == NULL) {
            return fail(why, ERR_CORRUPT, "the log is damaged after %llu",
                        (unsigned long long)chain.seq);
        }
    }
    str *entries = arena_take_array(arena, most, sizeof *entries);
    struct log_piece piece = {.first = from, .before = chain.head};
    size_t taken = 0;
    while (entries != NULL && piece.entries.count < most && taken < LOG_PIECE_BYTES) {
        str entry = step(bytes, &at, &chain);
        if (entry.at == NULL) {
            break;
        }
        taken += entry.len;
        entries[piece.entries.count++] = arena_str(arena, entry);
    }
    if (arena_failed(arena)) {
        return fail(why, ERR_NO_MEMORY, "reading the log");
    }
    if (piece.entries.count == 0) {
        return fail(why, ERR_CORRUPT, "the log is damaged at %llu", (unsigned long long)from);
    }
    piece.entries.at = entries;
    piece.end = chain;
    *ret_piece = piece;
    return OK;
}

static errc file_read_piece(void *ctx, uint64_t from, size_t most, struct arena *arena,
                            struct log_piece *ret_piece, struct why *why)
{
    struct log_file *file = ctx;
    AUTO(buf_finish) struct buf room;
    buf_init(&room, SEGMENT_BYTES * 2);
    str bytes = STR_NONE;
    struct log_chain before;
    if (from < first_entry(file) || from > file->end.seq) {
        return fail(why, ERR_NOT_FOUND, "entry %llu of the log is not here",
                    (unsigned long long)from);
    }
    TRY(log_file_sync(file, why));
    TRY(find_bytes(file, from, &room, &bytes, &before, why));
    return take_piece(bytes, before, from, most, arena, ret_piece, why);
}

/* Old files stay as long as half of the room is free: a technician may want them. */
static void file_kept(void *ctx, uint64_t seq)
{
    struct log_file *file = ctx;
    size_t count = 0;
    uint64_t total = file->total;
    while (count < file->count && file->segments[count].last <= seq && total > file->most / 2) {
        total -= file->segments[count].bytes;
        count++;
    }
    drop_segments(file, count);
}

static errc file_begin_anew(void *ctx, uint64_t above, const struct wire_log_entry *gap,
                            struct why *why)
{
    struct log_file *file = ctx;
    uint64_t seq = above > file->end.seq ? above : file->end.seq;
    char name[NAME_ROOM];
    name_of(file->before.seq, name);
    drop_segments(file, file->count);
    file->total = 0;
    begin_segment(file, (struct log_chain){.seq = seq, .head = file->start});
    TRY(file_add(file, gap, why));
    TRY(log_file_sync(file, why));
    char fresh[NAME_ROOM];
    name_of(file->before.seq, fresh);
    return strcmp(name, fresh) == 0 ? OK : file->disk.remove(file->disk.ctx, name, why);
}

struct device_log log_file_log(struct log_file *file)
{
    return (struct device_log){
        .ctx = file,
        .add = file_add,
        .read = file_read_piece,
        .span = file_span,
        .kept = file_kept,
        .begin_anew = file_begin_anew,
    };
}
