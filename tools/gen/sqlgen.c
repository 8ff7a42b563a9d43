/* Typed functions from named statements: sqlgen <room> <folder> <files.sql…> <migrations…>
 *
 * Per <noun>.sql: <noun>_sql.h and <noun>_sql.c with a struct for what goes in, a struct for a row
 * and a function per statement; the functions only name a table that store/db.h works from. Per
 * room: <room>_store.h and <room>_store.c with its migrations and all its statements, so that the
 * store can prepare every one of them at start. A wrong file stops the build with its line. */
#include "sqlgen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MOST = 1024 * 1024 };

_Noreturn void sqlgen_stop(const char *path, int line, const char *reason)
{
    if (line > 0) {
        fprintf(stderr, "%s:%d: %s\n", path, line, reason);
    } else {
        fprintf(stderr, "%s: %s\n", path, reason);
    }
    exit(1);
}

static char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(FILE_SIZE_MOST + 1);
    if (file == NULL || text == NULL) {
        sqlgen_stop(path, 0, "cannot be read");
    }
    size_t size = fread(text, 1, FILE_SIZE_MOST + 1, file);
    if (ferror(file) || size > FILE_SIZE_MOST) {
        sqlgen_stop(path, 0, "cannot be read, or is larger than 1 MiB");
    }
    fclose(file);
    text[size] = '\0';
    *ret_size = size;
    return text;
}

/* The name of a file without folder and .sql. */
static void take_stem(const char *path, char stem[SQL_NAME_SIZE])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t length = strlen(name);
    if (length < 5 || strcmp(name + length - 4, ".sql") != 0 || length - 4 >= SQL_NAME_SIZE) {
        sqlgen_stop(path, 0, "is not named <noun>.sql");
    }
    memcpy(stem, name, length - 4);
    stem[length - 4] = '\0';
    for (const char *at = stem; *at != '\0'; at++) {
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '_') {
            sqlgen_stop(path, 0, "is not named in small letters, digits and _");
        }
    }
}

static void read_migration(struct room *room, const char *path)
{
    if (room->migration_count == FILES) {
        sqlgen_stop(path, 0, "too many migrations");
    }
    struct migration *m = &room->migrations[room->migration_count++];
    char stem[SQL_NAME_SIZE];
    take_stem(path, stem);
    char *end = NULL;
    m->path = path;
    m->number = strtol(stem, &end, 10);
    if (end != stem + 4 || *end != '_' || end[1] == '\0') {
        sqlgen_stop(path, 0, "is not named NNNN_name.sql");
    }
    if (m->number <= (m == room->migrations ? 0 : (m - 1)->number)) {
        sqlgen_stop(path, 0, "is out of order: the numbers of a room's migrations grow");
    }
    snprintf(m->name, sizeof m->name, "%s", end + 1);
    m->text = read_file(path, &m->size);
    if (strlen(m->text) != m->size) {
        sqlgen_stop(path, 0, "holds a zero byte");
    }
}

static void read_noun(struct room *room, const char *path)
{
    if (room->noun_count == FILES) {
        sqlgen_stop(path, 0, "too many files");
    }
    struct noun *noun = &room->nouns[room->noun_count++];
    noun->path = path;
    take_stem(path, noun->name);
    size_t size = 0;
    char *text = read_file(path, &size);
    struct sql_error error = {0};
    if (!sql_parse(text, size, &noun->file, &error)) {
        sqlgen_stop(path, error.line, error.text);
    }
    free(text);
}

static bool has_statement(const struct sql_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++) {
        if (strcmp(file->list[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* None of the statements of a file stands in a file before it. */
static void check_unique(const struct room *room, const struct noun *noun)
{
    for (size_t i = 0; i < noun->file.count; i++) {
        const struct sql_statement *s = noun->file.list[i];
        for (const struct noun *other = room->nouns; other < noun; other++) {
            if (has_statement(&other->file, s->name)) {
                sqlgen_stop(noun->path, s->line,
                            "another file of the room has a statement of this name");
            }
        }
    }
}

static void finish(struct room *room)
{
    for (size_t i = 0; i < room->noun_count; i++) {
        sql_finish(&room->nouns[i].file);
    }
    for (size_t i = 0; i < room->migration_count; i++) {
        free(room->migrations[i].text);
    }
}

int main(int argc, char **argv)
{
    static struct room room;
    if (argc < 3) {
        sqlgen_stop("sqlgen", 0, "usage: sqlgen <room> <folder> <files.sql…>");
    }
    room.name = argv[1];
    room.folder = argv[2];
    for (int i = 3; i < argc; i++) {
        if (strstr(argv[i], "/migrations/") != NULL) {
            read_migration(&room, argv[i]);
        } else {
            read_noun(&room, argv[i]);
        }
    }
    size_t statements = 0;
    for (size_t i = 0; i < room.noun_count; i++) {
        check_unique(&room, &room.nouns[i]);
        sqlgen_write_noun(&room, &room.nouns[i], &statements);
    }
    sqlgen_write_room(&room, statements);
    finish(&room);
    return 0;
}
