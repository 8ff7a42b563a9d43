/* See coverage.h. One lock for all: a step is a search by halves and two counters. */
#include "broadcast/coverage.h"

#include "base/crash.h"
#include "base/mem.h"

#include <pthread.h>

struct counted {
    wire_id order;
    struct coverage_device *devices; /* ascending */
    size_t count;
    struct coverage_counts counts;
    bool ended;
    uint64_t opened; /* in which order */
};

struct coverage {
    pthread_mutex_t lock;
    struct counted alarms[COVERAGE_ALARMS];
    size_t count;
    uint64_t opened;
    bool missed;
};

static const char *const states[COVERAGE_STATES] = {"waiting", "received", "accepted", "sounding",
                                                    "sounded", "ended",    "refused"};

const char *coverage_state_name(enum coverage_state state)
{
    return states[state];
}

bool coverage_state_parse(str text, enum coverage_state *ret_state)
{
    for (size_t i = 0; i < COVERAGE_STATES; i++) {
        if (str_is(text, str_of(states[i]))) {
            *ret_state = (enum coverage_state)i;
            return true;
        }
    }
    return false;
}

/* What a kind of entry says; COVERAGE_WAITING: nothing about an alarm. */
static enum coverage_state state_of(enum log_kind kind)
{
    static const struct {
        enum log_kind kind;
        enum coverage_state state;
    } says[] = {
        {LOG_ORDER_RECEIVED, COVERAGE_RECEIVED}, {LOG_ORDER_ACCEPTED, COVERAGE_ACCEPTED},
        {LOG_ORDER_REFUSED, COVERAGE_REFUSED},   {LOG_ORDER_ENDED, COVERAGE_ENDED},
        {LOG_ALARM_PLAYING, COVERAGE_SOUNDING},  {LOG_ALARM_SOUNDED, COVERAGE_SOUNDED},
        {LOG_STOPPED, COVERAGE_SOUNDING},
    };
    for (size_t i = 0; i < COUNT_OF(says); i++) {
        if (says[i].kind == kind) {
            return says[i].state;
        }
    }
    return COVERAGE_WAITING;
}

bool coverage_concerns(enum log_kind kind)
{
    return state_of(kind) != COVERAGE_WAITING;
}

/* A refusal counts only for who had not obeyed; who obeys after a refusal (its clock became sure)
 * has obeyed. What ended stays ended. */
static bool goes_on(enum coverage_state from, enum coverage_state to)
{
    if (to == COVERAGE_REFUSED) {
        return from < COVERAGE_ACCEPTED;
    }
    return from == COVERAGE_REFUSED ? to >= COVERAGE_ACCEPTED : to > from;
}

bool coverage_step(struct coverage_device *line, const struct coverage_receipt *receipt)
{
    enum coverage_state state = state_of(receipt->kind);
    uint32_t times = line->times;
    bool sounded = receipt->kind == LOG_ALARM_SOUNDED && receipt->value > 0;
    if (sounded && receipt->value > times) {
        times = receipt->value > UINT32_MAX ? UINT32_MAX : (uint32_t)receipt->value;
    }
    bool further = state != COVERAGE_WAITING && goes_on(line->state, state);
    if (!further && times == line->times) {
        return false;
    }
    line->times = times;
    if (further) {
        line->state = state;
        line->reason = receipt->reason;
        line->at = receipt->at;
    }
    return true;
}

static bool was_heard(const struct coverage_device *line)
{
    return line->state == COVERAGE_SOUNDING || line->state == COVERAGE_SOUNDED ||
           (line->state == COVERAGE_ENDED && line->times > 0);
}

void coverage_add(struct coverage_counts *counts, const struct coverage_device *line, int sign)
{
    uint64_t step = sign > 0 ? 1 : UINT64_MAX; /* wraps to minus one */
    counts->total += step;
    counts->by_state[line->state] += step;
    counts->heard += was_heard(line) ? step : 0;
    if (line->state == COVERAGE_REFUSED && (int)line->reason < COVERAGE_REASONS) {
        counts->refused_by[line->reason] += step;
    }
}

errc coverage_create(struct coverage **ret_coverage)
{
    struct coverage *coverage = mem_take(sizeof *coverage);
    ENSURE(pthread_mutex_init(&coverage->lock, NULL) == 0);
    *ret_coverage = coverage;
    return OK;
}

void coverage_destroy(struct coverage *coverage)
{
    if (coverage == NULL) {
        return;
    }
    for (size_t i = 0; i < coverage->count; i++) {
        mem_give(coverage->alarms[i].devices);
    }
    ignore_int(pthread_mutex_destroy(&coverage->lock));
    mem_give(coverage);
}

static struct counted *find(struct coverage *coverage, wire_id order)
{
    for (size_t i = 0; i < coverage->count; i++) {
        if (memcmp(coverage->alarms[i].order.bytes, order.bytes, sizeof order.bytes) == 0) {
            return &coverage->alarms[i];
        }
    }
    return NULL;
}

static struct coverage_device *find_device(struct counted *alarm, uint64_t device)
{
    size_t low = 0;
    size_t high = alarm->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (alarm->devices[middle].device < device) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < alarm->count && alarm->devices[low].device == device ? &alarm->devices[low] : NULL;
}

/* A place for one more: the oldest that has ended gives way, else the oldest. */
static struct counted *make_place(struct coverage *coverage)
{
    if (coverage->count < COVERAGE_ALARMS) {
        return &coverage->alarms[coverage->count++];
    }
    struct counted *oldest = &coverage->alarms[0];
    for (size_t i = 1; i < coverage->count; i++) {
        struct counted *alarm = &coverage->alarms[i];
        bool before = alarm->ended == oldest->ended ? alarm->opened < oldest->opened : alarm->ended;
        oldest = before ? alarm : oldest;
    }
    mem_give(oldest->devices);
    return oldest;
}

/* Where one of two accounts of the same device is further on, that one counts. */
static void take_further(struct coverage_device *line, const struct coverage_device *other)
{
    bool further =
        goes_on(line->state, other->state) || (line->state == other->state && other->at > line->at);
    uint32_t times = other->times > line->times ? other->times : line->times;
    if (further) {
        *line = *other;
    }
    line->times = times;
}

static void merge(struct counted *to, struct counted *from)
{
    for (size_t i = 0; i < to->count; i++) {
        const struct coverage_device *other = find_device(from, to->devices[i].device);
        if (other != NULL) {
            take_further(&to->devices[i], other);
        }
    }
}

errc coverage_open(struct coverage *coverage, wire_id order, const struct coverage_device *devices,
                   size_t count)
{
    struct counted fresh = {.order = order, .count = count};
    fresh.devices = mem_try((count + 1) * sizeof *devices);
    if (fresh.devices == NULL) {
        return ERR_NO_MEMORY;
    }
    if (count > 0) {
        memcpy(fresh.devices, devices, count * sizeof *devices);
    }
    ignore_int(pthread_mutex_lock(&coverage->lock));
    struct counted *place = find(coverage, order);
    if (place != NULL) {
        merge(&fresh, place);
        fresh.ended = place->ended;
        mem_give(place->devices);
    } else {
        place = make_place(coverage);
    }
    fresh.opened = ++coverage->opened;
    for (size_t i = 0; i < count; i++) {
        coverage_add(&fresh.counts, &fresh.devices[i], 1);
    }
    *place = fresh;
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return OK;
}

void coverage_end(struct coverage *coverage, wire_id order)
{
    ignore_int(pthread_mutex_lock(&coverage->lock));
    struct counted *alarm = find(coverage, order);
    if (alarm != NULL) {
        alarm->ended = true;
    }
    ignore_int(pthread_mutex_unlock(&coverage->lock));
}

/* Said of alarms and stops only. */
static bool is_of_alarm(enum log_kind kind)
{
    return kind == LOG_ORDER_RECEIVED || kind == LOG_ALARM_PLAYING || kind == LOG_ALARM_SOUNDED ||
           kind == LOG_STOPPED;
}

bool coverage_missed(struct coverage *coverage)
{
    ignore_int(pthread_mutex_lock(&coverage->lock));
    bool missed = coverage->missed;
    coverage->missed = false;
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return missed;
}

bool coverage_hears(struct coverage *coverage, const struct coverage_receipt *receipt)
{
    bool changed = false;
    ignore_int(pthread_mutex_lock(&coverage->lock));
    struct counted *alarm = find(coverage, receipt->order);
    coverage->missed |= alarm == NULL && is_of_alarm(receipt->kind);
    struct coverage_device *line = alarm == NULL ? NULL : find_device(alarm, receipt->device);
    if (line != NULL) {
        struct coverage_device before = *line;
        changed = coverage_step(line, receipt);
        if (changed) {
            coverage_add(&alarm->counts, &before, -1);
            coverage_add(&alarm->counts, line, 1);
        }
    }
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return changed;
}

bool coverage_count(struct coverage *coverage, wire_id order, struct coverage_counts *ret_counts)
{
    ignore_int(pthread_mutex_lock(&coverage->lock));
    const struct counted *alarm = find(coverage, order);
    if (alarm != NULL) {
        *ret_counts = alarm->counts;
    }
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return alarm != NULL;
}

size_t coverage_list(struct coverage *coverage, wire_id order, enum coverage_state state,
                     uint64_t after, struct coverage_device *ret_lines, size_t room)
{
    size_t found = 0;
    ignore_int(pthread_mutex_lock(&coverage->lock));
    const struct counted *alarm = find(coverage, order);
    for (size_t i = 0; alarm != NULL && i < alarm->count && found < room; i++) {
        const struct coverage_device *line = &alarm->devices[i];
        if (line->device > after && line->state == state) {
            ret_lines[found++] = *line;
        }
    }
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return found;
}

bool coverage_copy(struct coverage *coverage, wire_id order, struct arena *arena,
                   struct coverage_device **ret_lines, size_t *ret_count)
{
    struct coverage_device *lines = NULL;
    ignore_int(pthread_mutex_lock(&coverage->lock));
    const struct counted *alarm = find(coverage, order);
    if (alarm != NULL) {
        lines = arena_take_array(arena, alarm->count + 1, sizeof *lines);
    }
    if (lines != NULL) {
        memcpy(lines, alarm->devices, alarm->count * sizeof *lines);
        *ret_lines = lines;
        *ret_count = alarm->count;
    }
    ignore_int(pthread_mutex_unlock(&coverage->lock));
    return lines != NULL;
}
