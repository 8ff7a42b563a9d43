/* One small question per unit; a reform begins a few hundred at most, and undoing is rare. */
#include "people/account_unit.h"

#include "people/account_unit_sql.h"
#include "store/db.h"

enum { ROW_ARENA = 4096 };

errc account_unit_find(void *ctx, struct db *db, const unit_id *units, size_t count, bool *ret_any,
                       struct why *why)
{
    const day *today = ctx;
    bool any = false;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(ROW_ARENA, &arena));
    for (size_t i = 0; i < count && !any; i++) {
        struct account_unit_used_in in = {.unit_id = units[i], .today = *today};
        struct account_unit_used_row row;
        TRY(account_unit_used(db, &in, arena, &row, why));
        any = row.uses > 0;
    }
    *ret_any = any;
    return OK;
}
