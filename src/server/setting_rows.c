/* The one table of the server's own. */
#include "server/setting_rows.h"

#include "people/audit.h"
#include "server/setting_sql.h"
#include "store/db.h"

static errc take_row(void *ctx, const struct setting_values_all_row *row)
{
    struct settings *settings = ctx;
    enum setting_key key = 0;
    if (setting_find(row->key, &key) && setting_of(key)->when == SETTING_LIVE) {
        ignore(settings_set(settings, key, row->value, SETTING_FROM_CONSOLE, NULL));
    }
    return OK;
}

errc setting_rows_load(struct db *db, struct settings *settings, struct why *why)
{
    return setting_values_all(db, take_row, settings, why);
}

errc setting_rows_change(struct db *db, const struct setting_change *change,
                         const struct actor *actor, struct why *why)
{
    str key = str_of(setting_of(change->key)->key);
    if (change->value == NULL) {
        struct setting_value_drop_in drop = {.key = key};
        TRY(setting_value_drop(db, &drop, NULL, why));
    } else {
        struct setting_value_put_in put = {.key = key,
                                           .value = *change->value,
                                           .changed_at = actor->now,
                                           .changed_by = actor->account_id};
        TRY(setting_value_put(db, &put, NULL, why));
    }
    struct audit_entry entry = {.actor = actor,
                                .action = "setting_changed",
                                .subject_kind = "setting",
                                .subject_name = key,
                                .before = change->before,
                                .after = change->after};
    TRY(audit_append(db, &entry, why));
    return db_announce(db, "settings", why);
}
