/* The way back when nobody can sign in: done on the server's own machine, by the system, and
 * written into the audit log as such. */
#include "server/commands.h"

#include "people/account.h"

enum { ARENA_MOST = 4 * 1024 * 1024 };

struct rescue {
    struct app *app;
    struct account_job *job;
    str login;
    str action;
    const struct account_secret *secret;
};

static errc find_account(struct db *db, const struct rescue *rescue, int64_t *ret_id,
                         struct why *why)
{
    struct account_filter filter = {.query = rescue->login, .limit = ACCOUNT_PAGE_MOST};
    struct account_page page = {.count = 0};
    TRY(account_list(db, rescue->job, &filter, &page, why));
    for (size_t i = 0; i < page.count; i++) {
        if (str_is(page.at[i].login, rescue->login)) {
            *ret_id = page.at[i].id;
            return OK;
        }
    }
    return fail(why, ERR_NOT_FOUND, "there is no account %.*s", STR_ARG(rescue->login));
}

static errc do_rescue(void *ctx, struct db *db, struct why *why)
{
    const struct rescue *rescue = ctx;
    int64_t id = 0;
    TRY(find_account(db, rescue, &id, why));
    if (str_is(rescue->action, S("unlock"))) {
        return account_unlock(db, rescue->job, id, why);
    }
    if (str_is(rescue->action, S("disable"))) {
        return account_disable(db, rescue->job, id, why);
    }
    struct account_reset reset = {.secret = rescue->secret, .second_factor = true};
    return account_reset(db, rescue->job, id, &reset, why);
}

errc command_account(struct app *app, struct why *why)
{
    struct rescue rescue = {
        .app = app, .action = str_of(app->args->words[0]), .login = str_of(app->args->words[1])};
    bool resets = str_is(rescue.action, S("reset"));
    if (!resets && !str_is(rescue.action, S("unlock")) && !str_is(rescue.action, S("disable"))) {
        return fail(why, ERR_USAGE, "account unlock, reset or disable?");
    }
    TRY(app_open(app, false, why));
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(ARENA_MOST, &arena));
    usec now = now_utc();
    struct actor actor = {.account_id = 0, .now = now, .today = day_of(now, app_zone(app))};
    struct account_setup setup = {.policy = app->policy, .key = app->key, .entropy = app->entropy};
    struct account_job job = {.setup = &setup, .actor = &actor, .arena = arena};
    struct account_secret secret;
    rescue.job = &job;
    rescue.secret = &secret;
    TRY(account_secret_make(&setup, arena, &secret, why));
    TRY(store_write_now(app->store, do_rescue, &rescue, why));
    if (resets) {
        printf("%s\n", secret.password);
    }
    return OK;
}
