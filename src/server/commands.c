/* The short commands, and which one it is. */
#include "server/commands.h"

#include "base/log.h"
#include "console/console.h"
#include "server/serve.h"
#include "server/settings_print.h"
#include "server/version.h"

enum { PRINT_ROOM = 1024 * 1024 };

static errc print(const struct buf *text, struct why *why)
{
    TRY(buf_check(text));
    bool written = fwrite(text->at, 1, text->len, stdout) == text->len && fflush(stdout) == 0;
    return written ? OK : fail(why, ERR_IO, "cannot write to standard output");
}

static errc print_help(struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PRINT_ROOM);
    args_write_help(&text);
    return print(&text, why);
}

static errc print_version(struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PRINT_ROOM);
    buf_add_format(&text, "loa-server %s\n", version_text());
    return print(&text, why);
}

static errc print_openapi(struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PRINT_ROOM);
    TRY(openapi_write(&text, why));
    buf_add_byte(&text, '\n');
    return print(&text, why);
}

static errc print_settings(struct app *app, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PRINT_ROOM);
    str what = str_of(app->args->words[0]);
    if (str_is(what, S("sample"))) {
        settings_print_sample(app->words, &text);
    } else if (str_is(what, S("manual"))) {
        settings_print_manual(app->words, &text);
    } else if (str_is(what, S("values"))) {
        settings_print_values(&app->settings, &text);
    } else {
        return fail(why, ERR_USAGE, "settings sample, manual or values?");
    }
    return print(&text, why);
}

static errc run_server(struct app *app, struct why *why)
{
    enum log_level level = LOG_INFO;
    if (log_parse_level(str_of(settings_text(&app->settings, SETTING_KEY_log_level)), &level)) {
        log_set_level(level);
    }
    TRY(app_start_signing(app, why));
    TRY(app_open(app, false, why));
    return serve(app, why);
}

static errc run_with_app(struct app *app, struct why *why)
{
    switch (app->args->command) {
    case COMMAND_RUN:
        return run_server(app, why);
    case COMMAND_CHECK:
        puts("settings are right");
        return OK;
    case COMMAND_DEMO:
        return command_demo(app, why);
    case COMMAND_SETUP:
        return command_setup(app, why);
    case COMMAND_ACCOUNT:
        return command_account(app, why);
    case COMMAND_KEYS:
        return command_keys(app, why);
    case COMMAND_STICK:
        return command_stick(app, why);
    case COMMAND_BACKUP:
        return command_backup(app, why);
    case COMMAND_RESTORE:
        return command_restore(app, why);
    case COMMAND_VERIFY:
        return command_verify(app, why);
    case COMMAND_AUDIT:
        return command_audit(app, why);
    case COMMAND_SETTINGS:
        return print_settings(app, why);
    case COMMAND_OPENAPI:
    case COMMAND_VERSION:
    case COMMAND_HELP:
        break;
    }
    return OK;
}

errc command_run(const struct args *args, struct why *why)
{
    if (args->command == COMMAND_HELP) {
        return print_help(why);
    }
    if (args->command == COMMAND_VERSION) {
        return print_version(why);
    }
    if (args->command == COMMAND_OPENAPI) {
        return print_openapi(why);
    }
    struct app app;
    TRY(app_init(args, &app, why));
    errc rc = run_with_app(&app, why);
    app_finish(&app);
    return rc;
}
