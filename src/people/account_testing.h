/* For tests of accounts: a small tree of units (1 over 2 and 3, 2 over 4), a house set up with a
 * cheap policy, an administrator, a clock that stands still until the test moves it, and jobs that
 * run at once on a test's store. */
#ifndef LOA_PEOPLE_ACCOUNT_TESTING_H
#define LOA_PEOPLE_ACCOUNT_TESTING_H

#include "people/account.h"
#include "people/account_factor.h"
#include "people/login.h"
#include "people/people_store.h"
#include "people/session_store.h"
#include "store/testing/test_store.h"

#include "base/crash.h"

enum { KIT_PROVINCE = 1, KIT_WEST = 2, KIT_EAST = 3, KIT_VILLAGE = 4, KIT_TODAY = 20000 };

struct account_kit {
    struct test_store *test;
    struct arena *arena;
    struct account_setup setup;
    struct grant grants[4];
    struct actor actor;
    struct bad_field bad;
    struct account_job job;
    struct why why;
    /* What an operation takes and gives. */
    int64_t id;
    str text;
    const void *in;
    void *out;
};

typedef errc (*kit_run)(struct account_kit *kit, struct db *db, struct why *why);

static inline bool kit_covers(const void *ctx, int64_t above, int64_t below, day at)
{
    static const int64_t parent[] = {0, 0, KIT_PROVINCE, KIT_PROVINCE, KIT_WEST};
    (void)ctx;
    (void)at;
    for (int64_t unit = below; unit > 0 && unit < (int64_t)COUNT_OF(parent); unit = parent[unit]) {
        if (unit == above) {
            return true;
        }
    }
    return false;
}

static inline struct account_kit *kit_create(struct test_store *test)
{
    struct account_kit *kit = mem_take(sizeof(*kit));
    ENSURE(arena_create(16 << 20, &kit->arena) == OK);
    kit->test = test;
    kit->setup.policy = policy_default();
    kit->setup.policy.argon2_memory = 8 << 20;
    kit->setup.policy.argon2_passes = 1;
    memset(kit->setup.key.bytes, 9, sizeof(kit->setup.key.bytes));
    kit->setup.site = (struct webauthn_site){S("loa.test"), S("https://loa.test:8443")};
    kit->setup.view = (struct right_view){NULL, kit_covers};
    kit->setup.entropy = entropy_seeded(&test->entropy);
    kit->setup.issuer = S("Loa");
    kit->actor = (struct actor){
        .address = S("192.0.2.7"),
        .agent = S("test"),
        .now = KIT_TODAY * USEC_DAY,
        .today = KIT_TODAY,
    };
    kit->job = (struct account_job){&kit->setup, &kit->actor, kit->arena, &kit->bad};
    return kit;
}

static inline void kit_destroy(struct account_kit *kit)
{
    arena_destroy(kit->arena);
    mem_give(kit);
}

static inline void kit_close(struct account_kit **kit)
{
    kit_destroy(*kit);
}

static inline void kit_pass(struct account_kit *kit, usec time)
{
    kit->actor.now += time;
    kit->actor.today = (day)(kit->actor.now / USEC_DAY);
}

struct kit_call {
    struct account_kit *kit;
    kit_run run;
};

static inline errc kit_step(void *ctx, struct db *db, struct why *why)
{
    struct kit_call *call = ctx;
    return call->run(call->kit, db, why);
}

/* Runs an operation in a write job of its own. */
static inline errc kit_do(struct account_kit *kit, kit_run run)
{
    struct kit_call call = {kit, run};
    kit->why.text[0] = '\0';
    return store_write_now(kit->test->store, kit_step, &call, &kit->why);
}

static inline errc kit_run_create(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_create(db, &kit->job, kit->in, &kit->id, why);
}

/* An account "login" of a unit with one role there; its password is "quiet rain on tin roofs". */
static inline errc kit_add(struct account_kit *kit, const char *login, int64_t unit_id,
                           enum role role)
{
    struct account_secret secret = {.password = ""};
    struct grant grant = {0, unit_id, role, kit->actor.today, DAY_OPEN};
    struct account_new wanted = {
        .login = str_of(login),
        .name = S("Lò Thị Mỵ"),
        .unit_id = unit_id,
        .language = S("vi"),
        .email = STR_NONE,
        .phone = STR_NONE,
        .grants = {&grant, 1},
        .secret = &secret,
    };
    TRY(password_make_hash(&kit->setup.policy, S("quiet rain on tin roofs"), kit->arena,
                           &secret.hash, NULL));
    kit->in = &wanted;
    return kit_do(kit, kit_run_create);
}

/* From now on this account acts, with this role over the unit. */
static inline void kit_act_as(struct account_kit *kit, int64_t id, int64_t unit_id, enum role role)
{
    kit->grants[0] = (struct grant){0, unit_id, role, 0, DAY_OPEN};
    kit->actor.account_id = id;
    kit->actor.unit_id = unit_id;
    kit->actor.login = S("actor");
    kit->actor.name = S("Actor");
    kit->actor.grants = (struct grants){kit->grants, id == 0 ? 0 : 1};
}

struct kit_login {
    struct login_attempt attempt;
    struct login_look look;
    struct login_outcome outcome;
};

static inline errc kit_run_look(struct account_kit *kit, struct db *db, struct why *why)
{
    struct kit_login *login = kit->out;
    return login_look(db, &kit->setup, &login->attempt, kit->arena, &login->look, why);
}

static inline errc kit_run_settle(struct account_kit *kit, struct db *db, struct why *why)
{
    struct kit_login *login = kit->out;
    return login_settle(db, &kit->setup, &login->attempt, &login->look, &login->outcome, why);
}

/* The three steps of signing in; what was decided, or what broke. */
static inline errc kit_sign_in(struct account_kit *kit, const char *name, const char *password,
                               struct kit_login *ret_login)
{
    struct kit_login login = {.attempt = {
                                  .login = str_of(name),
                                  .password = str_of(password),
                                  .address = kit->actor.address,
                                  .agent = kit->actor.agent,
                                  .now = kit->actor.now,
                                  .today = kit->actor.today,
                              }};
    kit->out = &login;
    TRY(kit_do(kit, kit_run_look));
    TRY(login_weigh(&kit->setup, &login.attempt, kit->arena, &login.look, &kit->why));
    TRY(kit_do(kit, kit_run_settle));
    *ret_login = login;
    return login.outcome.rc;
}

static inline errc kit_run_load(struct account_kit *kit, struct db *db, struct why *why)
{
    return session_load(db, kit->text, kit->actor.today, kit->arena, kit->out, why);
}

static inline errc kit_load(struct account_kit *kit, const struct session_token *token,
                            struct session *ret_session)
{
    kit->text = str_of(token->text);
    kit->out = ret_session;
    return kit_do(kit, kit_run_load);
}

/* Acts as the session's person, with what they really hold. */
static inline void kit_be(struct account_kit *kit, const struct session *session)
{
    kit->actor = session_actor(session, kit->actor.address, kit->actor.agent, kit->actor.now,
                               kit->actor.today);
}

static inline errc kit_run_verify(struct account_kit *kit, struct db *db, struct why *why)
{
    return audit_verify(db, kit->out, why);
}

static inline struct audit_report kit_verify(struct account_kit *kit)
{
    struct audit_report report;
    kit->out = &report;
    ENSURE(kit_do(kit, kit_run_verify) == OK);
    return report;
}

#endif
