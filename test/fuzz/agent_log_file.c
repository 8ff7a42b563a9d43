/* A log file that somebody else has written, or a disk has eaten: opening it gives a chain that
 * goes on, whatever stands there. The first byte chooses where a second file is cut off. */
#include "agent/log_file.h"

#include "agent/disk_fault.h"
#include "base/crash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(const struct disk *disk, uint64_t number, str bytes)
{
    char name[40];
    ignore_int(snprintf(name, sizeof name, "log/%020llu", (unsigned long long)number));
    ENSURE(disk->put(disk->ctx, name, bytes, NULL) == OK);
}

static void use(struct log_file *file)
{
    struct device_log log = log_file_log(file);
    struct arena *arena = NULL;
    struct log_piece piece;
    struct wire_log_entry entry = {.at = 1, .kind = LOG_BOOT};
    ENSURE(arena_create(1 << 20, &arena) == OK);
    struct log_span span = log.span(log.ctx);
    ENSURE(span.last + 1 >= span.first);
    if (span.last < UINT64_MAX / 2 && log.add(log.ctx, &entry, NULL) == OK) {
        ENSURE(log.span(log.ctx).last == span.last + 1);
        ENSURE(log.read(log.ctx, span.last + 1, 8, arena, &piece, NULL) == OK);
        ENSURE(piece.entries.count == 1);
    }
    if (span.last >= span.first) {
        ignore(log.read(log.ctx, span.first, 64, arena, &piece, NULL));
    }
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct entropy_seed seed = {1};
    struct disk_fault *fault = disk_fault_create(1 << 24, entropy_seeded(&seed));
    struct disk disk = disk_fault_disk(fault);
    struct log_file *file = NULL;
    str bytes = {(const char *)data, size};
    size_t cut = size == 0 ? 0 : data[0];
    put(&disk, 0, str_cut(bytes, 1, size - (cut < size ? cut : size) + 1));
    put(&disk, cut, str_cut(bytes, 1, size));
    if (log_file_open(&disk, (hash){{7}}, 1 << 22, &file, NULL) == OK) {
        use(file);
        log_file_close(file);
    }
    disk_fault_destroy(fault);
    return 0;
}
