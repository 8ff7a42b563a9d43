/* The number of changes, and the audit line that every change ends with. */
#include "fleet/fleet_inside.h"
#include "fleet/fleet_sql.h"
#include "people/audit.h"
#include "store/db.h"

errc fleet_bump(struct db *db, const struct fleet_job *job, int64_t *ret_version, struct why *why)
{
    struct fleet_change_row row;
    TRY(fleet_change(db, job->arena, &row, why));
    *ret_version = row.version;
    return db_announce(db, "devices", why);
}

errc fleet_tell(struct db *db, const struct fleet_job *job, const char *topic,
                const struct fleet_tale *tale, struct why *why)
{
    struct audit_entry entry = {
        .actor = job->actor,
        .action = tale->action,
        .subject_kind = tale->kind,
        .subject_id = tale->id,
        .subject_name = tale->name,
        .subject_unit_id = tale->unit,
        .before = tale->before,
        .after = tale->after,
    };
    TRY(db_announce(db, topic, why));
    return audit_append(db, &entry, why);
}
