/* What a process that has read a stranger's file says of it: refused, or figures within bounds. Cut
 * in two at any place it means the same. */
#include "sounds/report.h"

#include "base/crash.h"

static errc take(struct report *report, str text, size_t cut)
{
    errc rc = report_take(report, str_cut(text, 0, cut));
    return rc != OK ? rc : report_take(report, str_cut(text, cut, text.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    struct report whole = {.progress = 0};
    struct report parts = {.progress = 0};
    errc rc = report_take(&whole, text);
    ENSURE(take(&parts, text, size / 3) == rc);
    ENSURE(whole.progress >= 0 && whole.progress <= 100);
    ENSURE(whole.peak_count <= SOUND_PEAKS);
    ENSURE(whole.progress == parts.progress && whole.has_result == parts.has_result);
    ENSURE(!whole.has_result || whole.result.ms > 0);
    return 0;
}
