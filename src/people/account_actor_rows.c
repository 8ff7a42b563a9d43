/* See account_actor.h. */
#include "people/account_actor.h"

#include "people/account_rows.h"

errc account_actor(struct db *db, int64_t id, usec now, day today, struct arena *arena,
                   struct actor *ret_actor, struct why *why)
{
    struct account_by_id_in in = {id};
    struct account_by_id_row row;
    struct actor actor = {.account_id = id, .now = now, .today = today};
    TRY(account_by_id(db, &in, arena, &row, why));
    if (row.has_disabled_at_us) {
        return fail(why, ERR_NOT_FOUND, "account %lld is disabled", (long long)id);
    }
    actor.unit_id = row.unit_id;
    actor.login = row.login;
    actor.name = row.name;
    TRY(account_grants(db, id, today, arena, &actor.grants, why));
    *ret_actor = actor;
    return OK;
}
