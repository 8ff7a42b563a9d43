/* Table tests: a `.cases` file has one case a line, its columns between bars, read by one loop.
 *
 *   # situation        | expected
 *   hòa bình           | hoà bình
 *
 * Blanks around a column do not count; \s is a blank, \p a bar, \n \r \t \\ as usual, \xHH a byte;
 * a line that begins with # is a comment. For tests only. */
#ifndef LOA_BASE_CASES_H
#define LOA_BASE_CASES_H

#include "base/str.h"

enum { CASES_COLUMNS = 8 };

struct cases_row {
    const char *path;
    size_t line;
    size_t count;
    str cells[CASES_COLUMNS]; /* each ends in a zero byte */
};

/* Calls on_row for each case; ERR_INVALID names the line that is no row of `columns` columns. A
 * file without any case is an error too: such a test could not fail. */
CHECKED errc cases_each(const char *path, size_t columns,
                        void (*on_row)(void *ctx, const struct cases_row *row), void *ctx,
                        struct why *why);

#endif
