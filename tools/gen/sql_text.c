/* The text of a statement in both dialects. A small scanner knows strings, quoted names and
 * comments, so that a colon inside a string is never taken for a parameter; nothing here
 * understands SQL beyond that, the database does when the statement is prepared. */
#include "sql_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum token_kind { TOKEN_END, TOKEN_BLANK, TOKEN_NAME, TOKEN_PARAMETER, TOKEN_QUOTED, TOKEN_OTHER };

struct scan {
    const char *at;
    const char *end;
};

struct token {
    enum token_kind kind;
    const char *at;
    size_t len;
};

struct out {
    char *at;
    size_t len;
    bool full;
};

static void put(struct out *out, const char *at, size_t len)
{
    if (len >= SQL_TEXT_SIZE - out->len) {
        out->full = true;
        return;
    }
    memcpy(out->at + out->len, at, len);
    out->len += len;
    out->at[out->len] = '\0';
}

static void put_text(struct out *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_number(struct out *out, char mark, size_t number)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%c%zu", mark, number);
    put(out, text, (size_t)length);
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

static struct token take(struct scan *scan, enum token_kind kind, size_t len)
{
    struct token token = {kind, scan->at, len};
    scan->at += len;
    return token;
}

static size_t length_while_name(const char *at, const char *end)
{
    size_t len = 0;
    while (at + len < end && is_name_byte(at[len])) {
        len++;
    }
    return len;
}

/* Up to and with the closing quote; a doubled quote reads as two quoted pieces side by side. */
static size_t quoted_length(const char *at, const char *end)
{
    const char *close = memchr(at + 1, at[0], (size_t)(end - at) - 1);
    return close == NULL ? (size_t)(end - at) : (size_t)(close - at) + 1;
}

static size_t blank_length(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);
    if (left >= 2 && at[0] == '-' && at[1] == '-') {
        const char *line = memchr(at, '\n', left);
        return line == NULL ? left : (size_t)(line - at) + 1;
    }
    if (left >= 2 && at[0] == '/' && at[1] == '*') {
        for (size_t i = 2; i + 1 < left; i++) {
            if (at[i] == '*' && at[i + 1] == '/') {
                return i + 2;
            }
        }
        return left;
    }
    return isspace((unsigned char)at[0]) ? 1 : 0;
}

static struct token next(struct scan *scan)
{
    if (scan->at == scan->end) {
        return (struct token){TOKEN_END, scan->at, 0};
    }
    const char *start = scan->at;
    size_t blank = 0;
    while (scan->at < scan->end && (blank = blank_length(scan->at, scan->end)) > 0) {
        scan->at += blank;
    }
    if (scan->at > start) {
        return (struct token){TOKEN_BLANK, start, (size_t)(scan->at - start)};
    }
    size_t left = (size_t)(scan->end - scan->at);
    if (*scan->at == '\'' || *scan->at == '"') {
        return take(scan, TOKEN_QUOTED, quoted_length(scan->at, scan->end));
    }
    if (is_name_byte(*scan->at)) {
        return take(scan, TOKEN_NAME, length_while_name(scan->at, scan->end));
    }
    if (*scan->at == ':' && left > 1) {
        if (scan->at[1] == ':') {
            return take(scan, TOKEN_OTHER, 2);
        }
        size_t len = length_while_name(scan->at + 1, scan->end);
        if (len > 0 && !isdigit((unsigned char)scan->at[1])) {
            return take(scan, TOKEN_PARAMETER, len + 1);
        }
    }
    return take(scan, TOKEN_OTHER, 1);
}

size_t sql_text_length(const char *text, size_t size)
{
    struct scan scan = {text, text + size};
    struct token token = next(&scan);
    while (token.kind != TOKEN_END) {
        if (token.kind == TOKEN_OTHER && token.at[0] == ';') {
            return (size_t)(scan.at - text);
        }
        token = next(&scan);
    }
    return 0;
}

static bool is_word(struct token token, const char *word)
{
    if (token.kind != TOKEN_NAME || token.len != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < token.len; i++) {
        if (toupper((unsigned char)token.at[i]) != word[i]) {
            return false;
        }
    }
    return true;
}

static size_t find_field(struct sql_fields *fields, struct token token)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *name = fields->list[i].name;
        if (strlen(name) == token.len - 1 && memcmp(name, token.at + 1, token.len - 1) == 0) {
            fields->list[i].used = true;
            return i + 1;
        }
    }
    return 0;
}

static bool check_token(struct sql_statement *statement, struct token token,
                        struct sql_error *error)
{
    int line = statement->line;
    if (token.kind == TOKEN_QUOTED) {
        bool closed = token.len >= 2 && token.at[token.len - 1] == token.at[0];
        return closed || sql_wrong(error, line, "%s: a quote is not closed", statement->name);
    }
    if (token.kind == TOKEN_PARAMETER && find_field(&statement->in, token) == 0) {
        return sql_wrong(error, line, "%s: %.*s is not declared by -- in:", statement->name,
                         (int)token.len, token.at);
    }
    if (token.kind != TOKEN_OTHER) {
        return true;
    }
    if (strchr(";?$@{}\\:", token.at[0]) != NULL && token.len == 1) {
        return sql_wrong(error, line,
                         "%s: \"%c\" does not belong into a statement; parameters are "
                         "written :name",
                         statement->name, token.at[0]);
    }
    if ((unsigned char)token.at[0] >= 0x80 || iscntrl((unsigned char)token.at[0])) {
        return sql_wrong(error, line, "%s: a strange byte outside of quotes", statement->name);
    }
    return true;
}

/* One dialect: parameters numbered, each run of blanks and comments one blank. */
static bool write_dialect(struct sql_statement *statement, enum sql_dialect dialect,
                          struct scan scan, struct sql_error *error)
{
    struct out out = {statement->text[dialect], 0, false};
    out.at[0] = '\0';
    struct token token = next(&scan);
    while (token.kind != TOKEN_END) {
        if (!check_token(statement, token, error)) {
            return false;
        }
        if (token.kind == TOKEN_BLANK) {
            put(&out, " ", scan.at < scan.end && out.len > 0 ? 1 : 0);
        } else if (token.kind == TOKEN_PARAMETER) {
            put_number(&out, dialect == SQL_SQLITE ? '?' : '$', find_field(&statement->in, token));
        } else {
            put(&out, token.at, token.len);
        }
        token = next(&scan);
    }
    if (out.full || out.len == 0) {
        return sql_wrong(error, statement->line, "%s: the statement is %s", statement->name,
                         out.full ? "too long" : "empty");
    }
    statement->has[dialect] = true;
    return true;
}

static const char *postgresql_type(enum sql_type type)
{
    switch (type) {
    case SQL_I64:
    case SQL_USEC:
    case SQL_DAY:
        return "bigint";
    case SQL_STR:
        return "text";
    case SQL_BYTES:
    case SQL_HASH:
        return "bytea";
    case SQL_BOOL:
        return "boolean";
    case SQL_DOUBLE:
        return "double precision";
    }
    return "";
}

/* From the end of the VALUES list on: where the rows come from, and what follows. */
static void put_source(const struct sql_statement *statement, struct out *out)
{
    put_text(out, " FROM unnest(");
    for (size_t i = 0; i < statement->in.count; i++) {
        put_text(out, i == 0 ? "" : ", ");
        put_number(out, '$', i + 1);
        put_text(out, "::");
        put_text(out, postgresql_type(statement->in.list[i].type));
        put_text(out, "[]");
    }
    put_text(out, ") AS u(");
    for (size_t i = 0; i < statement->in.count; i++) {
        put_text(out, i == 0 ? "" : ", ");
        put_text(out, statement->in.list[i].name);
    }
    put_text(out, ")");
}

/* INSERT … VALUES (…) rest  →  INSERT … SELECT … FROM unnest(…) AS u(…) rest */
static bool write_rows(struct sql_statement *statement, struct scan scan, struct sql_error *error)
{
    struct out out = {statement->rows, 0, false};
    enum { BEFORE, OPENING, INSIDE, AFTER } state = BEFORE;
    int depth = 0;
    bool lost = false;
    bool just_closed = false;
    for (struct token token = next(&scan); token.kind != TOKEN_END; token = next(&scan)) {
        char other = token.kind == TOKEN_OTHER ? token.at[0] : ' ';
        depth += other == '(' ? 1 : other == ')' ? -1 : 0;
        if (state == BEFORE && depth == 0 && is_word(token, "VALUES")) {
            state = OPENING;
            put_text(&out, "SELECT ");
        } else if (state == OPENING && other == '(') {
            state = INSIDE;
        } else if (state == INSIDE && other == ')' && depth == 0) {
            state = AFTER;
            put_source(statement, &out);
            just_closed = true;
        } else if (token.kind == TOKEN_PARAMETER) {
            lost = lost || state != INSIDE;
            put_text(&out, "u.");
            put(&out, token.at + 1, token.len - 1);
        } else if (token.kind == TOKEN_BLANK) {
            put_text(&out, state == OPENING ? "" : " ");
        } else {
            lost = lost || (just_closed && other == ','); /* a second row */
            just_closed = false;
            put(&out, token.at, token.len);
        }
    }
    if (state != AFTER || lost || out.full || statement->in.count == 0) {
        return sql_wrong(error, statement->line,
                         "%s: -- batch wants INSERT … VALUES (…) with one row and every parameter "
                         "in it",
                         statement->name);
    }
    return true;
}

bool sql_text_make(struct sql_statement *statement, const bool dialects[SQL_DIALECTS],
                   const char *words, size_t size, struct sql_error *error)
{
    struct scan scan = {words, words + size};
    for (size_t i = 0; i < statement->in.count; i++) {
        statement->in.list[i].used = false;
    }
    for (int dialect = 0; dialect < SQL_DIALECTS; dialect++) {
        if (dialects[dialect] &&
            !write_dialect(statement, (enum sql_dialect)dialect, scan, error)) {
            return false;
        }
    }
    for (size_t i = 0; i < statement->in.count; i++) {
        if (!statement->in.list[i].used) {
            return sql_wrong(error, statement->line, "%s: :%s is declared and not used",
                             statement->name, statement->in.list[i].name);
        }
    }
    if (statement->batch && dialects[SQL_POSTGRESQL]) {
        return write_rows(statement, scan, error);
    }
    return true;
}
