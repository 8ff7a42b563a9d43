/* One small question per unit; a reform begins a few hundred at most, and undoing is rare. */
#include "fleet/fleet_unit.h"

#include "fleet/cluster_sql.h"
#include "store/db.h"

enum { ROW_ARENA = 4096 };

errc fleet_unit_find(void *ctx, struct db *db, const unit_id *units, size_t count, bool *ret_any,
                     struct why *why)
{
    bool any = false;
    AUTO(arena_close) struct arena *arena = NULL;
    (void)ctx;
    TRY(arena_create(ROW_ARENA, &arena));
    for (size_t i = 0; i < count && !any; i++) {
        struct fleet_unit_used_in in = {units[i]};
        struct fleet_unit_used_row row;
        TRY(fleet_unit_used(db, &in, arena, &row, why));
        any = row.uses > 0;
    }
    *ret_any = any;
    return OK;
}
