/* See calendar_import.h. */
#include "studio/calendar_import.h"

#include "broadcast/schedule.h"
#include "store/db.h"
#include "studio/calendar_import_sql.h"

struct importing {
    const struct desk *desk;
    const struct calendar_import *import;
    struct db *db;
    unit_id unit;
    struct import_line *lines;
    bool is_done;
    struct why *why;
};

const char *import_result_name(enum import_result result)
{
    static const char *const names[IMPORT_RESULTS] = {"added", "changed", "same", "skipped"};
    return names[result];
}

static void add_days(struct hasher *hasher, struct day_list days)
{
    hasher_add(hasher, &days.count, sizeof days.count);
    for (size_t i = 0; i < days.count; i++) {
        hasher_add(hasher, &days.at[i], sizeof days.at[i]);
    }
}

static hash mark_of(const struct calendar_event *event)
{
    const struct recurrence *when = &event->when;
    const int64_t numbers[] = {when->cadence,  when->every,    when->from,      when->to,
                               when->weekdays, when->months,   when->month_day, when->nth,
                               event->start_s, event->place_ms};
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, event->name.at, event->name.len);
    hasher_add(&hasher, numbers, sizeof numbers);
    add_days(&hasher, when->added);
    add_days(&hasher, when->removed);
    return hasher_end(&hasher);
}

static errc keep(const struct importing *run, const struct import_line *line)
{
    struct calendar_event_put_in in = {run->unit, line->event->uid, line->programme,
                                       mark_of(line->event)};
    return calendar_event_put(run->db, &in, NULL, run->why);
}

static errc add(const struct importing *run, struct import_line *line)
{
    const struct calendar_event *event = line->event;
    struct programme programme = {
        .unit = run->unit,
        .name = event->name,
        .kind = PROGRAMME_ITEMS,
        .order_class = CLASS_ORDINARY,
        .when = event->when,
        .start_s = event->start_s,
        .place_ms = event->place_ms,
        .source = S(""),
    };
    TRY(programme_add(run->desk, run->db, &programme, &line->programme, run->why));
    line->result = IMPORT_ADDED;
    return keep(run, line);
}

/* What was put into the place since stays in it. */
static errc change(const struct importing *run, struct programme *programme,
                   struct import_line *line)
{
    const struct calendar_event *event = line->event;
    programme->name = event->name;
    programme->when = event->when;
    programme->start_s = event->start_s;
    programme->place_ms = event->place_ms;
    TRY(programme_change(run->desk, run->db, programme, run->why));
    line->result = IMPORT_CHANGED;
    return keep(run, line);
}

static errc take(const struct importing *run, struct import_line *line)
{
    struct calendar_event_of_in in = {run->unit, line->event->uid};
    struct calendar_event_of_row row;
    struct programme programme;
    errc rc = calendar_event_of(run->db, &in, run->desk->arena, &row, run->why);
    if (rc == ERR_NOT_FOUND) {
        return add(run, line);
    }
    TRY(rc);
    line->programme = row.programme_id;
    rc = programme_get(run->desk, run->db, row.programme_id, &programme, run->why);
    if (rc == ERR_NOT_FOUND) {
        return add(run, line); /* somebody took it out, and it comes again */
    }
    TRY(rc);
    line->result = IMPORT_SAME;
    return hash_is(row.mark, mark_of(line->event)) ? OK : change(run, &programme, line);
}

static bool is_over(const struct importing *run, const struct calendar_event *event)
{
    return event->when.to <= run->desk->actor->today;
}

static errc take_all(void *ctx, struct db *db, struct why *why)
{
    struct importing *run = ctx;
    run->db = db;
    run->why = why;
    for (size_t i = 0; i < run->import->events.count; i++) {
        const struct calendar_event *event = &run->import->events.at[i];
        struct import_line *line = &run->lines[i];
        *line = (struct import_line){.event = event, .result = IMPORT_SKIPPED};
        line->code = event->problem;
        if (event->problem == NULL && is_over(run, event)) {
            line->code = "over";
        }
        TRY(line->code == NULL ? take(run, line) : OK);
    }
    run->is_done = true;
    return run->import->dry ? ERR_CANCELLED : OK; /* what was only tried is rolled back */
}

errc calendar_import(const struct desk *desk, struct db *db, const struct calendar_import *import,
                     struct import_lines *ret_lines, struct why *why)
{
    struct importing run = {.desk = desk, .import = import, .unit = import->unit};
    size_t count = import->events.count;
    run.lines = arena_take_array(desk->arena, count + 1, sizeof *run.lines);
    if (run.lines == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, import->unit));
    errc rc = db_attempt(db, take_all, &run, why);
    TRY(rc == ERR_CANCELLED && run.is_done ? OK : rc);
    *ret_lines = (struct import_lines){run.lines, count};
    return OK;
}
