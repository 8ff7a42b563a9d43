/* Parsing and checking of settings. Values are held as text and number side by side, so that
 * whoever asks gets what he needs without parsing again. */
#include "server/settings.h"

#include "base/file.h"
#include "base/text.h"

enum { FILE_MOST = 256 * 1024 };

#define SETTING(section, key, type, fallback, least, most, extra, when)                            \
    {#section, #key, SETTING_##type, SETTING_##when, fallback, least, most, extra},
static const struct setting table[] = {
#include "server/settings.def"
};
#undef SETTING

_Static_assert(COUNT_OF(table) == SETTING_COUNT, "a row for each key");

const struct setting *setting_of(enum setting_key key)
{
    return &table[key];
}

bool setting_find(str key, enum setting_key *ret_key)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (str_is(key, str_of(table[i].key))) {
            *ret_key = (enum setting_key)i;
            return true;
        }
    }
    return false;
}

static bool parse_bool(str value, int64_t *ret_number)
{
    static const char *const no[] = {"no", "false", "off", "0"};
    static const char *const yes[] = {"yes", "true", "on", "1"};
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        if (str_is(value, str_of(no[i])) || str_is(value, str_of(yes[i]))) {
            *ret_number = str_is(value, str_of(yes[i]));
            return true;
        }
    }
    return false;
}

static bool parse_choice(str value, str choices, int64_t *ret_number)
{
    int64_t index = 0;
    while (choices.at != NULL) {
        if (str_is(value, str_split(choices, ' ', &choices)) && value.len > 0) {
            *ret_number = index;
            return true;
        }
        index++;
    }
    return false;
}

/* A number with the multiplier of its ending: 15m, 12h, 1d; 64K, 16M, 2G. */
static bool parse_scaled(str value, str endings, const int64_t *scales, int64_t *ret_number)
{
    int64_t scale = 1;
    for (size_t i = 0; i < endings.len && value.len > 1; i++) {
        if (value.at[value.len - 1] == endings.at[i]) {
            scale = scales[i];
            value.len--;
            break;
        }
    }
    int64_t number = 0;
    if (!str_to_i64(value, &number) || number > INT64_MAX / scale || number < 0) {
        return false;
    }
    *ret_number = number * scale;
    return true;
}

static bool parse_number(const struct setting *setting, str value, int64_t *ret_number)
{
    static const int64_t seconds[] = {1, 60, 3600, 86400};
    static const int64_t bytes[] = {1024, 1024 * 1024, 1024 * 1024 * 1024};
    switch (setting->type) {
    case SETTING_BOOL:
        return parse_bool(value, ret_number);
    case SETTING_CHOICE:
        return parse_choice(value, str_of(setting->extra), ret_number);
    case SETTING_SECONDS:
        return parse_scaled(value, S("smhd"), seconds, ret_number);
    case SETTING_BYTES:
        return parse_scaled(value, S("KMG"), bytes, ret_number);
    case SETTING_INT:
        return str_to_i64(value, ret_number);
    case SETTING_TEXT:
        *ret_number = (int64_t)value.len;
        return text_is_plain(value);
    }
    return false;
}

static errc refuse(const struct setting *setting, struct why *why)
{
    switch (setting->type) {
    case SETTING_BOOL:
        return fail(why, ERR_INVALID, "%s wants yes or no", setting->key);
    case SETTING_CHOICE:
        return fail(why, ERR_INVALID, "%s wants one of: %s", setting->key, setting->extra);
    case SETTING_TEXT:
        return fail(why, ERR_INVALID, "%s wants a text of %lld to %lld bytes", setting->key,
                    (long long)setting->least, (long long)setting->most);
    case SETTING_INT:
    case SETTING_SECONDS:
    case SETTING_BYTES:
        break;
    }
    return fail(why, ERR_INVALID, "%s wants a number from %lld to %lld", setting->key,
                (long long)setting->least, (long long)setting->most);
}

errc settings_set(struct settings *settings, enum setting_key key, str value,
                  enum setting_source source, struct why *why)
{
    const struct setting *setting = &table[key];
    struct setting_value fresh = {.source = source};
    if (!parse_number(setting, value, &fresh.number) ||
        !str_to_array(value, fresh.text, sizeof fresh.text)) {
        return refuse(setting, why);
    }
    bool bounded = setting->type != SETTING_CHOICE;
    if (bounded && (fresh.number < setting->least || fresh.number > setting->most)) {
        return refuse(setting, why);
    }
    settings->values[key] = fresh;
    return OK;
}

void settings_init(struct settings *settings)
{
    struct why why;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        enum setting_key key = (enum setting_key)i;
        if (settings_set(settings, key, str_of(table[i].fallback), SETTING_FROM_DEFAULT, &why) !=
            OK) {
            settings->values[i] = (struct setting_value){.source = SETTING_FROM_DEFAULT};
        }
    }
}

/* One line: blank, a comment that begins with #, or `key = value`. */
static errc parse_line(struct settings *settings, str line, struct why *why)
{
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#') {
        return OK;
    }
    str value = STR_NONE;
    str name = str_trim(str_split(line, '=', &value));
    enum setting_key key = 0;
    if (value.at == NULL) {
        return fail(why, ERR_INVALID, "neither `key = value` nor a comment");
    }
    if (!setting_find(name, &key)) {
        return fail(why, ERR_INVALID, "unknown key: %.*s", STR_ARG(str_cut(name, 0, 60)));
    }
    if (settings->values[key].source == SETTING_FROM_FILE) {
        return fail(why, ERR_INVALID, "given twice: %s", table[key].key);
    }
    return settings_set(settings, key, str_trim(value), SETTING_FROM_FILE, why);
}

errc settings_parse(struct settings *settings, str text, struct why *why)
{
    if (!text_is_utf8(text)) {
        return fail(why, ERR_BAD_UTF8, "not UTF-8");
    }
    struct settings fresh;
    settings_init(&fresh);
    str rest = text;
    for (int line = 1; rest.at != NULL; line++) {
        errc rc = parse_line(&fresh, str_split(rest, '\n', &rest), why);
        if (rc != OK) {
            return fail_in(why, rc, "line %d", line);
        }
    }
    *settings = fresh;
    return OK;
}

errc settings_load(struct settings *settings, const char *path, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, FILE_MOST);
    errc rc = file_read(path, FILE_MOST, &text, why);
    if (rc == OK) {
        rc = settings_parse(settings, buf_str(&text), why);
    }
    return fail_in(why, rc, "%s", path);
}

static bool is_loopback(str listen)
{
    return str_starts(listen, S("127.")) || str_starts(listen, S("localhost:")) ||
           str_starts(listen, S("[::1]:"));
}

static bool is_given(const struct settings *settings, enum setting_key key)
{
    return settings->values[key].text[0] != '\0';
}

/* scheme://host[:port], as browsers write an Origin. */
static bool is_origin(str address)
{
    str host = str_starts(address, S("https://"))  ? str_cut(address, 8, address.len)
               : str_starts(address, S("http://")) ? str_cut(address, 7, address.len)
                                                   : STR_NONE;
    for (size_t i = 0; i < host.len; i++) {
        char byte = host.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (!plain && byte != '.' && byte != '-' && byte != ':' && byte != '[' && byte != ']') {
            return false;
        }
    }
    return host.len > 0;
}

/* An engine that is there by name only is noticed before the first officer waits for it. */
static errc check_speech(const struct settings *settings, struct why *why)
{
    str engine = str_of(settings_text(settings, SETTING_KEY_speech_engine));
    str voice = str_of(settings_text(settings, SETTING_KEY_speech_voice));
    str rest = str_of(settings_text(settings, SETTING_KEY_speech_voices));
    bool is_command = str_starts(engine, S("command:/"));
    bool is_service = str_starts(engine, S("http://")) || str_starts(engine, S("https://"));
    if (engine.len > 0 && !is_command && !is_service) {
        return fail(why, ERR_INVALID, "speech_engine wants command:/path or http(s)://…");
    }
    while (rest.at != NULL) {
        if (str_is(str_split(rest, ' ', &rest), voice)) {
            return OK;
        }
    }
    return fail(why, ERR_INVALID, "speech_voice is none of speech_voices");
}

errc settings_check(const struct settings *settings, struct why *why)
{
    bool certificate = is_given(settings, SETTING_KEY_tls_certificate);
    if (certificate != is_given(settings, SETTING_KEY_tls_key)) {
        return fail(why, ERR_INVALID, "tls_certificate and tls_key go together");
    }
    bool allowed = certificate || settings_number(settings, SETTING_KEY_plain_http) != 0;
    str rest = str_of(settings_text(settings, SETTING_KEY_listen));
    while (rest.at != NULL) {
        str address = str_trim(str_split(rest, ',', &rest));
        if (!str_has(address, ':')) {
            return fail(why, ERR_INVALID, "listen wants address:port, not %.*s", STR_ARG(address));
        }
        if (!allowed && !is_loopback(address)) {
            return fail(why, ERR_INVALID,
                        "listen on %.*s needs tls_certificate and tls_key (or plain_http = yes)",
                        STR_ARG(address));
        }
    }
    if (is_given(settings, SETTING_KEY_public_address) &&
        !is_origin(str_of(settings_text(settings, SETTING_KEY_public_address)))) {
        return fail(why, ERR_INVALID,
                    "public_address wants https://host, in small letters, no path");
    }
    bool postgresql = settings_number(settings, SETTING_KEY_database) == 1;
    if (postgresql && !is_given(settings, SETTING_KEY_postgresql)) {
        return fail(why, ERR_INVALID, "database = postgresql needs the key postgresql");
    }
    bool s3 = settings_number(settings, SETTING_KEY_media) == 1;
    if (s3 && (!is_given(settings, SETTING_KEY_s3_endpoint) ||
               !is_given(settings, SETTING_KEY_s3_secret_file))) {
        return fail(why, ERR_INVALID,
                    "media = s3 needs s3_endpoint, s3_access_key and s3_secret_file");
    }
    return check_speech(settings, why);
}

int64_t settings_number(const struct settings *settings, enum setting_key key)
{
    return settings->values[key].number;
}

const char *settings_text(const struct settings *settings, enum setting_key key)
{
    return settings->values[key].text;
}

void settings_write_value(const struct settings *settings, enum setting_key key, struct buf *out)
{
    if (table[key].when == SETTING_SECRET && settings->values[key].text[0] != '\0') {
        buf_add(out, S("***"));
        return;
    }
    if (table[key].type == SETTING_BOOL) {
        buf_add(out, settings->values[key].number != 0 ? S("yes") : S("no"));
        return;
    }
    buf_add_text(out, settings->values[key].text);
}
