/* The life of a bulletin: who may let it go on, and that two people did; see bulletin_desk.h. */
#include "broadcast/programme_bulletin.h"
#include "people/audit.h"
#include "people/forest.h"
#include "people/unit_sight.h"
#include "studio/airing.h"
#include "studio/bulletin_inside.h"
#include "studio/bulletin_sql.h"
#include "studio/offer.h"

/* --- one person or two ------------------------------------------------------------------------ */

static errc find_rule(const struct bulletin_job *job, unit_id unit, struct bulletin_rule *ret_rule)
{
    struct tree tree = forest_at(job->desk->forest, job->desk->actor->today);
    for (; unit != 0; unit = tree_parent(tree, unit)) {
        struct bulletin_rule_of_in in = {unit};
        struct bulletin_rule_of_row row;
        errc rc = bulletin_rule_of(job->db, &in, job->desk->arena, &row, job->why);
        if (rc == OK) {
            *ret_rule = (struct bulletin_rule){row.one_person, unit};
            return OK;
        }
        TRY(rc == ERR_NOT_FOUND ? OK : rc);
    }
    *ret_rule = (struct bulletin_rule){.one_person = false};
    return OK;
}

errc bulletin_rule_get(const struct desk *desk, struct db *db, unit_id unit,
                       struct bulletin_rule *ret_rule, struct why *why)
{
    struct bulletin_job job = {desk, db, 0, why};
    TRY(desk_may(desk, RIGHT_BULLETINS_READ, unit));
    return find_rule(&job, unit, ret_rule);
}

static errc may_rule(const struct desk *desk, unit_id unit)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    unit_id above = tree_parent(tree, unit);
    TRY(desk_may(desk, RIGHT_BULLETINS_APPROVE, unit));
    if (above == 0) {
        return OK;
    }
    struct right_view view = unit_right_view(desk->forest);
    return actor_may(desk->actor, RIGHT_BULLETINS_APPROVE, above, &view) ? OK : ERR_FORBIDDEN;
}

errc bulletin_rule_set(const struct desk *desk, struct db *db, unit_id unit, bool one_person,
                       struct why *why)
{
    struct unit_line line = {.name = S("")};
    struct bulletin_rule_put_in in = {
        .unit_id = unit,
        .one_person = one_person,
        .has_changed_by = desk->actor->account_id != 0,
        .changed_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(may_rule(desk, unit));
    TRY(bulletin_rule_put(db, &in, NULL, why));
    bool known = tree_line(forest_at(desk->forest, desk->actor->today), unit, &line);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = one_person ? "one_person_allowed" : "two_people_wanted",
        .subject_kind = "unit",
        .subject_id = unit,
        .subject_name = known ? line.name : S(""),
        .subject_unit_id = unit,
    };
    TRY(db_announce(db, "bulletins", why));
    return audit_append(db, &entry, why);
}

/* Whether who asks saved a version of it or submitted it. */
static errc has_written(const struct bulletin_job *job, const struct bulletin_line *line,
                        bool *ret_wrote)
{
    int64_t account = job->desk->actor->account_id;
    struct bulletin_versions_by_in in = {line->id, account};
    struct bulletin_versions_by_row row;
    TRY(bulletin_versions_by(job->db, &in, job->desk->arena, &row, job->why));
    *ret_wrote = row.versions > 0 || line->submitted.account == account;
    return OK;
}

static errc check_second(const struct bulletin_job *job, const struct bulletin_line *line,
                         bool *ret_alone)
{
    struct bulletin_rule rule;
    TRY(has_written(job, line, ret_alone));
    TRY(find_rule(job, line->unit, &rule));
    return !*ret_alone || rule.one_person
               ? OK
               : fail(job->why, ERR_SECOND_PERSON, "who wrote it may not approve it");
}

/* --- steps ------------------------------------------------------------------------------------ */

/* The bulletin as it stands, when the step fits and the right is there. */
static errc begin(const struct bulletin_job *job, enum bulletin_step step, enum right right,
                  struct bulletin_line *ret_line)
{
    TRY(bulletin_get_line(job->desk, job->db, job->id, ret_line, job->why));
    TRY(desk_may(job->desk, right, ret_line->unit));
    return bulletin_step_fits(ret_line->state, ret_line->class, step)
               ? OK
               : fail(job->why, ERR_CONFLICT, "not in this state");
}

static errc check_revision(const struct bulletin_job *job, const struct bulletin_line *line,
                           int64_t revision)
{
    return line->revision == revision ? OK
                                      : fail(job->why, ERR_VERSION, "it was changed meanwhile");
}

static errc end(const struct bulletin_job *job, int64_t changed, const char *action, str reason)
{
    struct bulletin_line line;
    if (changed != 1) {
        return fail(job->why, ERR_VERSION, "somebody else was quicker");
    }
    TRY(bulletin_load_line(job, &line));
    return bulletin_tell(job, action, &line, reason);
}

errc bulletin_submit(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                     struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    struct bulletin_body body;
    struct bulletin_version version;
    int64_t changed = 0;
    struct bulletin_submit_row_in in = {
        .id = id,
        .revision = revision,
        .has_submitted_by = desk->actor->account_id != 0,
        .submitted_by = desk->actor->account_id,
        .submitted_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(begin(&job, STEP_SUBMIT, RIGHT_BULLETINS_WRITE, &line));
    TRY(check_revision(&job, &line, revision));
    TRY(bulletin_load_body(&job, revision, &body, &version));
    TRY(bulletin_check_complete(&body, desk->bad));
    TRY(bulletin_submit_row(db, &in, &changed, why));
    return end(&job, changed, "bulletin_submitted", STR_NONE);
}

errc bulletin_approve(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                      struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    struct bulletin_body body;
    struct bulletin_version version;
    bool alone = false;
    int64_t changed = 0;
    TRY(begin(&job, STEP_APPROVE, RIGHT_BULLETINS_APPROVE, &line));
    TRY(check_revision(&job, &line, revision));
    TRY(check_second(&job, &line, &alone));
    TRY(bulletin_load_body(&job, revision, &body, &version));
    TRY(bulletin_check_complete(&body, desk->bad));
    struct bulletin_approve_row_in in = {
        .id = id,
        .revision = revision,
        .has_approved_by = desk->actor->account_id != 0,
        .approved_by = desk->actor->account_id,
        .approved_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .approved_alone = alone,
        .now_us = desk->actor->now,
    };
    TRY(bulletin_approve_row(db, &in, &changed, why));
    return end(&job, changed, alone ? "bulletin_approved_alone" : "bulletin_approved", STR_NONE);
}

errc bulletin_return(const struct desk *desk, struct db *db, int64_t id, str reason,
                     struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    struct bulletin_return_row_in in = {id, reason, desk->actor->now};
    int64_t changed = 0;
    TRY(begin(&job, STEP_RETURN, RIGHT_BULLETINS_APPROVE, &line));
    if (str_trim(reason).len == 0) {
        return bad_field(desk->bad, "reason", "missing");
    }
    TRY(bulletin_return_row(db, &in, &changed, why));
    return end(&job, changed, "bulletin_returned", reason);
}

errc bulletin_withdraw(const struct desk *desk, struct db *db, int64_t id, str reason,
                       struct why *why)
{
    struct bulletin_job job = {desk, db, id, why};
    struct bulletin_line line;
    struct bulletin_withdraw_row_in in = {id, reason, desk->actor->now};
    int64_t changed = 0;
    TRY(begin(&job, STEP_WITHDRAW, RIGHT_BULLETINS_WRITE, &line));
    TRY(line.approved_revision == 0 ? OK : desk_may(desk, RIGHT_BULLETINS_APPROVE, line.unit));
    if (str_trim(reason).len == 0) {
        return bad_field(desk->bad, "reason", "missing");
    }
    TRY(bulletin_withdraw_row(db, &in, &changed, why));
    TRY(offers_end(desk, db, id, why));
    TRY(airings_end(desk, db, id, why));
    TRY(bulletin_off_air(desk, db, id, why));
    return end(&job, changed, "bulletin_withdrawn", reason);
}

/* --- what may be done now --------------------------------------------------------------------- */

static bool is_allowed(const struct desk *desk, const struct bulletin_line *line,
                       enum bulletin_step step)
{
    struct right_view view = unit_right_view(desk->forest);
    bool writes = actor_may(desk->actor, RIGHT_BULLETINS_WRITE, line->unit, &view);
    bool approves = actor_may(desk->actor, RIGHT_BULLETINS_APPROVE, line->unit, &view);
    switch (step) {
    case STEP_CHANGE:
    case STEP_SUBMIT:
    case STEP_SEND:
        return writes;
    case STEP_APPROVE:
    case STEP_RETURN:
        return approves;
    case STEP_WITHDRAW:
        return line->approved_revision == 0 ? writes : writes && approves;
    case STEP_SCHEDULE:
        return actor_may(desk->actor, RIGHT_PROGRAMMES_WRITE, line->unit, &view);
    }
    return false;
}

errc bulletin_steps(const struct desk *desk, struct db *db, const struct bulletin_line *line,
                    unsigned *ret_steps, struct why *why)
{
    struct bulletin_job job = {desk, db, line->id, why};
    unsigned steps = 0;
    bool alone = false;
    for (int i = 0; i < BULLETIN_STEPS; i++) {
        enum bulletin_step step = (enum bulletin_step)i;
        bool may =
            bulletin_step_fits(line->state, line->class, step) && is_allowed(desk, line, step);
        steps |= may ? 1U << i : 0;
    }
    if ((steps & 1U << STEP_APPROVE) != 0) {
        errc rc = check_second(&job, line, &alone);
        steps &= rc == ERR_SECOND_PERSON ? ~(1U << STEP_APPROVE) : ~0U;
        TRY(rc == ERR_SECOND_PERSON ? OK : rc);
    }
    *ret_steps = steps;
    return OK;
}
