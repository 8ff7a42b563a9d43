/* What sqlgen has read of a room, and the writing of its C files. */
#ifndef LOA_TOOLS_SQLGEN_H
#define LOA_TOOLS_SQLGEN_H

#include "sql_parse.h"

enum { FILES = 256 };

struct noun {
    const char *path;
    char name[SQL_NAME_SIZE];
    struct sql_file file;
};

struct migration {
    const char *path;
    char name[SQL_NAME_SIZE];
    long number;
    char *text;
    size_t size;
};

struct room {
    const char *name;
    const char *folder;
    struct noun nouns[FILES];
    size_t noun_count;
    struct migration migrations[FILES];
    size_t migration_count;
};

/* Ends the program with "path:line: reason" (line 0: none): the build stops there. */
_Noreturn void sqlgen_stop(const char *path, int line, const char *reason);

/* <noun>_sql.h and <noun>_sql.c; `number` counts the statements of the room. */
void sqlgen_write_noun(const struct room *room, const struct noun *noun, size_t *number);
/* <room>_store.h and <room>_store.c. */
void sqlgen_write_room(const struct room *room, size_t statements);

#endif
