/* Page-cached file bytes are read at once (RWF_NOWAIT); others by a worker, one block at a time.
 * The file is held by the request and by the worker's job, whichever ends last closes it. */
#include "loop/source.h"

#include "loop/request.h"

#include <errno.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

struct source_file {
    int fd;
    int holders; /* loop thread only */
    bool reading;
    struct http_server *server;
    http_id id;
    uint64_t from;  /* of the block */
    ssize_t result; /* its size, or -1 */
    size_t wanted;
    char *block; /* BLOCK bytes once needed */
};

static void release_file(struct source_file *file)
{
    file->holders--;
    if (file->holders == 0) {
        ignore_int(close(file->fd));
        mem_give(file->block);
        mem_give(file);
    }
}

void source_finish(struct source *source)
{
    http_message_release(source->message);
    if (source->file != NULL) {
        source->file->server = NULL; /* it may be gone when a job comes back */
        release_file(source->file);
    }
    *source = (struct source){0};
}

void source_set_static(struct source *source, str bytes)
{
    *source = (struct source){.at = bytes.at, .left = bytes.len, .is_static = true};
}

bool source_set_copy(struct source *source, str bytes)
{
    struct http_message *message = message_take(MESSAGE_BYTES, bytes.len);
    if (message == NULL) {
        return false;
    }
    if (bytes.len > 0) {
        memcpy(message->bytes, bytes.at, bytes.len);
    }
    *source = (struct source){.at = message->bytes, .message = message, .left = bytes.len};
    return true;
}

void source_set_file(struct source *source, int take_fd, uint64_t size)
{
    struct source_file *file = mem_take(sizeof *file);
    file->fd = take_fd;
    file->holders = 1;
    *source = (struct source){.file = file, .left = size};
}

void source_cut(struct source *source, uint64_t from, uint64_t size)
{
    source->from = from;
    source->left = size;
    if (source->at != NULL) {
        source->at += from;
    }
}

static void read_block(void *ctx)
{
    struct source_file *file = ctx;
    file->result = pread(file->fd, file->block, file->wanted, (off_t)file->from);
}

static void handle_block(void *ctx)
{
    struct source_file *file = ctx;
    file->reading = false;
    struct http_request *request = file->server == NULL ? NULL : request_of(file->server, file->id);
    if (request != NULL) {
        request_resume(request);
    }
    release_file(file);
}

static ssize_t start_reading(struct source *source, struct http_request *request)
{
    struct source_file *file = source->file;
    if (file->block == NULL) {
        file->block = mem_try(BLOCK);
        if (file->block == NULL) {
            return SOURCE_FAILED;
        }
    }
    file->server = request->server;
    file->id = request->id;
    file->from = source->from;
    file->result = 0;
    file->wanted = source->left < BLOCK ? (size_t)source->left : BLOCK;
    if (loop_work(request->server->loop, read_block, handle_block, file) != OK) {
        return SOURCE_FAILED;
    }
    file->reading = true;
    file->holders++;
    return SOURCE_WAIT;
}

static ssize_t read_file(struct source *source, struct http_request *request, char *into,
                         size_t most)
{
    struct source_file *file = source->file;
    if (file->reading) {
        return SOURCE_WAIT;
    }
    if (file->result < 0) {
        return SOURCE_FAILED;
    }
    uint64_t end = file->from + (uint64_t)file->result;
    if (source->from >= file->from && source->from < end) {
        size_t size = end - source->from < most ? (size_t)(end - source->from) : most;
        memcpy(into, file->block + (source->from - file->from), size);
        return (ssize_t)size;
    }
    if (file->wanted > 0 && file->result == 0) {
        return SOURCE_FAILED; /* shorter than was said */
    }
    struct iovec piece = {into, most};
    ssize_t count = preadv2(file->fd, &piece, 1, (off_t)source->from, RWF_NOWAIT);
    if (count > 0) {
        return count;
    }
    return start_reading(source, request);
}

ssize_t source_read(struct source *source, struct http_request *request, char *into, size_t most)
{
    most = source->left < most ? (size_t)source->left : most;
    ssize_t count = (ssize_t)most;
    if (source->at != NULL) {
        memcpy(into, source->at, most);
        source->at += most;
    } else {
        count = read_file(source, request, into, most);
        if (count <= 0) {
            return count;
        }
    }
    source->from += (uint64_t)count;
    source->left -= (uint64_t)count;
    return count;
}
