#include "loop/process.h"

#include "loop/loop_uv.h"

#include <signal.h>

enum { WAITING_MOST = 256 * 1024, READ_ROOM = 64 * 1024, HANDLES = 3 };

struct process {
    struct process_config config;
    uv_process_t process;
    uv_pipe_t input;
    uv_pipe_t output;
    int open;      /* handles that are not closed yet */
    size_t waits;  /* bytes on their way to it */
    bool is_gone;  /* it has ended, or is to */
    bool is_ours;  /* nobody wants to hear of it any more */
    bool has_room; /* was told, or never lacked it */
    char room[READ_ROOM];
};

struct writing {
    uv_write_t request;
    struct process *child;
    size_t size;
    char bytes[];
};

static void on_closed(uv_handle_t *handle)
{
    struct process *child = handle->data;
    if (--child->open == 0) {
        mem_give(child);
    }
}

static void close_all(struct process *child)
{
    uv_handle_t *const handles[HANDLES] = {(uv_handle_t *)&child->process,
                                           (uv_handle_t *)&child->input,
                                           (uv_handle_t *)&child->output};
    for (size_t i = 0; i < HANDLES; i++) {
        if (!uv_is_closing(handles[i])) {
            uv_close(handles[i], on_closed);
        }
    }
}

/* Both its end and the end of what it wrote must have come: the last bytes count. */
static void end(struct process *child)
{
    if (child->is_gone) {
        return;
    }
    child->is_gone = true;
    if (!child->is_ours && child->config.on_end != NULL) {
        child->config.on_end(child->config.ctx); /* may stop it */
    }
}

static void on_ended(uv_process_t *process, int64_t status, int signal)
{
    struct process *child = process->data;
    (void)status;
    (void)signal;
    if (child->is_ours) {
        close_all(child);
    }
}

static void on_room_wanted(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buffer)
{
    struct process *child = handle->data;
    (void)wanted;
    *ret_buffer = uv_buf_init(child->room, sizeof child->room);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct process *child = stream->data;
    if (count > 0 && !child->is_ours) {
        child->config.on_bytes(child->config.ctx, (str){buffer->base, (size_t)count});
    } else if (count < 0) {
        ignore_int(uv_read_stop(stream));
        end(child);
    }
}

errc process_start(struct loop *loop, const struct process_config *config,
                   struct process **ret_child, struct why *why)
{
    struct process *child = mem_take(sizeof *child);
    uv_loop_t *uv = loop_uv(loop);
    child->config = *config;
    child->has_room = true;
    child->process.data = child->input.data = child->output.data = child;
    ignore_int(uv_pipe_init(uv, &child->input, 0));
    ignore_int(uv_pipe_init(uv, &child->output, 0));
    uv_stdio_container_t pipes[] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&child->input},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&child->output},
        {.flags = UV_INHERIT_FD, .data.fd = 2}};
    uv_process_options_t options = {
        .exit_cb = on_ended,
        .file = config->path,
        .args = (char **)(uintptr_t)config->words, /* uv does not write to them */
        .stdio_count = COUNT_OF(pipes),
        .stdio = pipes,
    };
    int rc = uv_spawn(uv, &child->process, &options);
    child->open = HANDLES;
    if (rc != 0) {
        child->is_ours = child->is_gone = true;
        close_all(child);
        return fail(why, rc == UV_ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", config->path,
                    uv_strerror(rc));
    }
    ignore_int(uv_read_start((uv_stream_t *)&child->output, on_room_wanted, on_read));
    *ret_child = child;
    return OK;
}

static void on_written(uv_write_t *request, int status)
{
    struct writing *writing = request->data;
    struct process *child = writing->child;
    child->waits -= writing->size;
    mem_give(writing);
    (void)status;
    bool tells = !child->has_room && child->waits < WAITING_MOST / 2 && !child->is_ours;
    child->has_room = child->has_room || tells;
    if (tells && child->config.on_room != NULL) {
        child->config.on_room(child->config.ctx);
    }
}

errc process_write(struct process *child, str bytes)
{
    if (child->is_gone || child->is_ours) {
        return ERR_CLOSED;
    }
    struct writing *writing = mem_take(sizeof *writing + bytes.len);
    writing->request.data = writing;
    writing->child = child;
    writing->size = bytes.len;
    memcpy(writing->bytes, bytes.at, bytes.len);
    uv_buf_t buffer = uv_buf_init(writing->bytes, (unsigned)bytes.len);
    child->waits += bytes.len;
    if (uv_write(&writing->request, (uv_stream_t *)&child->input, &buffer, 1, on_written) != 0) {
        child->waits -= bytes.len;
        mem_give(writing);
        return ERR_CLOSED;
    }
    child->has_room = child->waits < WAITING_MOST;
    return child->has_room ? OK : ERR_BUSY;
}

void process_end_input(struct process *child)
{
    if (!uv_is_closing((uv_handle_t *)&child->input)) {
        uv_close((uv_handle_t *)&child->input, on_closed);
    }
}

void process_set_reading(struct process *child, bool reading)
{
    if (child->is_gone) {
        return;
    }
    ignore_int(uv_read_stop((uv_stream_t *)&child->output));
    if (reading) {
        ignore_int(uv_read_start((uv_stream_t *)&child->output, on_room_wanted, on_read));
    }
}

void process_stop(struct process *child)
{
    if (child == NULL) {
        return;
    }
    child->is_ours = true;
    child->is_gone = true;
    if (uv_is_active((uv_handle_t *)&child->process)) {
        ignore_int(uv_process_kill(&child->process, SIGKILL)); /* on_ended() closes the rest */
    } else {
        close_all(child);
    }
}
