/* See options.h. */
#include "ingest/options.h"

struct number {
    const char *name;
    size_t at;
    int64_t least;
    int64_t most;
};

#define MS_MOST (24 * (int64_t)3600 * 1000)

static const struct number numbers[] = {
    {"--kbit", offsetof(struct options, kbit), 6, 128},
    {"--loudness", offsetof(struct options, loudness_lufs), -40, -5},
    {"--true-peak", offsetof(struct options, true_peak_db), -20, 0},
    {"--seconds", offsetof(struct options, seconds), 1, 86400},
    {"--from-ms", offsetof(struct options, from_ms), 0, MS_MOST},
    {"--to-ms", offsetof(struct options, to_ms), 0, MS_MOST},
    {"--speed", offsetof(struct options, speed), 50, 200},
};

static errc take_pair(struct options *options, const char *name, const char *value, struct why *why)
{
    if (str_is(str_of(name), S("--voice"))) {
        options->voice = str_of(value);
        return OK;
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        int64_t number = 0;
        if (!str_is(str_of(name), str_of(numbers[i].name))) {
            continue;
        }
        if (!str_to_i64(str_of(value), &number) || number < numbers[i].least ||
            number > numbers[i].most) {
            return fail(why, ERR_USAGE, "%s %s: not a number that fits", name, value);
        }
        memcpy((char *)options + numbers[i].at, &number, sizeof number);
        return OK;
    }
    return fail(why, ERR_USAGE, "%s: not an option", name);
}

errc options_take(const char *const *words, size_t count, struct options *ret_options,
                  struct why *why)
{
    struct options options = {
        .kbit = 16, .loudness_lufs = -18, .true_peak_db = -1, .seconds = 1800, .speed = 100};
    for (size_t i = 0; i < count; i++) {
        str word = str_of(words[i]);
        if (str_is(word, S("--keep-silence"))) {
            options.keep_silence = true;
        } else if (str_is(word, S("--version"))) {
            options.version = true;
        } else if (str_is(word, S("--live"))) {
            options.live = true;
        } else if (i + 1 == count) {
            return fail(why, ERR_USAGE, "%s: not an option, or without its value", words[i]);
        } else {
            TRY(take_pair(&options, words[i], words[i + 1], why));
            i++;
        }
    }
    *ret_options = options;
    return OK;
}
