/* Changing programmes and what units decide about them; see schedule.h. */
#include "base/json_out.h"
#include "broadcast/media_item.h"
#include "broadcast/programme_sql.h"
#include "broadcast/schedule.h"
#include "people/audit.h"

struct changing {
    const struct desk *desk;
    struct db *db;
    const struct programme *programme;
    int64_t id;
    struct why *why;
};

static errc check_sounds(const struct changing *run)
{
    for (size_t i = 0; i < run->programme->item_count; i++) {
        struct media_item item;
        errc rc =
            media_item_find(run->desk, run->db, run->programme->items[i].media, &item, run->why);
        if (rc == ERR_NOT_FOUND) {
            return bad_field(run->desk->bad, "items", "no_such_media");
        }
        TRY(rc);
    }
    return OK;
}

static errc check_areas(const struct changing *run)
{
    struct tree tree = forest_at(run->desk->forest, run->desk->actor->today);
    for (size_t i = 0; i < run->programme->area_count; i++) {
        if (!tree_covers(tree, run->programme->unit, run->programme->areas[i])) {
            return bad_field(run->desk->bad, "areas", "outside");
        }
    }
    return OK;
}

static errc check_all(const struct changing *run)
{
    TRY(desk_may(run->desk, RIGHT_PROGRAMMES_WRITE, run->programme->unit));
    if (unit_key_tier(run->desk->forest, run->programme->unit) == 0) {
        return bad_field(run->desk->bad, "unit_id", "not_here");
    }
    TRY(programme_check(run->programme, run->desk->bad));
    TRY(check_areas(run));
    return check_sounds(run);
}

static errc write_items(const struct changing *run)
{
    const struct programme *programme = run->programme;
    struct programme_item_add_in *rows =
        arena_take_array(run->desk->arena, programme->item_count + 1, sizeof *rows);
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        rows[i] = (struct programme_item_add_in){
            .programme_id = run->id,
            .has_on_day = item->on != DAY_FIRST,
            .on_day = item->on,
            .position = item->position,
            .language = item->language.len == 0 ? S("") : item->language,
            .hash = item->media,
            .bulletin_id = item->bulletin,
        };
    }
    return programme->item_count == 0
               ? OK
               : programme_item_add_batch(run->db, rows, programme->item_count, run->why);
}

static errc write_areas(const struct changing *run)
{
    for (size_t i = 0; i < run->programme->area_count; i++) {
        struct programme_area_add_in in = {run->id, run->programme->areas[i]};
        TRY(programme_area_add(run->db, &in, NULL, run->why));
    }
    return OK;
}

static errc write_days(const struct changing *run, struct day_list days, bool plays)
{
    for (size_t i = 0; i < days.count; i++) {
        struct programme_day_add_in in = {run->id, days.at[i], plays};
        TRY(programme_day_add(run->db, &in, NULL, run->why));
    }
    return OK;
}

static errc write_repeats(const struct changing *run)
{
    for (size_t i = 0; i < run->programme->repeat_count; i++) {
        const struct programme_repeat *repeat = &run->programme->repeats[i];
        struct programme_repeat_add_in in = {run->id, repeat->days_after, repeat->start_s};
        TRY(programme_repeat_add(run->db, &in, NULL, run->why));
    }
    return OK;
}

static errc write_parts(const struct changing *run)
{
    TRY(write_items(run));
    TRY(write_areas(run));
    TRY(write_days(run, run->programme->when.added, true));
    TRY(write_days(run, run->programme->when.removed, false));
    return write_repeats(run);
}

static errc clear_parts(const struct changing *run)
{
    TRY(programme_items_clear(run->db, &(struct programme_items_clear_in){run->id}, NULL,
                              run->why));
    TRY(programme_areas_clear(run->db, &(struct programme_areas_clear_in){run->id}, NULL,
                              run->why));
    TRY(programme_days_clear(run->db, &(struct programme_days_clear_in){run->id}, NULL, run->why));
    return programme_repeats_clear(run->db, &(struct programme_repeats_clear_in){run->id}, NULL,
                                   run->why);
}

/* What the audit trail keeps of a programme. */
static void put_summary(const struct programme *programme, struct buf *to)
{
    struct json_out out;
    AUTO(buf_finish) struct buf rule;
    buf_init(&rule, 512);
    recurrence_rrule(&programme->when, &rule);
    json_out_init(&out, to);
    json_object(&out);
    json_str_at(&out, "name", programme->name);
    json_text_at(&out, "kind", programme_kind_name(programme->kind));
    json_text_at(&out, "class", programme->order_class == CLASS_PRIORITY ? "priority" : "ordinary");
    json_str_at(&out, "rule", buf_str(&rule));
    json_day_at(&out, "from", programme->when.from);
    json_i64_at(&out, "start_s", programme->start_s);
    json_i64_at(&out, "place_ms", programme->place_ms);
    json_i64_at(&out, "items", (int64_t)programme->item_count);
    json_end(&out);
}

static errc tell(const struct changing *run, const char *action, const struct programme *before,
                 const struct programme *after)
{
    AUTO(buf_finish) struct buf was;
    AUTO(buf_finish) struct buf is;
    buf_init(&was, AUDIT_JSON_MOST);
    buf_init(&is, AUDIT_JSON_MOST);
    const struct programme *about = after != NULL ? after : before;
    if (before != NULL) {
        put_summary(before, &was);
    }
    if (after != NULL) {
        put_summary(after, &is);
    }
    struct audit_entry entry = {
        .actor = run->desk->actor,
        .action = action,
        .subject_kind = "programme",
        .subject_id = run->id,
        .subject_name = about->name,
        .subject_unit_id = about->unit,
        .before = before != NULL ? buf_str(&was) : STR_NONE,
        .after = after != NULL ? buf_str(&is) : STR_NONE,
    };
    TRY(db_announce(run->db, "programmes", run->why));
    return audit_append(run->db, &entry, run->why);
}

static struct programme_add_row_in row_of(const struct programme *programme)
{
    const struct recurrence *when = &programme->when;
    return (struct programme_add_row_in){
        .unit_id = programme->unit,
        .name = programme->name,
        .kind = str_of(programme_kind_name(programme->kind)),
        .class = programme->order_class == CLASS_PRIORITY ? S("priority") : S("ordinary"),
        .cadence = str_of(cadence_name(when->cadence)),
        .every = when->every,
        .from_day = when->from,
        .to_day = when->to,
        .weekdays = when->weekdays,
        .months = when->months,
        .month_day = when->month_day,
        .nth = when->nth,
        .holidays = str_of(holiday_way_name(when->holidays)),
        .start_s = programme->start_s,
        .place_ms = programme->place_ms,
        .gain_mb = programme->gain_mb,
        .after_break = str_of(after_break_name(programme->after_break)),
        .source = programme->source.len == 0 ? S("") : programme->source,
        .bulletin_id = programme->bulletin,
    };
}

errc programme_add(const struct desk *desk, struct db *db, const struct programme *programme,
                   int64_t *ret_id, struct why *why)
{
    struct changing run = {.desk = desk, .db = db, .programme = programme, .why = why};
    struct programme_add_row_in in = row_of(programme);
    struct programme_add_row_row row;
    TRY(check_all(&run));
    in.has_created_by = desk->actor->account_id != 0;
    in.created_by = desk->actor->account_id;
    in.now_us = desk->actor->now;
    TRY(programme_add_row(db, &in, desk->arena, &row, why));
    run.id = row.id;
    TRY(write_parts(&run));
    *ret_id = row.id;
    return tell(&run, "programme_added", NULL, programme);
}

static errc change_row(const struct changing *run)
{
    struct programme_add_row_in made = row_of(run->programme);
    int64_t changed = 0;
    struct programme_change_row_in in = {
        .id = run->id,
        .version = run->programme->version,
        .name = made.name,
        .kind = made.kind,
        .class = made.class,
        .cadence = made.cadence,
        .every = made.every,
        .from_day = made.from_day,
        .to_day = made.to_day,
        .weekdays = made.weekdays,
        .months = made.months,
        .month_day = made.month_day,
        .nth = made.nth,
        .holidays = made.holidays,
        .start_s = made.start_s,
        .place_ms = made.place_ms,
        .gain_mb = made.gain_mb,
        .after_break = made.after_break,
        .source = made.source,
        .now_us = run->desk->actor->now,
    };
    TRY(programme_change_row(run->db, &in, &changed, run->why));
    return changed == 1 ? OK : fail(run->why, ERR_VERSION, "somebody else was quicker");
}

static bool sounds_as(const struct programme_item *item, const struct programme_item *old)
{
    return item->on == old->on && hash_is(item->media, old->media) &&
           str_is(item->language, old->language);
}

struct matching {
    const struct programme *before;
    bool *found; /* of `before` */
    struct programme_item *items;
    bool *matched; /* of `items` */
    size_t count;
};

/* Items of before that are still there; each is found once, in its place before anywhere else. */
static void find_again(struct matching *run, bool in_place)
{
    for (size_t i = 0; i < run->count; i++) {
        for (size_t j = 0; j < run->before->item_count && !run->matched[i]; j++) {
            const struct programme_item *old = &run->before->items[j];
            bool here = !in_place || old->position == run->items[i].position;
            if (!run->found[j] && here && sounds_as(&run->items[i], old)) {
                run->items[i].bulletin = old->bulletin;
                run->found[j] = true;
                run->matched[i] = true;
            }
        }
    }
}

/* Whose page changed the order of items, or took one out, knows nothing of bulletins: an item that
 * sounds as before on the same day is still of the bulletin that it was of. */
static errc keep_bulletins(const struct changing *run, const struct programme *before,
                           struct programme *after)
{
    struct arena *arena = run->desk->arena;
    struct matching matching = {
        .before = before,
        .found = arena_take_array(arena, before->item_count + 1, sizeof(bool)),
        .items = arena_take_array(arena, after->item_count + 1, sizeof(struct programme_item)),
        .matched = arena_take_array(arena, after->item_count + 1, sizeof(bool)),
        .count = after->item_count,
    };
    if (matching.found == NULL || matching.items == NULL || matching.matched == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < after->item_count; i++) {
        matching.items[i] = after->items[i];
        matching.matched[i] = after->items[i].bulletin != 0;
    }
    find_again(&matching, true);
    find_again(&matching, false);
    after->items = matching.items;
    return OK;
}

errc programme_change(const struct desk *desk, struct db *db, const struct programme *programme,
                      struct why *why)
{
    struct programme before;
    struct programme after = *programme;
    struct changing run = {
        .desk = desk, .db = db, .programme = &after, .id = programme->id, .why = why};
    TRY(programme_get(desk, db, programme->id, &before, why));
    after.unit = before.unit;
    TRY(keep_bulletins(&run, &before, &after));
    TRY(check_all(&run));
    TRY(change_row(&run));
    TRY(clear_parts(&run));
    TRY(write_parts(&run));
    return tell(&run, "programme_changed", &before, &after);
}

errc programme_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct programme before;
    struct changing run = {.desk = desk, .db = db, .programme = &before, .id = id, .why = why};
    struct programme_remove_row_in in = {id, desk->actor->now};
    TRY(programme_get(desk, db, id, &before, why));
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, before.unit));
    TRY(programme_remove_row(db, &in, NULL, why));
    return tell(&run, "programme_removed", &before, NULL);
}

/* --- what units decide ------------------------------------------------------------------------ */

static errc tell_decision(const struct changing *run, const char *action, unit_id unit,
                          const char *what, int64_t value)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_i64_at(&out, "unit_id", unit);
    json_i64_at(&out, what, value);
    json_end(&out);
    struct audit_entry entry = {
        .actor = run->desk->actor,
        .action = action,
        .subject_kind = "programme",
        .subject_id = run->id,
        .subject_name = run->programme->name,
        .subject_unit_id = unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(run->db, "programmes", run->why));
    return audit_append(run->db, &entry, run->why);
}

errc programme_choose(const struct desk *desk, struct db *db, const struct programme_choice *choice,
                      struct why *why)
{
    struct programme programme;
    struct changing run = {
        .desk = desk, .db = db, .programme = &programme, .id = choice->programme, .why = why};
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct programme_choice_put_in in = {
        .programme_id = choice->programme,
        .unit_id = choice->unit,
        .taken = choice->taken,
        .has_start_s = choice->has_start,
        .start_s = choice->start_s,
        .has_decided_by = desk->actor->account_id != 0,
        .decided_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, choice->unit));
    TRY(programme_get(desk, db, choice->programme, &programme, why));
    if (choice->has_start && (choice->start_s < 0 || choice->start_s >= DAY_S)) {
        return bad_field(desk->bad, "start", "out_of_range");
    }
    bool below = programme.unit != choice->unit && tree_covers(tree, programme.unit, choice->unit);
    if (!below || programme.order_class != CLASS_ORDINARY) {
        return bad_field(desk->bad, "unit_id", "not_here");
    }
    TRY(programme_choice_put(db, &in, NULL, why));
    return tell_decision(&run, "offer_decided", choice->unit, "taken", choice->taken);
}

errc clash_decide(const struct desk *desk, struct db *db, const struct clash_order *order,
                  struct why *why)
{
    struct programme first;
    struct programme second;
    struct changing run = {
        .desk = desk, .db = db, .programme = &first, .id = order->first, .why = why};
    struct clash_order_drop_in drop = {order->unit, order->second, order->first};
    struct clash_order_put_in put = {
        .unit_id = order->unit,
        .first_id = order->first,
        .second_id = order->second,
        .has_decided_by = desk->actor->account_id != 0,
        .decided_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, order->unit));
    TRY(programme_get(desk, db, order->first, &first, why));
    TRY(programme_get(desk, db, order->second, &second, why));
    if (first.id == second.id || first.order_class != CLASS_PRIORITY ||
        second.order_class != CLASS_PRIORITY) {
        return bad_field(desk->bad, "first", "not_here");
    }
    TRY(clash_order_drop(db, &drop, NULL, why));
    TRY(clash_order_put(db, &put, NULL, why));
    return tell_decision(&run, "clash_decided", order->unit, "before", order->second);
}

errc programme_sources(struct db *db, struct arena *arena, const str **ret_sources,
                       size_t *ret_count, struct why *why)
{
    struct programme_relays_row *rows = NULL;
    size_t count = 0;
    TRY(programme_relays_all(db, arena, &rows, &count, why));
    str *sources = arena_take_array(arena, count + 1, sizeof *sources);
    if (sources == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        sources[i] = rows[i].source;
    }
    *ret_sources = sources;
    *ret_count = count;
    return OK;
}
