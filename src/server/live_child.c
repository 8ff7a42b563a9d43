/* What the program writes: packets, each behind two bytes of its length. */
#include "server/live_child.h"

#include "live/packet.h"
#include "loop/process.h"

#include <unistd.h>

enum { HEAD = 2, PATH_ROOM = 512, WORDS = 6 };

struct live_child {
    struct live_child_config config;
    struct process *process;
    char have[HEAD + LIVE_PACKET_MOST];
    size_t size;
    bool is_broken;
};

/* Beside our own program. */
static bool find_program(const char *name, char path[PATH_ROOM])
{
    ssize_t size = readlink("/proc/self/exe", path, PATH_ROOM - 1);
    if (size <= 0) {
        return false;
    }
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    size_t left = PATH_ROOM - (size_t)(slash - path) - 1;
    ignore_int(snprintf(slash + 1, left, "%s", name));
    if (access(path, X_OK) == 0) {
        return true;
    }
    ignore_int(snprintf(path, PATH_ROOM, "/usr/lib/loa/%s", name)); /* where the package has it */
    return access(path, X_OK) == 0;
}

static size_t wanted(const struct live_child *child)
{
    if (child->size < HEAD) {
        return HEAD;
    }
    return HEAD + (size_t)((uint8_t)child->have[0] << 8 | (uint8_t)child->have[1]);
}

static void on_packets(void *ctx, str bytes)
{
    struct live_child *child = ctx;
    while (bytes.len > 0 && !child->is_broken) {
        size_t want = wanted(child);
        if (want > sizeof child->have) {
            child->is_broken = true;
            return;
        }
        size_t take = want - child->size < bytes.len ? want - child->size : bytes.len;
        memcpy(child->have + child->size, bytes.at, take);
        child->size += take;
        bytes = str_cut(bytes, take, bytes.len);
        if (child->size > HEAD && child->size == wanted(child)) {
            str packet = {child->have + HEAD, child->size - HEAD};
            child->size = 0;
            child->config.on_packet(child->config.ctx, packet);
        }
    }
}

static void on_bytes(void *ctx, str bytes)
{
    struct live_child *child = ctx;
    if (child->config.on_bytes != NULL) {
        child->config.on_bytes(child->config.ctx, bytes);
    } else {
        on_packets(child, bytes);
    }
}

static void on_room(void *ctx)
{
    const struct live_child *child = ctx;
    if (child->config.on_room != NULL) {
        child->config.on_room(child->config.ctx);
    }
}

static void on_end(void *ctx)
{
    const struct live_child *child = ctx;
    if (child->config.on_end != NULL) {
        child->config.on_end(child->config.ctx);
    }
}

errc live_child_start(const struct live_child_config *config, struct live_child **ret_child)
{
    char path[PATH_ROOM];
    bool fetches = config->address != NULL;
    const char *decode[] = {"loa-ingest", "--live", "--kbit", "24", NULL};
    const char *fetch[] = {"loa-fetch", config->address, config->allowed, NULL};
    if (!find_program(fetches ? "loa-fetch" : "loa-ingest", path)) {
        return ERR_NOT_FOUND;
    }
    struct live_child *child = mem_take(sizeof *child);
    struct process_config spawn = {.path = path,
                                   .words = fetches ? fetch : decode,
                                   .ctx = child,
                                   .on_bytes = on_bytes,
                                   .on_room = on_room,
                                   .on_end = on_end};
    child->config = *config;
    errc rc = process_start(config->loop, &spawn, &child->process, NULL);
    if (rc != OK) {
        mem_give(child);
        return rc;
    }
    *ret_child = child;
    return OK;
}

errc live_child_write(struct live_child *child, str bytes)
{
    return child->is_broken ? ERR_CORRUPT : process_write(child->process, bytes);
}

void live_child_set_reading(struct live_child *child, bool reading)
{
    process_set_reading(child->process, reading);
}

void live_child_stop(struct live_child *child)
{
    if (child != NULL) {
        process_stop(child->process);
        mem_give(child);
    }
}
