/* The roster in the database; see roster.h. */
#include "duty/roster.h"

#include "base/json_out.h"
#include "duty/roster_sql.h"
#include "people/audit.h"
#include "people/unit_sight.h"

enum { SHIFT_MOST_DAYS = 7, UNITS_UP = UNIT_DEPTH + 1 };

errc roster_people(const struct duty_job *job, struct db *db, unit_id unit,
                   struct people *ret_people, struct why *why)
{
    struct people_query query = {job->forest, RIGHT_ALARMS_READ, unit, job->actor->today};
    return people_who_may(db, &query, job->arena, ret_people, why);
}

errc roster_read(const struct duty_job *job, struct db *db, const struct roster_span *span,
                 struct duty_shifts *ret_shifts, struct why *why)
{
    struct shifts_of_unit_in in = {span->unit, day_start(span->from, job->zone),
                                   day_start(span->to, job->zone)};
    struct shifts_of_unit_row *rows = NULL;
    size_t count = 0;
    TRY(duty_may(job, RIGHT_ALARMS_READ, span->unit));
    TRY(shifts_of_unit_all(db, &in, job->arena, &rows, &count, why));
    struct duty_shift *shifts = arena_take_array(job->arena, count + 1, sizeof *shifts);
    if (shifts == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for shifts");
    }
    for (size_t i = 0; i < count; i++) {
        shifts[i] = (struct duty_shift){
            .id = rows[i].id,
            .unit = span->unit,
            .account = rows[i].account_id,
            .name = rows[i].name,
            .phone = rows[i].phone,
            .has_push = rows[i].subscriptions > 0,
            .has_mail = job->policy->mail_is_ready && rows[i].email.len > 0,
            .rank = (int)rows[i].rank,
            .from = rows[i].from_us,
            .to = rows[i].to_us,
            .note = rows[i].note,
        };
    }
    *ret_shifts = (struct duty_shifts){shifts, count};
    return OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

static errc check_shift(const struct duty_job *job, const struct roster_span *span,
                        const struct duty_shift *shift)
{
    bool begins_there = shift->from >= day_start(span->from, job->zone) &&
                        shift->from < day_start(span->to, job->zone);
    bool fits = shift->from < shift->to && shift->to - shift->from <= SHIFT_MOST_DAYS * USEC_DAY;
    if (!begins_there || !fits || shift->rank < 1 || shift->rank > SHIFT_RANK_MOST) {
        return bad_field(job->bad, "shifts", "out_of_range");
    }
    return OK;
}

static bool has_person(const struct people *people, int64_t account)
{
    for (size_t i = 0; i < people->count; i++) {
        if (people->at[i].id == account) {
            return true;
        }
    }
    return false;
}

static errc check(const struct duty_job *job, struct db *db, const struct roster_span *span,
                  const struct duty_shifts *shifts, struct why *why)
{
    struct people people = {.count = 0};
    if (span->from >= span->to || span->to - span->from > ROSTER_DAYS_MOST) {
        return bad_field(job->bad, "to", "out_of_range");
    }
    if (shifts->count > SHIFTS_MOST) {
        return bad_field(job->bad, "shifts", "too_many");
    }
    TRY(roster_people(job, db, span->unit, &people, why));
    for (size_t i = 0; i < shifts->count; i++) {
        TRY(check_shift(job, span, &shifts->at[i]));
        if (!has_person(&people, shifts->at[i].account)) {
            return bad_field(job->bad, "shifts", "unknown");
        }
    }
    return OK;
}

static errc tell(const struct duty_job *job, struct db *db, const struct roster_span *span,
                 size_t count, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    struct unit_line line = {.name = S("")};
    bool known = tree_line(forest_at(job->forest, job->actor->today), span->unit, &line);
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_day_at(&out, "from", span->from);
    json_day_at(&out, "to", span->to);
    json_i64_at(&out, "shifts", (int64_t)count);
    json_end(&out);
    struct audit_entry entry = {
        .actor = job->actor,
        .action = "duty_planned",
        .subject_kind = "unit",
        .subject_id = span->unit,
        .subject_name = known ? line.name : S(""),
        .subject_unit_id = span->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "duty", why));
    return audit_append(db, &entry, why);
}

errc roster_put(const struct duty_job *job, struct db *db, const struct roster_span *span,
                const struct duty_shifts *shifts, struct why *why)
{
    struct shifts_clear_in clear = {span->unit, day_start(span->from, job->zone),
                                    day_start(span->to, job->zone)};
    TRY(duty_may(job, RIGHT_DUTY_WRITE, span->unit));
    TRY(check(job, db, span, shifts, why));
    struct shift_add_in *add = arena_take_array(job->arena, shifts->count + 1, sizeof *add);
    if (add == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for shifts");
    }
    for (size_t i = 0; i < shifts->count; i++) {
        const struct duty_shift *shift = &shifts->at[i];
        add[i] = (struct shift_add_in){
            .unit_id = span->unit,
            .account_id = shift->account,
            .rank = shift->rank,
            .from_us = shift->from,
            .to_us = shift->to,
            .note = shift->note.len == 0 ? S("") : shift->note,
            .has_added_by = job->actor->account_id != 0,
            .added_by = job->actor->account_id,
            .now_us = job->actor->now,
        };
    }
    TRY(shifts_clear(db, &clear, NULL, why));
    if (shifts->count > 0) {
        TRY(shift_add_batch(db, add, shifts->count, why));
    }
    return tell(job, db, span, shifts->count, why);
}

/* --- who is reached --------------------------------------------------------------------------- */

struct reaching {
    const struct duty_job *job;
    const struct reach_query *query;
    struct db *db;
    struct reach_crowd shifts;
    struct reach_crowd rights;
    struct why *why;
};

static bool is_left_out(const struct reach_query *query, int64_t account)
{
    for (size_t i = 0; i < query->but_count; i++) {
        if (query->but[i] == account) {
            return true;
        }
    }
    return false;
}

/* Sorted by rank; of one rank the nearest unit first, because it was added first. */
static void take_shift(struct reaching *reaching, const struct shifts_now_row *row, unit_id unit)
{
    bool has_mail = reaching->job->policy->mail_is_ready && row->email.len > 0;
    struct reach_crowd *shifts = &reaching->shifts;
    size_t at = shifts->count;
    if (at == SHIFTS_MOST || is_left_out(reaching->query, row->account_id)) {
        return;
    }
    for (; at > 0 && shifts->at[at - 1].rank > row->rank; at--) {
        shifts->at[at] = shifts->at[at - 1];
    }
    shifts->at[at] = (struct reach_person){.account = row->account_id,
                                           .name = row->name,
                                           .language = row->language,
                                           .email = row->email,
                                           .unit = unit,
                                           .rank = (int)row->rank,
                                           .by_shift = true,
                                           .has_push = row->subscriptions > 0,
                                           .has_mail = has_mail};
    shifts->count++;
}

static errc take_shifts(struct reaching *reaching)
{
    struct tree tree = forest_at(reaching->job->forest, reaching->job->actor->today);
    unit_id unit = reaching->query->unit;
    for (size_t depth = 0; unit != 0 && depth < UNITS_UP; depth++) {
        struct shifts_now_in in = {unit, reaching->query->at};
        struct shifts_now_row *rows = NULL;
        size_t count = 0;
        TRY(shifts_now_all(reaching->db, &in, reaching->job->arena, &rows, &count, reaching->why));
        for (size_t i = 0; i < count; i++) {
            take_shift(reaching, &rows[i], unit);
        }
        unit = tree_parent(tree, unit);
    }
    return OK;
}

static errc take_rights(struct reaching *reaching)
{
    const struct duty_job *job = reaching->job;
    struct people_query query = {job->forest, RIGHT_ALARMS_WRITE, reaching->query->unit,
                                 job->actor->today};
    struct people people = {.count = 0};
    TRY(people_who_may(reaching->db, &query, job->arena, &people, reaching->why));
    for (size_t i = 0; i < people.count && reaching->rights.count < REACH_BY_RIGHT_MOST; i++) {
        const struct person *person = &people.at[i];
        struct push_count_of_row row;
        if (is_left_out(reaching->query, person->id)) {
            continue;
        }
        TRY(push_count_of(reaching->db, &(struct push_count_of_in){person->id}, job->arena, &row,
                          reaching->why));
        reaching->rights.at[reaching->rights.count++] =
            (struct reach_person){.account = person->id,
                                  .name = person->name,
                                  .language = person->language,
                                  .email = person->email,
                                  .unit = person->unit,
                                  .has_push = row.subscriptions > 0,
                                  .has_mail = job->policy->mail_is_ready && person->email.len > 0};
    }
    return OK;
}

errc roster_reach(const struct duty_job *job, struct db *db, const struct reach_query *query,
                  struct reach *ret_reach, struct why *why)
{
    struct reaching reaching = {.job = job, .query = query, .db = db, .why = why};
    reaching.shifts.at = arena_take_array(job->arena, SHIFTS_MOST + 1, sizeof(struct reach_person));
    reaching.rights.at =
        arena_take_array(job->arena, REACH_BY_RIGHT_MOST, sizeof(struct reach_person));
    if (reaching.shifts.at == NULL || reaching.rights.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for people");
    }
    TRY(take_shifts(&reaching));
    TRY(take_rights(&reaching));
    return reach_order(&reaching.shifts, &reaching.rights, job->arena, ret_reach);
}
