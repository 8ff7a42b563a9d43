/* Targets, hosts, ranges, dates, encodings and chunks from strangers: whatever the bytes, what is
 * accepted keeps the promises of the headers. */
#include "loop/chunked.h"
#include "loop/negotiate.h"
#include "loop/target.h"

#include "base/text.h"

static void check_target(str text)
{
    struct target target;
    AUTO(arena_close) struct arena *arena = NULL;
    if (arena_create(1024 * 1024, &arena) != OK || target_parse(text, 16, arena, &target) != OK) {
        return;
    }
    if (target.path.len == 0 || target.path.at[0] != '/' || !text_is_utf8(target.path) ||
        target.param_count > 16) {
        abort();
    }
    for (size_t i = 0; i + 1 < target.path.len; i++) {
        bool dots = target.path.at[i] == '/' && target.path.at[i + 1] == '.' &&
                    (i + 2 == target.path.len || target.path.at[i + 2] == '/' ||
                     (target.path.at[i + 2] == '.' &&
                      (i + 3 == target.path.len || target.path.at[i + 3] == '/')));
        if (dots || (target.path.at[i] == '/' && target.path.at[i + 1] == '/')) {
            abort();
        }
    }
    for (size_t i = 0; i < target.param_count; i++) {
        if (!text_is_utf8(target.params[i].name) || !text_is_utf8(target.params[i].value)) {
            abort();
        }
    }
}

static void check_range(str text)
{
    struct range range;
    static const uint64_t sizes[] = {0, 1, 1000, UINT64_MAX / 2};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        if (range_parse(text, sizes[i], &range) == RANGE_PART &&
            (range.size == 0 || range.from >= sizes[i] || range.size > sizes[i] - range.from)) {
            abort();
        }
    }
}

/* However the bytes are cut, the body is the same. */
static void check_chunks(str text)
{
    struct chunked at_once = {0};
    struct chunked by_byte = {0};
    str left = text;
    str piece;
    size_t whole = 0;
    size_t single = 0;
    enum chunked_step step;
    enum chunked_step last = CHUNKED_MORE;
    while ((step = chunked_next(&at_once, &left, &piece)) == CHUNKED_BYTES) {
        whole += piece.len;
    }
    for (size_t i = 0; i < text.len && last == CHUNKED_MORE; i++) {
        str byte = str_cut(text, i, i + 1);
        while ((last = chunked_next(&by_byte, &byte, &piece)) == CHUNKED_BYTES) {
            single += piece.len;
        }
    }
    if (step != last || whole != single) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    usec instant;
    check_target(text);
    check_range(text);
    check_chunks(text);
    ignore_int(target_is_host(text));
    ignore_int(encoding_choose(text, true, true));
    ignore_int(etag_is_listed(text, S("abc")));
    ignore_int(http_date_parse(text, &instant));
    return 0;
}
