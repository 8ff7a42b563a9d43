/* A WAV file as a loudspeaker. The sound is written first, the sizes in the head after it, so that
 * the head never promises what is not there. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "agent/sink_pace.h"
#include "base/file.h"

enum { HEAD = 44, LEAST = HEAD + SINK_RATE * 2 };
/* What the sizes of a WAV file can say. */
#define MOST ((uint64_t)UINT32_MAX - 64)

struct sink_file {
    struct sink base;
    struct sink_pace pace;
    char *path;
    char *old_path;
    uint64_t most;
    uint64_t size; /* of the sound */
    int fd;
};

static void put_le(uint8_t *to, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static errc write_at(const struct sink_file *file, const void *bytes, size_t size, uint64_t at,
                     struct why *why)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t done = pwrite(file->fd, from, size, (off_t)at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return fail_errno(why, done < 0 ? errno : ENOSPC, "writing %s", file->path);
        }
        from += done;
        at += (uint64_t)done;
        size -= (size_t)done;
    }
    return OK;
}

static errc write_head(const struct sink_file *file, struct why *why)
{
    uint8_t head[HEAD] = "RIFF....WAVEfmt ";
    put_le(head + 4, (uint32_t)(HEAD - 8 + file->size), 4);
    put_le(head + 16, 16, 4);
    put_le(head + 20, 1, 2); /* PCM */
    put_le(head + 22, 1, 2); /* channel */
    put_le(head + 24, SINK_RATE, 4);
    put_le(head + 28, SINK_RATE * 2, 4);
    put_le(head + 32, 2, 2);
    put_le(head + 34, 16, 2);
    memcpy(head + 36, "data", 4);
    put_le(head + 40, (uint32_t)file->size, 4);
    return write_at(file, head, sizeof head, 0, why);
}

static errc open_file(struct sink *sink, struct why *why)
{
    struct sink_file *file = (struct sink_file *)sink;
    file->fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file->fd < 0) {
        return fail_errno(why, errno, "opening %s", file->path);
    }
    file->size = 0;
    sink_pace_begin(&file->pace);
    return write_head(file, why);
}

static errc wait_file(struct sink *sink, struct sink_turn *ret_turn, struct why *why)
{
    return sink_pace_wait(&((struct sink_file *)sink)->pace, ret_turn, why);
}

static void close_file(struct sink *sink)
{
    struct sink_file *file = (struct sink_file *)sink;
    file_close(&file->fd);
    file->fd = -1;
}

static errc roll(struct sink_file *file, struct why *why)
{
    close_file(&file->base);
    if (rename(file->path, file->old_path) != 0) {
        return fail_errno(why, errno, "renaming %s", file->path);
    }
    file->fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    file->size = 0;
    return file->fd < 0 ? fail_errno(why, errno, "opening %s", file->path) : OK;
}

static errc put_file(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    struct sink_file *file = (struct sink_file *)sink;
    uint8_t bytes[SINK_TURN_MOST * 2];
    size_t size = frames * 2;
    for (size_t i = 0; i < frames; i++) {
        put_le(bytes + i * 2, (uint32_t)(uint16_t)pcm[i], 2);
    }
    if (HEAD + file->size + size > file->most) {
        TRY(roll(file, why));
    }
    TRY(write_at(file, bytes, size, HEAD + file->size, why));
    file->size += size;
    return write_head(file, why);
}

static void stop_file(struct sink *sink)
{
    sink_pace_stop(&((struct sink_file *)sink)->pace);
}

static void destroy_file(struct sink *sink)
{
    struct sink_file *file = (struct sink_file *)sink;
    close_file(sink);
    sink_pace_finish(&file->pace);
    mem_give(file->path);
    mem_give(file->old_path);
    mem_give(file);
}

errc sink_file_create(const char *path, uint64_t bytes_most, struct sink **ret_sink,
                      struct why *why)
{
    static const struct sink_kind kind = {"file",     open_file, wait_file,   put_file,
                                          close_file, stop_file, destroy_file};
    if (bytes_most < LEAST || bytes_most > MOST) {
        return fail(why, ERR_INVALID, "a WAV file has %d to %llu bytes", LEAST,
                    (unsigned long long)MOST);
    }
    struct sink_file *file = mem_take(sizeof *file);
    size_t size = strlen(path) + sizeof ".1";
    file->base.kind = &kind;
    file->path = mem_text(path);
    file->old_path = mem_take(size);
    ignore_int(snprintf(file->old_path, size, "%s.1", path));
    file->most = bytes_most;
    file->fd = -1;
    sink_pace_init(&file->pace);
    *ret_sink = &file->base;
    return OK;
}
