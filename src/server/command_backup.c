/* Backup, restore and verify. The server's own secret goes along in a file of its own: without it
 * second factors could not be opened after a restore, so a backup deserves the same care as the
 * server. */
#include "server/commands.h"

#include "base/file.h"
#include "people/audit.h"
#include "server/key_file.h"
#include "server/media_place.h"
#include "store/backup.h"

enum { KEY_FILE_MOST = 256 };

struct backup_setup {
    struct store_config store;
    struct media_place media;
};

static errc fill_setup(struct app *app, struct backup_setup *setup, struct why *why)
{
    app_store_config(app, &setup->store);
    return media_place_of(app, &setup->media, why);
}

static void print_report(const char *what, const struct backup_report *report)
{
    printf("%s: database %llu bytes, %llu migrations, %llu media files of %llu bytes\n", what,
           (unsigned long long)report->database_bytes, (unsigned long long)report->migrations,
           (unsigned long long)report->media, (unsigned long long)report->media_bytes);
}

/* The key from one folder to another, whole or not at all. */
static errc copy_key(const char *from, const char *to, struct why *why)
{
    char path[APP_PATH_ROOM];
    AUTO(buf_finish) struct buf text;
    buf_init(&text, KEY_FILE_MOST);
    ignore_int(snprintf(path, sizeof path, "%s/account.key", from));
    TRY(file_read(path, KEY_FILE_MOST, &text, why));
    ignore_int(snprintf(path, sizeof path, "%s/account.key", to));
    errc rc = file_write(path, buf_str(&text), 0600, why);
    mem_wipe(text.at, text.len);
    return rc;
}

errc command_backup(struct app *app, struct why *why)
{
    const char *folder = app->args->words[0];
    struct backup_setup setup;
    struct backup_report report;
    struct account_key key;
    TRY(fill_setup(app, &setup, why));
    TRY(key_file_read(app_folder(app), &key, why));
    mem_wipe(&key, sizeof key);
    struct backup_place place = {
        .store = &setup.store, .media = &setup.media.config, .pause_ms = 1};
    TRY(backup_make(&place, folder, now_utc(), &report, why));
    TRY(copy_key(app_folder(app), folder, why));
    print_report("backed up", &report);
    return OK;
}

errc command_restore(struct app *app, struct why *why)
{
    const char *folder = app->args->words[0];
    struct backup_setup setup;
    struct backup_report report;
    TRY(fill_setup(app, &setup, why));
    struct backup_place place = {.store = &setup.store, .media = &setup.media.config};
    TRY(file_make_folder(app_folder(app), 0700, why));
    TRY(backup_restore(&place, folder, &report, why));
    TRY(copy_key(folder, app_folder(app), why));
    print_report("restored", &report);
    return OK;
}

static errc verify_chain(void *ctx, struct db *db, struct why *why)
{
    struct audit_report *report = ctx;
    return audit_verify(db, report, why);
}

/* The data in use: the settings' own database, whose schema is checked by opening it. */
static errc verify_live(struct app *app, struct why *why)
{
    struct audit_report report = {.ok = false};
    TRY(app_open(app, false, why));
    TRY(store_read_now(app->store, verify_chain, &report, why));
    if (!report.ok) {
        return fail(why, ERR_CORRUPT, "the audit chain is broken at entry %lld",
                    (long long)report.broken_at);
    }
    printf("the data are whole: %lld audit entries\n", (long long)report.entries);
    return OK;
}

errc command_verify(struct app *app, struct why *why)
{
    if (app->args->word_count == 0) {
        return verify_live(app, why);
    }
    struct backup_setup setup;
    struct backup_report report;
    TRY(fill_setup(app, &setup, why));
    struct backup_place place = {.store = &setup.store, .media = &setup.media.config};
    TRY(backup_verify(&place, app->args->words[0], &report, why));
    print_report("the backup is whole", &report);
    return OK;
}
