/* Every file has two pictures, as it is seen and as it was synced, and a list of the writes between
 * them. Names have two states as well: a new one may be gone after a cut, a removed one back. */
#include "agent/disk_fault.h"

#include "base/crash.h"
#include "base/file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SECTOR = 512, FILE_MOST = 64 * 1024 * 1024 };

/* A write that no sync has covered yet; truncates to `at` when it has no bytes. */
struct waiting {
    struct waiting *next;
    uint64_t at;
    size_t size;
    char bytes[];
};

struct fault_file {
    struct fault_file *next;
    char name[DISK_NAME_MOST + 1];
    struct buf seen;
    struct buf kept;
    struct waiting *first;
    struct waiting **last;
    bool name_is_kept;
    bool is_removed; /* not durably: a cut may bring it back */
};

struct disk_fault {
    struct fault_file *files;
    struct entropy chance;
    uint64_t room;
    uint64_t used;
    uint64_t steps;
    uint64_t cut_at;
    uint64_t fail_at;
    errc fail_error;
    bool is_cut;
};

/* --- pictures ------------------------------------------------------------------------------------
 */

static void forget_waiting(struct fault_file *file)
{
    while (file->first != NULL) {
        struct waiting *next = file->first->next;
        mem_give(file->first);
        file->first = next;
    }
    file->last = &file->first;
}

static void drop_file(struct disk_fault *fault, struct fault_file *file)
{
    struct fault_file **at = &fault->files;
    while (*at != file) {
        at = &(*at)->next;
    }
    *at = file->next;
    forget_waiting(file);
    buf_finish(&file->seen);
    buf_finish(&file->kept);
    mem_give(file);
}

/* The first `size` bytes of a write, or a truncation. */
static void apply(struct buf *picture, const struct waiting *waiting, size_t size)
{
    size_t end = (size_t)waiting->at + size;
    if (waiting->size == 0) {
        buf_cut(picture, picture->len < end ? picture->len : end);
    }
    while (picture->len < end) {
        buf_add_byte(picture, '\0');
    }
    ENSURE(buf_check(picture) == OK);
    if (size > 0) {
        memcpy(picture->at + waiting->at, waiting->bytes, size);
    }
}

static void set_picture(struct buf *picture, const struct buf *other)
{
    buf_clear(picture);
    buf_add(picture, buf_str(other));
    ENSURE(buf_check(picture) == OK);
}

/* All of a write, none, or some sectors of it from the front. */
static size_t torn(const struct disk_fault *fault, const struct waiting *waiting)
{
    uint64_t luck = entropy_below(fault->chance, 4);
    size_t sectors = waiting->size / SECTOR;
    if (luck == 0) {
        return 0;
    }
    if (luck == 1) {
        return (size_t)entropy_below(fault->chance, sectors + 1) * SECTOR;
    }
    return waiting->size;
}

/* A disk writes in its own order: it begins somewhere in the list. */
static void keep_some(const struct disk_fault *fault, struct fault_file *file)
{
    uint64_t count = 0;
    for (const struct waiting *w = file->first; w != NULL; w = w->next) {
        count++;
    }
    uint64_t from = count == 0 ? 0 : entropy_below(fault->chance, count);
    for (int turn = 0; turn < 2; turn++) {
        uint64_t index = 0;
        for (const struct waiting *w = file->first; w != NULL; w = w->next, index++) {
            size_t part = (turn == 0) == (index >= from) ? torn(fault, w) : 0;
            if (part > 0 || (w->size == 0 && entropy_below(fault->chance, 2) == 0)) {
                apply(&file->kept, w, part);
            }
        }
    }
    forget_waiting(file);
    set_picture(&file->seen, &file->kept);
}

/* --- names -------------------------------------------------------------------------------------
 */

static struct fault_file *find(const struct disk_fault *fault, const char *name)
{
    for (struct fault_file *file = fault->files; file != NULL; file = file->next) {
        if (!file->is_removed && strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

static struct fault_file *find_or_make(struct disk_fault *fault, const char *name)
{
    struct fault_file *file = find(fault, name);
    if (file == NULL) {
        file = mem_take(sizeof *file);
        ignore_int(snprintf(file->name, sizeof file->name, "%s", name));
        buf_init(&file->seen, FILE_MOST);
        buf_init(&file->kept, FILE_MOST);
        file->last = &file->first;
        file->next = fault->files;
        fault->files = file;
    }
    return file;
}

static bool is_in_folder(const char *name, const char *folder)
{
    size_t len = strlen(folder);
    const char *slash = strrchr(name, '/');
    return len == 0
               ? slash == NULL
               : slash != NULL && (size_t)(slash - name) == len && strncmp(name, folder, len) == 0;
}

/* The folder of a name was synced: what is in it stays, what was removed from it stays away. */
static void keep_names(struct disk_fault *fault, const char *name)
{
    char folder[DISK_NAME_MOST + 1] = "";
    const char *slash = strrchr(name, '/');
    if (slash != NULL) {
        ignore_int(snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name));
    }
    for (struct fault_file *file = fault->files, *next = NULL; file != NULL; file = next) {
        next = file->next;
        if (!is_in_folder(file->name, folder)) {
            continue;
        }
        if (file->is_removed) {
            drop_file(fault, file);
        } else {
            file->name_is_kept = true;
        }
    }
}

static void remove_file(struct disk_fault *fault, struct fault_file *file)
{
    fault->used -= file->seen.len;
    if (file->name_is_kept) {
        file->is_removed = true;
    } else {
        drop_file(fault, file);
    }
}

/* --- steps ---------------------------------------------------------------------------------------
 */

enum turn { TURN_WHOLE, TURN_CUT, TURN_FAILED };

/* What becomes of the next step. */
static enum turn take_step(struct disk_fault *fault)
{
    fault->steps++;
    if (fault->fail_at > 0 && --fault->fail_at == 0) {
        return TURN_FAILED;
    }
    if (fault->cut_at > 0 && --fault->cut_at == 0) {
        fault->is_cut = true;
        return TURN_CUT;
    }
    return TURN_WHOLE;
}

static errc outcome(const struct disk_fault *fault, enum turn turn, struct why *why)
{
    switch (turn) {
    case TURN_WHOLE:
        return OK;
    case TURN_CUT:
        return fail(why, ERR_IO, "the power went");
    case TURN_FAILED:
        return fail(why, fault->fail_error, "made to fail");
    }
    return OK;
}

static errc check_power(const struct disk_fault *fault, struct why *why)
{
    return fault->is_cut ? fail(why, ERR_IO, "there is no power") : OK;
}

static errc need(const struct disk_fault *fault, const char *name, struct fault_file **ret_file,
                 struct why *why)
{
    TRY(check_power(fault, why));
    struct fault_file *file = find(fault, name);
    if (file == NULL) {
        return fail(why, ERR_NOT_FOUND, "%s", name);
    }
    *ret_file = file;
    return OK;
}

static void note(struct fault_file *file, uint64_t at, str bytes)
{
    struct waiting *waiting = mem_take(sizeof *waiting + bytes.len);
    waiting->at = at;
    waiting->size = bytes.len;
    if (bytes.len > 0) {
        memcpy(waiting->bytes, bytes.at, bytes.len);
    }
    *file->last = waiting;
    file->last = &waiting->next;
    apply(&file->seen, waiting, waiting->size);
}

/* --- the disk ------------------------------------------------------------------------------------
 */

static errc fault_read(void *ctx, const char *name, uint64_t from, size_t most, struct buf *out,
                       struct why *why)
{
    struct fault_file *file = NULL;
    TRY(need(ctx, name, &file, why));
    size_t start = from < file->seen.len ? (size_t)from : file->seen.len;
    size_t end = most < file->seen.len - start ? start + most : file->seen.len;
    buf_add(out, str_cut(buf_str(&file->seen), start, end));
    return buf_check(out);
}

static errc fault_write(void *ctx, const char *name, uint64_t at, str bytes, struct why *why)
{
    struct disk_fault *fault = ctx;
    TRY(check_power(fault, why));
    struct fault_file *file = find(fault, name);
    uint64_t len = file == NULL ? 0 : file->seen.len;
    uint64_t grows = at + bytes.len > len ? at + bytes.len - len : 0;
    if (strlen(name) > DISK_NAME_MOST || at + bytes.len > FILE_MOST) {
        return fail(why, ERR_TOO_BIG, "%.40s", name);
    }
    if (fault->used + grows > fault->room) {
        return fail(why, ERR_DISK_FULL, "%s", name);
    }
    enum turn turn = take_step(fault);
    size_t size = turn == TURN_WHOLE ? bytes.len : bytes.len / 2;
    if (size > 0) {
        note(find_or_make(fault, name), at, str_cut(bytes, 0, size));
        file = find(fault, name);
        fault->used += file->seen.len - len;
    }
    return outcome(fault, turn, why);
}

static errc fault_cut(void *ctx, const char *name, uint64_t size, struct why *why)
{
    struct disk_fault *fault = ctx;
    struct fault_file *file = NULL;
    TRY(need(fault, name, &file, why));
    enum turn turn = take_step(fault);
    if (turn != TURN_FAILED && size < file->seen.len) {
        fault->used -= file->seen.len - size;
        note(file, size, STR_NONE);
    }
    return outcome(fault, turn, why);
}

static errc fault_sync(void *ctx, const char *name, struct why *why)
{
    struct disk_fault *fault = ctx;
    struct fault_file *file = NULL;
    TRY(need(fault, name, &file, why));
    enum turn turn = take_step(fault);
    if (turn == TURN_WHOLE) {
        forget_waiting(file);
        set_picture(&file->kept, &file->seen);
        keep_names(fault, name);
    }
    return outcome(fault, turn, why);
}

/* Cut in the middle, it has happened or not. */
static errc fault_rename(void *ctx, const char *from, const char *to, struct why *why)
{
    struct disk_fault *fault = ctx;
    struct fault_file *file = NULL;
    TRY(need(fault, from, &file, why));
    enum turn turn = take_step(fault);
    if (turn == TURN_WHOLE || (turn == TURN_CUT && entropy_below(fault->chance, 2) == 0)) {
        struct fault_file *old = find(fault, to);
        if (old != NULL && old != file) {
            fault->used -= old->seen.len;
            drop_file(fault, old);
        }
        ignore_int(snprintf(file->name, sizeof file->name, "%s", to));
        keep_names(fault, to);
    }
    return outcome(fault, turn, why);
}

static errc fault_put(void *ctx, const char *name, str bytes, struct why *why)
{
    struct disk_fault *fault = ctx;
    char fresh[DISK_NAME_MOST + 8];
    TRY(check_power(fault, why));
    ignore_int(snprintf(fresh, sizeof fresh, "%.*s.new", DISK_NAME_MOST - 4, name));
    struct fault_file *left = find(fault, fresh);
    if (left != NULL) {
        remove_file(fault, left);
    }
    ignore_int(find_or_make(fault, fresh) == NULL); /* an empty file is one too */
    errc rc = fault_write(ctx, fresh, 0, bytes, why);
    if (rc == OK) {
        rc = fault_sync(ctx, fresh, why);
    }
    if (rc == OK) {
        return fault_rename(ctx, fresh, name, why);
    }
    left = fault->is_cut ? NULL : find(fault, fresh);
    if (left != NULL) {
        remove_file(fault, left);
    }
    return rc;
}

static errc fault_remove(void *ctx, const char *name, struct why *why)
{
    struct disk_fault *fault = ctx;
    TRY(check_power(fault, why));
    struct fault_file *file = find(fault, name);
    if (file == NULL) {
        return OK;
    }
    enum turn turn = take_step(fault);
    if (turn != TURN_FAILED) {
        remove_file(fault, file);
    }
    return outcome(fault, turn, why);
}

static errc fault_size(void *ctx, const char *name, uint64_t *ret_size, struct why *why)
{
    struct fault_file *file = NULL;
    TRY(need(ctx, name, &file, why));
    *ret_size = file->seen.len;
    return OK;
}

static errc fault_list(void *ctx, const char *folder, const struct disk_each *each, struct why *why)
{
    const struct disk_fault *fault = ctx;
    TRY(check_power(fault, why));
    for (const struct fault_file *file = fault->files; file != NULL; file = file->next) {
        if (!file->is_removed && is_in_folder(file->name, folder)) {
            const char *slash = strrchr(file->name, '/');
            TRY(each->on_name(each->ctx, slash == NULL ? file->name : slash + 1, file->seen.len));
        }
    }
    return OK;
}

static uint64_t fault_room(void *ctx)
{
    const struct disk_fault *fault = ctx;
    return fault->room > fault->used ? fault->room - fault->used : 0;
}

static errc fault_open(void *ctx, const char *name, int *ret_fd, struct why *why)
{
    struct fault_file *file = NULL;
    TRY(need(ctx, name, &file, why));
    int fd = memfd_create("disk", MFD_CLOEXEC);
    if (fd < 0 || write(fd, file->seen.at, file->seen.len) != (ssize_t)file->seen.len ||
        lseek(fd, 0, SEEK_SET) != 0) {
        int number = errno;
        file_close(&fd);
        return fail_errno(why, number, "%s", name);
    }
    *ret_fd = fd;
    return OK;
}

struct disk disk_fault_disk(struct disk_fault *fault)
{
    return (struct disk){
        .ctx = fault,
        .read = fault_read,
        .put = fault_put,
        .write = fault_write,
        .cut = fault_cut,
        .sync = fault_sync,
        .rename = fault_rename,
        .remove = fault_remove,
        .size = fault_size,
        .list = fault_list,
        .room = fault_room,
        .open = fault_open,
    };
}

/* --- what a test does to it ---------------------------------------------------------------------
 */

struct disk_fault *disk_fault_create(uint64_t room, struct entropy chance)
{
    struct disk_fault *fault = mem_take(sizeof *fault);
    fault->room = room;
    fault->chance = chance;
    return fault;
}

void disk_fault_destroy(struct disk_fault *fault)
{
    while (fault != NULL && fault->files != NULL) {
        drop_file(fault, fault->files);
    }
    mem_give(fault);
}

void disk_fault_cut_at(struct disk_fault *fault, uint64_t step)
{
    fault->cut_at = step;
}

bool disk_fault_is_cut(const struct disk_fault *fault)
{
    return fault->is_cut;
}

void disk_fault_fail_at(struct disk_fault *fault, uint64_t step, errc error)
{
    fault->fail_at = step;
    fault->fail_error = error;
}

void disk_fault_set_room(struct disk_fault *fault, uint64_t room)
{
    fault->room = room;
}

void disk_fault_restart(struct disk_fault *fault)
{
    fault->used = 0;
    for (struct fault_file *file = fault->files, *next = NULL; file != NULL; file = next) {
        next = file->next;
        bool is_there =
            (file->name_is_kept && !file->is_removed) || entropy_below(fault->chance, 2) == 0;
        /* A removed name that comes back while another file has it would be two of one name. */
        if (!is_there || (file->is_removed && find(fault, file->name) != NULL)) {
            drop_file(fault, file);
            continue;
        }
        file->is_removed = false;
        file->name_is_kept = true;
        keep_some(fault, file);
        fault->used += file->seen.len;
    }
    fault->is_cut = false;
    fault->cut_at = 0;
    fault->fail_at = 0;
}

bool disk_fault_flip(struct disk_fault *fault, const char *name, uint64_t bit)
{
    struct fault_file *file = find(fault, name);
    if (file == NULL || file->seen.len == 0) {
        return false;
    }
    bit %= file->seen.len * 8;
    file->seen.at[bit / 8] = (char)(file->seen.at[bit / 8] ^ (1 << (bit % 8)));
    set_picture(&file->kept, &file->seen);
    forget_waiting(file);
    return true;
}

uint64_t disk_fault_steps(const struct disk_fault *fault)
{
    return fault->steps;
}
