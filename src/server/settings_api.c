/* What is in force is read in the asker's own transaction, so that a page never shows a value that
 * another server has already replaced. */
#include "server/settings_api.h"

#include "server/policy_of.h"
#include "server/setting_rows.h"

static const char *type_name(enum setting_type type)
{
    static const char *const names[] = {"int", "bool", "text", "choice", "seconds", "bytes"};
    return names[type];
}

static const char *source_name(enum setting_source source)
{
    static const char *const names[] = {"default", "file", "console"};
    return names[source];
}

static void write_value(struct json_out *out, const char *name, const struct settings *settings,
                        enum setting_key key)
{
    json_key(out, name);
    bool secret = setting_of(key)->when == SETTING_SECRET;
    if (secret && settings_text(settings, key)[0] != '\0') {
        json_text(out, "***");
        return;
    }
    switch (setting_of(key)->type) {
    case SETTING_BOOL:
        json_bool(out, settings_number(settings, key) != 0);
        return;
    case SETTING_INT:
    case SETTING_SECONDS:
    case SETTING_BYTES:
        json_i64(out, settings_number(settings, key));
        return;
    case SETTING_TEXT:
    case SETTING_CHOICE:
        json_text(out, settings_text(settings, key));
        return;
    }
}

static bool is_number(const struct setting *setting)
{
    return setting->type == SETTING_INT || setting->type == SETTING_SECONDS ||
           setting->type == SETTING_BYTES;
}

static void write_bounds(struct json_out *out, const struct setting *setting)
{
    if (is_number(setting)) {
        json_i64_at(out, "min", setting->least);
        json_i64_at(out, "max", setting->most);
    } else {
        json_null_at(out, "min");
        json_null_at(out, "max");
    }
    if (setting->type != SETTING_CHOICE) {
        json_null_at(out, "choices");
        json_str_at(out, "unit", setting->extra[0] != '\0' ? str_of(setting->extra) : STR_NONE);
        return;
    }
    json_array_at(out, "choices");
    str rest = str_of(setting->extra);
    while (rest.at != NULL) {
        json_str(out, str_split(rest, ' ', &rest));
    }
    json_end(out);
    json_null_at(out, "unit");
}

static void write_setting(struct ask *ask, const struct settings *settings, enum setting_key key)
{
    const struct setting *setting = setting_of(key);
    struct json_out *out = &ask->json;
    struct settings defaults;
    settings_init(&defaults);
    str help = arena_format(ask->arena, "%s.help", setting->key);
    json_object(out);
    json_text_at(out, "key", setting->key);
    json_text_at(out, "section", setting->section);
    json_text_at(out, "type", type_name(setting->type));
    write_value(out, "value", settings, key);
    write_value(out, "default", &defaults, key);
    write_bounds(out, setting);
    json_str_at(out, "title", ask_word(ask, "setting.", str_of(setting->key)));
    json_str_at(out, "help", ask_word(ask, "setting.", help));
    json_text_at(out, "source", source_name(settings->values[key].source));
    json_bool_at(out, "live", setting->when == SETTING_LIVE);
    json_end(out);
}

errc settings_api_list(struct app *app, struct ask *ask, struct why *why)
{
    struct settings settings = app->settings;
    TRY(setting_rows_load(ask->db, &settings, why));
    for (int i = 0; i < SETTING_COUNT; i++) {
        write_setting(ask, &settings, (enum setting_key)i);
    }
    return OK;
}

static str value_json(struct ask *ask, const struct settings *settings, enum setting_key key)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 1024);
    struct json_out out;
    json_out_init(&out, &text);
    json_object(&out);
    write_value(&out, "value", settings, key);
    json_end(&out);
    return arena_str(ask->arena, buf_str(&text));
}

/* Tries the value together with all others before it is kept: rules may refuse what one key alone
 * would allow. */
static errc change(struct app *app, struct ask *ask, enum setting_key key, const str *value,
                   struct why *why)
{
    struct settings before = app->settings;
    TRY(setting_rows_load(ask->db, &before, why));
    struct settings after = before;
    struct policy policy;
    after.values[key] = app->settings.values[key];
    errc rc = OK;
    if (value != NULL) {
        rc = settings_set(&after, key, *value, SETTING_FROM_CONSOLE, why);
    }
    if (rc != OK || policy_of_settings(&after, &policy, why) != OK) {
        return bad_field(&ask->bad, "value", "out_of_range");
    }
    struct setting_change change = {.key = key,
                                    .value = value,
                                    .before = value_json(ask, &before, key),
                                    .after = value_json(ask, &after, key)};
    TRY(setting_rows_change(ask->db, &change, &ask->actor, why));
    write_setting(ask, &after, key);
    return OK;
}

static errc find_live(struct ask *ask, str name, enum setting_key *ret_key)
{
    if (!setting_find(name, ret_key)) {
        return ERR_NOT_FOUND;
    }
    return setting_of(*ret_key)->when == SETTING_LIVE ? OK
                                                      : bad_field(&ask->bad, "value", "at_start");
}

errc settings_api_put(struct app *app, struct ask *ask, str key, str value, struct why *why)
{
    enum setting_key found = 0;
    TRY(find_live(ask, key, &found));
    return change(app, ask, found, &value, why);
}

errc settings_api_reset(struct app *app, struct ask *ask, str key, struct why *why)
{
    enum setting_key found = 0;
    TRY(find_live(ask, key, &found));
    return change(app, ask, found, NULL, why);
}
