/* What stands on the disk is in memory as a list; the bytes of a part are read back only to check
 * them. */
#include "agent/cache.h"

#include "wire/codec.h"

enum { NAME_ROOM = 90, BLOCK = 32 * 1024, MAP_MOST = 80 * 1024, TAG = 1 };

struct item {
    hash media;
    uint64_t bytes; /* of the whole, or of what is there of a part */
    enum cache_state state;
    bool is_checked; /* read over in this life */
};

/* The part that grows now; others are taken up again from the disk. */
struct growing {
    hash media;
    bool is_open;
    uint64_t whole;
    uint64_t piece_bytes;
    hash *pieces;
    size_t count;
    struct hasher hasher; /* of the piece under way */
};

struct cache {
    struct disk disk;
    uint64_t most;
    uint64_t total;
    struct item *items;
    size_t count;
    size_t room;
    struct growing growing;
};

/* --- the list ----------------------------------------------------------------------------------
 */

static void name_of(hash media, const char *ending, char name[NAME_ROOM])
{
    char text[HASH_TEXT_SIZE];
    hash_text(media, text);
    ignore_int(snprintf(name, NAME_ROOM, "media/%s%s", text, ending));
}

static struct item *find(const struct cache *cache, hash media)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (hash_is(cache->items[i].media, media)) {
            return &cache->items[i];
        }
    }
    return NULL;
}

static struct item *find_or_make(struct cache *cache, hash media)
{
    struct item *item = find(cache, media);
    if (item != NULL || cache->count == CACHE_ITEMS_MOST) {
        return item;
    }
    if (cache->count == cache->room) {
        size_t room = cache->room == 0 ? 64 : cache->room * 2;
        struct item *items = mem_try_grow(cache->items, room * sizeof *items);
        if (items == NULL) {
            return NULL;
        }
        cache->items = items;
        cache->room = room;
    }
    item = &cache->items[cache->count++];
    *item = (struct item){.media = media};
    return item;
}

static void set_item(struct cache *cache, struct item *item, enum cache_state state, uint64_t bytes)
{
    cache->total += bytes;
    cache->total -= item->bytes;
    item->bytes = bytes;
    item->state = state;
}

static void remove_files(struct cache *cache, struct item *item)
{
    static const char *const endings[] = {"", ".part", ".map"};
    char name[NAME_ROOM];
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        name_of(item->media, endings[i], name);
        ignore(cache->disk.remove(cache->disk.ctx, name, NULL));
    }
    set_item(cache, item, CACHE_MISSING, 0);
}

static void close_growing(struct cache *cache)
{
    mem_give(cache->growing.pieces);
    cache->growing = (struct growing){.is_open = false};
}

enum cache_state cache_look(const struct cache *cache, hash media)
{
    const struct item *item = find(cache, media);
    return item == NULL ? CACHE_MISSING : item->state;
}

uint64_t cache_bytes(const struct cache *cache)
{
    return cache->total;
}

static errc take_name(void *ctx, const char *name, uint64_t size)
{
    struct cache *cache = ctx;
    hash media;
    str text = str_of(name);
    str digits = str_cut(text, 0, HASH_TEXT_SIZE - 1);
    str ending = str_cut(text, HASH_TEXT_SIZE - 1, text.len);
    if (!hash_parse(digits, &media) || str_is(ending, S(".map"))) {
        return OK; /* a leftover, or of a part */
    }
    struct item *item = find_or_make(cache, media);
    if (item == NULL) {
        return ERR_NO_MEMORY;
    }
    if (ending.len == 0) {
        set_item(cache, item, CACHE_HERE, size);
    } else if (str_is(ending, S(".part")) && item->state == CACHE_MISSING) {
        set_item(cache, item, CACHE_PART, size);
    }
    return OK;
}

errc cache_open(const struct disk *disk, uint64_t most, struct cache **ret_cache, struct why *why)
{
    struct cache *cache = mem_take(sizeof *cache);
    cache->disk = *disk;
    cache->most = most;
    struct disk_each each = {take_name, cache};
    errc rc = disk->list(disk->ctx, "media", &each, why);
    if (rc != OK && rc != ERR_NOT_FOUND) {
        cache_close(cache);
        return fail_in(why, rc, "media");
    }
    *ret_cache = cache;
    return OK;
}

void cache_close(struct cache *cache)
{
    if (cache != NULL) {
        close_growing(cache);
        mem_give(cache->items);
        mem_give(cache);
    }
}

/* --- whole ones ----------------------------------------------------------------------------------
 */

/* Feeds [from, to) of a file to a hasher. */
static errc hash_range(struct cache *cache, const char *name, uint64_t from, uint64_t to,
                       struct hasher *hasher, struct why *why)
{
    AUTO(buf_finish) struct buf block;
    buf_init(&block, BLOCK + 1);
    while (from < to) {
        size_t want = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
        buf_clear(&block);
        TRY(cache->disk.read(cache->disk.ctx, name, from, want, &block, why));
        if (block.len == 0) {
            return fail(why, ERR_CORRUPT, "%s is shorter than it was", name);
        }
        hasher_add(hasher, block.at, block.len);
        from += block.len;
    }
    return OK;
}

static errc check_whole(struct cache *cache, struct item *item, const char *ending, struct why *why)
{
    char name[NAME_ROOM];
    uint64_t size = 0;
    struct hasher hasher;
    name_of(item->media, ending, name);
    TRY(cache->disk.size(cache->disk.ctx, name, &size, why));
    hasher_start(&hasher);
    TRY(hash_range(cache, name, 0, size, &hasher, why));
    return hash_is(hasher_end(&hasher), item->media)
               ? OK
               : fail(why, ERR_CORRUPT, "%s is not what its name says", name);
}

/* Of one that is here. A disk that cannot be read just now is no reason to throw it away. */
static errc check_item(struct cache *cache, struct item *item, struct why *why)
{
    if (item->is_checked) {
        return OK;
    }
    errc rc = check_whole(cache, item, "", why);
    if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND) {
        remove_files(cache, item);
        item->state = CACHE_BAD;
        return ERR_CORRUPT;
    }
    item->is_checked = rc == OK;
    return rc;
}

errc cache_take(struct cache *cache, hash media, int *ret_fd, struct why *why)
{
    char name[NAME_ROOM];
    struct item *item = find(cache, media);
    if (item == NULL || item->state != CACHE_HERE) {
        return fail(why, ERR_NOT_FOUND, "this sound is not here");
    }
    TRY(check_item(cache, item, why));
    name_of(media, "", name);
    return cache->disk.open(cache->disk.ctx, name, ret_fd, why);
}

bool cache_check_next(struct cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) {
        struct item *item = &cache->items[i];
        if (item->state == CACHE_HERE && !item->is_checked) {
            ignore(check_item(cache, item, NULL));
            item->is_checked = true; /* not again and again when the disk fails */
            return true;
        }
    }
    return false;
}

errc cache_put(struct cache *cache, hash media, str bytes, struct why *why)
{
    char name[NAME_ROOM];
    if (!hash_is(hash_of(bytes), media)) {
        return fail(why, ERR_INVALID, "a sound is not what its name says");
    }
    struct item *item = find_or_make(cache, media);
    if (item == NULL) {
        return fail(why, ERR_NO_MEMORY, "too many sounds");
    }
    name_of(media, "", name);
    TRY(cache->disk.put(cache->disk.ctx, name, bytes, why));
    set_item(cache, item, CACHE_HERE, bytes.len);
    item->is_checked = true;
    return OK;
}

/* --- growing --------------------------------------------------------------------------------- */

static bool is_growing(const struct cache *cache, hash media)
{
    return cache->growing.is_open && hash_is(cache->growing.media, media);
}

uint64_t cache_have(const struct cache *cache, hash media)
{
    const struct item *item = find(cache, media);
    return is_growing(cache, media) && item != NULL ? item->bytes : 0;
}

static bool is_possible(const struct wire_outline *outline)
{
    uint64_t piece = outline->piece_bytes;
    return outline->bytes > 0 && piece >= 1024 && piece <= 1024 * 1024 &&
           outline->pieces.count == (outline->bytes + piece - 1) / piece;
}

static void set_growing(struct cache *cache, hash media, const struct wire_outline *outline)
{
    struct growing *growing = &cache->growing;
    close_growing(cache);
    *growing = (struct growing){.media = media,
                                .is_open = true,
                                .whole = outline->bytes,
                                .piece_bytes = outline->piece_bytes,
                                .pieces = mem_take_array(outline->pieces.count, sizeof(hash)),
                                .count = outline->pieces.count};
    memcpy(growing->pieces, outline->pieces.at, outline->pieces.count * sizeof(hash));
    hasher_start(&growing->hasher);
}

static uint64_t piece_end(const struct growing *growing, size_t piece)
{
    uint64_t end = (piece + 1) * growing->piece_bytes;
    return end < growing->whole ? end : growing->whole;
}

/* How much of a part holds: whole pieces, and the beginning of the one after them, whose hasher
 * goes on from there. */
static errc check_part(struct cache *cache, struct item *item, struct why *why)
{
    char name[NAME_ROOM];
    struct growing *growing = &cache->growing;
    uint64_t have = item->bytes < growing->whole ? item->bytes : growing->whole;
    uint64_t at = 0;
    size_t piece = 0;
    name_of(item->media, ".part", name);
    for (; at < have; piece++) {
        uint64_t end = piece_end(growing, piece);
        hasher_start(&growing->hasher);
        TRY(hash_range(cache, name, at, end < have ? end : have, &growing->hasher, why));
        if (end > have) {
            break; /* begun: the hasher stays where it is */
        }
        struct hasher done = growing->hasher;
        if (!hash_is(hasher_end(&done), growing->pieces[piece])) {
            have = at;
        }
        at = have < end ? have : end;
        hasher_start(&growing->hasher);
    }
    if (have < item->bytes) {
        TRY(cache->disk.cut(cache->disk.ctx, name, have, why));
    }
    set_item(cache, item, CACHE_PART, have);
    return OK;
}

/* The outline that the bytes on the disk were checked against, when it is still the same. */
static bool is_same_map(struct cache *cache, hash media, str map)
{
    char name[NAME_ROOM];
    AUTO(buf_finish) struct buf old;
    buf_init(&old, MAP_MOST);
    name_of(media, ".map", name);
    return cache->disk.read(cache->disk.ctx, name, 0, MAP_MOST - 1, &old, NULL) == OK &&
           str_is(buf_str(&old), map);
}

/* The beginning of a part whose outline is another one is worth nothing. */
static errc begin_part(struct cache *cache, struct item *item, const struct wire_outline *outline,
                       struct why *why)
{
    char name[NAME_ROOM];
    AUTO(buf_finish) struct buf map;
    struct wire_outline kept = *outline;
    kept.tag = TAG;
    buf_init(&map, MAP_MOST);
    TRY(wire_record_write(&wire_record_outline, &kept, &map));
    if (is_same_map(cache, item->media, buf_str(&map))) {
        return check_part(cache, item, why);
    }
    remove_files(cache, item);
    name_of(item->media, ".map", name);
    TRY(cache->disk.put(cache->disk.ctx, name, buf_str(&map), why));
    item->state = CACHE_PART;
    return OK;
}

static bool has_room(const struct cache *cache, uint64_t more)
{
    uint64_t left = cache->disk.room(cache->disk.ctx);
    return cache->total + more <= cache->most && (left == 0 || more + CACHE_SPARE <= left);
}

/* The whole is there: read over, synced and named. An outline whose pieces hold but whose whole is
 * another sound was a lie: nothing of it is kept. */
static errc finish(struct cache *cache, struct item *item, struct why *why)
{
    char part[NAME_ROOM];
    char name[NAME_ROOM];
    name_of(item->media, ".part", part);
    name_of(item->media, "", name);
    close_growing(cache);
    errc rc = check_whole(cache, item, ".part", why);
    if (rc == ERR_CORRUPT) {
        remove_files(cache, item);
        return rc;
    }
    TRY(rc);
    TRY(cache->disk.sync(cache->disk.ctx, part, why));
    TRY(cache->disk.rename(cache->disk.ctx, part, name, why));
    item->state = CACHE_HERE;
    item->is_checked = true;
    name_of(item->media, ".map", part);
    ignore(cache->disk.remove(cache->disk.ctx, part, NULL));
    return OK;
}

errc cache_outline(struct cache *cache, hash media, const struct wire_outline *outline,
                   struct why *why)
{
    if (!is_possible(outline)) {
        return fail(why, ERR_INVALID, "an outline that cannot be");
    }
    struct item *item = find_or_make(cache, media);
    if (item == NULL) {
        return fail(why, ERR_NO_MEMORY, "too many sounds");
    }
    if (item->state == CACHE_HERE) {
        return fail(why, ERR_EXISTS, "this sound is here");
    }
    uint64_t have = item->bytes < outline->bytes ? item->bytes : outline->bytes;
    if (!has_room(cache, outline->bytes - have)) {
        return fail(why, ERR_DISK_FULL, "no room for %llu bytes",
                    (unsigned long long)outline->bytes);
    }
    set_growing(cache, media, outline);
    errc rc = begin_part(cache, item, outline, why);
    if (rc == OK && item->bytes == outline->bytes) { /* only its name was missing */
        TRY(finish(cache, item, why));
        return fail(why, ERR_EXISTS, "this sound is here");
    }
    if (rc != OK) {
        close_growing(cache);
    }
    return rc;
}

/* A piece that does not hold: its bytes go, and those that came with it. */
static errc drop_piece(struct cache *cache, struct item *item, size_t piece, struct why *why)
{
    char name[NAME_ROOM];
    uint64_t start = piece * cache->growing.piece_bytes;
    name_of(item->media, ".part", name);
    hasher_start(&cache->growing.hasher);
    set_item(cache, item, CACHE_PART, start);
    TRY(cache->disk.cut(cache->disk.ctx, name, start, why));
    return fail(why, ERR_CORRUPT, "piece %zu of a sound does not hold", piece);
}

/* Bytes of one piece at most. */
static errc add_to_piece(struct cache *cache, struct item *item, str bytes, struct why *why)
{
    char name[NAME_ROOM];
    struct growing *growing = &cache->growing;
    size_t piece = (size_t)(item->bytes / growing->piece_bytes);
    name_of(item->media, ".part", name);
    TRY(cache->disk.write(cache->disk.ctx, name, item->bytes, bytes, why));
    hasher_add(&growing->hasher, bytes.at, bytes.len);
    set_item(cache, item, CACHE_PART, item->bytes + bytes.len);
    if (item->bytes < piece_end(growing, piece)) {
        return OK;
    }
    hash found = hasher_end(&growing->hasher);
    hasher_start(&growing->hasher);
    return hash_is(found, growing->pieces[piece]) ? OK : drop_piece(cache, item, piece, why);
}

errc cache_add(struct cache *cache, hash media, uint64_t from, str bytes, bool *ret_whole,
               struct why *why)
{
    struct item *item = find(cache, media);
    *ret_whole = false;
    if (!is_growing(cache, media) || item == NULL) {
        return fail(why, ERR_NOT_FOUND, "nobody fetches this sound");
    }
    if (from > item->bytes) {
        return fail(why, ERR_CONFLICT, "a hole in a sound");
    }
    bytes = str_cut(bytes, (size_t)(item->bytes - from), bytes.len);
    if (bytes.len > cache->growing.whole - item->bytes) {
        return fail(why, ERR_INVALID, "a sound is longer than its outline");
    }
    while (bytes.len > 0) {
        uint64_t end =
            piece_end(&cache->growing, (size_t)(item->bytes / cache->growing.piece_bytes));
        str part = str_cut(bytes, 0, (size_t)(end - item->bytes));
        TRY(add_to_piece(cache, item, part, why));
        bytes = str_cut(bytes, part.len, bytes.len);
    }
    if (item->bytes == cache->growing.whole) {
        TRY(finish(cache, item, why));
        *ret_whole = true;
    }
    return OK;
}

void cache_make_room(struct cache *cache, uint64_t room, const struct cache_needs *needs)
{
    for (int turn = 0; turn < 2; turn++) {
        enum cache_state state = turn == 0 ? CACHE_PART : CACHE_HERE;
        for (size_t i = 0; i < cache->count && !has_room(cache, room); i++) {
            struct item *item = &cache->items[i];
            if (item->state == state && !is_growing(cache, item->media) &&
                !needs->is_needed(needs->ctx, item->media)) {
                remove_files(cache, item);
            }
        }
    }
}
