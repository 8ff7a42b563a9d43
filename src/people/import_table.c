/* Reading the file. A row that is wrong is named and skipped, so that one reading tells a clerk all
 * that is wrong with the file and not only the first thing. */
#include "people/import_table.h"

#include "base/csv.h"
#include "base/text.h"

struct table_reading {
    const struct import_job *job;
    struct import_plan *plan;
    struct import_table *table;
    struct csv csv;
    int at[IMPORT_COLUMNS]; /* where each column stands, or -1 */
    size_t room;
};

void import_problem(struct import_plan *plan, const struct import_table *table,
                    enum unit_problem_code code, size_t line, int column, str about)
{
    size_t before = plan->problems.count;
    unit_problem_add(&plan->problems, code, line, about);
    if (column >= 0 && plan->problems.count > before) {
        plan->problems.items[before].column = str_of(table->columns[column].headings[0]);
    }
}

bool import_code_is(str code, size_t digits)
{
    if (digits == 0) {
        return unit_code_is_fit(code);
    }
    for (size_t i = 0; i < code.len; i++) {
        if (code.at[i] < '0' || code.at[i] > '9') {
            return false;
        }
    }
    return code.len == digits;
}

errc import_same_name(str a, str b, bool *ret_same)
{
    struct arena *arena AUTO(arena_close) = NULL;
    str left = STR_NONE;
    str right = STR_NONE;
    if (str_is(a, b)) {
        *ret_same = true;
        return OK;
    }
    TRY(arena_create(256 * 1024, &arena));
    TRY(text_same_key(arena, a, &left));
    TRY(text_same_key(arena, b, &right));
    *ret_same = str_is(left, right);
    return OK;
}

static int find_column(const struct csv *csv, const struct import_column *column)
{
    for (size_t i = 0; i < IMPORT_HEADINGS && column->headings[i] != NULL; i++) {
        int at = csv_column(csv, str_of(column->headings[i]));
        if (at >= 0) {
            return at;
        }
    }
    return -1;
}

/* The line at which csv stopped reading: a row that it read whole but that is not as wide as the
 * first, or else the place inside a row that it could not read. */
static void unreadable(struct table_reading *run)
{
    const struct csv *csv = &run->csv;
    bool is_whole = csv->next_line > csv->line && csv->cell_count != csv->width;
    enum unit_problem_code code = is_whole ? PROBLEM_CELLS_COUNT : PROBLEM_FILE_UNREADABLE;
    size_t line = is_whole ? csv->line : csv->next_line;
    import_problem(run->plan, run->table, code, line, -1, S(""));
}

static errc next_row(struct table_reading *run, bool *ret_more)
{
    errc rc = csv_next(&run->csv, ret_more, NULL);
    if (rc == ERR_BAD_CSV || rc == ERR_TOO_BIG) {
        unreadable(run);
        *ret_more = false;
        return OK;
    }
    return rc;
}

static errc read_headings(struct table_reading *run)
{
    bool more = false;
    TRY(next_row(run, &more));
    if (!more) {
        if (run->plan->problems.errors == 0) {
            import_problem(run->plan, run->table, PROBLEM_FILE_EMPTY, 1, -1, S(""));
        }
        return OK;
    }
    for (size_t i = 0; i < run->table->column_count; i++) {
        const struct import_column *column = &run->table->columns[i];
        run->at[i] = find_column(&run->csv, column);
        if (run->at[i] < 0 && !column->is_optional) {
            import_problem(run->plan, run->table, PROBLEM_COLUMN_MISSING, run->csv.line, (int)i,
                           str_of(column->headings[0]));
        }
    }
    return OK;
}

/* Blanks at the ends go, several in a row become one: lists are full of them. */
static errc clean(struct arena *arena, str cell, str *ret_text)
{
    str text = STR_NONE;
    TRY(text_nfc(arena, str_trim(cell), &text));
    char *at = arena_take(arena, text.len + 1);
    if (at == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_blank =
            text.at[i] == ' ' || text.at[i] == '\t' || text.at[i] == '\n' || text.at[i] == '\r';
        bool was_blank = len > 0 && at[len - 1] == ' ';
        if (!is_blank) {
            at[len++] = text.at[i];
        } else if (!was_blank) {
            at[len++] = ' ';
        }
    }
    *ret_text = (str){at, len};
    return OK;
}

static errc add_row(struct table_reading *run, const struct import_row *row)
{
    struct import_table *table = run->table;
    if (table->count == run->room) {
        size_t room = run->room == 0 ? 64 : run->room * 2;
        struct import_row *rows = arena_take_array(run->job->arena, room, sizeof *rows);
        if (rows == NULL) {
            return ERR_NO_MEMORY;
        }
        if (table->count > 0) {
            memcpy(rows, table->rows, table->count * sizeof *rows);
        }
        table->rows = rows;
        run->room = room;
    }
    table->rows[table->count++] = *row;
    return OK;
}

static errc read_row(struct table_reading *run)
{
    struct import_row row = {.line = run->csv.line};
    size_t errors = run->plan->problems.errors;
    for (size_t i = 0; i < run->table->column_count; i++) {
        row.cells[i] = S("");
        if (run->at[i] < 0) {
            continue;
        }
        TRY(clean(run->job->arena, run->csv.cells[run->at[i]], &row.cells[i]));
        if (row.cells[i].len == 0 && !run->table->columns[i].may_be_empty) {
            import_problem(run->plan, run->table, PROBLEM_CELL_MISSING, row.line, (int)i, S(""));
        }
    }
    return run->plan->problems.errors == errors ? add_row(run, &row) : OK;
}

static errc read_rows(struct table_reading *run)
{
    bool more = false;
    TRY(next_row(run, &more));
    while (more) {
        if (++run->plan->lines > IMPORT_LINES_MOST) {
            import_problem(run->plan, run->table, PROBLEM_TOO_MUCH, run->csv.line, -1, S(""));
            return OK;
        }
        TRY(read_row(run));
        TRY(next_row(run, &more));
    }
    return OK;
}

errc import_table_read(const struct import_job *job, struct import_plan *plan,
                       struct import_table *table)
{
    struct arena *cells AUTO(arena_close) = NULL;
    TRY(arena_create(16 * 1024 * 1024, &cells));
    struct table_reading run = {.job = job, .plan = plan, .table = table};
    errc rc = csv_open(job->text, cells, &run.csv, NULL);
    if (rc == ERR_BAD_UTF8 || rc == ERR_TOO_BIG || job->text.len > IMPORT_SIZE_MOST) {
        enum unit_problem_code code =
            rc == ERR_BAD_UTF8 ? PROBLEM_FILE_UNREADABLE : PROBLEM_TOO_MUCH;
        import_problem(plan, table, code, 1, -1, S(""));
        return OK;
    }
    TRY(rc);
    TRY(read_headings(&run));
    return plan->problems.errors > 0 ? OK : read_rows(&run);
}
