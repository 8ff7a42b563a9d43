/* Check, right, rows, announcement: in this order for every batch, whoever asks for it. */
#include "people/unit_write.h"

#include "people/audit.h"
#include "people/unit_sight.h"
#include "store/db.h"

errc unit_write_start(const struct unit_job *job, struct db *db, enum right right,
                      struct unit_writing *ret_writing, struct why *why)
{
    struct unit_writing writing = {.job = job, .db = db, .right = right};
    TRY(unit_rows_state(db, &writing.state, why));
    TRY(unit_book_write(job->book, db, &writing.forest, why));
    *ret_writing = writing;
    return OK;
}

void unit_write_finish(struct unit_writing *writing)
{
    forest_drop(writing->forest);
    writing->forest = NULL;
}

static bool may_touch(const struct unit_writing *writing, unit_id unit)
{
    struct unit_sight sight = {writing->forest, writing->job->actor, writing->right};
    return unit < 0 || unit_may_see(&sight, unit);
}

/* A unit without a parent would stand beside everything the actor is over: only the system begins
 * or makes one. A parent is touched as much as its new child. */
static bool may_edit(const struct unit_writing *writing, const struct unit_edit *edit)
{
    switch (edit->kind) {
    case EDIT_BEGIN:
        return edit->other != 0 && may_touch(writing, edit->other);
    case EDIT_PARENT:
        return may_touch(writing, edit->unit) &&
               (edit->other == 0 || may_touch(writing, edit->other));
    case EDIT_LINK:
    case EDIT_SHARE:
        return may_touch(writing, edit->unit) && may_touch(writing, edit->other);
    case EDIT_END:
    case EDIT_NAME:
    case EDIT_CODE:
    case EDIT_KIND:
        return may_touch(writing, edit->unit);
    }
    return false;
}

errc unit_write_may(const struct unit_writing *writing, const struct unit_patch *patch,
                    struct why *why)
{
    if (writing->job->actor->account_id == 0) {
        return OK;
    }
    for (size_t i = 0; i < patch->count; i++) {
        const struct unit_edit *edit = &patch->edits[i];
        if (!may_edit(writing, edit)) {
            return fail(why, ERR_FORBIDDEN, "unit %lld is not the actor's to change",
                        (long long)(edit->kind == EDIT_BEGIN ? edit->other : edit->unit));
        }
    }
    return OK;
}

errc unit_write_check(const struct unit_writing *writing, const struct unit_patch *patch,
                      struct unit_batch *batch, struct unit_problems *problems,
                      struct forest **ret_after, struct why *why)
{
    TRY(unit_write_may(writing, patch, why));
    batch->id = writing->state.next_batch;
    struct unit_trial trial = {writing->forest, patch, batch};
    return unit_check(&trial, problems, ret_after, why);
}

errc unit_write_batch(const struct unit_writing *writing, const struct forest *after,
                      const struct unit_batch *batch, size_t begun, struct why *why)
{
    struct unit_maker maker = {writing->job->actor->account_id, writing->job->actor->now};
    TRY(unit_rows_write(writing->db, forest_ledger(after), batch, begun, &maker, why));
    return db_announce(writing->db, "units", why);
}

errc unit_write_audit(const struct unit_writing *writing, const struct unit_audit *audit,
                      struct why *why)
{
    struct audit_entry entry = {
        .actor = writing->job->actor,
        .action = audit->action,
        .subject_kind = audit->subject_kind,
        .subject_id = audit->subject,
        .subject_name = audit->name,
        .subject_unit_id = audit->unit,
        .before = audit->before,
        .after = audit->after,
    };
    return audit_append(writing->db, &entry, why);
}
