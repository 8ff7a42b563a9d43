/* Reading alarms; see alarm.h. */
#include "broadcast/alarm_inside.h"

#include "broadcast/alarm_seen.h"
#include "broadcast/alarm_sql.h"
#include "broadcast/coverage_rows.h"

static errc load_areas(struct db *db, struct alarm *alarm, struct arena *arena, struct why *why)
{
    struct alarm_areas_of_in in = {alarm->id};
    struct alarm_areas_of_row *rows = NULL;
    TRY(alarm_areas_of_all(db, &in, arena, &rows, &alarm->area_count, why));
    unit_id *areas = arena_take_array(arena, alarm->area_count + 1, sizeof *areas);
    if (areas == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < alarm->area_count; i++) {
        areas[i] = rows[i].unit_id;
    }
    alarm->areas = areas;
    return OK;
}

static errc load_voices(struct db *db, struct alarm *alarm, struct arena *arena, struct why *why)
{
    struct alarm_voices_of_in in = {alarm->id};
    struct alarm_voices_of_row *rows = NULL;
    TRY(alarm_voices_of_all(db, &in, arena, &rows, &alarm->voice_count, why));
    struct alarm_voice *voices = arena_take_array(arena, alarm->voice_count + 1, sizeof *voices);
    if (voices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < alarm->voice_count; i++) {
        voices[i] = (struct alarm_voice){rows[i].language, rows[i].hash, rows[i].bytes, rows[i].ms};
    }
    alarm->voices = voices;
    return OK;
}

static errc fill(struct alarm *to, const struct alarms_page_row *row)
{
    if (row->mark.len != WIRE_ID_SIZE || !alarm_kind_parse(row->kind, &to->kind) ||
        !alarm_state_parse(row->state, &to->state) || !hazard_parse(row->hazard, &to->hazard) ||
        !alarm_purpose_parse(row->purpose, &to->purpose)) {
        return ERR_CORRUPT;
    }
    memcpy(to->mark.bytes, row->mark.at, WIRE_ID_SIZE);
    to->id = row->id;
    to->unit = row->unit_id;
    to->root = row->root_id;
    to->version = row->version;
    to->replaces = row->has_replaces_id ? row->replaces_id : 0;
    to->title = row->title;
    to->text = row->text;
    to->signal = (int)row->signal;
    to->clip = (int)row->clip;
    to->times = (int)row->times;
    to->pause_ms = row->pause_ms;
    to->again_s = row->again_s;
    to->gain_mb = row->gain_mb;
    to->start = row->start_us;
    to->expires = row->expires_us;
    to->valid_ms = row->valid_ms;
    to->devices = row->devices;
    to->units = row->units;
    to->people = row->people;
    to->delegation = row->has_delegation_id ? row->delegation_id : 0;
    to->source = row->has_source_id ? row->source_id : 0;
    to->source_name = row->source_name;
    to->raised_by = row->has_raised_by ? row->raised_by : 0;
    to->raised_name = row->raised_name;
    to->raised_at = row->raised_at_us;
    to->approved_by = row->has_approved_by ? row->approved_by : 0;
    to->approved_name = row->approved_name;
    to->approved_at = row->has_approved_at_us ? row->approved_at_us : 0;
    to->sent_at = row->has_sent_at_us ? row->sent_at_us : 0;
    to->ended_by = row->has_ended_by ? row->ended_by : 0;
    to->ended_name = row->ended_name;
    to->ended_at = row->has_ended_at_us ? row->ended_at_us : 0;
    to->end_reason = row->end_reason;
    return OK;
}

static errc load(struct db *db, const struct alarms_page_row *row, struct arena *arena,
                 struct alarm *ret_alarm, struct why *why)
{
    struct alarm alarm = {.id = row->id};
    TRY(fill(&alarm, row));
    TRY(load_areas(db, &alarm, arena, why));
    TRY(load_voices(db, &alarm, arena, why));
    TRY(alarm_prepared_load(db, &alarm, arena, why));
    *ret_alarm = alarm;
    return OK;
}

errc alarm_get(const struct desk *desk, struct db *db, int64_t id, struct alarm *ret_alarm,
               struct why *why)
{
    struct alarms_page_in in = {.before_id = INT64_MAX, .only_id = id, .page = 1};
    struct alarms_page_row *rows = NULL;
    size_t count = 0;
    if (id > 0) {
        TRY(alarms_page_all(db, &in, desk->arena, &rows, &count, why));
    }
    if (count == 0 || !desk_sees(desk, RIGHT_ALARMS_READ, rows[0].unit_id)) {
        return fail(why, ERR_NOT_FOUND, "no alarm %lld", (long long)id);
    }
    return load(db, &rows[0], desk->arena, ret_alarm, why);
}

static bool is_wanted(const struct desk *desk, const struct alarm_filter *filter,
                      const struct alarms_page_row *row)
{
    enum alarm_kind kind = ALARM_REAL;
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    bool known = alarm_kind_parse(row->kind, &kind);
    bool fits = filter->has_kind ? kind == filter->kind : kind != ALARM_DRILL;
    bool here = filter->unit == 0 || tree_covers(tree, filter->unit, row->unit_id) ||
                tree_covers(tree, row->unit_id, filter->unit);
    return known && fits && here && desk_sees(desk, RIGHT_ALARMS_READ, row->unit_id);
}

/* The one who sent it, and the one who approved it, know. */
static errc is_unread(const struct desk *desk, struct db *db, const struct alarm *alarm,
                      bool *ret_unread, struct why *why)
{
    int64_t account = desk->actor->account_id;
    bool read = false;
    *ret_unread = false;
    if (alarm->delegation == 0 || alarm->sent_at == 0 || alarm->raised_by == account ||
        desk_may(desk, RIGHT_ALARMS_WRITE, alarm->unit) != OK) {
        return OK;
    }
    TRY(alarm_report_is_read(desk, db, alarm, &read, why));
    *ret_unread = !read;
    return OK;
}

enum { SCAN = 400 };

errc alarm_list(const struct desk *desk, struct db *db, const struct alarm_filter *filter,
                struct alarms *ret_alarms, struct why *why)
{
    struct alarms_page_in in = {.before_id = filter->before == 0 ? INT64_MAX : filter->before,
                                .open = filter->only_open,
                                .page = SCAN};
    struct alarms_page_row *rows = NULL;
    size_t count = 0;
    size_t i = 0;
    TRY(alarms_page_all(db, &in, desk->arena, &rows, &count, why));
    struct alarm *items = arena_take_array(desk->arena, filter->limit + 1, sizeof *items);
    struct alarms alarms = {.at = items};
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (; i < count && alarms.count < filter->limit; i++) {
        bool wanted = is_wanted(desk, filter, &rows[i]);
        if (wanted) {
            TRY(load(db, &rows[i], desk->arena, &items[alarms.count], why));
            TRY(filter->unread ? is_unread(desk, db, &items[alarms.count], &wanted, why) : OK);
        }
        alarms.count += wanted;
    }
    bool more = i < count || count == SCAN;
    alarms.next = more && i > 0 ? rows[i - 1].id : 0;
    *ret_alarms = alarms;
    return OK;
}

errc alarm_lines(struct db *db, struct coverage *coverage, const struct alarm *alarm,
                 struct arena *arena, struct coverage_device **ret_lines, size_t *ret_count,
                 struct why *why)
{
    if (coverage != NULL && coverage_copy(coverage, alarm->mark, arena, ret_lines, ret_count)) {
        return OK;
    }
    return coverage_rows_load(db, alarm->id, arena, ret_lines, ret_count, why);
}

#define LAST_WORDS (10 * USEC_MINUTE) /* devices say so late that an alarm ended */

errc alarms_recall(struct db *db, struct coverage *coverage, usec now, struct arena *arena,
                   struct why *why)
{
    struct alarms_counted_in in = {now - LAST_WORDS};
    struct alarms_counted_row *rows = NULL;
    size_t count = 0;
    TRY(alarms_counted_all(db, &in, arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct coverage_device *lines = NULL;
        size_t line_count = 0;
        wire_id mark;
        if (rows[i].mark.len != sizeof mark.bytes) {
            return ERR_CORRUPT;
        }
        memcpy(mark.bytes, rows[i].mark.at, sizeof mark.bytes);
        TRY(coverage_rows_load(db, rows[i].id, arena, &lines, &line_count, why));
        TRY(coverage_open(coverage, mark, lines, line_count));
    }
    return OK;
}
