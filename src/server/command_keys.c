/* `loa-server keys …`: the signing keys of the units, from the command line, for whoever has the
 * machine in his hands. The signer does what is secret; this asks it, as the server does. */
#include "orders/unit_key.h"
#include "server/commands.h"

enum { ARENA_MOST = 512 * 1024 * 1024, KID_TEXT = 2 * WIRE_KID_SIZE };

enum keys_action { KEYS_LIST, KEYS_MAKE, KEYS_ROTATE, KEYS_REVOKE, KEYS_ROTATE_ROOT };

struct keys {
    struct app *app;
    struct arena *arena;
    struct order_signing signing;
    struct actor actor;
    enum keys_action action;
    str unit_code;
    enum key_use use;
    wire_kid kid;
    struct forest *forest;
    struct unit_keys list;
};

/* --- what was typed -------------------------------------------------------------------------- */

static bool parse_use(str word, enum key_use *ret_use)
{
    for (int use = KEY_DAILY; use <= KEY_DRILL; use++) {
        if (str_is(word, str_of(key_use_name((enum key_use)use)))) {
            *ret_use = (enum key_use)use;
            return true;
        }
    }
    return false;
}

static bool parse_kid(str word, wire_kid *ret_kid)
{
    char padded[HASH_TEXT_SIZE];
    hash value;
    if (word.len != KID_TEXT) {
        return false;
    }
    memset(padded, '0', sizeof padded - 1);
    padded[sizeof padded - 1] = '\0';
    memcpy(padded, word.at, word.len);
    if (!hash_parse(str_of(padded), &value)) {
        return false;
    }
    memcpy(ret_kid->bytes, value.bytes, WIRE_KID_SIZE);
    return true;
}

static errc parse_words(struct keys *keys, struct why *why)
{
    static const char *const actions[] = {"list", "make", "rotate", "revoke", "rotate-root"};
    const struct args *args = keys->app->args;
    str what = args->word_count > 1 ? str_of(args->words[1]) : STR_NONE;
    size_t action = 0;
    while (action < COUNT_OF(actions) && !str_is(str_of(args->words[0]), str_of(actions[action]))) {
        action++;
    }
    keys->action = (enum keys_action)action;
    if (action == COUNT_OF(actions)) {
        return fail(why, ERR_USAGE, "keys list, make, rotate, revoke or rotate-root?");
    }
    if (keys->action == KEYS_REVOKE && !parse_kid(what, &keys->kid)) {
        return fail(why, ERR_USAGE, "keys revoke KEY, as `keys list` shows it");
    }
    str use = STR_NONE;
    keys->unit_code = str_split(what, ':', &use);
    bool wants_unit = keys->action == KEYS_MAKE || keys->action == KEYS_ROTATE;
    if (wants_unit && !parse_use(use, &keys->use)) {
        return fail(why, ERR_USAGE, "keys %s CODE:USE, such as 97:emergency", actions[action]);
    }
    return OK;
}

/* --- in the store ---------------------------------------------------------------------------- */

static errc revoke_older(struct keys *keys, struct db *db, const struct order_job *job,
                         const struct unit_key *fresh, struct why *why)
{
    for (size_t i = 0; i < keys->list.count; i++) {
        const struct unit_key *key = &keys->list.at[i];
        if (key->unit == fresh->unit && key->use == fresh->use && key->revoked_at == 0) {
            TRY(unit_key_revoke(db, job, key->kid, why));
        }
    }
    return OK;
}

static errc make_key(struct keys *keys, struct db *db, const struct order_job *job, struct why *why)
{
    struct unit_key fresh;
    struct tree today = forest_at(keys->forest, keys->actor.today);
    unit_id unit = tree_by_code(today, -1, keys->unit_code);
    if (unit == 0) {
        return fail(why, ERR_NOT_FOUND, "no unit %.*s today", STR_ARG(keys->unit_code));
    }
    TRY(unit_key_make(db, job, unit, keys->use, &fresh, why));
    return keys->action == KEYS_ROTATE ? revoke_older(keys, db, job, &fresh, why) : OK;
}

static errc act(struct keys *keys, struct db *db, struct why *why)
{
    struct order_job job = {.signing = &keys->signing,
                            .actor = &keys->actor,
                            .forest = keys->forest,
                            .entropy = keys->app->entropy,
                            .arena = keys->arena};
    hash root;
    switch (keys->action) {
    case KEYS_LIST:
        return OK;
    case KEYS_MAKE:
    case KEYS_ROTATE:
        return make_key(keys, db, &job, why);
    case KEYS_REVOKE:
        return unit_key_revoke(db, &job, keys->kid, why);
    case KEYS_ROTATE_ROOT:
        return unit_key_replace_root(db, &job, &root, why);
    }
    return OK;
}

static errc run(void *ctx, struct db *db, struct why *why)
{
    struct keys *keys = ctx;
    arena_reset(keys->arena);
    forest_drop(keys->forest);
    keys->forest = NULL;
    TRY(unit_book_write(keys->app->units, db, &keys->forest, why));
    TRY(unit_key_list(db, keys->arena, &keys->list, why));
    TRY(act(keys, db, why));
    return unit_key_list(db, keys->arena, &keys->list, why);
}

/* --- what is printed ------------------------------------------------------------------------- */

static void print_key(const struct keys *keys, const struct unit_key *key)
{
    struct unit_line line = {.name = S("")};
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4096);
    buf_add_hex(&text, key->kid.bytes, sizeof key->kid.bytes);
    buf_add_format(&text, "  %-9s  ", key_use_name(key->use));
    day_write(day_of(key->to, app_zone(keys->app)), &text);
    buf_add_format(&text, "  %-7s  ", key->revoked_at != 0 ? "revoked" : "valid");
    if (key->unit != 0 && tree_line(forest_at(keys->forest, keys->actor.today), key->unit, &line)) {
        buf_add(&text, line.code);
        buf_add_byte(&text, ' ');
        buf_add(&text, line.name);
    }
    printf("%s\n", text.at);
}

static errc use_keys(struct keys *keys, struct why *why)
{
    TRY(app_start_signing(keys->app, why));
    TRY(app_open(keys->app, false, why));
    keys->signing = signing_port(keys->app->signing);
    keys->actor.now = now_utc();
    keys->actor.today = day_of(keys->actor.now, app_zone(keys->app));
    TRY(store_write_now(keys->app->store, run, keys, why));
    for (size_t i = 0; i < keys->list.count; i++) {
        print_key(keys, &keys->list.at[i]);
    }
    return OK;
}

errc command_keys(struct app *app, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(ARENA_MOST, &arena));
    struct keys keys = {.app = app, .arena = arena};
    TRY(parse_words(&keys, why));
    errc rc = use_keys(&keys, why);
    forest_drop(keys.forest);
    return rc;
}
