/* The system is the actor; the first administrator is made by nobody else. */
#include "server/founding.h"

#include "base/json_out.h"
#include "orders/unit_key.h"
#include "people/unit_sight.h"

enum { ARENA_MOST = 64 * 1024 * 1024 };

errc founding_start(struct app *app, struct founding *founding, struct why *why)
{
    usec now = now_utc();
    *founding = (struct founding){
        .app = app,
        .actor = {.account_id = 0, .now = now, .today = day_of(now, app_zone(app))},
        .setup = {.policy = app->policy, .key = app->key, .entropy = app->entropy},
    };
    return fail_in(why, arena_create(ARENA_MOST, &founding->arena), "memory");
}

void founding_finish(struct founding *founding)
{
    forest_drop(founding->forest);
    arena_destroy(founding->arena);
    mem_wipe(founding->founders, sizeof founding->founders);
}

errc founding_add(struct founding *founding, const char *login, str name, enum role role,
                  struct why *why)
{
    if (founding->founder_count == FOUNDERS_MOST) {
        return fail(why, ERR_TOO_BIG, "more than %d founders", FOUNDERS_MOST);
    }
    struct founder *founder = &founding->founders[founding->founder_count];
    *founder = (struct founder){.login = login, .name = name, .role = role};
    TRY(account_secret_make(&founding->setup, founding->arena, &founder->secret, why));
    founding->founder_count++;
    return OK;
}

struct unit_job founding_unit_job(struct founding *founding)
{
    return (struct unit_job){
        .book = founding->app->units, .actor = &founding->actor, .arena = founding->arena};
}

static errc create(struct founding *founding, struct db *db, struct founder *founder,
                   struct why *why)
{
    struct bad_field bad = {.name = ""};
    struct account_job job = {.setup = &founding->setup,
                              .actor = &founding->actor,
                              .arena = founding->arena,
                              .bad = &bad};
    struct grant grant = {.unit_id = founder->unit,
                          .role = founder->role,
                          .from = founding->actor.today,
                          .to = DAY_OPEN};
    struct account_new fresh = {.login = str_of(founder->login),
                                .name = founder->name,
                                .unit_id = founder->unit,
                                .language = S("vi"),
                                .grants = {.at = &grant, .count = 1},
                                .secret = &founder->secret};
    errc rc = account_create(db, &job, &fresh, &founder->account, why);
    return fail_in(why, rc, "account %s", founder->login);
}

errc founding_accounts(struct founding *founding, struct db *db, struct why *why)
{
    forest_drop(founding->forest);
    founding->forest = NULL;
    TRY(unit_book_write(founding->app->units, db, &founding->forest, why));
    founding->setup.view = unit_right_view(founding->forest);
    for (size_t i = 0; i < founding->founder_count; i++) {
        TRY(create(founding, db, &founding->founders[i], why));
    }
    return OK;
}

errc founding_keys(struct founding *founding, struct db *db, unit_id unit, struct why *why)
{
    static const enum key_use uses[] = {KEY_DAILY, KEY_EMERGENCY, KEY_DRILL};
    struct order_signing signing = signing_port(founding->app->signing);
    struct order_job job = {.signing = &signing,
                            .actor = &founding->actor,
                            .forest = founding->forest,
                            .entropy = founding->app->entropy,
                            .arena = founding->arena};
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        struct unit_key key;
        TRY(unit_key_for(db, &job, unit, uses[i], &key, why));
    }
    return OK;
}

static void print_json(const struct founder *founder)
{
    AUTO(buf_finish) struct buf line;
    buf_init(&line, 4096);
    struct json_out out;
    json_out_init(&out, &line);
    json_object(&out);
    json_text_at(&out, "login", founder->login);
    json_text_at(&out, "password", founder->secret.password);
    json_text_at(&out, "role", role_name(founder->role));
    json_str_at(&out, "name", founder->name);
    json_i64_at(&out, "unit_id", founder->unit);
    json_end(&out);
    printf("%s\n", line.at);
}

void founding_print(const struct founding *founding)
{
    if (!founding->app->args->json) {
        puts("accounts (the passwords are shown this once):");
    }
    for (size_t i = 0; i < founding->founder_count; i++) {
        const struct founder *founder = &founding->founders[i];
        if (founding->app->args->json) {
            print_json(founder);
            continue;
        }
        printf("  %-12s %-24s %s\n", founder->login, founder->secret.password,
               role_name(founder->role));
    }
    ignore_int(fflush(stdout));
}
