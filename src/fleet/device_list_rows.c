/* Preloaded lists: read strictly, every line checked against units and rights, then kept whole or
 * not at all. Strangers that wait already and fit are accepted at once. */
#include "base/csv.h"
#include "base/text.h"
#include "fleet/cluster_sql.h"
#include "fleet/device_inside.h"
#include "fleet/device_list.h"
#include "fleet/device_list_sql.h"
#include "fleet/device_sql.h"
#include "people/audit.h"
#include "store/db.h"

enum { MARK_MOST = 64, COLUMNS = 5 };

enum column { COLUMN_SERIAL, COLUMN_CLAIM, COLUMN_FINGERPRINT, COLUMN_CLUSTER, COLUMN_NAME };

struct loading {
    struct db *db;
    const struct fleet_job *job;
    struct arena *line; /* of the line that is read now: lists are long */
    struct csv csv;
    int columns[COLUMNS];
    struct device_list_problem *problems;
    struct device_list_report report;
};

static void problem(struct loading *loading, const char *code, str about)
{
    if (loading->report.problem_count < DEVICE_LIST_PROBLEMS) {
        loading->problems[loading->report.problem_count++] = (struct device_list_problem){
            loading->csv.line, code, arena_str(loading->job->arena, text_cut(about, 100))};
    }
}

static str cell(const struct loading *loading, enum column column)
{
    int index = loading->columns[column];
    return index < 0 ? S("") : str_trim(loading->csv.cells[index]);
}

static bool find_columns(struct loading *loading)
{
    static const char *const headings[COLUMNS] = {
        [COLUMN_SERIAL] = "serial",
        [COLUMN_CLAIM] = "claim",
        [COLUMN_FINGERPRINT] = "fingerprint",
        [COLUMN_CLUSTER] = "cluster",
        [COLUMN_NAME] = "name",
    };
    for (size_t i = 0; i < COLUMNS; i++) {
        loading->columns[i] = csv_column(&loading->csv, str_of(headings[i]));
    }
    bool marked = loading->columns[COLUMN_SERIAL] >= 0 || loading->columns[COLUMN_CLAIM] >= 0 ||
                  loading->columns[COLUMN_FINGERPRINT] >= 0;
    if (!marked || loading->columns[COLUMN_CLUSTER] < 0) {
        problem(loading, "columns", S(""));
        return false;
    }
    return true;
}

/* The one cluster of that name over which the actor may accept devices. */
static errc cluster_named(struct loading *loading, str name, int64_t *ret_cluster, struct why *why)
{
    const struct fleet_job *job = loading->job;
    struct fleet_keys keys;
    struct clusters_named_row *rows = NULL;
    size_t count = 0;
    int64_t found = 0;
    TRY(fleet_keys_make(loading->line, name, S(""), &keys, why));
    TRY(clusters_named_all(loading->db, &(struct clusters_named_in){keys.sort}, loading->line,
                           &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (fleet_may(job, RIGHT_FLEET_ENROL, rows[i].unit_id, NULL) != OK) {
            continue;
        }
        if (found != 0) {
            problem(loading, "cluster_ambiguous", name);
            return OK;
        }
        found = rows[i].id;
    }
    if (found == 0) {
        problem(loading, "cluster_unknown", name);
    }
    *ret_cluster = found;
    return OK;
}

/* By number or by name; 0 and a problem when there is none. */
static errc find_cluster(struct loading *loading, int64_t *ret_cluster, struct why *why)
{
    str typed = cell(loading, COLUMN_CLUSTER);
    int64_t id = 0;
    struct cluster_by_id_row row;
    if (!str_to_i64(typed, &id)) {
        return cluster_named(loading, typed, ret_cluster, why);
    }
    errc rc = cluster_by_id(loading->db, &(struct cluster_by_id_in){id}, loading->line, &row, why);
    bool usable = rc == OK && !row.has_retired_at_us &&
                  fleet_may(loading->job, RIGHT_FLEET_ENROL, row.unit_id, NULL) == OK;
    if (rc != OK && rc != ERR_NOT_FOUND) {
        return rc;
    }
    if (!usable) {
        problem(loading, "cluster_unknown", typed);
    }
    *ret_cluster = usable ? id : 0;
    return OK;
}

static bool is_mark(str mark)
{
    return mark.len <= MARK_MOST && text_is_plain(mark);
}

static errc add_line(struct loading *loading, int64_t cluster, struct why *why)
{
    str serial = cell(loading, COLUMN_SERIAL);
    str claim = cell(loading, COLUMN_CLAIM);
    str fingerprint = cell(loading, COLUMN_FINGERPRINT);
    str name = cell(loading, COLUMN_NAME);
    bool fit = is_mark(serial) && is_mark(claim) && is_mark(fingerprint) && text_is_plain(name) &&
               text_length(name) <= FLEET_NAME_MOST;
    if (!fit) {
        problem(loading, "not_text", S(""));
        return OK;
    }
    if (serial.len + claim.len + fingerprint.len == 0) {
        problem(loading, "no_mark", name);
        return OK;
    }
    hash digest = hash_of(claim);
    struct device_list_line_add_in in = {
        .list_id = loading->report.id,
        .line = (int64_t)loading->csv.line,
        .serial = serial.len > 0 ? serial : STR_NONE,
        .claim_hash =
            claim.len > 0 ? (str){(const char *)digest.bytes, sizeof digest.bytes} : STR_NONE,
        .fingerprint = fingerprint.len > 0 ? fingerprint : STR_NONE,
        .cluster_id = cluster,
        .name = name,
    };
    int64_t added = 0;
    TRY(device_list_line_add(loading->db, &in, &added, why));
    if (added == 0) {
        problem(loading, "taken", serial.len > 0 ? serial : fingerprint);
    }
    return OK;
}

static errc read_lines(struct loading *loading, struct why *why)
{
    bool more = true;
    TRY(csv_next(&loading->csv, &more, why));
    if (!more || !find_columns(loading)) {
        return OK;
    }
    for (;;) {
        int64_t cluster = 0;
        TRY(csv_next(&loading->csv, &more, why));
        if (!more) {
            return OK;
        }
        if (++loading->report.lines > DEVICE_LIST_LINES) {
            return fail(why, ERR_TOO_BIG, "more than %d lines", DEVICE_LIST_LINES);
        }
        arena_reset(loading->line);
        TRY(find_cluster(loading, &cluster, why));
        TRY(cluster == 0 ? OK : add_line(loading, cluster, why));
    }
}

/* The part that is taken back when anything is wrong. */
static errc try_lines(void *ctx, struct db *db, struct why *why)
{
    struct loading *loading = ctx;
    (void)db;
    TRY(read_lines(loading, why));
    return loading->report.problem_count > 0 ? ERR_CANCELLED : OK;
}

static errc accept_waiting(struct loading *loading, struct why *why)
{
    const struct fleet_job *job = loading->job;
    struct devices_claims_row *rows = NULL;
    size_t count = 0;
    TRY(devices_claims_all(loading->db, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        bool claimed = false;
        TRY(device_claim(loading->db, job, rows[i].id, rows[i].claim_hash, &claimed, why));
        loading->report.accepted += claimed ? 1 : 0;
    }
    return OK;
}

static errc tell(struct loading *loading, str name, struct why *why)
{
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    struct fleet_tale tale = {.action = "device_list_loaded",
                              .kind = "device_list",
                              .id = loading->report.id,
                              .name = name,
                              .before = STR_NONE};
    fleet_story_begin(&story);
    json_i64_at(&story.json, "lines", (int64_t)loading->report.lines);
    TRY(fleet_story_end(&story, loading->job->arena, &tale.after));
    return fleet_tell(loading->db, loading->job, "devices", &tale, why);
}

errc device_list_load(struct db *db, const struct fleet_job *job, str name, str csv,
                      struct device_list_report *ret_report, struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    AUTO(arena_close) struct arena *line = NULL;
    struct loading loading = {.db = db, .job = job};
    struct device_list_add_row row;
    const struct actor *actor = job->actor;
    TRY(audit_hold(db, why));
    TRY(fleet_check_name(job, "name", name, why));
    TRY(arena_create((size_t)4 * CSV_CELL_SIZE * COLUMNS, &cells));
    TRY(arena_create(1024 * 1024, &line));
    loading.line = line;
    loading.problems = arena_take_array(job->arena, DEVICE_LIST_PROBLEMS, sizeof *loading.problems);
    if (loading.problems == NULL) {
        return ERR_NO_MEMORY;
    }
    struct device_list_add_in in = {.name = name,
                                    .has_created_by = actor->account_id > 0,
                                    .created_by = actor->account_id,
                                    .created_name = actor->name.at == NULL ? S("") : actor->name,
                                    .now_us = actor->now};
    TRY(csv_open(csv, cells, &loading.csv, why));
    TRY(device_list_add(db, &in, job->arena, &row, why));
    loading.report.id = row.id;
    errc rc = db_attempt(db, try_lines, &loading, why);
    bool refused = rc == ERR_CANCELLED && loading.report.problem_count > 0;
    if (rc != OK && !refused) {
        return rc;
    }
    TRY(refused ? device_list_drop(db, &(struct device_list_drop_in){row.id}, NULL, why)
                : accept_waiting(&loading, why));
    TRY(refused ? OK : tell(&loading, name, why));
    loading.report.id = refused ? 0 : row.id;
    loading.report.problems = loading.problems;
    *ret_report = loading.report;
    return OK;
}
