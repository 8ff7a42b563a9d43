#include "agent/options.h"

#include "base/text.h"

enum option_type { OPTION_TEXT, OPTION_CHOICE, OPTION_INT, OPTION_BYTES };

struct option_row {
    const char *key;
    enum option_type type;
    const char *fallback;
    int64_t least;
    int64_t most;
    const char *about;
};

static const struct option_row rows[] = {
#define X(key, TYPE, fallback, least, most, about)                                                 \
    {#key, OPTION_##TYPE, fallback, (int64_t)(least), (int64_t)(most), about},
#include "agent/options.def"
#undef X
};

_Static_assert(COUNT_OF(rows) == OPTION_COUNT, "a row for each key");

static bool parse_choice(str value, str about, int64_t *ret_index)
{
    str rest = STR_NONE;
    str words = str_split(about, ':', &rest);
    for (int64_t index = 0; words.at != NULL; index++) {
        str word = str_split(words, ' ', &words);
        if (word.len > 0 && str_is(word, value)) {
            *ret_index = index;
            return true;
        }
    }
    return false;
}

static bool parse_bytes(str value, int64_t *ret_number)
{
    static const char endings[] = "KMG";
    int64_t scale = 1;
    for (int i = 0; i < 3; i++) {
        if (value.len > 1 && value.at[value.len - 1] == endings[i]) {
            scale = (int64_t)1 << (10 * (i + 1));
            value.len--;
            break;
        }
    }
    int64_t number = 0;
    if (!str_to_i64(value, &number) || number < 0 || number > INT64_MAX / scale) {
        return false;
    }
    *ret_number = number * scale;
    return true;
}

static bool parse_value(const struct option_row *row, str value, int64_t *ret_number)
{
    int64_t number = 0;
    bool holds = false;
    switch (row->type) {
    case OPTION_TEXT:
        number = (int64_t)value.len;
        holds = text_is_plain(value) && number >= row->least && number <= row->most;
        break;
    case OPTION_CHOICE:
        holds = parse_choice(value, str_of(row->about), &number);
        break;
    case OPTION_INT:
        holds = str_to_i64(value, &number) && number >= row->least && number <= row->most;
        break;
    case OPTION_BYTES:
        holds = parse_bytes(value, &number) && number >= row->least && number <= row->most;
        break;
    }
    *ret_number = number;
    return holds;
}

static errc set(struct options *options, size_t index, str value, struct why *why)
{
    struct option_value fresh = {.is_given = true};
    if (!parse_value(&rows[index], value, &fresh.number) ||
        !str_to_array(value, fresh.text, sizeof fresh.text)) {
        return fail(why, ERR_INVALID, "%s cannot be that; it is: %s", rows[index].key,
                    rows[index].about);
    }
    options->values[index] = fresh;
    return OK;
}

void options_init(struct options *options)
{
    struct why why;
    *options = (struct options){.values = {{.number = 0}}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ignore(set(options, i, str_of(rows[i].fallback), &why));
        options->values[i].is_given = false;
    }
}

static errc find(str key, size_t *ret_index, struct why *why)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_is(key, str_of(rows[i].key))) {
            *ret_index = i;
            return OK;
        }
    }
    return fail(why, ERR_INVALID, "unknown key: %.*s", STR_ARG(str_cut(key, 0, 60)));
}

static errc parse_line(struct options *options, str line, struct why *why)
{
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#') {
        return OK;
    }
    str value = STR_NONE;
    size_t index = 0;
    str key = str_trim(str_split(line, '=', &value));
    if (value.at == NULL) {
        return fail(why, ERR_INVALID, "neither `key = value` nor a comment");
    }
    TRY(find(key, &index, why));
    if (options->values[index].is_given) {
        return fail(why, ERR_INVALID, "given twice: %s", rows[index].key);
    }
    return set(options, index, str_trim(value), why);
}

errc options_parse(struct options *options, str text, struct why *why)
{
    struct options fresh;
    options_init(&fresh);
    if (!text_is_utf8(text)) {
        return fail(why, ERR_BAD_UTF8, "not UTF-8");
    }
    str rest = text;
    for (int line = 1; rest.at != NULL; line++) {
        errc rc = parse_line(&fresh, str_split(rest, '\n', &rest), why);
        if (rc != OK) {
            return fail_in(why, rc, "line %d", line);
        }
    }
    *options = fresh;
    return OK;
}

errc options_set(struct options *options, str pair, struct why *why)
{
    str value = STR_NONE;
    size_t index = 0;
    str key = str_trim(str_split(pair, '=', &value));
    TRY(find(key, &index, why));
    return set(options, index, str_trim(value), why);
}

errc options_check(const struct options *options, struct why *why)
{
    str server = str_of(option_text(options, OPTION_server));
    if (!str_starts(server, S("wss://")) && !str_starts(server, S("ws://"))) {
        return fail(why, ERR_INVALID, "server is needed: wss://host/device/v1");
    }
    static const char *const sinks[] = {"alsa", "file", "null"};
    const char *sink = sinks[option_number(options, OPTION_sink)];
    if (str_is(str_of(sink), S("file")) && option_text(options, OPTION_sink_file)[0] == '\0') {
        return fail(why, ERR_INVALID, "sink = file needs sink_file");
    }
    static const char *const relays[] = {"none", "gpio", "file"};
    const char *relay = relays[option_number(options, OPTION_relay)];
    if (str_is(str_of(relay), S("file")) && option_text(options, OPTION_relay_file)[0] == '\0') {
        return fail(why, ERR_INVALID, "relay = file needs relay_file");
    }
    return OK;
}

const char *option_text(const struct options *options, enum option_key key)
{
    return options->values[key].text;
}

int64_t option_number(const struct options *options, enum option_key key)
{
    return options->values[key].number;
}

void options_write_sample(struct buf *out)
{
    buf_add_text(out, "# Settings of loa-agent. Lines that begin with # say what holds anyway.\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        buf_add_format(out, "\n# %s\n#%s = %s\n", rows[i].about, rows[i].key, rows[i].fallback);
    }
}
