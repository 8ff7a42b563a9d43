/* Reading of `.cases` files. */
#include "base/cases.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/scope.h"

enum { CASES_SIZE = 1024 * 1024, ROW_SIZE = 64 * 1024 };

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The byte that the escape behind a backslash stands for, or -1; takes it off. */
static int take_escape(str *text)
{
    static const char names[] = "sp\\nrt";
    static const char bytes[] = " |\\\n\r\t";
    char name = text->len > 0 ? text->at[0] : '\0';
    for (size_t i = 0; i + 1 < sizeof names; i++) {
        if (names[i] == name) {
            *text = str_cut(*text, 1, text->len);
            return bytes[i];
        }
    }
    if (name != 'x' || text->len < 3) {
        return -1;
    }
    int high = hex_value(text->at[1]);
    int low = hex_value(text->at[2]);
    *text = str_cut(*text, 3, text->len);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool read_cell(struct arena *arena, str raw, str *ret_cell)
{
    char *at = arena_take(arena, raw.len + 1);
    size_t len = 0;
    while (at != NULL && raw.len > 0) {
        int byte = (unsigned char)raw.at[0];
        raw = str_cut(raw, 1, raw.len);
        if (byte == '\\') {
            byte = take_escape(&raw);
        }
        if (byte < 0) {
            return false;
        }
        at[len++] = (char)byte;
    }
    *ret_cell = (str){at, len};
    return at != NULL;
}

static bool read_row(struct arena *arena, str line, size_t columns, struct cases_row *row)
{
    row->count = 0;
    while (line.at != NULL && row->count < CASES_COLUMNS) {
        str raw = str_trim(str_split(line, '|', &line));
        if (!read_cell(arena, raw, &row->cells[row->count])) {
            return false;
        }
        row->count++;
    }
    return line.at == NULL && row->count == columns;
}

errc cases_each(const char *path, size_t columns,
                void (*on_row)(void *ctx, const struct cases_row *row), void *ctx, struct why *why)
{
    AUTO(buf_finish) struct buf text = {.ceiling = CASES_SIZE};
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(file_read(path, CASES_SIZE, &text, why));
    TRY(arena_create(ROW_SIZE, &arena));
    str rest = buf_str(&text);
    size_t cases = 0;
    for (size_t number = 1; rest.len > 0; number++) {
        struct cases_row row = {.path = path, .line = number};
        str line = str_trim(str_split(rest, '\n', &rest));
        if (line.len == 0 || line.at[0] == '#') {
            continue;
        }
        arena_reset(arena);
        if (!read_row(arena, line, columns, &row)) {
            return fail(why, ERR_INVALID, "%s:%zu: not %zu columns", path, number, columns);
        }
        on_row(ctx, &row);
        cases++;
    }
    return cases > 0 ? OK : fail(why, ERR_INVALID, "%s holds no case", path);
}
