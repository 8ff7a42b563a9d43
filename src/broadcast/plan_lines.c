/* From what was placed to what a device is told: items one behind the other, an opening signal
 * before a session and a closing one behind it where the rules leave room for them. */
#include "broadcast/plan_inside.h"

struct lines {
    struct plan_run *run;
    struct device_plan *plan;
    struct plan_line *at;
    size_t count;
    size_t room;
};

static wire_id line_id(const struct plan_line *line)
{
    struct hasher hasher;
    wire_id id;
    hasher_start(&hasher);
    hasher_add(&hasher, "loa-item-1", 10);
    hasher_add(&hasher, &line->programme, sizeof line->programme);
    hasher_add(&hasher, &line->at, sizeof line->at);
    hasher_add(&hasher, line->media.bytes, sizeof line->media.bytes);
    hasher_add(&hasher, &line->ms, sizeof line->ms);
    hash sum = hasher_end(&hasher);
    memcpy(id.bytes, sum.bytes, sizeof id.bytes);
    return id;
}

static void add(struct lines *lines, const struct plan_line *line)
{
    usec end = line->at + line->ms * 1000;
    if (end <= lines->plan->from || line->at >= lines->plan->to || line->ms == 0) {
        return;
    }
    if (lines->count == lines->room) {
        size_t room = lines->room == 0 ? 64 : lines->room * 2;
        struct plan_line *grown = arena_take_array(lines->run->arena, room, sizeof *grown);
        if (grown == NULL) {
            lines->run->rc = ERR_NO_MEMORY;
            return;
        }
        if (lines->count > 0) {
            memcpy(grown, lines->at, lines->count * sizeof *grown);
        }
        lines->at = grown;
        lines->room = room;
    }
    struct plan_line *added = &lines->at[lines->count++];
    *added = *line;
    added->id = line_id(line);
}

static unsigned rules_of(const struct programme *programme)
{
    switch (programme->after_break) {
    case BREAK_RESUME:
        return PLAN_RESUMES;
    case BREAK_KEEP_TIME:
        return PLAN_KEEPS_TIME;
    case BREAK_END:
        return 0;
    }
    return 0;
}

static struct plan_line line_of(const struct plan_wish *wish)
{
    static const enum plan_kind kinds[PROGRAMME_KINDS] = {PLAN_MEDIA, PLAN_RELAY, PLAN_SIGNAL,
                                                          PLAN_SILENCE};
    const struct programme *programme = wish->programme;
    return (struct plan_line){
        .at = wish->at,
        .ms = (wish->end - wish->at) / 1000,
        .kind = kinds[programme->kind],
        .order_class = programme->order_class,
        .tier = programme->tier,
        .gain_mb = wish->gain_mb,
        .rules = rules_of(programme),
        .title = programme->name,
        .programme = programme->id,
    };
}

static void take_media(struct plan_line *line, const struct programme_item *item)
{
    line->media = item->media;
    line->bytes = item->bytes;
    line->media_ms = item->ms;
    line->bulletin = item->bulletin;
    line->title = item->title.len > 0 ? item->title : line->title;
}

static void add_items(struct lines *lines, const struct plan_wish *wish,
                      const struct programme_item *const *items, size_t count)
{
    usec at = wish->at;
    for (size_t i = 0; i < count && at < wish->end; i++) {
        struct plan_line line = line_of(wish);
        usec left = wish->end - at;
        take_media(&line, items[i]);
        line.at = at;
        line.ms = items[i]->ms * 1000 < left ? items[i]->ms : left / 1000;
        add(lines, &line);
        at += items[i]->ms * 1000;
    }
}

static void add_wish(struct lines *lines, const struct plan_wish *wish)
{
    struct plan_line line = line_of(wish);
    enum plan_note_key why = PLAN_NOTE_NO_ITEM;
    size_t count = 0;
    const struct programme_item **items =
        plan_items_of(lines->run, wish->programme, wish->base, &count, &why);
    switch (wish->programme->kind) {
    case PROGRAMME_SILENCE:
        add(lines, &line);
        break;
    case PROGRAMME_RELAY:
        if (count > 0) {
            take_media(&line, items[0]);
        }
        line.title = wish->programme->name;
        line.source = wish->programme->source;
        add(lines, &line);
        break;
    case PROGRAMME_ITEMS:
    case PROGRAMME_SIGNAL:
        add_items(lines, wish, items, count);
        break;
    }
}

/* --- signals of a session -------------------------------------------------------------------- */

struct session {
    size_t first; /* in run->placed */
    size_t last;
    usec begin;
    usec end;
};

static bool session_next(const struct plan_run *run, size_t from, struct session *ret_session)
{
    const struct plan_wishes *placed = &run->placed;
    while (from < placed->count && !plan_wish_sounds(&placed->at[from])) {
        from++;
    }
    if (from == placed->count) {
        return false;
    }
    struct session session = {from, from, placed->at[from].at, placed->at[from].end};
    for (size_t i = from + 1; i < placed->count; i++) {
        if (!plan_wish_sounds(&placed->at[i])) {
            continue;
        }
        if (placed->at[i].at - session.end > PLAN_SESSION_GAP) {
            break;
        }
        session.last = i;
        session.end = placed->at[i].end;
    }
    *ret_session = session;
    return true;
}

/* Whether a signal fits into [at, at + length) beside the session as the rules see it. */
static bool signal_fits(struct plan_run *run, const struct session *session, usec at, usec length)
{
    int64_t rule = 0;
    day on = day_of(at, run->zone);
    usec begin = at < session->begin ? at : session->begin;
    usec end = at + length > session->end ? at + length : session->end;
    if (on < run->first || on > run->last || plan_allowed_until(run, at, &rule) < at + length) {
        return false;
    }
    const struct plan_limit *limit = plan_limit_of(run, on);
    usec most = plan_session_most(run, begin, end, &rule);
    usec sounding = run->sounding[on - run->first] + length;
    return (most == 0 || end - begin <= most) &&
           (limit->day_most_ms == 0 || sounding <= limit->day_most_ms * 1000);
}

static void add_signal(struct lines *lines, const struct broadcast_sound *sound,
                       const struct plan_wish *beside, usec at)
{
    struct plan_run *run = lines->run;
    const struct plan_limit *limit = plan_limit_of(run, day_of(at, run->zone));
    struct plan_line line = {
        .at = at,
        .ms = sound->ms,
        .kind = PLAN_SIGNAL,
        .order_class = beside->programme->order_class,
        .tier = beside->programme->tier,
        .media = sound->media,
        .bytes = sound->bytes,
        .media_ms = sound->ms,
        .gain_mb = limit->gain_most_mb,
    };
    run->sounding[day_of(at, run->zone) - run->first] += sound->ms * 1000;
    add(lines, &line);
}

static void open_session(struct lines *lines, struct session *session, usec before)
{
    struct plan_run *run = lines->run;
    const struct broadcast_sound *sound = run->choice->opening;
    usec length = sound == NULL ? 0 : sound->ms * 1000;
    usec at = session->begin - length;
    bool free = session->first == 0 || run->placed.at[session->first - 1].end <= at;
    if (length > 0 && free && at - before > PLAN_SESSION_GAP &&
        signal_fits(run, session, at, length)) {
        add_signal(lines, sound, &run->placed.at[session->first], at);
        session->begin = at;
    }
}

/* *before: where what sounded last ends. */
static void close_session(struct lines *lines, const struct session *session, usec *before)
{
    struct plan_run *run = lines->run;
    const struct broadcast_sound *sound = run->choice->closing;
    usec length = sound == NULL ? 0 : sound->ms * 1000;
    usec end = session->end + length;
    size_t next = session->last + 1;
    bool last = next == run->placed.count;
    bool free = last || (run->placed.at[next].at >= end &&
                         (!plan_wish_sounds(&run->placed.at[next]) ||
                          run->placed.at[next].at - end > PLAN_SESSION_GAP));
    *before = session->end;
    if (length > 0 && free && signal_fits(run, session, session->end, length)) {
        add_signal(lines, sound, &run->placed.at[session->last], session->end);
        *before = end;
    }
}

static int compare_lines(const void *left, const void *right)
{
    const struct plan_line *a = left;
    const struct plan_line *b = right;
    return a->at < b->at ? -1 : a->at > b->at;
}

errc plan_lines_write(struct plan_run *run, struct device_plan *plan)
{
    struct lines lines = {.run = run, .plan = plan};
    struct session session = {.last = 0};
    usec before = INT64_MIN / 2;
    for (size_t from = 0; session_next(run, from, &session); from = session.last + 1) {
        open_session(&lines, &session, before);
        close_session(&lines, &session, &before);
    }
    for (size_t i = 0; i < run->placed.count; i++) {
        add_wish(&lines, &run->placed.at[i]);
    }
    if (lines.count > 1) {
        qsort(lines.at, lines.count, sizeof *lines.at, compare_lines);
    }
    plan->lines = lines.at;
    plan->count = lines.count;
    return run->rc;
}
