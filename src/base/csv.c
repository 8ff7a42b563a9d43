/* One pass over the text, row by row. What Excel makes of a list is accepted (byte-order mark,
 * semicolons, rows of empty cells at the end); what is ambiguous is refused with its line, because
 * a column that slipped by one would put the wrong name on a commune. */
#include "base/csv.h"

#include "base/text.h"

static size_t count_byte(str text, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.at[i] == byte;
    }
    return count;
}

/* The first line outside of quotes, which decides on the separator. */
static char find_separator(str text)
{
    size_t commas = 0;
    size_t semicolons = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && (quoted || text.at[i] != '\n'); i++) {
        quoted = (text.at[i] == '"') != quoted;
        commas += !quoted && text.at[i] == ',';
        semicolons += !quoted && text.at[i] == ';';
    }
    return semicolons > commas ? ';' : ',';
}

/* The line of the first byte that is not UTF-8; 0 when there is none. */
static size_t find_bad_line(str text)
{
    if (text_is_utf8(text)) {
        return 0;
    }
    size_t line = 1;
    while (text_is_utf8(str_split(text, '\n', &text))) {
        line++;
    }
    return line;
}

errc csv_open(str text, struct arena *arena, struct csv *ret_csv, struct why *why)
{
    if (text.len > CSV_SIZE) {
        return fail(why, ERR_TOO_BIG, "CSV of %zu bytes", text.len);
    }
    if (str_starts(text, S("\xff\xfe")) || str_starts(text, S("\xfe\xff"))) {
        return fail(why, ERR_BAD_UTF8, "line 1: UTF-16, not UTF-8");
    }
    if (str_starts(text, S("\xef\xbb\xbf"))) {
        text = str_cut(text, 3, text.len);
    }
    size_t bad_line = find_bad_line(text);
    if (bad_line > 0) {
        return fail(why, ERR_BAD_UTF8, "line %zu: not UTF-8", bad_line);
    }
    *ret_csv = (struct csv){
        .rest = text, .separator = find_separator(text), .next_line = 1, .arena = arena};
    return OK;
}

static char peek(const struct csv *csv)
{
    return csv->rest.len > 0 ? csv->rest.at[0] : '\n';
}

static void skip(struct csv *csv, size_t count)
{
    csv->rest = str_cut(csv->rest, count, csv->rest.len);
}

static bool ends_cell(const struct csv *csv, size_t at)
{
    str rest = csv->rest;
    if (at >= rest.len || rest.at[at] == csv->separator || rest.at[at] == '\n') {
        return true;
    }
    return rest.at[at] == '\r' && at + 1 < rest.len && rest.at[at + 1] == '\n';
}

static bool is_control(char byte)
{
    return ((unsigned char)byte < 0x20 && byte != '\t') || byte == 0x7f;
}

static errc read_bare_cell(struct csv *csv, str *ret_cell, struct why *why)
{
    size_t len = 0;
    for (; !ends_cell(csv, len); len++) {
        char byte = csv->rest.at[len];
        if (byte == '"') {
            return fail(why, ERR_BAD_CSV, "line %zu: a quote inside a cell without quotes",
                        csv->next_line);
        }
        if (is_control(byte)) {
            return fail(why, ERR_BAD_CSV, "line %zu: control character", csv->next_line);
        }
    }
    *ret_cell = str_cut(csv->rest, 0, len);
    skip(csv, len);
    return OK;
}

/* Behind the opening quote: the length up to the closing one. */
static errc measure_quoted(const struct csv *csv, size_t *ret_len, size_t *ret_doubled,
                           struct why *why)
{
    str rest = csv->rest;
    size_t doubled = 0;
    size_t i = 0;
    for (; i < rest.len; i++) {
        if (rest.at[i] == '"') {
            if (i + 1 >= rest.len || rest.at[i + 1] != '"') {
                *ret_len = i;
                *ret_doubled = doubled;
                return OK;
            }
            doubled++;
            i++;
        } else if (is_control(rest.at[i]) && rest.at[i] != '\n' && rest.at[i] != '\r') {
            size_t line = csv->next_line + count_byte(str_cut(rest, 0, i), '\n');
            return fail(why, ERR_BAD_CSV, "line %zu: control character", line);
        }
    }
    return fail(why, ERR_BAD_CSV, "line %zu: a quote that is never closed", csv->next_line);
}

static errc undouble(struct arena *arena, str raw, size_t doubled, str *ret_cell)
{
    char *at = arena_take(arena, raw.len - doubled + 1);
    if (at == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        at[len++] = raw.at[i];
        i += raw.at[i] == '"';
    }
    *ret_cell = (str){at, len};
    return OK;
}

static errc read_quoted_cell(struct csv *csv, str *ret_cell, struct why *why)
{
    size_t len = 0;
    size_t doubled = 0;
    skip(csv, 1);
    TRY(measure_quoted(csv, &len, &doubled, why));
    str cell = str_cut(csv->rest, 0, len);
    csv->next_line += count_byte(cell, '\n');
    skip(csv, len + 1);
    if (!ends_cell(csv, 0)) {
        return fail(why, ERR_BAD_CSV, "line %zu: text behind a closing quote", csv->next_line);
    }
    if (doubled > 0 && len <= 2 * CSV_CELL_SIZE) {
        errc rc = undouble(csv->arena, cell, doubled, &cell);
        if (rc != OK) {
            return fail(why, rc, "line %zu: no memory for a cell", csv->next_line);
        }
    }
    *ret_cell = cell;
    return OK;
}

static errc read_cell(struct csv *csv, struct why *why)
{
    str cell = STR_NONE;
    if (csv->cell_count == CSV_CELLS) {
        return fail(why, ERR_BAD_CSV, "line %zu: more than %d cells", csv->next_line, CSV_CELLS);
    }
    if (peek(csv) == '"') {
        TRY(read_quoted_cell(csv, &cell, why));
    } else {
        TRY(read_bare_cell(csv, &cell, why));
    }
    if (cell.len > CSV_CELL_SIZE) {
        return fail(why, ERR_BAD_CSV, "line %zu: a cell of %zu bytes", csv->next_line, cell.len);
    }
    csv->cells[csv->cell_count++] = cell;
    return OK;
}

static errc read_row(struct csv *csv, struct why *why)
{
    arena_reset(csv->arena);
    csv->cell_count = 0;
    csv->line = csv->next_line;
    TRY(read_cell(csv, why));
    while (peek(csv) == csv->separator) {
        skip(csv, 1);
        TRY(read_cell(csv, why));
    }
    skip(csv, peek(csv) == '\r' ? 2 : 1);
    csv->next_line++;
    return OK;
}

static bool row_is_blank(const struct csv *csv)
{
    for (size_t i = 0; i < csv->cell_count; i++) {
        if (str_trim(csv->cells[i]).len > 0) {
            return false;
        }
    }
    return true;
}

errc csv_next(struct csv *csv, bool *ret_more, struct why *why)
{
    while (csv->rest.len > 0) {
        errc rc = read_row(csv, why);
        if (rc != OK) {
            csv->rest = STR_NONE;
            return rc;
        }
        if (row_is_blank(csv)) {
            continue;
        }
        if (csv->width == 0) {
            csv->width = csv->cell_count;
        }
        if (csv->cell_count != csv->width) {
            csv->rest = STR_NONE;
            return fail(why, ERR_BAD_CSV, "line %zu: %zu cells where the first row has %zu",
                        csv->line, csv->cell_count, csv->width);
        }
        *ret_more = true;
        return OK;
    }
    csv->cell_count = 0;
    *ret_more = false;
    return OK;
}

static bool is_same_name(struct arena *arena, str a, str b)
{
    str a_key = STR_NONE;
    str b_key = STR_NONE;
    return text_same_key(arena, a, &a_key) == OK && text_same_key(arena, b, &b_key) == OK &&
           str_is(a_key, b_key);
}

int csv_column(const struct csv *csv, str heading)
{
    for (size_t i = 0; i < csv->cell_count; i++) {
        str cell = str_trim(csv->cells[i]);
        if (str_is_fold(cell, heading) || is_same_name(csv->arena, cell, heading)) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_formula(str cell)
{
    double number = 0;
    return cell.len > 0 && str_has(S("=+-@\t\r"), cell.at[0]) && !str_to_double(cell, &number);
}

static bool needs_quotes(str cell)
{
    return str_has(cell, ',') || str_has(cell, ';') || str_has(cell, '"') || str_has(cell, '\n') ||
           str_has(cell, '\r') || str_trim(cell).len != cell.len;
}

void csv_write_cell(struct buf *out, str cell, bool first)
{
    buf_add(out, first ? S("") : S(","));
    bool quotes = needs_quotes(cell);
    buf_add(out, quotes ? S("\"") : S(""));
    buf_add(out, is_formula(cell) ? S("'") : S(""));
    str rest = cell;
    while (str_has(rest, '"')) {
        buf_add(out, str_split(rest, '"', &rest));
        buf_add(out, S("\"\""));
    }
    buf_add(out, rest);
    buf_add(out, quotes ? S("\"") : S(""));
}

void csv_write_end(struct buf *out)
{
    buf_add(out, S("\r\n"));
}
