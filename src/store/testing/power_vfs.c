/* A shim over SQLite's own file system. Every file has two pictures: the file itself, which the
 * running database sees, and `kept`, what was synced. Writes in between wait in a list. */
#include "store/testing/power_vfs.h"

#include "base/crash.h"
#include "base/file.h"

#include <pthread.h>
#include <sqlite3.h>

enum { FILES_MOST = 32, SECTOR = 512, NAME_ROOM = 512 };

/* One write or truncation that no sync has covered yet. */
struct pending {
    struct pending *next;
    sqlite3_int64 at;
    bool truncates; /* to `at` */
    size_t size;
    char bytes[];
};

struct image {
    char name[NAME_ROOM];
    char *kept;
    size_t kept_size;
    bool is_kept; /* was synced at least once, or was there before */
    struct pending *first;
    struct pending **last;
};

/* What SQLite holds: our head, the real file behind it. */
struct power_file {
    sqlite3_file base;
    struct image *image; /* null: a temporary file, none of our business */
    sqlite3_file *real;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct image images[FILES_MOST];
static size_t image_count;
static struct power_cut cut;
static bool was_cut;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs power_vfs;

static struct power_file *power_of(sqlite3_file *file)
{
    return (struct power_file *)(void *)file;
}

static void forget_pending(struct image *image)
{
    while (image->first != NULL) {
        struct pending *next = image->first->next;
        mem_give(image->first);
        image->first = next;
    }
    image->last = &image->first;
}

static struct image *image_of(const char *name)
{
    for (size_t i = 0; i < image_count; i++) {
        if (strcmp(images[i].name, name) == 0) {
            return &images[i];
        }
    }
    ENSURE(image_count < FILES_MOST);
    struct image *image = &images[image_count++];
    *image = (struct image){.name = ""};
    image->last = &image->first;
    ignore_int(snprintf(image->name, sizeof image->name, "%s", name));
    return image;
}

static void note(struct image *image, const void *bytes, size_t size, sqlite3_int64 at,
                 bool truncates)
{
    struct pending *pending = mem_take(sizeof *pending + size);
    pending->at = at;
    pending->size = size;
    pending->truncates = truncates;
    if (size > 0) {
        memcpy(pending->bytes, bytes, size);
    }
    *image->last = pending;
    image->last = &pending->next;
}

/* The first `size` bytes of a write, or a truncation, onto a picture. */
static void apply(char **kept, size_t *kept_size, const struct pending *pending, size_t size)
{
    size_t end = (size_t)pending->at + (pending->truncates ? 0 : size);
    if (pending->truncates && *kept_size > end) {
        *kept_size = end;
    }
    if (*kept_size < end) {
        *kept = mem_try_grow(*kept, end);
        ENSURE(*kept != NULL);
        memset(*kept + *kept_size, 0, end - *kept_size);
        *kept_size = end;
    }
    if (size > 0) {
        memcpy(*kept + pending->at, pending->bytes, size);
    }
}

/* --- the cut
 * -------------------------------------------------------------------------------------- */

/* How much of a write reached the disk: all, nothing, or some sectors of it from the front. */
static size_t torn_size(const struct pending *pending, struct entropy chance)
{
    uint64_t luck = entropy_below(chance, 4);
    if (luck == 0) {
        return 0;
    }
    size_t sectors = pending->size / SECTOR;
    return luck == 1 && sectors > 0 ? (size_t)entropy_below(chance, sectors) * SECTOR
                                    : pending->size;
}

/* A disk writes in its own order: what waits is applied beginning at a random place. */
static void apply_some(const struct image *image, char **kept, size_t *size, struct entropy chance)
{
    size_t count = 0;
    for (const struct pending *p = image->first; p != NULL; p = p->next) {
        count++;
    }
    size_t from = count == 0 ? 0 : (size_t)entropy_below(chance, count);
    for (size_t turn = 0; turn < 2; turn++) {
        size_t index = 0;
        for (const struct pending *p = image->first; p != NULL; p = p->next, index++) {
            size_t part = (turn == 0) == (index >= from) ? torn_size(p, chance) : 0;
            if (part > 0 || (p->truncates && entropy_below(chance, 2) == 0)) {
                apply(kept, size, p, part);
            }
        }
    }
}

static errc write_image(const struct image *image, const char *folder, struct entropy chance,
                        struct why *why)
{
    char path[NAME_ROOM * 2];
    const char *name = strrchr(image->name, '/');
    size_t size = image->kept_size;
    char *kept = mem_take(size + 1);
    if (size > 0) {
        memcpy(kept, image->kept, size);
    }
    apply_some(image, &kept, &size, chance);
    ignore_int(snprintf(path, sizeof path, "%s%s", folder, name == NULL ? "/" : name));
    errc rc = file_write(path, (str){kept, size}, 0600, why);
    mem_give(kept);
    return rc;
}

/* Before each step that a disk would see. */
static void step(void)
{
    if (was_cut || cut.folder == NULL || --cut.at > 0) {
        return;
    }
    struct why why = {.text = ""};
    was_cut = true;
    cut.on_cut(cut.ctx);
    for (size_t i = 0; i < image_count; i++) {
        if (images[i].is_kept || images[i].first != NULL) {
            ENSURE(write_image(&images[i], cut.folder, cut.chance, &why) == OK);
        }
    }
}

/* --- what SQLite calls --------------------------------------------------------------------------
 */

static int close_file(sqlite3_file *file)
{
    return power_of(file)->real->pMethods->xClose(power_of(file)->real);
}

static int read_file(sqlite3_file *file, void *into, int size, sqlite3_int64 at)
{
    return power_of(file)->real->pMethods->xRead(power_of(file)->real, into, size, at);
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    struct power_file *power = power_of(file);
    ignore_int(pthread_mutex_lock(&mutex));
    step();
    int code = power->real->pMethods->xWrite(power->real, bytes, size, at);
    if (code == SQLITE_OK && power->image != NULL) {
        note(power->image, bytes, (size_t)size, at, false);
    }
    ignore_int(pthread_mutex_unlock(&mutex));
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    struct power_file *power = power_of(file);
    ignore_int(pthread_mutex_lock(&mutex));
    step();
    int code = power->real->pMethods->xTruncate(power->real, size);
    if (code == SQLITE_OK && power->image != NULL) {
        note(power->image, NULL, 0, size, true);
    }
    ignore_int(pthread_mutex_unlock(&mutex));
    return code;
}

/* The real sync is left out: it would only take time, the pictures say what it promises. */
static int sync_file(sqlite3_file *file, int flags)
{
    (void)flags;
    struct image *image = power_of(file)->image;
    if (image == NULL) {
        return SQLITE_OK;
    }
    ignore_int(pthread_mutex_lock(&mutex));
    step();
    for (const struct pending *pending = image->first; pending != NULL; pending = pending->next) {
        apply(&image->kept, &image->kept_size, pending, pending->size);
    }
    forget_pending(image);
    image->is_kept = true;
    ignore_int(pthread_mutex_unlock(&mutex));
    return SQLITE_OK;
}

static int size_file(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return power_of(file)->real->pMethods->xFileSize(power_of(file)->real, ret_size);
}

static int lock_file(sqlite3_file *file, int level)
{
    return power_of(file)->real->pMethods->xLock(power_of(file)->real, level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return power_of(file)->real->pMethods->xUnlock(power_of(file)->real, level);
}

static int check_lock(sqlite3_file *file, int *ret_held)
{
    return power_of(file)->real->pMethods->xCheckReservedLock(power_of(file)->real, ret_held);
}

static int control_file(sqlite3_file *file, int what, void *value)
{
    return power_of(file)->real->pMethods->xFileControl(power_of(file)->real, what, value);
}

static int sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

/* No promises: neither atomic writes nor order nor safety of neighbouring bytes. */
static int characteristics(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int map_shared(sqlite3_file *file, int page, int size, int extend, void volatile **ret_at)
{
    sqlite3_file *real = power_of(file)->real;
    return real->pMethods->xShmMap(real, page, size, extend, ret_at);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags)
{
    return power_of(file)->real->pMethods->xShmLock(power_of(file)->real, offset, count, flags);
}

static void barrier_shared(sqlite3_file *file)
{
    power_of(file)->real->pMethods->xShmBarrier(power_of(file)->real);
}

static int unmap_shared(sqlite3_file *file, int removes)
{
    return power_of(file)->real->pMethods->xShmUnmap(power_of(file)->real, removes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* without xFetch: nothing is mapped past us */
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier_shared,
    .xShmUnmap = unmap_shared,
};

/* What lies there from before counts as kept. */
static void learn(struct image *image, sqlite3_file *real)
{
    sqlite3_int64 size = 0;
    if (image->is_kept || image->first != NULL ||
        real->pMethods->xFileSize(real, &size) != SQLITE_OK || size == 0) {
        return;
    }
    image->kept = mem_take((size_t)size);
    image->kept_size = (size_t)size;
    image->is_kept = real->pMethods->xRead(real, image->kept, (int)size, 0) == SQLITE_OK;
}

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    (void)vfs;
    struct power_file *power = power_of(file);
    *power = (struct power_file){.real = (sqlite3_file *)(void *)(power + 1)};
    int code = real_vfs->xOpen(real_vfs, name, power->real, flags, ret_flags);
    if (code != SQLITE_OK) {
        return code;
    }
    power->base.pMethods = &methods;
    if (name != NULL &&
        (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))) {
        ignore_int(pthread_mutex_lock(&mutex));
        power->image = image_of(name);
        learn(power->image, power->real);
        ignore_int(pthread_mutex_unlock(&mutex));
    }
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    ignore_int(pthread_mutex_lock(&mutex));
    int code = real_vfs->xDelete(real_vfs, name, sync);
    struct image *image = image_of(name);
    forget_pending(image);
    image->kept_size = 0;
    image->is_kept = false;
    ignore_int(pthread_mutex_unlock(&mutex));
    return code;
}

void power_vfs_begin(void)
{
    was_cut = false;
    real_vfs = sqlite3_vfs_find(NULL);
    power_vfs = *real_vfs;
    power_vfs.zName = "power";
    power_vfs.szOsFile = (int)sizeof(struct power_file) + real_vfs->szOsFile;
    power_vfs.xOpen = open_file;
    power_vfs.xDelete = delete_file;
    ENSURE(sqlite3_vfs_register(&power_vfs, 1) == SQLITE_OK);
}

void power_vfs_end(void)
{
    ENSURE(sqlite3_vfs_register(real_vfs, 1) == SQLITE_OK);
    ENSURE(sqlite3_vfs_unregister(&power_vfs) == SQLITE_OK);
    for (size_t i = 0; i < image_count; i++) {
        forget_pending(&images[i]);
        mem_give(images[i].kept);
    }
    image_count = 0;
    cut.folder = NULL;
}

void power_vfs_arm(const struct power_cut *wanted)
{
    ignore_int(pthread_mutex_lock(&mutex));
    cut = *wanted;
    was_cut = false;
    ignore_int(pthread_mutex_unlock(&mutex));
}

bool power_vfs_was_cut(void)
{
    ignore_int(pthread_mutex_lock(&mutex));
    bool done = was_cut;
    ignore_int(pthread_mutex_unlock(&mutex));
    return done;
}
