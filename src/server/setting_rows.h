/* Settings that the console changed, in the store. */
#ifndef LOA_SERVER_SETTING_ROWS_H
#define LOA_SERVER_SETTING_ROWS_H

#include "people/right.h"
#include "server/settings.h"

struct db;

/* Lays the stored values over *settings. A value that this version no longer accepts, or a key that
 * is not live any more, is passed over: the file's value holds. */
CHECKED errc setting_rows_load(struct db *db, struct settings *settings, struct why *why);
/* Stores (or, with a null value, forgets) a value, writes the audit line and announces "settings".
 * The value has been checked; before and after are JSON objects. */
struct setting_change {
    enum setting_key key;
    const str *value;
    str before;
    str after;
};
CHECKED errc setting_rows_change(struct db *db, const struct setting_change *change,
                                 const struct actor *actor, struct why *why);

#endif
