/* Quantiles are taken from all values, sorted: there are few orders and memory is cheap here. */
#include "sim/figures.h"

#include "base/json_out.h"

#include <stdlib.h>

void figures_init(struct figures *figures, size_t devices)
{
    *figures = (struct figures){.devices = devices};
}

static void free_order(struct figures_order *order)
{
    mem_give(order->read_at);
    mem_give(order->sounded_at);
}

void figures_finish(struct figures *figures)
{
    for (size_t i = 0; i < figures->order_count; i++) {
        free_order(&figures->orders[i]);
    }
    figures->order_count = 0;
}

void figures_reset(struct figures *figures)
{
    figures->frames = 0;
    figures->first_frame_at = figures->last_frame_at = 0;
    figures->first_attached_at = figures->last_attached_at = 0;
}

void figures_attached(struct figures *figures, bool is_attached, usec now)
{
    if (!is_attached) {
        figures->attached -= figures->attached > 0;
        return;
    }
    figures->attached++;
    figures->attachments++;
    figures->last_attached_at = now;
    if (figures->first_attached_at == 0) {
        figures->first_attached_at = now;
    }
}

void figures_frame(struct figures *figures, usec now)
{
    figures->frames++;
    figures->last_frame_at = now;
    if (figures->first_frame_at == 0) {
        figures->first_frame_at = now;
    }
}

static struct figures_order *find(struct figures *figures, const wire_id *id)
{
    for (size_t i = figures->order_count; i > 0; i--) {
        if (memcmp(&figures->orders[i - 1].id, id, sizeof *id) == 0) {
            return &figures->orders[i - 1];
        }
    }
    return NULL;
}

static struct figures_order *add_order(struct figures *figures, const struct wire_order *head)
{
    if (figures->order_count == FIGURES_ORDERS) {
        free_order(&figures->orders[0]);
        figures->order_count--;
        memmove(figures->orders, figures->orders + 1,
                figures->order_count * sizeof figures->orders[0]);
    }
    struct figures_order *order = &figures->orders[figures->order_count++];
    *order = (struct figures_order){
        .id = head->id,
        .kind = (enum order_kind)head->kind,
        .order_class = (enum order_class)head->order_class,
        .read_at = mem_take_array(figures->devices, sizeof *order->read_at),
        .sounded_at = mem_take_array(figures->devices, sizeof *order->sounded_at),
    };
    return order;
}

void figures_read(struct figures *figures, const struct wire_order *head, size_t device, usec now)
{
    figures->accepted++;
    if (head->kind != ORDER_ALARM && head->kind != ORDER_STOP) {
        return;
    }
    struct figures_order *order = find(figures, &head->id);
    if (order == NULL) {
        order = add_order(figures, head);
    }
    if (order->read_at[device] == 0) {
        order->read_at[device] = now;
    }
}

void figures_sounded(struct figures *figures, const wire_id *id, size_t device, usec at)
{
    struct figures_order *order = find(figures, id);
    if (order != NULL && order->sounded_at[device] == 0) {
        order->sounded_at[device] = at;
    }
}

/* --- printing
 * -------------------------------------------------------------------------------------
 */

struct spread {
    uint64_t count;
    usec first;
    usec p50;
    usec p99;
    usec p999;
    usec last;
};

static int compare(const void *a, const void *b)
{
    const usec *one = a;
    const usec *other = b;
    return (*one > *other) - (*one < *other);
}

static struct spread spread_of(const usec *at, size_t devices)
{
    struct spread spread = {.count = 0};
    usec *sorted = mem_take_array(devices, sizeof *sorted);
    for (size_t i = 0; i < devices; i++) {
        if (at[i] != 0) {
            sorted[spread.count++] = at[i];
        }
    }
    if (spread.count > 0) {
        qsort(sorted, spread.count, sizeof *sorted, compare);
        spread.first = sorted[0];
        spread.p50 = sorted[(spread.count - 1) / 2];
        spread.p99 = sorted[(spread.count - 1) * 99 / 100];
        spread.p999 = sorted[(spread.count - 1) * 999 / 1000];
        spread.last = sorted[spread.count - 1];
    }
    mem_give(sorted);
    return spread;
}

static void write_spread(struct json_out *json, const char *name, const struct spread *spread)
{
    json_object_at(json, name);
    json_i64_at(json, "count", (int64_t)spread->count);
    json_i64_at(json, "first", spread->first);
    json_i64_at(json, "p50", spread->p50);
    json_i64_at(json, "p99", spread->p99);
    json_i64_at(json, "p999", spread->p999);
    json_i64_at(json, "last", spread->last);
    json_end(json);
}

static void write_order(struct json_out *json, const struct figures *figures,
                        const struct figures_order *order)
{
    char text[2 * WIRE_ID_SIZE + 1];
    struct spread read = spread_of(order->read_at, figures->devices);
    struct spread sounded = spread_of(order->sounded_at, figures->devices);
    for (size_t i = 0; i < WIRE_ID_SIZE; i++) {
        ignore_int(snprintf(text + 2 * i, 3, "%02x", order->id.bytes[i]));
    }
    json_object(json);
    json_text_at(json, "id", text);
    json_i64_at(json, "kind", order->kind);
    json_i64_at(json, "class", order->order_class);
    write_spread(json, "read", &read);
    write_spread(json, order->kind == ORDER_STOP ? "silent" : "sounded", &sounded);
    json_end(json);
}

void figures_write_json(const struct figures *figures, const struct figures_now *now,
                        struct buf *out)
{
    struct json_out json;
    json_out_init(&json, out);
    json_object(&json);
    json_i64_at(&json, "at", now->at);
    json_i64_at(&json, "devices", (int64_t)figures->devices);
    json_i64_at(&json, "attached", (int64_t)figures->attached);
    json_i64_at(&json, "attachments", (int64_t)figures->attachments);
    json_i64_at(&json, "first_attached_at", figures->first_attached_at);
    json_i64_at(&json, "last_attached_at", figures->last_attached_at);
    json_i64_at(&json, "closed", (int64_t)figures->closed);
    json_i64_at(&json, "resumed", (int64_t)figures->resumed);
    json_i64_at(&json, "frames", (int64_t)figures->frames);
    json_i64_at(&json, "first_frame_at", figures->first_frame_at);
    json_i64_at(&json, "last_frame_at", figures->last_frame_at);
    json_i64_at(&json, "accepted", (int64_t)figures->accepted);
    json_i64_at(&json, "log_entries", (int64_t)figures->log_entries);
    json_i64_at(&json, "log_waiting", (int64_t)now->log_waiting);
    json_i64_at(&json, "fetched", (int64_t)figures->fetched);
    json_i64_at(&json, "bytes_in", (int64_t)(figures->bytes_in + now->bytes_in));
    json_i64_at(&json, "bytes_out", (int64_t)(figures->bytes_out + now->bytes_out));
    json_i64_at(&json, "packets", (int64_t)(figures->packets + now->packets));
    json_i64_at(&json, "checks_spared", (int64_t)now->checks_spared);
    json_array_at(&json, "orders");
    for (size_t i = 0; i < figures->order_count; i++) {
        write_order(&json, figures, &figures->orders[i]);
    }
    json_end(&json);
    json_end(&json);
    ignore(json_out_check(&json));
    buf_add_byte(out, '\n');
}

static void write_order_text(const struct figures *figures, const struct figures_order *order,
                             struct buf *out)
{
    struct spread read = spread_of(order->read_at, figures->devices);
    struct spread sounded = spread_of(order->sounded_at, figures->devices);
    buf_add_format(out, "  %s read by %llu, %s %llu; from first to last %lld ms\n",
                   order->kind == ORDER_STOP ? "stop" : "alarm", (unsigned long long)read.count,
                   order->kind == ORDER_STOP ? "silent" : "sounding",
                   (unsigned long long)sounded.count, (long long)(read.last - read.first) / 1000);
}

void figures_write_text(const struct figures *figures, const struct figures_now *now,
                        struct buf *out)
{
    buf_add_format(out,
                   "%zu of %zu attached; %llu orders accepted; %llu log entries, %llu not yet "
                   "kept; %llu kB in, %llu kB out\n",
                   figures->attached, figures->devices, (unsigned long long)figures->accepted,
                   (unsigned long long)figures->log_entries, (unsigned long long)now->log_waiting,
                   (unsigned long long)(figures->bytes_in + now->bytes_in) / 1000,
                   (unsigned long long)(figures->bytes_out + now->bytes_out) / 1000);
    for (size_t i = 0; i < figures->order_count; i++) {
        write_order_text(figures, &figures->orders[i], out);
    }
}
