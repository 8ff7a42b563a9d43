/* The contract above each statement, read line by line. Every name is declared once, every word is
 * known, every statement has its sentence; whatever is not understood is an error with its line. */
#include "sql_parse.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
    const char *at;
    size_t len;
};

struct parse {
    const char *at;
    const char *end;
    int number; /* of the line at `at` */
    struct sql_file *file;
    struct sql_error *error;
};

/* What one block declares, until it is known whether its name is new. */
struct block {
    struct sql_statement *statement;
    bool dialects[SQL_DIALECTS];
    bool has_in;
    bool has_out;
};

bool sql_wrong(struct sql_error *error, int line, const char *format, ...)
{
    error->line = line;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    if (length < 0) {
        error->text[0] = '\0';
    }
    return false;
}

static const char *const type_names[] = {
    [SQL_I64] = "i64",   [SQL_STR] = "str", [SQL_BYTES] = "bytes", [SQL_BOOL] = "bool",
    [SQL_USEC] = "usec", [SQL_DAY] = "day", [SQL_HASH] = "hash",   [SQL_DOUBLE] = "double",
};

const char *sql_type_name(enum sql_type type)
{
    return type_names[type];
}

static struct line trim(struct line line)
{
    while (line.len > 0 && isspace((unsigned char)line.at[0])) {
        line.at++;
        line.len--;
    }
    while (line.len > 0 && isspace((unsigned char)line.at[line.len - 1])) {
        line.len--;
    }
    return line;
}

static struct line look(const struct parse *parse)
{
    size_t left = (size_t)(parse->end - parse->at);
    const char *feed = left == 0 ? NULL : memchr(parse->at, '\n', left);
    return trim((struct line){parse->at, feed == NULL ? left : (size_t)(feed - parse->at)});
}

static void skip(struct parse *parse)
{
    const char *feed = memchr(parse->at, '\n', (size_t)(parse->end - parse->at));
    parse->at = feed == NULL ? parse->end : feed + 1;
    parse->number++;
}

static bool is_comment(struct line line)
{
    return line.len >= 2 && line.at[0] == '-' && line.at[1] == '-';
}

static bool is_text(struct line line, const char *text)
{
    return line.len == strlen(text) && memcmp(line.at, text, line.len) == 0;
}

/* Takes "key:" off the front. */
static bool take_key(struct line *line, const char *key)
{
    size_t len = strlen(key);
    if (line->len < len || memcmp(line->at, key, len) != 0) {
        return false;
    }
    *line = trim((struct line){line->at + len, line->len - len});
    return true;
}

static bool is_name(struct line line)
{
    bool good = line.len > 0 && line.len < SQL_NAME_SIZE && islower((unsigned char)line.at[0]);
    for (size_t i = 0; good && i < line.len; i++) {
        char byte = line.at[i];
        good = islower((unsigned char)byte) || isdigit((unsigned char)byte) || byte == '_';
    }
    return good;
}

/* "name: kind", the first line of a contract. */
static bool split_header(struct line line, struct line *ret_name, struct line *ret_kind)
{
    const char *colon = line.len == 0 ? NULL : memchr(line.at, ':', line.len);
    if (colon == NULL) {
        return false;
    }
    *ret_name = trim((struct line){line.at, (size_t)(colon - line.at)});
    *ret_kind = trim((struct line){colon + 1, line.len - (size_t)(colon - line.at) - 1});
    return is_name(*ret_name);
}

static bool read_kind(struct line word, enum sql_kind *ret_kind)
{
    static const char *const words[] = {"one", "many", "change", "text"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is_text(word, words[i])) {
            *ret_kind = (enum sql_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_type(struct line word, struct sql_field *field)
{
    field->nullable = word.len > 0 && word.at[word.len - 1] == '?';
    word.len -= field->nullable ? 1 : 0;
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        if (is_text(word, type_names[i])) {
            field->type = (enum sql_type)i;
            return true;
        }
    }
    return false;
}

static bool read_field(struct parse *parse, struct line words, struct sql_fields *fields)
{
    size_t name_len = 0;
    while (name_len < words.len && !isspace((unsigned char)words.at[name_len])) {
        name_len++;
    }
    struct line name = {words.at, name_len};
    struct line type = trim((struct line){words.at + name_len, words.len - name_len});
    struct sql_field field = {.used = false};
    if (!is_name(name) || !read_type(type, &field)) {
        return sql_wrong(parse->error, parse->number,
                         "\"%.*s\" is not a field: name type, with the "
                         "types i64 str bytes bool usec day hash double "
                         "and ? for nullable",
                         (int)(words.len > 80 ? 80 : words.len), words.at);
    }
    memcpy(field.name, name.at, name.len);
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->list[i].name, field.name) == 0) {
            return sql_wrong(parse->error, parse->number, "%s is declared twice", field.name);
        }
    }
    if (fields->count == SQL_FIELDS) {
        return sql_wrong(parse->error, parse->number, "more than %d fields", SQL_FIELDS);
    }
    fields->list[fields->count++] = field;
    return true;
}

static bool read_fields(struct parse *parse, struct line words, struct sql_fields *fields)
{
    while (true) {
        const char *comma = words.len == 0 ? NULL : memchr(words.at, ',', words.len);
        size_t len = comma == NULL ? words.len : (size_t)(comma - words.at);
        if (!read_field(parse, trim((struct line){words.at, len}), fields)) {
            return false;
        }
        if (comma == NULL) {
            return true;
        }
        words = (struct line){comma + 1, words.len - len - 1};
    }
}

static bool read_most(struct parse *parse, struct line word, struct sql_statement *statement)
{
    long most = 0;
    for (size_t i = 0; i < word.len && most <= SQL_MOST_MOST; i++) {
        if (!isdigit((unsigned char)word.at[i])) {
            return sql_wrong(parse->error, parse->number, "-- most: wants a number");
        }
        most = most * 10 + (word.at[i] - '0');
    }
    if (most < 1 || most > SQL_MOST_MOST) {
        return sql_wrong(parse->error, parse->number, "-- most: wants 1 to %d", SQL_MOST_MOST);
    }
    statement->most = most;
    statement->most_told = true;
    return true;
}

static bool read_only(struct parse *parse, struct line word, struct block *block)
{
    block->dialects[SQL_SQLITE] = is_text(word, "sqlite");
    block->dialects[SQL_POSTGRESQL] = is_text(word, "postgresql");
    if (!block->dialects[SQL_SQLITE] && !block->dialects[SQL_POSTGRESQL]) {
        return sql_wrong(parse->error, parse->number, "-- only: wants sqlite or postgresql");
    }
    return true;
}

static bool add_remark(struct parse *parse, struct line words, struct sql_statement *statement)
{
    size_t used = strlen(statement->remark);
    if (words.len + 2 > SQL_REMARK_SIZE - used) {
        return sql_wrong(parse->error, parse->number, "the comment is too long");
    }
    for (size_t i = 0; i + 1 < words.len; i++) {
        if (words.at[i] == '*' && words.at[i + 1] == '/') {
            return sql_wrong(parse->error, parse->number, "a comment may not hold */");
        }
    }
    memcpy(statement->remark + used, words.at, words.len);
    statement->remark[used + words.len] = '\n';
    statement->remark[used + words.len + 1] = '\0';
    return true;
}

static bool read_contract_line(struct parse *parse, struct line words, struct block *block)
{
    struct sql_statement *statement = block->statement;
    if (take_key(&words, "in:")) {
        block->has_in = true;
        return read_fields(parse, words, &statement->in);
    }
    if (take_key(&words, "out:")) {
        block->has_out = true;
        return read_fields(parse, words, &statement->out);
    }
    if (take_key(&words, "most:")) {
        return read_most(parse, words, statement);
    }
    if (take_key(&words, "only:")) {
        return read_only(parse, words, block);
    }
    if (is_text(words, "batch")) {
        statement->batch = true;
        return true;
    }
    return add_remark(parse, words, statement);
}

static bool check_contract(struct parse *parse, const struct block *block)
{
    const struct sql_statement *statement = block->statement;
    bool rows = statement->kind == SQL_ONE || statement->kind == SQL_MANY;
    const char *what = NULL;
    if (statement->remark[0] == '\0') {
        what = "wants a sentence that says what it is for";
    } else if (rows && !block->has_out) {
        what = "answers rows and wants -- out:";
    } else if (!rows && block->has_out) {
        what = "answers no rows and takes no -- out:";
    } else if (statement->kind == SQL_WORDS && block->has_in) {
        what = "is a text and takes no -- in:";
    } else if (statement->batch && statement->kind != SQL_CHANGE) {
        what = "is not a change and has no batch form";
    } else if (statement->most_told && statement->kind != SQL_MANY) {
        what = "is not many and takes no -- most:";
    }
    if (what != NULL) {
        return sql_wrong(parse->error, statement->line, "%s %s", statement->name, what);
    }
    return true;
}

static bool same_fields(const struct sql_fields *a, const struct sql_fields *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->list[i].name, b->list[i].name) == 0 &&
               a->list[i].type == b->list[i].type && a->list[i].nullable == b->list[i].nullable;
    }
    return same;
}

/* The statement is new, or the other dialect of one that is there: then the text joins it. */
static bool keep_statement(struct parse *parse, struct block *block)
{
    struct sql_statement *made = block->statement;
    for (size_t i = 0; i < parse->file->count; i++) {
        struct sql_statement *old = parse->file->list[i];
        if (strcmp(old->name, made->name) != 0) {
            continue;
        }
        int dialect = block->dialects[SQL_SQLITE] ? SQL_SQLITE : SQL_POSTGRESQL;
        bool other = block->dialects[SQL_SQLITE] != block->dialects[SQL_POSTGRESQL];
        if (!other || old->has[dialect]) {
            return sql_wrong(parse->error, made->line, "%s stands in line %d already", made->name,
                             old->line);
        }
        if (old->kind != made->kind || old->batch != made->batch || old->most != made->most ||
            !same_fields(&old->in, &made->in) || !same_fields(&old->out, &made->out)) {
            return sql_wrong(parse->error, made->line, "%s differs from line %d in its contract",
                             made->name, old->line);
        }
        memcpy(old->text[dialect], made->text[dialect], SQL_TEXT_SIZE);
        memcpy(old->rows, made->rows, dialect == SQL_POSTGRESQL ? SQL_TEXT_SIZE : 0);
        old->has[dialect] = true;
        return true;
    }
    if (parse->file->count == SQL_STATEMENTS) {
        return sql_wrong(parse->error, made->line, "more than %d statements", SQL_STATEMENTS);
    }
    parse->file->list[parse->file->count++] = made;
    block->statement = NULL;
    return true;
}

static void skip_bytes(struct parse *parse, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        parse->number += parse->at[i] == '\n' ? 1 : 0;
    }
    parse->at += count;
}

/* Words of a `text`: as they stand, up to a blank line. */
static bool read_words(struct parse *parse, struct block *block)
{
    const char *start = parse->at;
    while (parse->at < parse->end && look(parse).len > 0) {
        skip(parse);
    }
    struct line words = trim((struct line){start, (size_t)(parse->at - start)});
    if (words.len >= SQL_TEXT_SIZE) {
        return sql_wrong(parse->error, block->statement->line, "the text is too long");
    }
    for (int dialect = 0; dialect < SQL_DIALECTS; dialect++) {
        if (block->dialects[dialect]) {
            memcpy(block->statement->text[dialect], words.at, words.len);
            block->statement->text[dialect][words.len] = '\0';
            block->statement->has[dialect] = true;
        }
    }
    return true;
}

static bool read_sql(struct parse *parse, struct block *block)
{
    if (block->statement->kind == SQL_WORDS) {
        return read_words(parse, block);
    }
    size_t length = sql_text_length(parse->at, (size_t)(parse->end - parse->at));
    if (length == 0) {
        return sql_wrong(parse->error, block->statement->line, "%s does not end in a semicolon",
                         block->statement->name);
    }
    const char *words = parse->at;
    skip_bytes(parse, length);
    if (look(parse).len > 0) {
        return sql_wrong(parse->error, parse->number, "something follows the semicolon");
    }
    skip(parse);
    return sql_text_make(block->statement, block->dialects, words, length - 1, parse->error);
}

static bool read_block(struct parse *parse, struct line name, enum sql_kind kind)
{
    struct sql_statement *statement = calloc(1, sizeof *statement);
    if (statement == NULL) {
        return sql_wrong(parse->error, parse->number, "no memory");
    }
    struct block block = {.statement = statement, .dialects = {true, true}};
    memcpy(statement->name, name.at, name.len);
    statement->kind = kind;
    statement->most = SQL_MOST;
    statement->line = parse->number;
    bool good = true;
    skip(parse);
    while (good && is_comment(look(parse))) {
        struct line line = look(parse);
        good = read_contract_line(parse, trim((struct line){line.at + 2, line.len - 2}), &block);
        skip(parse);
    }
    good = good && check_contract(parse, &block);
    if (good && look(parse).len == 0) {
        good = sql_wrong(parse->error, statement->line, "%s has no statement", statement->name);
    }
    good = good && read_sql(parse, &block) && keep_statement(parse, &block);
    free(block.statement);
    return good;
}

/* A block of comments without a header is a remark, when a blank line ends it. */
static bool read_piece(struct parse *parse)
{
    struct line line = look(parse);
    if (line.len == 0) {
        skip(parse);
        return true;
    }
    struct line name = {NULL, 0};
    struct line word = {NULL, 0};
    enum sql_kind kind = SQL_ONE;
    if (!is_comment(line)) {
        return sql_wrong(parse->error, parse->number, "a statement without its comment");
    }
    line = trim((struct line){line.at + 2, line.len - 2});
    bool header = split_header(line, &name, &word);
    if (header && read_kind(word, &kind)) {
        return read_block(parse, name, kind);
    }
    int start = parse->number;
    while (is_comment(look(parse))) {
        skip(parse);
    }
    if (look(parse).len > 0) {
        return sql_wrong(
            parse->error, start,
            "the comment above a statement begins with: name: one, many, change or text");
    }
    return true;
}

bool sql_parse(const char *text, size_t size, struct sql_file *ret_file, struct sql_error *error)
{
    ret_file->count = 0;
    struct parse parse = {text, text + size, 1, ret_file, error};
    if (size > 0 && memchr(text, '\0', size) != NULL) {
        return sql_wrong(error, 1, "a zero byte");
    }
    while (parse.at < parse.end) {
        if (!read_piece(&parse)) {
            return false;
        }
    }
    for (size_t i = 0; i < ret_file->count; i++) {
        const struct sql_statement *statement = ret_file->list[i];
        if (!statement->has[SQL_SQLITE] || !statement->has[SQL_POSTGRESQL]) {
            return sql_wrong(error, statement->line, "%s has no text for %s", statement->name,
                             statement->has[SQL_SQLITE] ? "postgresql" : "sqlite");
        }
    }
    return true;
}

void sql_finish(struct sql_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->list[i]);
    }
    file->count = 0;
}
