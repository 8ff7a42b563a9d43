/* Every upload has its own temporary file ("upload-XXXXXX" in the folder that the plan named),
 * made, written, closed and removed by workers. At most BEHIND bytes wait in memory. */
#include "loop/upload.h"

#include "base/file.h"
#include "loop/request.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, BEHIND = 4 * BLOCK };

struct block {
    struct block *next;
    size_t size;
    char bytes[BLOCK];
};

struct upload {
    struct http_server *server;
    struct loop *loop;
    http_id id;
    const char *folder;
    struct block *first;
    struct block *last;
    size_t waiting; /* bytes in blocks, those of the running job included */
    uint64_t size;
    bool working;
    bool ended;
    bool dropped;
    bool taken;
    errc rc;
    /* the job's while working */
    struct block *job;
    size_t job_size;
    errc job_rc;
    int fd;
    char path[PATH_MAX];
};

struct upload *upload_create(struct http_server *server, http_id id, const char *folder)
{
    struct upload *upload = mem_take(sizeof *upload);
    upload->server = server;
    upload->loop = server->loop;
    upload->id = id;
    upload->folder = folder;
    upload->fd = -1;
    return upload;
}

static void free_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        mem_give(block);
        block = next;
    }
}

static errc open_file(struct upload *upload)
{
    int length = snprintf(upload->path, sizeof upload->path, "%s/upload-XXXXXX", upload->folder);
    if (length < 0 || (size_t)length >= sizeof upload->path) {
        return ERR_INVALID;
    }
    upload->fd = mkostemp(upload->path, O_CLOEXEC);
    return upload->fd >= 0 ? OK : fail_errno(NULL, errno, "upload");
}

static void write_blocks(void *ctx)
{
    struct upload *upload = ctx;
    if (upload->fd < 0) {
        upload->job_rc = open_file(upload);
    }
    for (struct block *block = upload->job; block != NULL && upload->job_rc == OK;
         block = block->next) {
        upload->job_rc = file_write_all(upload->fd, block->bytes, block->size, NULL);
    }
}

static void clean_up(void *ctx)
{
    struct upload *upload = ctx;
    if (upload->fd >= 0 && !upload->taken) {
        ignore_int(close(upload->fd));
        ignore_int(unlink(upload->path));
    }
}

static void free_upload(void *ctx)
{
    mem_give(ctx);
}

static void finish(struct upload *upload)
{
    free_blocks(upload->first);
    upload->first = NULL;
    if (upload->fd < 0 || upload->taken) {
        mem_give(upload);
    } else if (loop_work(upload->loop, clean_up, free_upload, upload) != OK) {
        clean_up(upload); /* rather a late loop than a lost descriptor */
        mem_give(upload);
    }
}

static void handle_written(void *ctx);

static void start_job(struct upload *upload)
{
    upload->job = upload->first;
    upload->job_size = upload->waiting;
    upload->first = NULL;
    upload->last = NULL;
    upload->working = true;
    if (loop_work(upload->loop, write_blocks, handle_written, upload) != OK) {
        upload->rc = ERR_BUSY;
        upload->working = false;
        free_blocks(upload->job);
        upload->job = NULL;
    }
}

static void handle_written(void *ctx)
{
    struct upload *upload = ctx;
    free_blocks(upload->job);
    upload->job = NULL;
    upload->waiting -= upload->job_size;
    upload->working = false;
    upload->rc = upload->job_rc;
    if (upload->dropped) {
        finish(upload);
        return;
    }
    if (upload->rc == OK && upload->first != NULL) {
        start_job(upload);
    }
    struct http_request *request = request_of(upload->server, upload->id);
    if (request != NULL) {
        request_handle_upload(request);
    }
}

void upload_drop(struct upload *upload)
{
    if (upload == NULL) {
        return;
    }
    upload->dropped = true;
    if (!upload->working) {
        finish(upload);
    }
}

errc upload_add(struct upload *upload, str bytes)
{
    upload->size += bytes.len;
    upload->waiting += bytes.len;
    while (bytes.len > 0 && upload->rc == OK) {
        if (upload->last == NULL || upload->last->size == BLOCK) {
            struct block *block = mem_try(sizeof *block);
            if (block == NULL) {
                return ERR_NO_MEMORY;
            }
            block->next = NULL;
            block->size = 0;
            if (upload->last == NULL) {
                upload->first = block;
            } else {
                upload->last->next = block;
            }
            upload->last = block;
        }
        struct block *last = upload->last;
        size_t part = bytes.len < BLOCK - last->size ? bytes.len : BLOCK - last->size;
        memcpy(last->bytes + last->size, bytes.at, part);
        last->size += part;
        bytes = str_cut(bytes, part, bytes.len);
    }
    if (!upload->working && upload->waiting >= BLOCK) {
        start_job(upload);
    }
    return upload->rc;
}

void upload_end(struct upload *upload)
{
    upload->ended = true;
    if (!upload->working && upload->rc == OK && upload->first != NULL) {
        start_job(upload);
    }
}

bool upload_is_behind(const struct upload *upload)
{
    return upload->working && upload->waiting >= BEHIND;
}

bool upload_is_whole(const struct upload *upload)
{
    return upload->ended && !upload->working && upload->first == NULL;
}

errc upload_error(const struct upload *upload)
{
    return upload->working ? OK : upload->rc;
}

struct http_file upload_file(const struct upload *upload)
{
    return (struct http_file){upload->fd, upload->size, upload->fd >= 0 ? upload->path : ""};
}

struct http_file upload_take(struct upload *upload)
{
    struct http_file file = upload_file(upload);
    upload->taken = true;
    return file;
}
