/* See report.h. */
#include "sounds/report.h"

#define FIGURE_MOST ((int64_t)1 << 32)

static const char *const reasons[] = {"not_media", "no_sound",  "too_long", "silent",
                                      "damaged",   "too_heavy", "engine",   "empty_text"};

static bool take_figure(str word, str key, int64_t *figure)
{
    str value = str_cut(word, key.len, word.len);
    int64_t number = 0;
    if (!str_starts(word, key) || !str_to_i64(value, &number) || number < -FIGURE_MOST ||
        number > FIGURE_MOST) {
        return false;
    }
    *figure = number;
    return true;
}

static bool take_result(struct report *report, str rest)
{
    struct sound_result *result = &report->result;
    report->has_result =
        take_figure(str_split(rest, ' ', &rest), S("ms="), &result->ms) &&
        take_figure(str_split(rest, ' ', &rest), S("loudness="), &result->loudness_mb) &&
        take_figure(str_split(rest, ' ', &rest), S("source="), &result->source_loudness_mb) &&
        take_figure(str_split(rest, ' ', &rest), S("peak="), &result->true_peak_mb) &&
        take_figure(str_split(rest, ' ', &rest), S("head="), &result->head_ms) &&
        take_figure(str_split(rest, ' ', &rest), S("tail="), &result->tail_ms) && rest.at == NULL &&
        result->ms > 0;
    return report->has_result;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_peaks(struct report *report, str hex)
{
    if (hex.len % 2 != 0 || hex.len > 2 * (size_t)SOUND_PEAKS) {
        return false;
    }
    for (size_t i = 0; i < hex.len / 2; i++) {
        int high = nibble(hex.at[2 * i]);
        int low = nibble(hex.at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        report->peaks[i] = (char)(unsigned char)(high * 16 + low);
    }
    report->peak_count = hex.len / 2;
    report->result.peaks = (str){report->peaks, report->peak_count};
    return true;
}

static bool take_reason(struct report *report, str word)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (str_is(word, str_of(reasons[i]))) {
            return str_to_array(word, report->reason, sizeof report->reason);
        }
    }
    return false;
}

static bool take_line(struct report *report, str line)
{
    str rest = STR_NONE;
    str verb = str_split(line, ' ', &rest);
    int64_t progress = 0;
    if (str_is(verb, S("progress"))) {
        bool fits = str_to_i64(rest, &progress) && progress >= 0 && progress <= 100;
        report->progress = fits ? progress : report->progress;
        return fits;
    }
    if (str_is(verb, S("result"))) {
        return take_result(report, rest);
    }
    if (str_is(verb, S("peaks"))) {
        return take_peaks(report, rest.at == NULL ? S("") : rest);
    }
    return str_is(verb, S("failed")) && take_reason(report, rest);
}

errc report_take(struct report *report, str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.at[i] == '\n') {
            str line = {report->line, report->line_len};
            report->line_len = 0;
            if (!take_line(report, line)) {
                return ERR_INVALID;
            }
        } else if (report->line_len == sizeof report->line) {
            return ERR_INVALID;
        } else {
            report->line[report->line_len++] = bytes.at[i];
        }
    }
    return OK;
}
