/* The server as a whole: its turn before the loop waits, its waits, its stop and its end. */
#include "loop/server.h"

#include "loop/limits.h"
#include "loop/request.h"
#include "loop/websocket.h"

const char *http_refusal_name(enum http_refusal refusal)
{
    static const char *const names[] = {"malformed", "too_big", "too_slow", "full", "address",
                                        "flood",     "tls",     "queue",    "disk"};
    _Static_assert(COUNT_OF(names) == HTTP_REFUSALS, "a name for each refusal");
    return names[refusal];
}

void server_refused(struct http_server *server, enum http_refusal refusal)
{
    server->counters.refused[refusal]++;
}

const struct http_counters *http_server_counters(const struct http_server *server)
{
    return &server->counters;
}

str server_date(struct http_server *server)
{
    usec now = now_utc();
    usec second = now / USEC_SECOND;
    if (second != server->date_second) {
        server->date_second = second;
        http_date_write(now, server->date);
    }
    return (str){server->date, HTTP_DATE_SIZE - 1};
}

struct http_request *request_of(struct http_server *server, http_id id)
{
    struct http_request *request = slots_get(&server->ids, id.slot, id.generation);
    return request != NULL && request->kind == ENTRY_REQUEST ? request : NULL;
}

/* --- the turn -----------------------------------------------------------------------------------
 */

static void on_busy(uv_idle_t *handle)
{
    (void)handle; /* its being active keeps the loop from waiting */
}

void server_turn(struct http_server *server)
{
    struct conn *conn = server->touched;
    server->touched = NULL;
    server->last_touched = NULL;
    while (conn != NULL) {
        struct conn *next = conn->next_touched;
        conn->is_touched = false;
        conn_turn(conn);
        conn = next;
    }
    if (server->destroying) {
        return;
    }
    conn_admit(server);
    if (server->touched != NULL || may_admit(server)) {
        ignore_int(uv_idle_start(&server->busy, on_busy));
    } else {
        ignore_int(uv_idle_stop(&server->busy));
    }
}

static void on_turn(uv_prepare_t *handle)
{
    server_turn(handle->data);
}

static void on_wheel(void *ctx)
{
    struct http_server *server = ctx;
    wheel_turn(&server->wheel, server_now(server));
    if (server->wheel.count == 0) {
        loop_timer_stop(server->loop, server->wheel_timer);
        server->wheel_timer = LOOP_TIMER_NONE;
    }
}

void server_wait(struct http_server *server, struct deadline *deadline, usec due)
{
    if (server->wheel_timer.generation == 0 && !server->destroying) {
        wheel_turn(&server->wheel, server_now(server));
        server->wheel_timer =
            loop_timer_start(server->loop, DEADLINE_STEP, DEADLINE_STEP, on_wheel, server);
    }
    deadline_set(&server->wheel, deadline, due);
}

/* --- beginning and end ---------------------------------------------------------------------------
 */

errc http_server_create(struct loop *loop, const struct http_config *config,
                        struct http_server **ret_server, struct why *why)
{
    TRY(limits_check(&config->limits, why));
    if (config->on_head == NULL || config->on_request == NULL || config->entropy.fill == NULL) {
        return fail(why, ERR_USAGE, "a server needs on_head, on_request and entropy");
    }
    struct http_server *server = mem_take(sizeof *server);
    server->loop = loop;
    server->config = *config;
    slots_init(&server->ids);
    wheel_init(&server->wheel, loop_now(loop));
    addresses_init(&server->addresses, config->limits.connections, entropy_u64(config->entropy));
    server->tls = tls_create(loop, config->entropy);
    server->read_buffer = mem_take(CONN_READ);
    server->turn.data = server;
    server->busy.data = server;
    ignore_int(uv_prepare_init(loop_uv(loop), &server->turn));
    ignore_int(uv_idle_init(loop_uv(loop), &server->busy));
    ignore_int(uv_prepare_start(&server->turn, on_turn));
    *ret_server = server;
    return OK;
}

errc http_server_use_certificate(struct http_server *server, const char *chain_path,
                                 const char *key_path, struct why *why)
{
    return tls_load(server->tls, chain_path, key_path, why);
}

static bool is_empty(const struct http_server *server)
{
    return server->conns == NULL && server->requests == NULL && server->listeners == NULL;
}

static void report_stopped(void *ctx)
{
    struct http_server *server = ctx;
    server->stop_timer = LOOP_TIMER_NONE;
    loop_fn *on_stopped = server->on_stopped;
    server->on_stopped = NULL;
    if (on_stopped != NULL) {
        on_stopped(server->stopped_ctx);
    }
}

void server_settle(struct http_server *server)
{
    if (server->destroying) {
        return;
    }
    if (!server->stopping) {
        listeners_watch(server);
    } else if (is_empty(server) && server->on_stopped != NULL && !server->stop_reported) {
        server->stop_reported = true; /* told from a timer: nobody's callback is under way then */
        loop_timer_stop(server->loop, server->stop_timer);
        server->stop_timer = loop_timer_start(server->loop, 0, 0, report_stopped, server);
    }
}

static void cut_all(void *ctx)
{
    struct http_server *server = ctx;
    for (struct conn *conn = server->conns; conn != NULL; conn = conn->next) {
        conn_cut(conn);
    }
}

void http_server_stop(struct http_server *server, usec wait, loop_fn *on_stopped, void *ctx)
{
    if (server->stopping) {
        return;
    }
    server->stopping = true;
    server->on_stopped = on_stopped;
    server->stopped_ctx = ctx;
    listeners_close(server);
    server->stop_timer = loop_timer_start(server->loop, wait, 0, cut_all, server);
    for (struct conn *conn = server->conns; conn != NULL; conn = conn->next) {
        if (conn->protocol == NULL) {
            conn_cut(conn);
        } else if (!conn->is_closing && !conn->is_cut) {
            conn->protocol->handle_stop(conn);
            conn_touch(conn);
        }
    }
    server_settle(server);
}

void server_freed(struct http_server *server)
{
    if (!server->destroying || server->closing > 0) {
        return;
    }
    addresses_finish(&server->addresses);
    slots_finish(&server->ids);
    mem_give(server->read_buffer);
    mem_give(server);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http_server *server = handle->data;
    server->closing--;
    server_freed(server);
}

void http_server_destroy(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    server->destroying = true;
    server->stopping = true;
    listeners_close(server);
    loop_timer_stop(server->loop, server->stop_timer);
    loop_timer_stop(server->loop, server->wheel_timer);
    while (server->conns != NULL) {
        cut_all(server);
        server_turn(server);
    }
    while (server->requests != NULL) {
        request_destroy(server->requests);
    }
    request_free_idle(server);
    tls_destroy(server->tls);
    server->closing += 2;
    uv_close((uv_handle_t *)&server->turn, on_handle_closed);
    uv_close((uv_handle_t *)&server->busy, on_handle_closed);
}
