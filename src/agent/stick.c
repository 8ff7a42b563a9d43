/* Names are collected and sorted first, since a folder comes in any order and orders must not. */
#include "agent/stick.h"

#include "wire/codec.h"

#include <stdlib.h>

enum { NAME_ROOM = 100, ENTRY_ROOM = 72, TRUST_MOST = 64 * 1024, BLOCK = 32 * 1024 };

struct entry {
    char name[ENTRY_ROOM];
    uint64_t size;
};

struct entries {
    struct entry *at;
    size_t count;
    size_t most;
};

static errc take_entry(void *ctx, const char *name, uint64_t size)
{
    struct entries *entries = ctx;
    if (entries->count == entries->most || strlen(name) >= ENTRY_ROOM) {
        return OK; /* more than we want to know, or a name of somebody else */
    }
    struct entry *entry = &entries->at[entries->count++];
    ignore_int(snprintf(entry->name, sizeof entry->name, "%s", name));
    entry->size = size;
    return OK;
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void entries_finish(struct entries *entries)
{
    mem_give(entries->at);
}

static errc list_sorted(const struct disk *stick, const char *folder, size_t most,
                        struct entries *ret_entries, struct why *why)
{
    *ret_entries = (struct entries){.at = mem_take_array(most, sizeof(struct entry)), .most = most};
    struct disk_each each = {take_entry, ret_entries};
    errc rc = stick->list(stick->ctx, folder, &each, why);
    qsort(ret_entries->at, ret_entries->count, sizeof(struct entry), compare_entries);
    return rc == ERR_NOT_FOUND ? OK : rc;
}

/* --- what is believed once it is judged ------------------------------------------------------- */

static errc take_trust(const struct disk *stick, const char *name, const struct stick_ports *ports,
                       enum log_reason *ret_reason, struct why *why)
{
    AUTO(buf_finish) struct buf bytes;
    AUTO(arena_close) struct arena *arena = NULL;
    struct wire_trust trust;
    buf_init(&bytes, TRUST_MOST + 1);
    TRY(arena_create(256 * 1024, &arena));
    TRY(stick->read(stick->ctx, name, 0, TRUST_MOST, &bytes, why));
    *ret_reason = REASON_MALFORMED;
    if (wire_record_read(&wire_record_trust, buf_str(&bytes), arena, &trust, NULL) == OK) {
        *ret_reason = ports->trust(ports->ctx, &trust);
    }
    return OK;
}

/* The last words of roots that were replaced, the oldest first: each is believed by whoever
 * believes the root before it, and by nobody else. */
static errc follow_roots(const struct disk *stick, const struct stick_ports *ports, struct why *why)
{
    AUTO(entries_finish) struct entries entries = {.at = NULL};
    TRY(list_sorted(stick, "roots", STICK_ROOTS_MOST, &entries, why));
    for (size_t i = 0; i < entries.count; i++) {
        char name[NAME_ROOM];
        enum log_reason reason = REASON_NONE;
        ignore_int(snprintf(name, sizeof name, "roots/%s", entries.at[i].name));
        TRY(take_trust(stick, name, ports, &reason, why));
    }
    return OK;
}

static errc read_trust(const struct disk *stick, const struct stick_ports *ports,
                       struct stick_report *report, struct why *why)
{
    enum log_reason reason = REASON_NONE;
    errc rc = take_trust(stick, "trust", ports, &reason, why);
    if (rc == OK && reason == REASON_UNKNOWN_KEY) {
        TRY(follow_roots(stick, ports, why));
        rc = take_trust(stick, "trust", ports, &reason, why);
    }
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    report->bad += reason == REASON_NONE ? 0 : 1;
    return rc;
}

/* One stick serves a whole commune: what names others is passed over, and not worth a refusal in
 * the log. Nothing is believed by this; what cannot be read is the judge's to refuse. */
static bool names_others(str bytes, uint64_t device, struct arena *arena)
{
    struct cose cose;
    struct wire_order head;
    arena_reset(arena);
    if (cose_read(bytes, &cose, NULL) != OK ||
        wire_record_read(&wire_record_order, cose.payload, arena, &head, NULL) != OK) {
        return false;
    }
    for (size_t i = 0; i < head.devices.count; i++) {
        if (head.devices.at[i] == device) {
            return false;
        }
    }
    return head.devices.count > 0;
}

static errc read_orders(const struct disk *stick, const struct stick_ports *ports, uint64_t device,
                        struct stick_report *report, struct why *why)
{
    AUTO(entries_finish) struct entries entries = {.at = NULL};
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, STICK_ORDER_BYTES + 1);
    TRY(arena_create(256 * 1024, &arena));
    TRY(list_sorted(stick, "orders", STICK_ORDERS_MOST, &entries, why));
    for (size_t i = 0; i < entries.count; i++) {
        char name[NAME_ROOM];
        ignore_int(snprintf(name, sizeof name, "orders/%s", entries.at[i].name));
        buf_clear(&cose);
        TRY(stick->read(stick->ctx, name, 0, STICK_ORDER_BYTES, &cose, why));
        report->orders++;
        if (names_others(buf_str(&cose), device, arena)) {
            continue;
        }
        enum log_reason reason = ports->order(ports->ctx, buf_str(&cose));
        report->accepted += reason == REASON_NONE ? 1 : 0;
        report->bad += reason == REASON_MALFORMED || reason == REASON_BAD_SIGNATURE ? 1 : 0;
    }
    return OK;
}

/* --- sounds ----------------------------------------------------------------------------------- */

struct copying {
    const struct disk *stick;
    struct cache *cache;
    hash media;
    char name[NAME_ROOM];
    uint64_t size;
    struct buf block;
};

static errc read_block(struct copying *copying, uint64_t at, struct why *why)
{
    buf_clear(&copying->block);
    TRY(copying->stick->read(copying->stick->ctx, copying->name, at, BLOCK, &copying->block, why));
    return copying->block.len > 0 ? OK : fail(why, ERR_CORRUPT, "%s ends early", copying->name);
}

/* Reads it over: is it what its name says? Its pieces on the way. */
static errc outline_of(struct copying *copying, hash *pieces, struct why *why)
{
    struct hasher whole;
    hasher_start(&whole);
    for (uint64_t at = 0; at < copying->size; at += BLOCK) {
        TRY(read_block(copying, at, why));
        hasher_add(&whole, copying->block.at, copying->block.len);
        pieces[at / BLOCK] = hash_of(buf_str(&copying->block));
    }
    return hash_is(hasher_end(&whole), copying->media)
               ? OK
               : fail(why, ERR_CORRUPT, "%s is not what its name says", copying->name);
}

static errc copy_blocks(struct copying *copying, struct why *why)
{
    bool whole = false;
    for (uint64_t at = cache_have(copying->cache, copying->media); at < copying->size && !whole;
         at = cache_have(copying->cache, copying->media)) {
        TRY(read_block(copying, at, why));
        TRY(cache_add(copying->cache, copying->media, at, buf_str(&copying->block), &whole, why));
    }
    return OK;
}

static errc copy_sound(struct copying *copying, const struct cache_needs *needs, struct why *why)
{
    size_t count = (size_t)((copying->size + BLOCK - 1) / BLOCK);
    if (count == 0 || count > CACHE_PIECES_MOST) {
        return fail(why, ERR_CORRUPT, "%s has an impossible size", copying->name);
    }
    hash *pieces = mem_take_array(count, sizeof *pieces);
    struct wire_outline outline = {
        .tag = 1, .bytes = copying->size, .piece_bytes = BLOCK, .pieces = {pieces, count}};
    errc rc = outline_of(copying, pieces, why);
    if (rc == OK) {
        rc = cache_outline(copying->cache, copying->media, &outline, why);
    }
    if (rc == ERR_DISK_FULL) {
        cache_make_room(copying->cache, copying->size, needs);
        rc = cache_outline(copying->cache, copying->media, &outline, why);
    }
    mem_give(pieces);
    if (rc == ERR_EXISTS) {
        return OK;
    }
    return rc == OK ? copy_blocks(copying, why) : rc;
}

static errc read_sounds(const struct disk *stick, const struct stick_device *device,
                        struct stick_report *report, struct why *why)
{
    AUTO(entries_finish) struct entries entries = {.at = NULL};
    struct copying copying = {.stick = stick, .cache = device->cache};
    TRY(list_sorted(stick, "media", STICK_SOUNDS_MOST, &entries, why));
    buf_init(&copying.block, BLOCK + 1);
    errc rc = OK;
    for (size_t i = 0; i < entries.count && rc == OK; i++) {
        if (!hash_parse(str_of(entries.at[i].name), &copying.media) ||
            cache_look(device->cache, copying.media) == CACHE_HERE ||
            !device->needs.is_needed(device->needs.ctx, copying.media)) {
            continue;
        }
        ignore_int(snprintf(copying.name, sizeof copying.name, "media/%s", entries.at[i].name));
        copying.size = entries.at[i].size;
        rc = copy_sound(&copying, &device->needs, why);
        report->sounds += rc == OK ? 1 : 0;
        if (rc == ERR_CORRUPT) { /* this one; the others may hold */
            report->bad++;
            rc = OK;
        }
    }
    buf_finish(&copying.block);
    return rc;
}

errc stick_read(const struct disk *stick, const struct stick_ports *ports,
                const struct stick_device *device, struct stick_report *ret_report, struct why *why)
{
    struct stick_report report = {.orders = 0};
    errc rc = read_trust(stick, ports, &report, why);
    if (rc == OK) {
        rc = read_orders(stick, ports, device->device, &report, why);
    }
    if (rc == OK) {
        rc = read_sounds(stick, device, &report, why);
    }
    *ret_report = report;
    return rc;
}

/* --- the way back -------------------------------------------------------------------------------
 */

static errc write_piece(const struct disk *stick, const struct stick_device *device,
                        const struct log_piece *piece, struct why *why)
{
    char name[NAME_ROOM];
    uint64_t size = 0;
    AUTO(buf_finish) struct buf bytes;
    struct wire_log log = {.first = piece->first,
                           .before = piece->before,
                           .entries = piece->entries,
                           .signature =
                               log_chain_sign(&piece->end, device->device, device->secret)};
    ignore_int(snprintf(name, sizeof name, "logs/%llu-%020llu-%020llu",
                        (unsigned long long)device->device, (unsigned long long)piece->first,
                        (unsigned long long)piece->end.seq));
    if (stick->size(stick->ctx, name, &size, NULL) == OK && size > 0) {
        return OK;
    }
    buf_init(&bytes, TRUST_MOST);
    TRY(wire_record_write(&wire_record_log, &log, &bytes));
    return stick->put(stick->ctx, name, buf_str(&bytes), why);
}

errc stick_write_log(const struct disk *stick, const struct stick_device *device,
                     size_t *ret_pieces, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(256 * 1024, &arena));
    struct log_span span = device->log.span(device->log.ctx);
    size_t pieces = 0;
    for (uint64_t from = span.first; from <= span.last && pieces < STICK_LOGS_MOST; pieces++) {
        struct log_piece piece;
        arena_reset(arena);
        TRY(device->log.read(device->log.ctx, from, LOG_PIECE_ENTRIES * 4, arena, &piece, why));
        TRY(write_piece(stick, device, &piece, why));
        from = piece.end.seq + 1;
    }
    *ret_pieces = pieces;
    return OK;
}
