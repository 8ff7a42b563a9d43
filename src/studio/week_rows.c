/* See week.h. */
#include "studio/week.h"

#include "broadcast/schedule.h"
#include "store/db.h"
#include "studio/bulletin_desk.h"

enum { WEEK = 7 };

struct copying {
    const struct desk *desk;
    struct db *db;
    const struct week_copy *copy;
    const struct schedule *schedule;
    day ahead; /* days */
    struct week_line *lines;
    size_t count;
    bool is_done;
    struct why *why;
};

const char *week_result_name(enum week_result result)
{
    static const char *const names[WEEK_RESULTS] = {"copied", "there", "not_valid"};
    return names[result];
}

static errc tell(struct copying *run, const struct programme *programme, day from,
                 enum week_result result)
{
    if (run->count == WEEK_LINES_MOST) {
        return bad_field(run->desk->bad, "from", "too_many");
    }
    run->lines[run->count++] =
        (struct week_line){programme->id, programme->name, from, from + run->ahead, result};
    return OK;
}

/* --- items of single days --------------------------------------------------------------------- */

static bool has_items_on(const struct programme *programme, day on)
{
    for (size_t i = 0; i < programme->item_count; i++) {
        if (programme->items[i].on == on) {
            return true;
        }
    }
    return false;
}

/* Whether the bulletin may sound in the copy; a withdrawn one, or one whose time is over, may not.
 */
static errc is_valid(const struct copying *run, int64_t bulletin, usec at, bool *ret_valid)
{
    struct bulletin_line line;
    errc rc = bulletin_get_line(run->desk, run->db, bulletin, &line, run->why);
    *ret_valid = false;
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    *ret_valid = bulletin_step_fits(line.state, line.class, STEP_SCHEDULE) &&
                 (line.valid_to == 0 || at < line.valid_to);
    return OK;
}

/* Items without a bulletin are copied at once; bulletins come behind them, each as an airing. */
static errc copy_bulletins(struct copying *run, const struct programme *programme, day on)
{
    usec at = day_start(on + run->ahead, run->desk->zone) + programme->start_s * USEC_SECOND;
    int64_t last = 0;
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        struct airing_place place = {.programme = programme->id, .on = on + run->ahead};
        int64_t airing = 0;
        bool valid = false;
        if (item->on != on || item->bulletin == 0 || item->bulletin == last) {
            continue;
        }
        last = item->bulletin;
        TRY(is_valid(run, last, at, &valid));
        if (!valid) {
            TRY(tell(run, programme, on, WEEK_NOT_VALID));
            continue;
        }
        TRY(bulletin_schedule(run->desk, run->db, last, &place, &airing, run->why));
    }
    return OK;
}

static errc copy_items(struct copying *run, const struct programme *programme, day on)
{
    struct programme now;
    TRY(programme_get(run->desk, run->db, programme->id, &now, run->why));
    struct programme_item *items = arena_take_array(
        run->desk->arena, now.item_count + programme->item_count + 1, sizeof *items);
    size_t count = 0;
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < now.item_count; i++) {
        items[count++] = now.items[i];
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        if (programme->items[i].on == on && programme->items[i].bulletin == 0) {
            items[count] = programme->items[i];
            items[count++].on = on + run->ahead;
        }
    }
    bool more = count > now.item_count;
    now.items = items;
    now.item_count = count;
    TRY(more ? programme_change(run->desk, run->db, &now, run->why) : OK);
    TRY(copy_bulletins(run, programme, on));
    return tell(run, programme, on, WEEK_COPIED);
}

static errc copy_days(struct copying *run, const struct programme *programme)
{
    for (day on = run->copy->from; on < run->copy->from + WEEK; on++) {
        if (!has_items_on(programme, on)) {
            continue;
        }
        bool past = on + run->ahead < run->desk->actor->today;
        bool over = on + run->ahead >= programme->when.to;
        if (past || over || has_items_on(programme, on + run->ahead)) {
            TRY(tell(run, programme, on, past || over ? WEEK_NOT_VALID : WEEK_THERE));
        } else {
            TRY(copy_items(run, programme, on));
        }
    }
    return OK;
}

/* --- programmes of single days ---------------------------------------------------------------- */

static bool has_twin(const struct copying *run, const struct programme *programme)
{
    for (size_t i = 0; i < run->schedule->programme_count; i++) {
        const struct programme *other = &run->schedule->programmes[i];
        bool then = other->when.cadence == CADENCE_ONCE &&
                    other->when.from == programme->when.from + run->ahead;
        bool same = other->unit == programme->unit && other->start_s == programme->start_s &&
                    str_is(other->name, programme->name);
        if (then && same) {
            return true;
        }
    }
    return false;
}

static errc shift(const struct copying *run, struct day_list days, struct day_list *ret_days)
{
    day *shifted = arena_take_array(run->desk->arena, days.count + 1, sizeof *shifted);
    if (shifted == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < days.count; i++) {
        shifted[i] = days.at[i] + run->ahead;
    }
    *ret_days = (struct day_list){shifted, days.count};
    return OK;
}

static errc shift_programme(const struct copying *run, struct programme *programme)
{
    struct recurrence *when = &programme->when;
    struct programme_item *items =
        arena_take_array(run->desk->arena, programme->item_count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        items[i] = programme->items[i];
        items[i].on = items[i].on == DAY_FIRST ? DAY_FIRST : items[i].on + run->ahead;
    }
    programme->items = items;
    when->from += run->ahead;
    when->to = when->to == DAY_OPEN ? DAY_OPEN : when->to + run->ahead;
    TRY(shift(run, when->added, &when->added));
    return shift(run, when->removed, &when->removed);
}

static errc copy_bulletin(struct copying *run, const struct programme *programme)
{
    struct airing_place place = {
        .unit = programme->unit,
        .on = programme->when.from,
        .start_s = programme->start_s,
        .again = programme->when.added.at,
        .again_count = programme->when.added.count,
        .repeats = programme->repeats,
        .repeat_count = programme->repeat_count,
        .areas = programme->areas,
        .area_count = programme->area_count,
    };
    int64_t airing = 0;
    return bulletin_schedule(run->desk, run->db, programme->bulletin, &place, &airing, run->why);
}

static errc copy_once(struct copying *run, const struct programme *programme)
{
    struct programme copy = *programme;
    bool valid = true;
    day on = programme->when.from;
    usec at = day_start(on + run->ahead, run->desk->zone) + programme->start_s * USEC_SECOND;
    if (has_twin(run, programme)) {
        return tell(run, programme, on, WEEK_THERE);
    }
    TRY(shift_programme(run, &copy));
    if (programme->bulletin != 0) {
        TRY(is_valid(run, programme->bulletin, at, &valid));
    }
    if (!valid || at < run->desk->actor->now) {
        return tell(run, programme, on, WEEK_NOT_VALID);
    }
    if (programme->bulletin != 0) {
        TRY(copy_bulletin(run, &copy));
    } else {
        TRY(programme_add(run->desk, run->db, &copy, &copy.id, run->why));
    }
    return tell(run, &copy, on, WEEK_COPIED);
}

/* --- the week --------------------------------------------------------------------------------- */

static errc check(const struct desk *desk, const struct week_copy *copy)
{
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, copy->unit));
    if (copy->to < copy->from + WEEK || copy->to > copy->from + 366) {
        return bad_field(desk->bad, "to", "out_of_range");
    }
    bool near = copy->from >= desk->actor->today - 366 && copy->from <= desk->actor->today + 366;
    return near ? OK : bad_field(desk->bad, "from", "out_of_range");
}

static errc copy_all(void *ctx, struct db *db, struct why *why)
{
    struct copying *run = ctx;
    const struct week_copy *copy = run->copy;
    run->db = db;
    run->why = why;
    run->count = 0;
    for (size_t i = 0; i < run->schedule->programme_count; i++) {
        const struct programme *programme = &run->schedule->programmes[i];
        bool once = programme->when.cadence == CADENCE_ONCE;
        bool inside = day_within(programme->when.from, copy->from, copy->from + WEEK);
        if (programme->unit != copy->unit || (once && !inside)) {
            continue;
        }
        TRY(once ? copy_once(run, programme) : copy_days(run, programme));
    }
    run->is_done = true;
    return copy->dry ? ERR_CANCELLED : OK; /* what was only tried is rolled back */
}

errc week_copy(const struct desk *desk, struct db *db, const struct week_copy *copy,
               struct week_lines *ret_lines, struct why *why)
{
    struct schedule schedule;
    struct copying run = {.desk = desk, .copy = copy, .schedule = &schedule};
    TRY(check(desk, copy));
    TRY(schedule_load(desk, db, copy->from, &schedule, why));
    run.ahead = copy->to - copy->from;
    run.lines = arena_take_array(desk->arena, WEEK_LINES_MOST, sizeof *run.lines);
    if (run.lines == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = db_attempt(db, copy_all, &run, why);
    TRY(rc == ERR_CANCELLED && run.is_done ? OK : rc);
    *ret_lines = (struct week_lines){run.lines, run.count};
    return OK;
}
