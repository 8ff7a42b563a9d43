/* A stick of a stranger: trust, an order and a sound, split from the input by its first two bytes.
 * Nothing of it may be obeyed, and a sound is kept only when it is what its name says. */
#include "agent/stick.h"

#include "agent/disk_fault.h"
#include "agent/log_tail.h"
#include "base/crash.h"
#include "wire/authority_testing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum log_reason take_trust(void *ctx, const struct wire_trust *trust)
{
    struct authority_kit *kit = ctx;
    struct authority known = kit->authority;
    size_t refused = 0;
    enum log_reason reason =
        authority_trust(&known, CLOCK_SURE, KIT_NOW, trust, kit->arena, &refused);
    ENSURE(reason != REASON_NONE || known.trust_version >= kit->authority.trust_version);
    return reason;
}

static enum log_reason take_order(void *ctx, str cose)
{
    bool again = false;
    enum log_reason reason = kit_judge(ctx, cose, &again);
    ENSURE(reason != REASON_NONE);
    return reason;
}

static bool need(void *ctx, hash media)
{
    (void)ctx;
    (void)media;
    return true;
}

static void fill(const struct disk *disk, str bytes)
{
    char name[100];
    char text[HASH_TEXT_SIZE];
    size_t first = bytes.len > 0 ? (uint8_t)bytes.at[0] : 0;
    size_t second = bytes.len > 1 ? first + (uint8_t)bytes.at[1] : first;
    str sound = str_cut(bytes, second, bytes.len);
    hash right = hash_of(sound);
    hash_text(right, text);
    ENSURE(disk->put(disk->ctx, "trust", str_cut(bytes, 2, first), NULL) == OK);
    ENSURE(disk->put(disk->ctx, "orders/1", str_cut(bytes, first, second), NULL) == OK);
    ignore_int(snprintf(name, sizeof name, "media/%s", text));
    ENSURE(disk->put(disk->ctx, name, sound, NULL) == OK);
    name[6] = name[6] == '0' ? '1' : '0';
    ENSURE(disk->put(disk->ctx, name, sound, NULL) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct entropy_seed seed = {1};
    struct authority_kit *kit = kit_create_placed();
    struct disk_fault *fault = disk_fault_create(1 << 26, entropy_seeded(&seed));
    struct disk_fault *own = disk_fault_create(1 << 26, entropy_seeded(&seed));
    struct disk stick = disk_fault_disk(fault);
    struct disk disk = disk_fault_disk(own);
    struct log_tail tail;
    struct stick_device device = {.device = KIT_DEVICE, .needs = {need, NULL}};
    struct stick_ports ports = {.ctx = kit, .trust = take_trust, .order = take_order};
    struct stick_report report;
    log_tail_init(&tail, kit->authority.device_key, 4096);
    device.log = log_tail_log(&tail);
    ENSURE(cache_open(&disk, 1 << 24, &device.cache, NULL) == OK);
    fill(&stick, (str){(const char *)data, size});
    ignore(stick_read(&stick, &ports, &device, &report, NULL));
    ENSURE(report.sounds <= 1);
    cache_close(device.cache);
    log_tail_finish(&tail);
    disk_fault_destroy(fault);
    disk_fault_destroy(own);
    kit_destroy(kit);
    return 0;
}
