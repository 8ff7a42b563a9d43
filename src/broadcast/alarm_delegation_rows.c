/* Delegations in the store; see alarm_delegation.h. */
#include "broadcast/alarm_delegation.h"

#include "base/json_out.h"
#include "broadcast/alarm_delegation_sql.h"
#include "people/account_actor.h"
#include "people/audit.h"
#include "people/unit_sight.h"

static errc take_row(const struct delegations_all_row *row, struct alarm_delegation *to)
{
    *to = (struct alarm_delegation){
        .id = row->id,
        .unit = row->unit_id,
        .account = row->account_id,
        .account_name = row->account_name,
        .from = row->from_day,
        .to = row->to_day,
        .granted_by = row->has_granted_by ? row->granted_by : 0,
        .granted_name = row->granted_name,
        .revoked_at = row->has_revoked_at_us ? row->revoked_at_us : 0,
    };
    return hazard_parse(row->hazard, &to->hazard) ? OK : ERR_CORRUPT;
}

/* Those at, above and below the unit. */
errc alarm_delegation_list(const struct desk *desk, struct db *db, unit_id unit,
                           struct alarm_delegations *ret_list, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct delegations_all_row *rows = NULL;
    size_t row_count = 0;
    size_t count = 0;
    if (!desk_sees(desk, RIGHT_ALARMS_READ, unit)) {
        return ERR_NOT_FOUND;
    }
    TRY(delegations_all_all(db, desk->arena, &rows, &row_count, why));
    struct alarm_delegation *list = arena_take_array(desk->arena, row_count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        bool near =
            tree_covers(tree, unit, rows[i].unit_id) || tree_covers(tree, rows[i].unit_id, unit);
        if (near && desk_sees(desk, RIGHT_ALARMS_READ, rows[i].unit_id)) {
            TRY(take_row(&rows[i], &list[count++]));
        }
    }
    *ret_list = (struct alarm_delegations){list, count};
    return OK;
}

errc alarm_delegation_of(const struct desk *desk, struct db *db, enum hazard hazard, unit_id unit,
                         int64_t *ret_id, struct why *why)
{
    const struct actor *actor = desk->actor;
    struct tree tree = forest_at(desk->forest, actor->today);
    struct delegations_all_row *rows = NULL;
    size_t count = 0;
    *ret_id = 0;
    if (actor->account_id == 0) {
        return OK;
    }
    TRY(delegations_all_all(db, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count && *ret_id == 0; i++) {
        bool holds = rows[i].account_id == actor->account_id && !rows[i].has_revoked_at_us &&
                     day_within(actor->today, rows[i].from_day, rows[i].to_day) &&
                     str_is(rows[i].hazard, str_of(hazard_name(hazard))) &&
                     tree_covers(tree, rows[i].unit_id, unit);
        *ret_id = holds ? rows[i].id : 0;
    }
    return OK;
}

/* --- giving and taking back --------------------------------------------------------------------
 */

static errc tell(const struct desk *desk, struct db *db, const char *action,
                 const struct alarm_delegation *delegation, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_text_at(&out, "hazard", hazard_name(delegation->hazard));
    json_i64_at(&out, "account", delegation->account);
    json_day_at(&out, "from", delegation->from);
    json_day_at(&out, "to", delegation->to);
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "alarm_delegation",
        .subject_id = delegation->id,
        .subject_name = delegation->account_name,
        .subject_unit_id = delegation->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "alarms", why));
    return audit_append(db, &entry, why);
}

static errc check(const struct desk *desk, struct db *db, const struct alarm_delegation *delegation,
                  str *ret_name, struct why *why)
{
    struct right_view view = unit_right_view(desk->forest);
    struct actor other;
    if (delegation->from >= delegation->to || delegation->to <= desk->actor->today) {
        return bad_field(desk->bad, "to", "never");
    }
    if (delegation->hazard == HAZARD_OTHER || delegation->hazard == HAZARD_DRILL) {
        return bad_field(desk->bad, "hazard", "not_named");
    }
    if (delegation->account == desk->actor->account_id) {
        return bad_field(desk->bad, "account_id", "oneself");
    }
    errc rc = account_actor(db, delegation->account, desk->actor->now, desk->actor->today,
                            desk->arena, &other, why);
    if (rc == ERR_NOT_FOUND ||
        (rc == OK && !actor_may(&other, RIGHT_ALARMS_WRITE, delegation->unit, &view))) {
        return bad_field(desk->bad, "account_id", "may_not");
    }
    TRY(rc);
    *ret_name = other.name;
    return OK;
}

errc alarm_delegation_add(const struct desk *desk, struct db *db,
                          const struct alarm_delegation *delegation, int64_t *ret_id,
                          struct why *why)
{
    struct alarm_delegation fresh = *delegation;
    struct delegation_add_row row;
    TRY(desk_may(desk, RIGHT_ALARMS_WRITE, delegation->unit));
    TRY(check(desk, db, delegation, &fresh.account_name, why));
    struct delegation_add_in in = {
        .unit_id = fresh.unit,
        .hazard = str_of(hazard_name(fresh.hazard)),
        .account_id = fresh.account,
        .account_name = fresh.account_name,
        .from_day = fresh.from,
        .to_day = fresh.to,
        .has_granted_by = desk->actor->account_id != 0,
        .granted_by = desk->actor->account_id,
        .granted_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(delegation_add(db, &in, desk->arena, &row, why));
    fresh.id = row.id;
    *ret_id = row.id;
    return tell(desk, db, "alarm_delegated", &fresh, why);
}

errc alarm_delegation_revoke(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct delegations_all_row *rows = NULL;
    size_t count = 0;
    TRY(delegations_all_all(db, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct alarm_delegation delegation;
        if (rows[i].id != id) {
            continue;
        }
        TRY(take_row(&rows[i], &delegation));
        TRY(desk_may(desk, RIGHT_ALARMS_WRITE, delegation.unit));
        if (delegation.revoked_at != 0) {
            return OK;
        }
        struct delegation_revoke_in in = {.id = id,
                                          .has_revoked_by = desk->actor->account_id != 0,
                                          .revoked_by = desk->actor->account_id,
                                          .now_us = desk->actor->now};
        TRY(delegation_revoke(db, &in, NULL, why));
        return tell(desk, db, "alarm_undelegated", &delegation, why);
    }
    return fail(why, ERR_NOT_FOUND, "no delegation %lld", (long long)id);
}
