/* Sending one bulletin to many communes, with what became of it in each; see offer.h. */
#include "broadcast/schedule.h"
#include "people/forest.h"
#include "studio/bulletin_inside.h"
#include "studio/offer.h"
#include "studio/offer_sql.h"

struct sending_run {
    struct bulletin_job job;
    const struct sending *sending;
    struct bulletin_line line;
    struct tree tree;
    struct send_line *lines;
    size_t count;
    size_t room;
};

/* --- to whom ---------------------------------------------------------------------------------- */

static void add(struct sending_run *run, unit_id unit, const char *refusal)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->lines[i].unit == unit) {
            return;
        }
    }
    enum send_result result = refusal == NULL ? SEND_OFFERED : SEND_REFUSED;
    if (run->count < run->room) {
        run->lines[run->count++] = (struct send_line){unit, result, refusal};
    }
}

static const char *refusal_of(const struct sending_run *run, unit_id unit)
{
    if (!tree_has(run->tree, unit)) {
        return "ended";
    }
    if (unit != run->line.unit && !tree_covers(run->tree, run->line.unit, unit)) {
        return "outside";
    }
    uint64_t tier = unit_key_tier(run->job.desk->forest, unit);
    if (tier > TIER_COMMUNE) {
        return "not_a_commune";
    }
    return tier == TIER_COMMUNE && unit == run->line.unit ? "own" : NULL;
}

static errc add_below(struct sending_run *run, unit_id unit)
{
    struct tree_order order;
    TRY(tree_order(run->tree, unit, run->job.desk->arena, &order));
    for (size_t i = 0; i < order.count; i++) {
        if (unit_key_tier(run->job.desk->forest, order.units[i]) == TIER_COMMUNE) {
            add(run, order.units[i], NULL);
        }
    }
    return OK;
}

static errc find_communes(struct sending_run *run)
{
    run->room = OFFER_UNITS_MOST;
    run->lines = arena_take_array(run->job.desk->arena, run->room, sizeof *run->lines);
    if (run->lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->sending->unit_count; i++) {
        unit_id unit = run->sending->units[i];
        const char *refusal = refusal_of(run, unit);
        if (refusal != NULL || unit_key_tier(run->job.desk->forest, unit) == TIER_COMMUNE) {
            add(run, unit, refusal);
        } else {
            TRY(add_below(run, unit));
        }
    }
    return run->count < run->room ? OK : bad_field(run->job.desk->bad, "units", "too_many");
}

/* Those to whom it came before are left out. */
static errc find_known(struct sending_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        bool there = false;
        if (run->lines[i].result == SEND_REFUSED) {
            continue;
        }
        TRY(offer_is_there(run->job.desk, run->job.db, run->job.id, run->lines[i].unit, &there,
                           run->job.why));
        run->lines[i].result = there ? SEND_ALREADY : SEND_OFFERED;
    }
    return OK;
}

/* --- sending ---------------------------------------------------------------------------------- */

static errc offer_to(const struct sending_run *run, const struct send_line *to, int64_t airing)
{
    const struct actor *actor = run->job.desk->actor;
    bool entered = to->result == SEND_ENTERED;
    struct offer_add_row row;
    struct offer_add_in in = {
        .bulletin_id = run->job.id,
        .unit_id = to->unit,
        .state = str_of(offer_state_name(entered ? OFFER_ENTERED : OFFER_WAITING)),
        .has_sent_by = actor->account_id != 0,
        .sent_by = actor->account_id,
        .sent_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
        .has_airing_id = airing != 0,
        .airing_id = airing,
    };
    errc rc = offer_add(run->job.db, &in, run->job.desk->arena, &row, run->job.why);
    return rc == ERR_NOT_FOUND ? OK : rc;
}

/* As many communes as a programme has areas; *first moves on. */
static errc enter_some(struct sending_run *run, size_t *first)
{
    unit_id areas[PROGRAMME_AREAS_MOST];
    struct airing_place place = run->sending->place;
    size_t from = *first;
    int64_t airing = 0;
    place.programme = 0;
    place.unit = run->line.unit;
    place.areas = areas;
    place.area_count = 0;
    for (; *first < run->count && place.area_count < PROGRAMME_AREAS_MOST; (*first)++) {
        if (run->lines[*first].result == SEND_OFFERED) {
            areas[place.area_count++] = run->lines[*first].unit;
        }
    }
    if (place.area_count == 0) {
        return OK;
    }
    TRY(bulletin_schedule(run->job.desk, run->job.db, run->job.id, &place, &airing, run->job.why));
    for (size_t i = from; i < *first; i++) {
        if (run->lines[i].result == SEND_OFFERED) {
            run->lines[i].result = SEND_ENTERED;
            TRY(offer_to(run, &run->lines[i], airing));
        }
    }
    return OK;
}

static errc enter(struct sending_run *run)
{
    if (!run->sending->has_place) {
        return bad_field(run->job.desk->bad, "on", "missing");
    }
    for (size_t first = 0; first < run->count;) {
        TRY(enter_some(run, &first));
    }
    return OK;
}

static errc offer_all(struct sending_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->lines[i].result == SEND_OFFERED) {
            TRY(offer_to(run, &run->lines[i], 0));
        }
    }
    return OK;
}

static errc check(struct sending_run *run)
{
    const struct bulletin_job *job = &run->job;
    TRY(bulletin_get_line(job->desk, job->db, job->id, &run->line, job->why));
    TRY(desk_may(job->desk, RIGHT_BULLETINS_WRITE, run->line.unit));
    if (run->line.class == BULLETIN_EMERGENCY) {
        return fail(job->why, ERR_BY_ALARM, "an emergency is given as an alarm");
    }
    if (!bulletin_step_fits(run->line.state, run->line.class, STEP_SEND)) {
        return fail(job->why, ERR_CONFLICT, "it is not approved");
    }
    return run->sending->unit_count > 0 ? OK : bad_field(job->desk->bad, "units", "missing");
}

errc bulletin_send(const struct desk *desk, struct db *db, int64_t bulletin,
                   const struct sending *sending, struct send_lines *ret_lines, struct why *why)
{
    struct sending_run run = {
        .job = {desk, db, bulletin, why},
        .sending = sending,
        .tree = forest_at(desk->forest, desk->actor->today),
    };
    TRY(check(&run));
    TRY(find_communes(&run));
    TRY(find_known(&run));
    TRY(run.line.class == BULLETIN_PRIORITY ? enter(&run) : offer_all(&run));
    TRY(bulletin_settle(&run.job, &run.line));
    *ret_lines = (struct send_lines){run.lines, run.count};
    return bulletin_tell(&run.job, "bulletin_sent", &run.line, STR_NONE);
}
