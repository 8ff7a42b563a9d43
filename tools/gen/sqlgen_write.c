/* The C that sqlgen writes: structs, tables and thin functions, read by people when they debug. */
#include "sqlgen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024 };

/* Text as a C string literal, a line of source per line of text. */
static void put_literal(FILE *out, const char *text, const char *indent)
{
    fprintf(out, "\n%s\"", indent);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n') {
            fputs("\\n", out);
            if (at[1] != '\0') {
                fprintf(out, "\"\n%s\"", indent);
            }
        } else if (*at == '"' || *at == '\\') {
            fprintf(out, "\\%c", *at);
        } else if ((unsigned char)*at < 0x20) {
            fprintf(out, "\\%03o", (unsigned)(unsigned char)*at);
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

static FILE *open_output(const struct room *room, const char *stem, const char *end)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s%s", room->folder, stem, end);
    if (length < 0 || (size_t)length >= sizeof path) {
        sqlgen_stop(stem, 0, "the path is too long");
    }
    FILE *out = fopen(path, "wb");
    if (out == NULL) {
        sqlgen_stop(path, 0, "cannot be written");
    }
    return out;
}

static void close_output(FILE *out, const char *stem)
{
    if (ferror(out) || fclose(out) != 0) {
        sqlgen_stop(stem, 0, "cannot be written");
    }
}

static void put_guard(FILE *out, const char *room, const char *stem)
{
    char guard[2 * SQL_NAME_SIZE + 16];
    int length = snprintf(guard, sizeof guard, "LOA_%s_%s_H", room, stem);
    for (int i = 0; i < length; i++) {
        guard[i] = (char)toupper((unsigned char)guard[i]);
    }
    fprintf(out, "#ifndef %s\n#define %s\n\n", guard, guard);
}

static const char *c_type(enum sql_type type)
{
    switch (type) {
    case SQL_I64:
        return "int64_t ";
    case SQL_STR:
    case SQL_BYTES:
        return "str ";
    case SQL_BOOL:
        return "bool ";
    case SQL_USEC:
        return "usec ";
    case SQL_DAY:
        return "day ";
    case SQL_HASH:
        return "hash ";
    case SQL_DOUBLE:
        return "double ";
    }
    return "";
}

static bool has_flag(const struct sql_field *field)
{
    return field->nullable && field->type != SQL_STR && field->type != SQL_BYTES;
}

static void put_struct(FILE *out, const char *name, const char *end,
                       const struct sql_fields *fields)
{
    if (fields->count == 0) {
        return;
    }
    fprintf(out, "struct %s_%s {\n", name, end);
    for (size_t i = 0; i < fields->count; i++) {
        const struct sql_field *field = &fields->list[i];
        if (has_flag(field)) {
            fprintf(out, "    bool has_%s;\n", field->name);
        }
        fprintf(out, "    %s%s;%s\n", c_type(field->type), field->name,
                field->nullable && !has_flag(field) ? " /* at == NULL: none */" : "");
    }
    fprintf(out, "};\n");
}

/* "struct x_in *in, " or nothing. */
static void put_in(FILE *out, const struct sql_statement *s)
{
    if (s->in.count > 0) {
        fprintf(out, "const struct %s_in *in, ", s->name);
    }
}

static void put_one_head(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "errc %s(struct db *db, ", s->name);
    put_in(out, s);
    fprintf(out, "struct arena *arena,\n        struct %s_row *ret_row, struct why *why)", s->name);
}

static void put_each_head(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "errc %s(struct db *db, ", s->name);
    put_in(out, s);
    fprintf(out,
            "\n        errc (*on_row)(void *ctx, const struct %s_row *row), void *ctx,\n"
            "        struct why *why)",
            s->name);
}

static void put_all_head(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "errc %s_all(struct db *db, ", s->name);
    put_in(out, s);
    fprintf(out,
            "struct arena *arena,\n        struct %s_row **ret_rows, size_t *ret_count, "
            "struct why *why)",
            s->name);
}

static void put_change_head(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "errc %s(struct db *db, ", s->name);
    put_in(out, s);
    fprintf(out, "int64_t *ret_changed, struct why *why)");
}

static void put_batch_head(FILE *out, const struct sql_statement *s)
{
    fprintf(out,
            "errc %s_batch(struct db *db, const struct %s_in *in, size_t count, struct why *why)",
            s->name, s->name);
}

static void put_declarations(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "\n/* ");
    for (const char *at = s->remark; at[1] != '\0'; at++) {
        fputc(*at, out);
        if (*at == '\n') {
            fputs(" * ", out);
        }
    }
    fprintf(out, " */\n");
    if (s->kind == SQL_WORDS) {
        fprintf(out, "extern const struct db_words %s;\n", s->name);
        return;
    }
    put_struct(out, s->name, "in", &s->in);
    put_struct(out, s->name, "row", &s->out);
    fprintf(out, "extern const struct db_statement %s_statement;\n", s->name);
    switch (s->kind) {
    case SQL_ONE:
        put_one_head(out, s);
        break;
    case SQL_MANY:
        put_each_head(out, s);
        fprintf(out, " CHECKED;\n");
        put_all_head(out, s);
        break;
    case SQL_CHANGE:
        put_change_head(out, s);
        break;
    case SQL_WORDS:
        break;
    }
    fprintf(out, " CHECKED;\n");
    if (s->batch) {
        put_batch_head(out, s);
        fprintf(out, " CHECKED;\n");
    }
}

static void write_noun_header(const struct room *room, const struct noun *noun)
{
    FILE *out = open_output(room, noun->name, "_sql.h");
    fprintf(out,
            "/* Made by sqlgen from %s.sql. Each function works on a connection lent to a store\n"
            " * job; texts of a row handed to on_row live for that call, those of one and _all in\n"
            " * the arena. one: no row is ERR_NOT_FOUND. ret_changed may be null. */\n",
            noun->name);
    char stem[SQL_NAME_SIZE + 8];
    snprintf(stem, sizeof stem, "%s_sql", noun->name);
    put_guard(out, room->name, stem);
    fprintf(out, "#include \"base/base.h\"\n#include \"base/hash.h\"\n#include \"store/db.h\"\n");
    for (size_t i = 0; i < noun->file.count; i++) {
        put_declarations(out, noun->file.list[i]);
    }
    fprintf(out, "\n#endif\n");
    close_output(out, stem);
}

static const char *table_type(enum sql_type type)
{
    static const char *const names[] = {
        [SQL_I64] = "DB_I64",   [SQL_STR] = "DB_STR",       [SQL_BYTES] = "DB_BYTES",
        [SQL_BOOL] = "DB_BOOL", [SQL_USEC] = "DB_USEC",     [SQL_DAY] = "DB_DAY",
        [SQL_HASH] = "DB_HASH", [SQL_DOUBLE] = "DB_DOUBLE",
    };
    return names[type];
}

static void put_fields(FILE *out, const char *name, const char *end,
                       const struct sql_fields *fields)
{
    if (fields->count == 0) {
        return;
    }
    fprintf(out, "static const struct db_field %s_%s_fields[] = {\n", name, end);
    for (size_t i = 0; i < fields->count; i++) {
        const struct sql_field *field = &fields->list[i];
        fprintf(out, "    {\"%s\", %s, %s, offsetof(struct %s_%s, %s), ", field->name,
                table_type(field->type), field->nullable ? "true" : "false", name, end,
                field->name);
        if (has_flag(field)) {
            fprintf(out, "offsetof(struct %s_%s, has_%s)},\n", name, end, field->name);
        } else {
            fprintf(out, "0},\n");
        }
    }
    fprintf(out, "};\n");
}

static void put_table(FILE *out, const struct room *room, const struct sql_statement *s,
                      size_t number)
{
    static const char *const kinds[] = {
        [SQL_ONE] = "DB_ONE", [SQL_MANY] = "DB_MANY", [SQL_CHANGE] = "DB_CHANGE", [SQL_WORDS] = ""};
    put_fields(out, s->name, "in", &s->in);
    put_fields(out, s->name, "row", &s->out);
    fprintf(out, "const struct db_statement %s_statement = {\n", s->name);
    fprintf(out,
            "    .name = \"%s\",\n    .room = &%s_room,\n    .number = %zu,\n    .kind = %s,\n",
            s->name, room->name, number, kinds[s->kind]);
    fprintf(out, "    .sqlite =");
    put_literal(out, s->text[SQL_SQLITE], "        ");
    fprintf(out, ",\n    .postgresql =");
    put_literal(out, s->text[SQL_POSTGRESQL], "        ");
    if (s->batch) {
        fprintf(out, ",\n    .postgresql_rows =");
        put_literal(out, s->rows, "        ");
    }
    fprintf(out, ",\n");
    if (s->in.count > 0) {
        fprintf(
            out,
            "    .in = %s_in_fields,\n    .in_count = %zu,\n    .in_size = sizeof(struct %s_in),\n",
            s->name, s->in.count, s->name);
    }
    if (s->out.count > 0) {
        fprintf(out,
                "    .out = %s_row_fields,\n    .out_count = %zu,\n"
                "    .out_size = sizeof(struct %s_row),\n    .most = %ld,\n",
                s->name, s->out.count, s->name, s->most);
        fprintf(
            out,
            "};\n_Static_assert(sizeof(struct %s_row) <= DB_ROW_SIZE, \"a row too large\");\n\n",
            s->name);
        return;
    }
    fprintf(out, "};\n\n");
}

/* on_row takes a typed row: a small step between, since calling through another type is undefined.
 */
static void put_each_body(FILE *out, const struct sql_statement *s, const char *in)
{
    fprintf(out,
            "struct %s_call {\n    errc (*on_row)(void *ctx, const struct %s_row *row);\n"
            "    void *ctx;\n};\n\n",
            s->name, s->name);
    fprintf(
        out,
        "static errc %s_pass(void *ctx, const void *row)\n{\n"
        "    const struct %s_call *call = ctx;\n    return call->on_row(call->ctx, row);\n}\n\n",
        s->name, s->name);
    put_each_head(out, s);
    fprintf(
        out,
        "\n{\n    struct %s_call call = {on_row, ctx};\n"
        "    return db_each(db, &%s_statement, %s, &(struct db_each){%s_pass, &call}, why);\n}\n\n",
        s->name, s->name, in, s->name);
    put_all_head(out, s);
    fprintf(out,
            "\n{\n    struct db_all all = {.arena = arena};\n"
            "    errc rc = db_all(db, &%s_statement, %s, &all, why);\n"
            "    if (rc == OK) {\n        *ret_rows = all.rows;\n        *ret_count = all.count;\n"
            "    }\n    return rc;\n}\n\n",
            s->name, in);
}

static void put_functions(FILE *out, const struct sql_statement *s)
{
    const char *in = s->in.count > 0 ? "in" : "NULL";
    switch (s->kind) {
    case SQL_ONE:
        put_one_head(out, s);
        fprintf(out,
                "\n{\n    struct db_one one = {arena, ret_row};\n"
                "    return db_one(db, &%s_statement, %s, &one, why);\n}\n\n",
                s->name, in);
        break;
    case SQL_MANY:
        put_each_body(out, s, in);
        break;
    case SQL_CHANGE:
        put_change_head(out, s);
        fprintf(out, "\n{\n    return db_change(db, &%s_statement, %s, ret_changed, why);\n}\n\n",
                s->name, in);
        break;
    case SQL_WORDS:
        break;
    }
    if (s->batch) {
        put_batch_head(out, s);
        fprintf(out, "\n{\n    return db_batch(db, &%s_statement, in, count, why);\n}\n\n",
                s->name);
    }
}

static void put_words(FILE *out, const struct sql_statement *s)
{
    fprintf(out, "const struct db_words %s = {\n    .sqlite =", s->name);
    put_literal(out, s->text[SQL_SQLITE], "        ");
    fprintf(out, ",\n    .postgresql =");
    put_literal(out, s->text[SQL_POSTGRESQL], "        ");
    fprintf(out, ",\n};\n\n");
}

static void write_noun_source(const struct room *room, const struct noun *noun, size_t *number)
{
    FILE *out = open_output(room, noun->name, "_sql.c");
    fprintf(out,
            "/* Made by sqlgen from %s.sql. */\n#include \"%s/%s_sql.h\"\n\n#include "
            "\"%s/%s_store.h\"\n\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n",
            noun->name, room->name, noun->name, room->name, room->name);
    for (size_t i = 0; i < noun->file.count; i++) {
        const struct sql_statement *s = noun->file.list[i];
        if (s->kind == SQL_WORDS) {
            put_words(out, s);
            continue;
        }
        put_table(out, room, s, (*number)++);
        put_functions(out, s);
    }
    close_output(out, noun->name);
}

void sqlgen_write_room(const struct room *room, size_t statements)
{
    char stem[SQL_NAME_SIZE + 8];
    snprintf(stem, sizeof stem, "%s_store", room->name);
    FILE *out = open_output(room, stem, ".h");
    fprintf(out, "/* Made by sqlgen: the migrations and statements of the room %s. */\n",
            room->name);
    put_guard(out, room->name, stem);
    fprintf(out, "#include \"store/db.h\"\n\nextern const struct store_room %s_room;\n\n#endif\n",
            room->name);
    close_output(out, stem);

    out = open_output(room, stem, ".c");
    fprintf(out,
            "/* Made by sqlgen: the migrations and statements of the room %s. */\n"
            "#include \"%s/%s.h\"\n\n#include <stddef.h>\n\n",
            room->name, room->name, stem);
    for (size_t i = 0; i < room->noun_count; i++) {
        fprintf(out, "#include \"%s/%s_sql.h\"\n", room->name, room->nouns[i].name);
    }
    fprintf(out, "\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n");
    if (statements > 0) {
        fprintf(out, "static const struct db_statement *const statements[] = {\n");
        for (size_t i = 0; i < room->noun_count; i++) {
            const struct sql_file *file = &room->nouns[i].file;
            for (size_t j = 0; j < file->count; j++) {
                if (file->list[j]->kind != SQL_WORDS) {
                    fprintf(out, "    &%s_statement,\n", file->list[j]->name);
                }
            }
        }
        fprintf(out, "};\n\n");
    }
    if (room->migration_count > 0) {
        fprintf(out, "static const struct store_migration migrations[] = {\n");
        for (size_t i = 0; i < room->migration_count; i++) {
            const struct migration *m = &room->migrations[i];
            fprintf(out, "    {%ld, \"%s\",", m->number, m->name);
            put_literal(out, m->text, "     ");
            fprintf(out, "},\n");
        }
        fprintf(out, "};\n\n");
    }
    fprintf(out, "const struct store_room %s_room = {\n    .name = \"%s\",\n", room->name,
            room->name);
    if (statements > 0) {
        fprintf(out, "    .statements = statements,\n    .statement_count = %zu,\n", statements);
    }
    if (room->migration_count > 0) {
        fprintf(out, "    .migrations = migrations,\n    .migration_count = %zu,\n",
                room->migration_count);
    }
    fprintf(out, "};\n");
    close_output(out, stem);
}

void sqlgen_write_noun(const struct room *room, const struct noun *noun, size_t *number)
{
    write_noun_header(room, noun);
    write_noun_source(room, noun, number);
}
