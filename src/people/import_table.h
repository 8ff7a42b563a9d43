/* For the import*.c files: a CSV file as rows of named columns, errors with line and column. */
#ifndef LOA_PEOPLE_IMPORT_TABLE_H
#define LOA_PEOPLE_IMPORT_TABLE_H

#include "people/import.h"

enum { IMPORT_COLUMNS = 10, IMPORT_HEADINGS = 3 };

struct import_column {
    const char *headings[IMPORT_HEADINGS]; /* any of these */
    bool is_optional;                      /* the column */
    bool may_be_empty;                     /* its cells */
};

struct import_row {
    size_t line;
    str cells[IMPORT_COLUMNS]; /* by column; NFC, blanks folded; empty for an absent column */
};

struct import_table {
    const struct import_column *columns;
    size_t column_count;
    struct import_row *rows;
    size_t count;
};

/* What went wrong is in the plan; the rows with errors are left out. */
CHECKED errc import_table_read(const struct import_job *job, struct import_plan *plan,
                               struct import_table *table);
/* Adds a problem at a line and column (-1: none). */
void import_problem(struct import_plan *plan, const struct import_table *table,
                    enum unit_problem_code code, size_t line, int column, str about);

/* The parts of import_check. */
CHECKED errc import_before(const struct import_job *job, struct import_plan *plan);
CHECKED errc import_after(const struct import_job *job, struct import_plan *plan);
CHECKED errc import_units(const struct import_job *job, struct import_plan *plan);
/* Checks by itself, because a file may hold several days that build on each other. */
CHECKED errc import_lineage(const struct import_job *job, struct import_plan *plan,
                            struct forest **ret_after, struct why *why);

/* Digits only, of that length (0: any fit code). */
bool import_code_is(str code, size_t digits);
/* The same name, however it is typed. */
CHECKED errc import_same_name(str a, str b, bool *ret_same);

#endif
