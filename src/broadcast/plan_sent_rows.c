/* See plan_sent.h. */
#include "broadcast/plan_sent.h"

#include "broadcast/plan_sent_sql.h"

static void copy(str bytes, uint8_t *to, size_t size)
{
    if (bytes.len == size) {
        memcpy(to, bytes.at, size);
    }
}

static struct plan_line line_of(const struct plan_lines_sent_row *row)
{
    struct plan_line line = {
        .at = row->at_us,
        .ms = row->ms,
        .kind = (enum plan_kind)row->kind,
        .order_class = (enum order_class)row->order_class,
        .gain_mb = row->gain_mb,
        .title = row->title,
        .programme = row->programme_id,
        .bulletin = row->bulletin_id,
    };
    copy(row->item, line.id.bytes, sizeof line.id.bytes);
    copy(row->media, line.media.bytes, sizeof line.media.bytes);
    return line;
}

errc plan_sent_read(const struct desk *desk, struct db *db, uint64_t device, usec from, usec to,
                    struct plan_lines *ret_lines, struct why *why)
{
    struct plan_lines_sent_in in = {(int64_t)device, from, to};
    struct plan_lines_sent_row *rows = NULL;
    size_t count = 0;
    TRY(plan_lines_sent_all(db, &in, desk->arena, &rows, &count, why));
    struct plan_line *lines = arena_take_array(desk->arena, count + 1, sizeof *lines);
    if (lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        lines[i] = line_of(&rows[i]);
    }
    *ret_lines = (struct plan_lines){lines, count};
    return OK;
}

errc plan_sent_reach(const struct desk *desk, struct db *db, uint64_t device, usec *ret_to,
                     struct why *why)
{
    struct plan_reach_of_in in = {(int64_t)device, USEC_MOST};
    struct plan_reach_of_row row = {.to_us = 0};
    errc rc = plan_reach_of(db, &in, desk->arena, &row, why);
    if (rc == OK || rc == ERR_NOT_FOUND) {
        *ret_to = row.to_us;
    }
    return rc == ERR_NOT_FOUND ? OK : rc;
}
