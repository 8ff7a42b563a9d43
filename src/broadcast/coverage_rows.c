/* What devices say of alarms, durably: the same steps as in memory, a row for each device. */
#include "broadcast/coverage_rows.h"

#include "broadcast/coverage_sql.h"

errc coverage_row_step(struct db *db, const struct coverage_receipt *receipt, struct arena *arena,
                       struct why *why)
{
    struct alarm_device_of_in in = {{(const char *)receipt->order.bytes, WIRE_ID_SIZE},
                                    (int64_t)receipt->device};
    struct alarm_device_of_row row;
    errc rc = alarm_device_of(db, &in, arena, &row, why);
    if (rc == ERR_NOT_FOUND) { /* of a plan or a setting, or of another's alarm */
        return OK;
    }
    TRY(rc);
    struct coverage_device line = {
        .device = receipt->device,
        .unit = row.unit_id,
        .state = (enum coverage_state)row.state,
        .reason = (enum log_reason)row.reason,
        .times = (uint32_t)row.times,
        .at = row.at_us,
    };
    if (!coverage_step(&line, receipt)) {
        return OK;
    }
    struct alarm_device_step_in step = {
        row.alarm_id, (int64_t)receipt->device, line.state, line.reason, line.times, line.at};
    return alarm_device_step(db, &step, NULL, why);
}

errc coverage_rows_open(struct db *db, int64_t alarm, const struct receivers *receivers,
                        struct arena *arena, struct why *why)
{
    enum { AT_ONCE = 5000 };
    struct alarm_device_add_in *rows = arena_take_array(arena, receivers->count + 1, sizeof *rows);
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < receivers->count; i++) {
        const struct receiver *receiver = &receivers->at[i];
        rows[i] =
            (struct alarm_device_add_in){alarm, (int64_t)receiver->device, receiver_unit(receiver)};
    }
    for (size_t i = 0; i < receivers->count; i += AT_ONCE) {
        size_t left = receivers->count - i;
        TRY(alarm_device_add_batch(db, rows + i, left < AT_ONCE ? left : AT_ONCE, why));
    }
    return OK;
}

errc coverage_rows_load(struct db *db, int64_t alarm, struct arena *arena,
                        struct coverage_device **ret_lines, size_t *ret_count, struct why *why)
{
    struct alarm_devices_all_in in = {alarm};
    struct alarm_devices_all_row *rows = NULL;
    size_t count = 0;
    TRY(alarm_devices_all_all(db, &in, arena, &rows, &count, why));
    struct coverage_device *lines = arena_take_array(arena, count + 1, sizeof *lines);
    if (lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct coverage_device){
            .device = (uint64_t)rows[i].device_id,
            .unit = rows[i].unit_id,
            .state = (enum coverage_state)rows[i].state,
            .reason = (enum log_reason)rows[i].reason,
            .times = (uint32_t)rows[i].times,
            .at = rows[i].at_us,
        };
    }
    *ret_lines = lines;
    *ret_count = count;
    return OK;
}
