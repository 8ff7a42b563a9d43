/* h1-units-tree-as-of and h1-units-covers: 50,000 units that lived through five reforms, asked on
 * random days for a unit's place in the tree (its ancestors and its children in order) and whether
 * one unit covers another; beside SQLite with a recursive CTE on the same dated rows, in memory,
 * indexed, prepared once. Both answer the same questions, and the answers are compared. */
#include "base/bench_testing.h"
#include "base/crash.h"
#include "base/entropy.h"
#include "people/forest.h"
#include "people/reform.h"
#include "people/unit_check.h"
#include "people/unit_testing.h"

#include <sqlite3.h>

enum {
    PROVINCES = 20,
    DISTRICTS = 10, /* of a province */
    COMMUNES = 10,  /* of a district */
    VILLAGES = 24,  /* of a commune, but for the last ones */
    UNITS = 50000,
    QUESTIONS = 1 << 20,
    PEER_QUESTIONS = 20000,
    CHILDREN_MOST = 512,
    REFORMS = 5,
};

struct question {
    unit_id above;
    unit_id below;
    day on;
};

struct bench {
    struct unit_kit kit;
    struct entropy chance;
    day first;
    day last;
    struct question *questions;
    sqlite3 *db;
    usec rebuild;
};

static size_t below(struct bench *bench, size_t limit)
{
    return (size_t)entropy_below(bench->chance, limit);
}

static void begin_commune(struct bench *bench, unit_id district, const char *code, size_t villages)
{
    struct unit_kit *kit = &bench->kit;
    char name[64];
    ignore_int(snprintf(name, sizeof name, "Xã Thử %s", code));
    unit_id commune = kit_begin(kit, bench->first, "xa", name, code, district);
    for (size_t v = 0; v < villages; v++) {
        ignore_int(snprintf(name, sizeof name, "Thôn %zu", v + 1));
        ignore_int(kit_begin(kit, bench->first, "thon", name, "", commune));
    }
}

static void begin_country(struct bench *bench)
{
    struct unit_kit *kit = &bench->kit;
    char code[16];
    size_t above = PROVINCES + PROVINCES * DISTRICTS + PROVINCES * DISTRICTS * COMMUNES;
    size_t villages_left = UNITS - above;
    for (int p = 0; p < PROVINCES; p++) {
        ignore_int(snprintf(code, sizeof code, "%02d", p));
        unit_id province = kit_begin(kit, bench->first, "tinh", code, code, 0);
        for (int d = 0; d < DISTRICTS; d++) {
            ignore_int(snprintf(code, sizeof code, "%02d%d", p, d));
            unit_id district = kit_begin(kit, bench->first, "huyen", code, code, province);
            for (int c = 0; c < COMMUNES; c++) {
                ignore_int(snprintf(code, sizeof code, "%02d%d%02d", p, d, c));
                size_t villages = villages_left < VILLAGES ? villages_left : VILLAGES;
                begin_commune(bench, district, code, villages);
                villages_left -= villages;
            }
        }
    }
    ignore_int(kit_commit(kit, bench->first));
}

/* Merges every `every`-th commune with its neighbour under its province; the last reform also
 * abolishes the districts. */
static void reform(struct bench *bench, day on, unsigned every, bool abolish)
{
    struct unit_kit *kit = &bench->kit;
    const struct forest *forest = kit->forest;
    struct tree tree = forest_at(forest, on);
    struct reform_step *steps = mem_take_array(forest_count(forest), sizeof *steps);
    struct reform_source *sources = mem_take_array(forest_count(forest), sizeof *sources);
    size_t step_count = 0;
    size_t source_count = 0;
    for (size_t i = 0, seen = 0; i < forest_count(forest); i++) {
        unit_id unit = forest_unit(forest, i);
        int tier = forest_life(forest, unit)->tier;
        if (!tree_has(tree, unit)) {
            continue;
        }
        if (tier == 2 && abolish) {
            steps[step_count++] = (struct reform_step){.op = REFORM_END, .unit = unit};
        }
        if (tier != 3) {
            continue;
        }
        if (seen++ % every == 0) {
            unit_id up[UNIT_DEPTH];
            struct unit_line line;
            ENSURE(tree_ancestors(tree, unit, up) > 0 && tree_line(tree, unit, &line));
            steps[step_count++] = (struct reform_step){
                .op = REFORM_MERGE,
                .sources = &sources[source_count],
                .parent = abolish ? up[0] : line.parent,
                .kind = kind_find(forest_tiers(forest), S("xa")),
                .name = line.name,
                .code = line.code,
            };
        }
        if (seen % every == 1 || seen % every == 2 % every) {
            struct reform_step *step = &steps[step_count - 1];
            sources[source_count++] = (struct reform_source){unit, LINK_WHOLE, SHARE_WHOLE};
            step->source_count++;
        }
    }
    struct reform_preview preview;
    ENSURE(kit_reform(kit, on, steps, step_count, &preview) == 0);
    mem_give(steps);
    mem_give(sources);
}

static void ask_at_random(struct bench *bench)
{
    const struct forest *forest = bench->kit.forest;
    bench->questions = mem_take_array(QUESTIONS, sizeof *bench->questions);
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct question *question = &bench->questions[i];
        unit_id up[UNIT_DEPTH];
        question->on = bench->first + (day)below(bench, (size_t)(bench->last - bench->first));
        question->below = forest_unit(forest, below(bench, forest_count(forest)));
        question->above = forest_unit(forest, below(bench, forest_count(forest)));
        size_t count = tree_ancestors(forest_at(forest, question->on), question->below, up);
        if (count > 0 && i % 2 == 0) {
            question->above = up[below(bench, count)];
        }
    }
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "peer: %s\n", message);
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "peer: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void bind_all(sqlite3_stmt *statement, const int64_t *values, int count)
{
    for (int i = 0; i < count; i++) {
        ENSURE(sqlite3_bind_int64(statement, i + 1, values[i]) == SQLITE_OK);
    }
}

static void fill_peer(struct bench *bench)
{
    const struct unit_ledger *ledger = forest_ledger(bench->kit.forest);
    ENSURE(sqlite3_open(":memory:", &bench->db) == SQLITE_OK);
    run(bench->db, "CREATE TABLE parents (unit INTEGER, parent INTEGER, a INTEGER, b INTEGER)");
    run(bench->db, "CREATE TABLE lives (unit INTEGER PRIMARY KEY, a INTEGER, b INTEGER)");
    run(bench->db, "BEGIN");
    sqlite3_stmt *parent = prepare(bench->db, "INSERT INTO parents VALUES (?, ?, ?, ?)");
    sqlite3_stmt *life = prepare(bench->db, "INSERT INTO lives VALUES (?, ?, ?)");
    for (size_t i = 0; i < ledger->fact_count; i++) {
        const struct unit_fact *fact = &ledger->facts[i];
        if (fact->aspect == UNIT_PARENT && fact->from < fact->to) {
            int64_t row[] = {fact->unit, fact->value, fact->from, fact->to};
            bind_all(parent, row, 4);
            ENSURE(sqlite3_step(parent) == SQLITE_DONE && sqlite3_reset(parent) == SQLITE_OK);
        }
    }
    for (size_t i = 0; i < ledger->life_count; i++) {
        int64_t row[] = {ledger->lives[i].id, ledger->lives[i].from, ledger->lives[i].to};
        bind_all(life, row, 3);
        ENSURE(sqlite3_step(life) == SQLITE_DONE && sqlite3_reset(life) == SQLITE_OK);
    }
    ignore_int(sqlite3_finalize(parent));
    ignore_int(sqlite3_finalize(life));
    run(bench->db, "CREATE INDEX up ON parents (unit, a, b, parent)");
    run(bench->db, "CREATE INDEX down ON parents (parent, a, b, unit)");
    run(bench->db, "COMMIT");
    /* No ANALYZE: it makes SQLite 3.40 scan for a Bloom filter in every recursion, 3 ms a question.
     */
}

static const char up_sql[] =
    "WITH RECURSIVE up(unit) AS (SELECT unit FROM lives WHERE unit = ?1 AND a <= ?2 AND ?2 < b "
    "UNION ALL SELECT p.parent FROM up CROSS JOIN parents p ON p.unit = up.unit AND p.a <= ?2 AND "
    "?2 < "
    "p.b) ";

static double measure_covers(struct bench *bench, size_t *ret_yes)
{
    size_t yes = 0;
    usec before = now_steady();
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct question *question = &bench->questions[i];
        yes += tree_covers(forest_at(bench->kit.forest, question->on), question->above,
                           question->below);
    }
    *ret_yes = yes;
    return (double)(now_steady() - before) / QUESTIONS;
}

static double measure_peer_covers(struct bench *bench)
{
    char sql[512];
    ignore_int(snprintf(sql, sizeof sql, "%sSELECT count(*) FROM up WHERE unit = ?3", up_sql));
    sqlite3_stmt *statement = prepare(bench->db, sql);
    usec before = now_steady();
    for (size_t i = 0; i < PEER_QUESTIONS; i++) {
        const struct question *question = &bench->questions[i];
        int64_t values[] = {question->below, question->on, question->above};
        bind_all(statement, values, 3);
        ENSURE(sqlite3_step(statement) == SQLITE_ROW);
        bool yes = sqlite3_column_int64(statement, 0) > 0;
        ENSURE(yes == tree_covers(forest_at(bench->kit.forest, question->on), question->above,
                                  question->below) ||
               !tree_has(forest_at(bench->kit.forest, question->on), question->above));
        ENSURE(sqlite3_reset(statement) == SQLITE_OK);
    }
    double took = (double)(now_steady() - before) / PEER_QUESTIONS;
    ignore_int(sqlite3_finalize(statement));
    return took;
}

static double measure_place(struct bench *bench, size_t *ret_children)
{
    size_t children = 0;
    usec before = now_steady();
    for (size_t i = 0; i < QUESTIONS; i++) {
        unit_id up[UNIT_DEPTH];
        unit_id below_it[CHILDREN_MOST];
        const struct question *question = &bench->questions[i];
        struct tree tree = forest_at(bench->kit.forest, question->on);
        children += tree_ancestors(tree, question->below, up);
        children += tree_children(tree, question->below, below_it, CHILDREN_MOST);
    }
    *ret_children = children;
    return (double)(now_steady() - before) / QUESTIONS;
}

static size_t count_rows(sqlite3_stmt *statement, const struct question *question)
{
    int64_t values[] = {question->below, question->on};
    size_t rows = 0;
    bind_all(statement, values, 2);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        rows++;
    }
    ENSURE(sqlite3_reset(statement) == SQLITE_OK);
    return rows;
}

static double measure_peer_place(struct bench *bench)
{
    char sql[512];
    ignore_int(snprintf(sql, sizeof sql, "%sSELECT unit FROM up WHERE unit <> ?1", up_sql));
    sqlite3_stmt *up = prepare(bench->db, sql);
    sqlite3_stmt *down =
        prepare(bench->db, "SELECT unit FROM parents WHERE parent = ?1 AND a <= ?2 AND ?2 < b");
    usec before = now_steady();
    size_t rows = 0;
    for (size_t i = 0; i < PEER_QUESTIONS; i++) {
        rows += count_rows(up, &bench->questions[i]) + count_rows(down, &bench->questions[i]);
    }
    double took = (double)(now_steady() - before) / PEER_QUESTIONS;
    ENSURE(rows > 0);
    ignore_int(sqlite3_finalize(up));
    ignore_int(sqlite3_finalize(down));
    return took;
}

/* How long a changed ledger takes to become a forest again. */
static usec measure_rebuild(struct bench *bench)
{
    struct unit_ledger *ledger = NULL;
    struct forest *forest = NULL;
    ENSURE(unit_ledger_copy(forest_ledger(bench->kit.forest), &ledger) == OK);
    usec before = now_steady();
    ENSURE(unit_ledger_seal(ledger, NULL) == OK);
    ENSURE(forest_create(ledger, &forest, NULL) == OK);
    usec took = now_steady() - before;
    forest_drop(forest);
    return took;
}

int main(void)
{
    struct entropy_seed seed = {20250701};
    struct bench bench = {.kit = kit_create(), .chance = entropy_seeded(&seed)};
    static const char *const days[REFORMS] = {"2013-01-01", "2016-01-01", "2020-01-01",
                                              "2023-01-01", "2025-07-01"};
    bench.first = kit_day("2010-01-01");
    bench.last = kit_day("2026-01-01");
    begin_country(&bench);
    for (int i = 0; i < REFORMS; i++) {
        reform(&bench, kit_day(days[i]), i == REFORMS - 1 ? 2 : 20, i == REFORMS - 1);
    }
    ask_at_random(&bench);
    fill_peer(&bench);
    size_t yes = 0;
    size_t placed = 0;
    char note[200];
    double covers = measure_covers(&bench, &yes);
    double place = measure_place(&bench, &placed);
    double peer_covers = measure_peer_covers(&bench);
    double peer_place = measure_peer_place(&bench);
    ignore_int(snprintf(note, sizeof note,
                        "%zu units ever, ancestors and ordered children on a random day; a changed "
                        "ledger is a forest again after %lld ms",
                        forest_count(bench.kit.forest), (long long)measure_rebuild(&bench) / 1000));
    bench_print(&(struct bench_row){"h1-units-tree-as-of", place, "us",
                                    "SQLite recursive CTE in memory", peer_place, "<= 5 us",
                                    place <= 5, note});
    ignore_int(snprintf(note, sizeof note, "%zu of %d questions answered yes", yes, QUESTIONS));
    bench_print(&(struct bench_row){"h1-units-covers", covers, "us",
                                    "SQLite recursive CTE in memory", peer_covers, "<= 5 us",
                                    covers <= 5, note});
    ENSURE(placed > 0);
    ignore_int(sqlite3_close(bench.db));
    mem_give(bench.questions);
    kit_finish(&bench.kit);
    return 0;
}
