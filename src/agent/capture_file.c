/* A WAV file as an ear: mono, 48 kHz, 16 bit, from its beginning at the pace of time; behind its
 * end there is silence. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "agent/capture_inside.h"
#include "base/file.h"

enum { HEAD = 44 };

struct capture_file {
    struct capture base;
    char *path;
    int fd;
};

static errc open_file(struct capture *capture, struct why *why)
{
    struct capture_file *file = (struct capture_file *)capture;
    sink_pace_begin(&capture->pace);
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (file->fd < 0) {
        return fail_errno(why, errno, "opening %s", file->path);
    }
    if (lseek(file->fd, HEAD, SEEK_SET) != HEAD) {
        return fail_errno(why, errno, "reading %s", file->path);
    }
    return OK;
}

static errc read_piece(struct capture *capture, struct capture_piece *ret_piece, struct why *why)
{
    struct capture_file *file = (struct capture_file *)capture;
    struct sink_turn turn = {0};
    uint8_t bytes[CAPTURE_PIECE * 2] = {0};
    TRY(sink_pace_wait(&capture->pace, &turn, why));
    if (read(file->fd, bytes, sizeof bytes) < 0) {
        return fail_errno(why, errno, "reading %s", file->path);
    }
    for (size_t i = 0; i < CAPTURE_PIECE; i++) {
        ret_piece->pcm[i] = (int16_t)(uint16_t)(bytes[i * 2] | bytes[i * 2 + 1] << 8);
    }
    ret_piece->frames = CAPTURE_PIECE;
    ret_piece->heard_at = turn.heard_at;
    return OK;
}

static void close_file(struct capture *capture)
{
    struct capture_file *file = (struct capture_file *)capture;
    file_close(&file->fd);
    file->fd = -1;
}

static void destroy_file(struct capture *capture)
{
    mem_give(((struct capture_file *)capture)->path);
    mem_give(capture);
}

errc capture_file_create(const char *path, struct capture **ret_capture, struct why *why)
{
    static const struct capture_kind kind = {open_file, read_piece, close_file, destroy_file};
    struct capture_file *file = mem_take(sizeof *file);
    file->path = mem_text(path);
    file->fd = -1;
    errc rc = capture_start(&file->base, &kind, why);
    if (rc != OK) {
        capture_destroy(&file->base);
        return rc;
    }
    *ret_capture = &file->base;
    return OK;
}
