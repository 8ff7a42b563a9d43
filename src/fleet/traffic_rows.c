/* One walk over the month; a province has ten thousand lines of it. */
#include "fleet/traffic.h"

#include "fleet/fleet_inside.h"
#include "fleet/traffic_sql.h"
#include "store/db.h"

struct filling {
    const struct fleet_job *job;
    const struct traffic_filter *filter;
    struct traffic_line *lines;
    struct traffic traffic;
};

static errc on_line(void *ctx, const struct traffic_of_month_row *row)
{
    struct filling *filling = ctx;
    struct traffic *traffic = &filling->traffic;
    struct arena *arena = filling->job->arena;
    unit_id within = filling->filter->unit;
    bool wanted = fleet_sees(filling->job, row->unit_id) &&
                  (within == 0 || fleet_is_below(filling->job, within, row->unit_id));
    if (!wanted) {
        return OK;
    }
    int64_t used = row->bytes_in + row->bytes_out;
    traffic->sims++;
    traffic->bytes_in += row->bytes_in;
    traffic->bytes_out += row->bytes_out;
    traffic->over_budget += row->budget_kb != 0 && used > row->budget_kb * 1000 ? 1 : 0;
    if (traffic->count < filling->filter->limit) {
        filling->lines[traffic->count++] = (struct traffic_line){
            .device = row->device_id,
            .device_name = arena_str(arena, row->name),
            .unit = row->unit_id,
            .sim_number = arena_str(arena, row->sim_number),
            .sim_operator = arena_str(arena, row->sim_operator),
            .bytes_in = row->bytes_in,
            .bytes_out = row->bytes_out,
            .budget_kb = row->budget_kb,
        };
    }
    return OK;
}

errc traffic_read(struct db *db, const struct fleet_job *job, const struct traffic_filter *filter,
                  struct traffic *ret_traffic, struct why *why)
{
    struct filling filling = {.job = job, .filter = filter};
    struct traffic_of_month_in in = {filter->month};
    filling.lines = arena_take_array(job->arena, filter->limit + 1, sizeof *filling.lines);
    if (filling.lines == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(traffic_of_month(db, &in, on_line, &filling, why));
    filling.traffic.at = filling.lines;
    *ret_traffic = filling.traffic;
    return arena_failed(job->arena) ? ERR_NO_MEMORY : OK;
}
