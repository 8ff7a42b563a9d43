/* Reads a file of named SQL statements. The comment above a statement is its contract:
 *
 *   -- unit_names_of: many
 *   -- The names of a unit over time, oldest first.
 *   -- in: unit_id i64
 *   -- out: name str, from_day day, to_day day?
 *   -- most: 500
 *   SELECT name, from_day, to_day FROM unit_names WHERE unit_id = :unit_id ORDER BY from_day;
 *
 * Kinds: `one` (none or one row), `many`, `change` (rows changed), `text` (words of transaction
 * control, not prepared; ends at a blank line). `-- batch` marks an INSERT … VALUES that also gets
 * a form for many rows. `-- only: sqlite` and `-- only: postgresql` give one name two texts.
 * Everything else is refused with its line: a wrong contract must not reach the compiler. */
#ifndef LOA_TOOLS_SQL_PARSE_H
#define LOA_TOOLS_SQL_PARSE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    SQL_NAME_SIZE = 64,
    SQL_FIELDS = 64,
    SQL_TEXT_SIZE = 8192,
    SQL_REMARK_SIZE = 1024,
    SQL_STATEMENTS = 512,
    SQL_MOST = 10000, /* rows that a _all function answers unless told */
    SQL_MOST_MOST = 1000000,
};

enum sql_kind { SQL_ONE, SQL_MANY, SQL_CHANGE, SQL_WORDS };
enum sql_dialect { SQL_SQLITE, SQL_POSTGRESQL, SQL_DIALECTS };
enum sql_type { SQL_I64, SQL_STR, SQL_BYTES, SQL_BOOL, SQL_USEC, SQL_DAY, SQL_HASH, SQL_DOUBLE };

struct sql_field {
    char name[SQL_NAME_SIZE];
    enum sql_type type;
    bool nullable;
    bool used; /* by the text */
};

struct sql_fields {
    struct sql_field list[SQL_FIELDS];
    size_t count;
};

struct sql_statement {
    char name[SQL_NAME_SIZE];
    char remark[SQL_REMARK_SIZE]; /* lines, each with its line feed */
    enum sql_kind kind;
    struct sql_fields in;
    struct sql_fields out;
    bool batch;
    bool most_told;
    long most;
    int line;
    bool has[SQL_DIALECTS];
    char text[SQL_DIALECTS][SQL_TEXT_SIZE]; /* with ?1 and $1 in place of names */
    char rows[SQL_TEXT_SIZE];               /* PostgreSQL: INSERT … SELECT … FROM unnest(…) */
};

struct sql_file {
    struct sql_statement *list[SQL_STATEMENTS];
    size_t count;
};

struct sql_error {
    int line;
    char text[240];
};

/* False with the line and the reason; the file is to be finished either way. */
bool sql_parse(const char *text, size_t size, struct sql_file *ret_file, struct sql_error *error);
void sql_finish(struct sql_file *file);

const char *sql_type_name(enum sql_type type);

/* The pieces of the text, for sql_text.c. */
bool sql_wrong(struct sql_error *error, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A statement's words become text in both dialects: names to numbers, comments out, blanks folded.
 * `words` ends before its semicolon. */
bool sql_text_make(struct sql_statement *statement, const bool dialects[SQL_DIALECTS],
                   const char *words, size_t size, struct sql_error *error);
/* How many bytes of `text` belong to the statement, its semicolon included; 0 when none ends it. */
size_t sql_text_length(const char *text, size_t size);

#endif
