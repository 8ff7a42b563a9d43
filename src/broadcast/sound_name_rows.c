/* Two tables know ids; they are random, so at most one of them does. */
#include "broadcast/sound_name.h"

#include "broadcast/sound_name_sql.h"
#include "store/db.h"

errc sound_name_find(struct db *db, const wire_id *id, struct arena *arena,
                     struct sound_name *ret_name, struct why *why)
{
    str mark = {(const char *)id->bytes, sizeof id->bytes};
    struct sound_name_of_item_row item;
    struct sound_name_of_alarm_row alarm;
    errc rc = sound_name_of_item(db, &(struct sound_name_of_item_in){mark}, arena, &item, why);
    if (rc != ERR_NOT_FOUND) {
        TRY(rc);
        *ret_name = (struct sound_name){item.title, item.ms};
        return OK;
    }
    rc = sound_name_of_alarm(db, &(struct sound_name_of_alarm_in){mark}, arena, &alarm, why);
    if (rc != ERR_NOT_FOUND) {
        TRY(rc);
        *ret_name = (struct sound_name){alarm.title, 0};
        return OK;
    }
    *ret_name = (struct sound_name){STR_NONE, 0};
    return OK;
}
