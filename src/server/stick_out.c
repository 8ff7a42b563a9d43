/* First what belongs on the stick, from one snapshot of the store, with the audit line in the same
 * transaction; then the files, each durable, the trust last. */
#include "server/stick_out.h"

#include "base/file.h"
#include "base/json_out.h"
#include "fleet/device.h"
#include "orders/order_book.h"
#include "people/audit.h"
#include "server/media_place.h"
#include "wire/authority.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    ARENA_MOST = 512 * 1024 * 1024,
    TRUST_MOST = 64 * 1024,
    PATH_ROOM = APP_PATH_ROOM + 128,
    NAME_ROOM = 64,
    BLOCK = 64 * 1024,
    FILE_MODE = 0644,
    FOLDER_MODE = 0755,
};

struct filling {
    struct app *app;
    const struct stick_wanted *wanted;
    struct arena *arena;
    struct forest *forest;
    struct actor actor;
    unit_id unit; /* that was asked for, or where the device stands */
    struct order *orders;
    hash *sounds;
    str *certs;
    struct wire_trust trust;
    struct root_changes roots;
    struct stick_filled count;
};

/* --- what belongs on it ----------------------------------------------------------------------- */

static bool has_order(const struct filling *filling, int64_t id)
{
    for (size_t i = 0; i < filling->count.orders; i++) {
        if (filling->orders[i].id == id) {
            return true;
        }
    }
    return false;
}

static bool has_sound(const struct filling *filling, hash sound)
{
    for (size_t i = 0; i < filling->count.sounds; i++) {
        if (hash_is(filling->sounds[i], sound)) {
            return true;
        }
    }
    return false;
}

static errc take_sounds(struct filling *filling, struct db *db, int64_t order, struct why *why)
{
    struct hash_list media;
    TRY(order_media_of(db, order, filling->arena, &media, why));
    for (size_t i = 0; i < media.count; i++) {
        if (has_sound(filling, media.at[i])) {
            continue;
        }
        if (filling->count.sounds == STICK_SOUNDS) {
            return fail(why, ERR_TOO_MANY, "more than %d sounds: take a smaller unit",
                        STICK_SOUNDS);
        }
        filling->sounds[filling->count.sounds++] = media.at[i];
    }
    return OK;
}

static errc take_orders(struct filling *filling, struct db *db, const struct order_sight *sight,
                        struct why *why)
{
    struct orders orders;
    TRY(orders_in_force(db, sight, filling->arena, &orders, why));
    for (size_t i = 0; i < orders.count; i++) {
        if (has_order(filling, orders.at[i].id)) {
            continue;
        }
        if (filling->count.orders == STICK_ORDERS) {
            return fail(why, ERR_TOO_MANY, "more than %d orders: take a smaller unit",
                        STICK_ORDERS);
        }
        filling->orders[filling->count.orders++] = orders.at[i];
        TRY(take_sounds(filling, db, orders.at[i].id, why));
    }
    return OK;
}

static bool has_cert(const struct wire_trust *trust, str cert)
{
    for (size_t i = 0; i < trust->certs.count; i++) {
        if (str_is(trust->certs.at[i], cert)) {
            return true;
        }
    }
    return false;
}

/* One trust for all: what is there of another's units does no harm, for nobody stands below them.
 */
static errc take_trust(struct filling *filling, struct db *db, const struct order_sight *sight,
                       struct why *why)
{
    struct wire_trust one;
    struct wire_trust *all = &filling->trust;
    TRY(trust_for(db, sight->path, sight->now, filling->arena, &one, why));
    all->version = one.version > all->version ? one.version : all->version;
    all->revocations = one.revocations;
    for (size_t i = 0; i < one.certs.count; i++) {
        if (has_cert(all, one.certs.at[i])) {
            continue;
        }
        if (all->certs.count == AUTHORITY_CERTS) {
            return fail(why, ERR_TOO_MANY, "more than %d keys: take a smaller unit",
                        AUTHORITY_CERTS);
        }
        filling->certs[all->certs.count++] = one.certs.at[i];
    }
    return OK;
}

static errc take_device(struct filling *filling, struct db *db, const struct device_target *target,
                        struct why *why)
{
    uint64_t path[PLACE_PATH];
    for (size_t i = 0; i < target->place.path_count; i++) {
        path[i] = (uint64_t)target->place.path[i];
    }
    struct order_sight sight = {.path = {path, target->place.path_count},
                                .device = (uint64_t)target->id,
                                .now = filling->actor.now};
    filling->count.devices++;
    TRY(take_trust(filling, db, &sight, why));
    return take_orders(filling, db, &sight, why);
}

static errc find_unit(struct filling *filling, struct why *why)
{
    const struct stick_wanted *wanted = filling->wanted;
    struct tree today = forest_at(filling->forest, filling->actor.today);
    filling->unit = wanted->device != 0 ? 0 : tree_by_code(today, -1, wanted->unit_code);
    return wanted->device != 0 || filling->unit != 0
               ? OK
               : fail(why, ERR_NOT_FOUND, "no unit %.*s today", STR_ARG(wanted->unit_code));
}

static bool is_wanted(const struct filling *filling, const struct device_target *target)
{
    int64_t device = filling->wanted->device;
    return device != 0 ? target->id == device : place_is_below(&target->place, filling->unit);
}

static errc take_devices(struct filling *filling, struct db *db, struct why *why)
{
    struct device_targets targets;
    const struct actor *actor = &filling->actor;
    TRY(device_targets_read(db, filling->forest, actor->today, filling->arena, &targets, why));
    for (size_t i = 0; i < targets.count; i++) {
        const struct device_target *target = &targets.at[i];
        if (is_wanted(filling, target)) {
            TRY(take_device(filling, db, target, why));
            filling->unit = filling->unit == 0 ? target->place.unit : filling->unit;
        }
    }
    return filling->count.devices > 0 ? OK
                                      : fail(why, ERR_NOT_FOUND, "no accepted device stands there");
}

static errc write_audit(const struct filling *filling, struct db *db, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    struct json_out out;
    buf_init(&text, 1024);
    json_out_init(&out, &text);
    json_object(&out);
    json_i64_at(&out, "devices", (int64_t)filling->count.devices);
    json_i64_at(&out, "orders", (int64_t)filling->count.orders);
    json_i64_at(&out, "sounds", (int64_t)filling->count.sounds);
    json_end(&out);
    TRY(buf_check(&text));
    bool one = filling->wanted->device != 0;
    struct audit_entry entry = {.actor = &filling->actor,
                                .action = "stick_written",
                                .subject_kind = one ? "device" : "unit",
                                .subject_id = one ? filling->wanted->device : filling->unit,
                                .subject_name = filling->wanted->unit_code,
                                .subject_unit_id = filling->unit,
                                .after = buf_str(&text)};
    return audit_append(db, &entry, why);
}

static errc start_over(struct filling *filling, struct db *db, struct why *why)
{
    arena_reset(filling->arena);
    forest_drop(filling->forest);
    filling->forest = NULL;
    filling->count = (struct stick_filled){.devices = 0};
    filling->orders = arena_take_array(filling->arena, STICK_ORDERS, sizeof *filling->orders);
    filling->sounds = arena_take_array(filling->arena, STICK_SOUNDS, sizeof *filling->sounds);
    filling->certs = arena_take_array(filling->arena, AUTHORITY_CERTS, sizeof *filling->certs);
    if (arena_failed(filling->arena)) {
        return fail(why, ERR_NO_MEMORY, "memory for a stick");
    }
    filling->trust = (struct wire_trust){.certs = {filling->certs, 0}};
    return unit_book_write(filling->app->units, db, &filling->forest, why);
}

static errc collect(void *ctx, struct db *db, struct why *why)
{
    struct filling *filling = ctx;
    TRY(start_over(filling, db, why));
    TRY(find_unit(filling, why));
    TRY(take_devices(filling, db, why));
    TRY(root_changes_after(db, 0, filling->arena, &filling->roots, why));
    return write_audit(filling, db, why);
}

/* --- files ------------------------------------------------------------------------------------ */

static void name_file(const struct filling *filling, const char *name, char ret_path[PATH_ROOM])
{
    ignore_int(snprintf(ret_path, PATH_ROOM, "%s/loa/%s", filling->wanted->folder, name));
}

/* A place first, then the book's order, in which every key has counted its own. */
static int compare_orders(const void *a, const void *b)
{
    const struct order *left = a;
    const struct order *right = b;
    int by_place = (right->kind == ORDER_PLACEMENT) - (left->kind == ORDER_PLACEMENT);
    return by_place != 0 ? by_place : left->id < right->id ? -1 : left->id > right->id;
}

static errc write_orders(struct filling *filling, struct why *why)
{
    char path[PATH_ROOM];
    char name[NAME_ROOM];
    name_file(filling, "orders", path);
    TRY(file_remove_tree(path, why));
    TRY(file_make_folder(path, FOLDER_MODE, why));
    qsort(filling->orders, filling->count.orders, sizeof *filling->orders, compare_orders);
    for (size_t i = 0; i < filling->count.orders; i++) {
        ignore_int(snprintf(name, sizeof name, "orders/%020zu", i + 1));
        name_file(filling, name, path);
        TRY(file_write(path, filling->orders[i].cose, FILE_MODE, why));
    }
    return OK;
}

static errc write_trust(const struct filling *filling, const char *name,
                        const struct wire_trust *trust, struct why *why)
{
    char path[PATH_ROOM];
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, TRUST_MOST);
    TRY(fail_in(why, wire_record_write(&wire_record_trust, trust, &bytes), "%s", name));
    name_file(filling, name, path);
    return file_write(path, buf_str(&bytes), FILE_MODE, why);
}

/* Nobody knows how long the devices there have heard nothing: every root that was replaced. */
static errc write_roots(const struct filling *filling, struct why *why)
{
    char path[PATH_ROOM];
    char name[NAME_ROOM];
    name_file(filling, "roots", path);
    TRY(file_remove_tree(path, why));
    for (size_t i = 0; i < filling->roots.count; i++) {
        const struct root_change *change = &filling->roots.at[i];
        struct wire_trust trust = {.version = (uint64_t)change->version,
                                   .revocations = change->revocations};
        TRY(file_make_folder(path, FOLDER_MODE, why));
        ignore_int(
            snprintf(name, sizeof name, "roots/%020llu", (unsigned long long)change->version));
        TRY(write_trust(filling, name, &trust, why));
    }
    return OK;
}

/* --- sounds ----------------------------------------------------------------------------------- */

static errc next_block(int fd, char *block, size_t *ret_size, struct why *why)
{
    ssize_t size = 0;
    do {
        size = read(fd, block, BLOCK);
    } while (size < 0 && errno == EINTR);
    if (size < 0) {
        return fail_errno(why, errno, "reading a sound");
    }
    *ret_size = (size_t)size;
    return OK;
}

static errc hash_file(int fd, char *block, hash *ret_hash, struct why *why)
{
    struct hasher hasher;
    size_t size = 0;
    hasher_start(&hasher);
    do {
        TRY(next_block(fd, block, &size, why));
        hasher_add(&hasher, block, size);
    } while (size > 0);
    *ret_hash = hasher_end(&hasher);
    return OK;
}

/* Whole on the stick already, from the last time. */
static bool is_there(const char *path, hash sound, char *block)
{
    hash found;
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd >= 0 && hash_file(fd, block, &found, NULL) == OK && hash_is(found, sound);
}

static errc copy_bytes(int from, int to, char *block, struct why *why)
{
    size_t size = 0;
    do {
        TRY(next_block(from, block, &size, why));
        TRY(file_write_all(to, block, size, why));
    } while (size > 0);
    return file_sync(to, why);
}

static errc copy_sound(int from, const char *path, char *block, struct why *why)
{
    char part[PATH_ROOM + 8];
    ignore_int(snprintf(part, sizeof part, "%s.part", path));
    AUTO(file_close)
    int to = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (to < 0) {
        return fail_errno(why, errno, "create %s", part);
    }
    errc rc = copy_bytes(from, to, block, why);
    if (rc == OK && rename(part, path) != 0) {
        rc = fail_errno(why, errno, "rename %s", part);
    }
    if (rc != OK) {
        ignore_int(unlink(part)); /* what failed is reported; rubbish is the lesser evil */
    }
    return rc;
}

static errc write_sound(struct filling *filling, struct media *media, hash sound, char *block,
                        struct why *why)
{
    char text[HASH_TEXT_SIZE];
    char name[HASH_TEXT_SIZE + 8];
    char path[PATH_ROOM];
    struct media_info info;
    AUTO(file_close) int from = -1;
    hash_text(sound, text);
    ignore_int(snprintf(name, sizeof name, "media/%s", text));
    name_file(filling, name, path);
    errc rc = media_get(media, sound, &from, &info, why);
    if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT) {
        filling->count.missing++;
        return OK;
    }
    TRY(rc);
    filling->count.bytes += info.size;
    return is_there(path, sound, block) ? OK : copy_sound(from, path, block, why);
}

/* Sounds of another time make room; what is no sound is somebody else's and stays. */
static errc sweep_sounds(const struct filling *filling, const char *folder, struct why *why)
{
    DIR *names = opendir(folder);
    if (names == NULL) {
        return fail_errno(why, errno, "open folder %s", folder);
    }
    for (const struct dirent *entry = readdir(names); entry != NULL; entry = readdir(names)) {
        hash sound;
        if (hash_parse(str_of(entry->d_name), &sound) && !has_sound(filling, sound)) {
            ignore_int(unlinkat(dirfd(names), entry->d_name, 0));
        }
    }
    ignore_int(closedir(names));
    return OK;
}

static errc write_sounds(struct filling *filling, struct why *why)
{
    struct media_place place;
    char folder[PATH_ROOM];
    AUTO(media_closer) struct media *media = NULL;
    char *block = arena_take(filling->arena, BLOCK);
    if (block == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for sounds");
    }
    name_file(filling, "media", folder);
    TRY(media_place_of(filling->app, &place, why));
    TRY(media_open(&place.config, &media, why));
    TRY(file_make_folder(folder, FOLDER_MODE, why));
    TRY(sweep_sounds(filling, folder, why));
    for (size_t i = 0; i < filling->count.sounds; i++) {
        TRY(write_sound(filling, media, filling->sounds[i], block, why));
    }
    return file_sync_folder(folder, why);
}

static errc write_files(struct filling *filling, struct why *why)
{
    char logs[PATH_ROOM];
    name_file(filling, "logs", logs);
    TRY(file_make_folder(logs, FOLDER_MODE, why)); /* with what devices have left there, if any */
    TRY(write_sounds(filling, why));
    TRY(write_orders(filling, why));
    TRY(write_roots(filling, why));
    return write_trust(filling, "trust", &filling->trust, why);
}

static errc fill(struct filling *filling, struct why *why)
{
    const char *folder = filling->wanted->folder;
    if (!file_exists(folder) || strlen(folder) >= APP_PATH_ROOM) {
        return fail(why, ERR_NOT_FOUND, "there is no folder %s", folder);
    }
    TRY(store_write_now(filling->app->store, collect, filling, why));
    return write_files(filling, why);
}

errc stick_fill(struct app *app, const struct stick_wanted *wanted, struct stick_filled *ret_filled,
                struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    usec now = now_utc();
    TRY(arena_create(ARENA_MOST, &arena));
    struct filling filling = {.app = app,
                              .wanted = wanted,
                              .arena = arena,
                              .actor = {.now = now, .today = day_of(now, app_zone(app))}};
    errc rc = fill(&filling, why);
    forest_drop(filling.forest);
    *ret_filled = filling.count;
    return rc;
}
