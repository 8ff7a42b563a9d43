/* See plan_issue.h. */
#include "broadcast/plan_issue.h"

#include "broadcast/plan_issue_sql.h"
#include "broadcast/schedule.h"
#include "orders/order_book.h"

enum { BODY_MOST = 61440, DEVICES_OF_ORDER = 512, ROWS_AT_ONCE = 5000 };

/* The least that a plan reaches: what is planned anew a little after midnight finds the device with
 * something to play. */
#define REACH_LEAST (36 * USEC_HOUR)

struct issuing {
    const struct desk *desk;
    struct db *db;
    struct why *why;
    unit_id commune;
    struct receivers receivers;
    struct plan_set set;
    const struct plan_marks_row *marks; /* ascending by device */
    size_t mark_count;
};

/* From the beginning of today to past the policy's plan_ahead. */
static struct plan_request request_of(const struct desk *desk, const struct schedule *schedule)
{
    usec from = day_start(desk->actor->today, desk->zone);
    return (struct plan_request){
        .schedule = schedule, .from = from, .to = from + desk->policy->plan_ahead + USEC_DAY};
}

static const struct plan_marks_row *mark_of(const struct issuing *run, uint64_t device)
{
    size_t low = 0;
    size_t high = run->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uint64_t)run->marks[middle].device_id < device) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < run->mark_count && (uint64_t)run->marks[low].device_id == device;
    return found ? &run->marks[low] : NULL;
}

static const struct device_plan *plan_of(const struct issuing *run, size_t receiver)
{
    return &run->set.plans[run->set.plan_of[receiver]];
}

static bool is_due(const struct issuing *run, size_t receiver)
{
    const struct plan_marks_row *mark = mark_of(run, run->receivers.at[receiver].device);
    return mark == NULL || !hash_is(mark->mark, plan_of(run, receiver)->mark);
}

/* A commune whose plans grow too large for an order is planned for fewer days. */
static errc fits(const struct issuing *run, bool *ret_fits)
{
    AUTO(buf_finish) struct buf body;
    buf_init(&body, BODY_MOST);
    *ret_fits = true;
    for (size_t i = 0; i < run->set.plan_count && *ret_fits; i++) {
        buf_clear(&body);
        errc rc = plan_write(&run->set.plans[i], run->desk->arena, &body);
        *ret_fits = rc == OK;
        TRY(rc == ERR_TOO_BIG ? OK : rc);
    }
    return OK;
}

static errc compile(struct issuing *run, const struct schedule *schedule)
{
    struct plan_request request = request_of(run->desk, schedule);
    bool enough = false;
    while (!enough && request.to - request.from >= REACH_LEAST) {
        TRY(plan_compile_all(&request, &run->receivers, run->desk->arena, &run->set, run->why));
        TRY(fits(run, &enough));
        request.to -= request.to - request.from > 2 * USEC_DAY ? USEC_DAY : USEC_HOUR * 12;
    }
    return enough ? OK
                  : fail(run->why, ERR_TOO_BIG, "the plan of unit %lld does not fit an order",
                         (long long)run->commune);
}

static errc load_marks(struct issuing *run)
{
    struct plan_marks_in in = {USEC_MOST};
    struct plan_marks_row *rows = NULL;
    TRY(plan_marks_all(run->db, &in, run->desk->arena, &rows, &run->mark_count, run->why));
    run->marks = rows;
    return OK;
}

/* --- who is due ------------------------------------------------------------------------------- */

static int compare_communes(const void *left, const void *right)
{
    const struct receiver *a = left;
    const struct receiver *b = right;
    if (a->commune != b->commune) {
        return a->commune < b->commune ? -1 : 1;
    }
    return a->device < b->device ? -1 : a->device > b->device;
}

static errc sort_by_commune(const struct receivers *all, struct arena *arena,
                            struct receiver **ret_sorted)
{
    struct receiver *sorted = arena_take_array(arena, all->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return ERR_NO_MEMORY;
    }
    if (all->count > 0) {
        memcpy(sorted, all->at, all->count * sizeof *sorted);
        qsort(sorted, all->count, sizeof *sorted, compare_communes);
    }
    *ret_sorted = sorted;
    return OK;
}

static errc is_commune_due(struct issuing *run, const struct schedule *schedule, bool *ret_due)
{
    TRY(compile(run, schedule));
    *ret_due = false;
    for (size_t i = 0; i < run->receivers.count && !*ret_due; i++) {
        *ret_due = is_due(run, i);
    }
    return OK;
}

/* Each commune is compiled in an arena of its own, so that a province needs no more room than its
 * largest commune. */
static errc check_commune(const struct issuing *all, const struct receiver *first, size_t count,
                          const struct schedule *schedule, bool *ret_due)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct desk desk = *all->desk;
    TRY(arena_create((size_t)256 * 1024 * 1024, &arena));
    desk.arena = arena;
    struct issuing run = *all;
    run.desk = &desk;
    run.commune = first->commune;
    run.receivers = (struct receivers){first, count};
    return is_commune_due(&run, schedule, ret_due);
}

errc plans_due(const struct desk *desk, struct db *db, struct plan_units *ret_units,
               struct why *why)
{
    struct issuing run = {.desk = desk, .db = db, .why = why};
    const struct receiver_port *port = desk->receivers;
    struct schedule schedule;
    struct receivers all = {.count = 0};
    struct receiver *sorted = NULL;
    TRY(schedule_load(desk, db, desk->actor->today, &schedule, why));
    TRY(port->list(port->ctx, db, 0, desk->arena, &all, why));
    TRY(sort_by_commune(&all, desk->arena, &sorted));
    TRY(load_marks(&run));
    unit_id *units = arena_take_array(desk->arena, all.count + 1, sizeof *units);
    struct plan_units due = {.at = units};
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0, n = 0; i < all.count; i += n) {
        bool is = false;
        for (n = 1; i + n < all.count && sorted[i + n].commune == sorted[i].commune;) {
            n++;
        }
        TRY(check_commune(&run, &sorted[i], n, &schedule, &is));
        if (is && sorted[i].commune != 0) {
            units[due.count++] = sorted[i].commune;
        }
    }
    *ret_units = due;
    return OK;
}

/* --- issuing ---------------------------------------------------------------------------------- */

static struct plan_item_add_in line_in(int64_t plan_id, const struct plan_line *line)
{
    return (struct plan_item_add_in){.plan_id = plan_id,
                                     .at_us = line->at,
                                     .item = {(const char *)line->id.bytes, WIRE_ID_SIZE},
                                     .programme_id = line->programme,
                                     .ms = line->ms,
                                     .kind = line->kind,
                                     .order_class = line->order_class,
                                     .gain_mb = line->gain_mb};
}

static struct planned_item_add_in item_in(const struct plan_line *line)
{
    static const hash none;
    str media = {(const char *)line->media.bytes, sizeof line->media.bytes};
    return (struct planned_item_add_in){.item = {(const char *)line->id.bytes, WIRE_ID_SIZE},
                                        .programme_id = line->programme,
                                        .at_us = line->at,
                                        .ms = line->ms,
                                        .kind = line->kind,
                                        .title = line->title.len == 0 ? S("") : line->title,
                                        .bulletin_id = line->bulletin,
                                        .media = hash_is(line->media, none) ? STR_NONE : media};
}

static errc write_items(const struct issuing *run, int64_t plan_id, const struct device_plan *plan)
{
    struct arena *arena = run->desk->arena;
    struct plan_item_add_in *lines = arena_take_array(arena, plan->count + 1, sizeof *lines);
    struct planned_item_add_in *items = arena_take_array(arena, plan->count + 1, sizeof *items);
    if (lines == NULL || items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < plan->count; i++) {
        lines[i] = line_in(plan_id, &plan->lines[i]);
        items[i] = item_in(&plan->lines[i]);
    }
    for (size_t i = 0; i < plan->count; i += ROWS_AT_ONCE) {
        size_t n = plan->count - i < ROWS_AT_ONCE ? plan->count - i : ROWS_AT_ONCE;
        TRY(plan_item_add_batch(run->db, lines + i, n, run->why));
        TRY(planned_item_add_batch(run->db, items + i, n, run->why));
    }
    return OK;
}

static errc hand_over(const struct issuing *run, int64_t plan_id, const size_t *receivers,
                      size_t count)
{
    usec now = run->desk->actor->now;
    for (size_t i = 0; i < count; i++) {
        const struct receiver *receiver = &run->receivers.at[receivers[i]];
        struct plan_device_close_in close = {(int64_t)receiver->device, USEC_MOST, now};
        struct plan_device_add_in add = {(int64_t)receiver->device, now, USEC_MOST, plan_id,
                                         receiver_unit(receiver)};
        TRY(plan_device_close(run->db, &close, NULL, run->why));
        TRY(plan_device_add(run->db, &add, NULL, run->why));
    }
    return OK;
}

static errc media_of(const struct issuing *run, const struct device_plan *plan,
                     struct order_draft *draft)
{
    static const hash none;
    hash *media =
        arena_take_array(run->desk->arena, plan->count + plan->filler_count + 1, sizeof *media);
    size_t count = 0;
    if (media == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < plan->count; i++) {
        bool known = hash_is(plan->lines[i].media, none);
        for (size_t j = count > 64 ? count - 64 : 0; j < count && !known; j++) {
            known = hash_is(media[j], plan->lines[i].media);
        }
        if (!known) {
            media[count++] = plan->lines[i].media;
        }
    }
    for (size_t i = 0; i < plan->filler_count; i++) {
        media[count++] = plan->filler[i];
    }
    draft->media = media;
    draft->media_count = count;
    return OK;
}

static errc send(const struct issuing *run, const struct device_plan *plan, const uint64_t *devices,
                 size_t count, struct order *ret_order)
{
    AUTO(buf_finish) struct buf body;
    struct order_job job = desk_order_job(run->desk);
    uint64_t area = (uint64_t)run->commune;
    buf_init(&body, BODY_MOST);
    TRY(plan_write(plan, run->desk->arena, &body));
    struct order_draft draft = {
        .kind = ORDER_PLAN,
        .order_class = CLASS_ORDINARY,
        .issuer = run->commune,
        .right = RIGHT_PROGRAMMES_WRITE,
        .area = {&area, 1},
        .devices = {devices, count},
        .not_before = run->desk->actor->now,
        .expires = plan->to + 7 * USEC_DAY, /* an old plan is better than none */
        .body = buf_str(&body),
    };
    TRY(media_of(run, plan, &draft));
    return order_issue(run->db, &job, &draft, ret_order, run->why);
}

/* What is over is not sent: a device that comes at noon has not missed the morning. */
static struct device_plan from_now_on(const struct device_plan *plan, usec now)
{
    struct device_plan rest = *plan;
    while (rest.count > 0 && rest.lines[0].at + rest.lines[0].ms * 1000 <= now) {
        rest.lines++;
        rest.count--;
    }
    return rest;
}

static errc issue(const struct issuing *run, const struct device_plan *whole,
                  const size_t *receivers, size_t count)
{
    uint64_t devices[DEVICES_OF_ORDER];
    struct device_plan rest = from_now_on(whole, run->desk->actor->now);
    const struct device_plan *plan = &rest;
    struct order order;
    struct plan_add_row row;
    for (size_t i = 0; i < count; i++) {
        devices[i] = run->receivers.at[receivers[i]].device;
    }
    TRY(send(run, plan, devices, count, &order));
    struct plan_add_in in = {
        .unit_id = run->commune,
        .mark = plan->mark,
        .order_id = {(const char *)order.wire_id.bytes, WIRE_ID_SIZE},
        .version = (int64_t)order.version,
        .from_us = plan->from,
        .to_us = plan->to,
        .now_us = run->desk->actor->now,
    };
    TRY(plan_add(run->db, &in, run->desk->arena, &row, run->why));
    TRY(write_items(run, row.id, plan));
    return hand_over(run, row.id, receivers, count);
}

/* The devices of one plan that are due, as many to an order as an order holds. */
static errc issue_plan(const struct issuing *run, size_t plan)
{
    size_t due[DEVICES_OF_ORDER];
    size_t count = 0;
    for (size_t i = 0; i < run->receivers.count; i++) {
        if (run->set.plan_of[i] == plan && is_due(run, i)) {
            due[count++] = i;
        }
        if (count == DEVICES_OF_ORDER) {
            TRY(issue(run, &run->set.plans[plan], due, count));
            count = 0;
        }
    }
    return count == 0 ? OK : issue(run, &run->set.plans[plan], due, count);
}

static errc find_receivers(struct issuing *run)
{
    const struct receiver_port *port = run->desk->receivers;
    struct receivers all = {.count = 0};
    TRY(port->list(port->ctx, run->db, run->commune, run->desk->arena, &all, run->why));
    struct receiver *own = arena_take_array(run->desk->arena, all.count + 1, sizeof *own);
    size_t count = 0;
    if (own == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].commune == run->commune) {
            own[count++] = all.at[i];
        }
    }
    run->receivers = (struct receivers){own, count};
    return OK;
}

errc plans_issue(const struct desk *desk, struct db *db, unit_id commune, struct why *why)
{
    struct issuing run = {.desk = desk, .db = db, .why = why, .commune = commune};
    struct schedule schedule;
    TRY(order_hold(db, why));
    TRY(schedule_load(desk, db, desk->actor->today, &schedule, why));
    TRY(find_receivers(&run));
    TRY(load_marks(&run));
    TRY(compile(&run, &schedule));
    for (size_t i = 0; i < run.set.plan_count; i++) {
        TRY(issue_plan(&run, i));
    }
    return db_announce(db, "plans", why);
}
