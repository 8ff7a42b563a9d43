/* Everything goes through the same doors that people use: stations with their past, clusters of
 * mixed technology, a preloaded list for the boxes. */
#include "server/demo_fleet.h"

#include "base/csv.h"
#include "fleet/device_list.h"
#include "server/embedded.h"

enum { CELLS_MOST = 256 * 1024, LIST_MOST = 64 * 1024, STAGES = 5 };

/* Columns of clusters.csv, in their order. */
enum column {
    COLUMN_STATION,
    COLUMN_UNIT,
    COLUMN_TECHNOLOGY,
    COLUMN_NAME,
    COLUMN_VILLAGES,
    COLUMN_LANGUAGES,
    COLUMN_LATITUDE,
    COLUMN_LONGITUDE,
    COLUMN_AMPLIFIER,
    COLUMN_HORNS,
    COLUMN_QUIET,
    COLUMN_CAP,
    COLUMN_NEARBY,
    COLUMN_CLAIM,
    COLUMNS,
};

struct planting {
    struct founding *founding;
    struct db *db;
    struct fleet_job job;
    struct bad_field bad;
    struct tree today;
    str station_name; /* the one that rows are added to now */
    int64_t station;
    struct buf list;
};

static errc broken(const struct csv *csv, struct why *why)
{
    return fail(why, ERR_BAD_CSV, "demo clusters, line %zu", csv->line);
}

/* A life as the reports tell it: surveyed one year, at work two years later. */
static errc live_through(struct planting *planting, struct why *why)
{
    static const struct {
        enum station_stage stage;
        int days_ago;
    } stages[STAGES] = {{STAGE_OUTLINE_SUBMITTED, 700},
                        {STAGE_APPROVED, 640},
                        {STAGE_BUILDING, 500},
                        {STAGE_ACCEPTED, 420},
                        {STAGE_WORKING, 400}};
    for (size_t i = 0; i < STAGES; i++) {
        struct station_step step = {.stage = stages[i].stage,
                                    .on = planting->job.actor->today - stages[i].days_ago,
                                    .note = S("")};
        TRY(station_step(planting->db, &planting->job, planting->station, &step, why));
    }
    return OK;
}

static errc take_station(struct planting *planting, const struct csv *csv, struct why *why)
{
    str name = csv->cells[COLUMN_STATION];
    if (str_is(name, planting->station_name)) {
        return OK;
    }
    struct station_draft draft = {.unit =
                                      tree_by_code(planting->today, -1, csv->cells[COLUMN_UNIT]),
                                  .name = arena_str(planting->job.arena, name),
                                  .note = S(""),
                                  .stage = STAGE_SURVEYED,
                                  .stage_day = planting->job.actor->today - 760};
    TRY(draft.unit == 0 ? broken(csv, why) : OK);
    TRY(station_create(planting->db, &planting->job, &draft, &planting->station, why));
    planting->station_name = draft.name;
    return live_through(planting, why);
}

/* Village codes with blanks between; the last one is where the pole stands. */
static errc take_villages(struct planting *planting, const struct csv *csv, struct cluster *cluster,
                          struct why *why)
{
    str rest = csv->cells[COLUMN_VILLAGES];
    while (rest.at != NULL) {
        unit_id village = tree_by_code(planting->today, -1, str_split(rest, ' ', &rest));
        if (village == 0 || cluster->village_count == PLACE_VILLAGES) {
            return broken(csv, why);
        }
        cluster->villages[cluster->village_count++] = village;
    }
    return OK;
}

static errc take_numbers(const struct csv *csv, struct cluster *cluster, struct why *why)
{
    bool right = str_to_double(csv->cells[COLUMN_LATITUDE], &cluster->latitude) &&
                 str_to_double(csv->cells[COLUMN_LONGITUDE], &cluster->longitude) &&
                 str_to_i64(csv->cells[COLUMN_AMPLIFIER], &cluster->amplifier_w) &&
                 str_to_i64(csv->cells[COLUMN_HORNS], &cluster->horns) &&
                 str_to_i64(csv->cells[COLUMN_CAP], &cluster->volume_cap) &&
                 cluster_technology_parse(csv->cells[COLUMN_TECHNOLOGY], &cluster->technology);
    return right ? OK : broken(csv, why);
}

static void list_box(struct planting *planting, const struct csv *csv, int64_t cluster)
{
    if (csv->cells[COLUMN_CLAIM].len == 0) {
        return;
    }
    buf_add_byte(&planting->list, ',');
    buf_add(&planting->list, csv->cells[COLUMN_CLAIM]);
    buf_add_format(&planting->list, ",,%lld,", (long long)cluster);
    csv_write_cell(&planting->list, csv->cells[COLUMN_NAME], true);
    csv_write_end(&planting->list);
}

static errc take_row(struct planting *planting, const struct csv *csv, struct why *why)
{
    TRY(csv->cell_count == COLUMNS ? take_station(planting, csv, why) : broken(csv, why));
    int64_t id = 0;
    struct cluster cluster = {.station = planting->station,
                              .unit = tree_by_code(planting->today, -1, csv->cells[COLUMN_UNIT]),
                              .name = csv->cells[COLUMN_NAME],
                              .languages = csv->cells[COLUMN_LANGUAGES],
                              .has_position = true,
                              .power = S("220 V"),
                              .standby_h = 12,
                              .quiet_zone = str_is(csv->cells[COLUMN_QUIET], S("yes")),
                              .nearby = csv->cells[COLUMN_NEARBY],
                              .note = S("")};
    TRY(take_villages(planting, csv, &cluster, why));
    TRY(take_numbers(csv, &cluster, why));
    TRY(cluster_create(planting->db, &planting->job, &cluster, &id, why));
    list_box(planting, csv, id);
    return OK;
}

static errc take_rows(struct planting *planting, struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    struct csv csv;
    bool more = true;
    TRY(arena_create(CELLS_MOST, &cells));
    TRY(csv_open(embedded_clusters_csv(), cells, &csv, why));
    TRY(csv_next(&csv, &more, why)); /* the headings */
    for (;;) {
        TRY(csv_next(&csv, &more, why));
        if (!more) {
            return OK;
        }
        errc rc = take_row(planting, &csv, why);
        TRY(fail_in(why, rc, "line %zu (%s %s)", csv.line, planting->bad.name, planting->bad.code));
    }
}

static errc preload(struct planting *planting, struct why *why)
{
    struct device_list_report report = {.id = 0};
    TRY(buf_check(&planting->list));
    TRY(device_list_load(planting->db, &planting->job, S("demo"), buf_str(&planting->list), &report,
                         why));
    return report.problem_count == 0 ? OK
                                     : fail(why, ERR_INVALID, "preloaded list, line %zu: %s",
                                            report.problems[0].line, report.problems[0].code);
}

errc demo_fleet(struct founding *founding, struct db *db, struct why *why)
{
    struct planting planting = {.founding = founding,
                                .db = db,
                                .job = {.forest = founding->forest,
                                        .actor = &founding->actor,
                                        .arena = founding->arena,
                                        .entropy = founding->app->entropy,
                                        .zone_s = app_zone(founding->app) / USEC_SECOND},
                                .today = forest_at(founding->forest, founding->actor.today)};
    planting.job.bad = &planting.bad;
    buf_init(&planting.list, LIST_MOST);
    buf_add(&planting.list, S("serial,claim,fingerprint,cluster,name\r\n"));
    errc rc = take_rows(&planting, why);
    if (rc == OK) {
        rc = preload(&planting, why);
    }
    buf_finish(&planting.list);
    return rc;
}
