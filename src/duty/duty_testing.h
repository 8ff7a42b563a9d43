/* For tests on a database: the small province of unit_testing.h with a few people in it, a job as
 * the system or as one of them, a catalogue of a few words, and browsers to tell. */
#ifndef LOA_DUTY_DUTY_TESTING_H
#define LOA_DUTY_DUTY_TESTING_H

#include "duty/duty_job.h"
#include "duty/duty_store.h"
#include "duty/subscription.h"
#include "people/account_sql.h"
#include "people/people_store.h"
#include "people/unit_testing.h"
#include "store/testing/test_store.h"

#define KIT_NOW ((usec)1772409600 * USEC_SECOND) /* 2026-03-02T00:00:00Z, 07:00 in the province */
#define KIT_ZONE (7 * USEC_HOUR)

enum { KIT_PEOPLE = 6 };

struct duty_kit {
    struct test_store *test;
    struct unit_kit units;
    unit_id province;
    unit_id commune;
    unit_id elsewhere;
    struct words *words;
    struct grant grant; /* of who acts */
    struct actor actor;
    struct duty_policy policy;
    struct bad_field bad;
    struct duty_job job;
    struct entropy_seed seed;
    int64_t people[KIT_PEOPLE]; /* accounts */
    size_t people_count;
    struct why why;
    const void *in;
    void *out;
    int64_t id;
};

typedef errc duty_run(void *ctx, struct db *db, struct why *why);

static inline errc kit_write(struct duty_kit *kit, duty_run *run)
{
    kit->why.text[0] = '\0';
    return store_write_now(kit->test->store, run, kit, &kit->why);
}

static inline errc kit_read(struct duty_kit *kit, duty_run *run)
{
    kit->why.text[0] = '\0';
    return store_read_now(kit->test->store, run, kit, &kit->why);
}

struct kit_person {
    const char *login;
    const char *email; /* null: none */
    unit_id unit;
    enum role role;
};

static inline errc kit_run_person(void *ctx, struct db *db, struct why *why)
{
    struct duty_kit *kit = ctx;
    const struct kit_person *person = kit->in;
    struct account_add_row row;
    struct role_grant_add_row granted;
    struct account_add_in add = {
        .login = str_of(person->login),
        .throttle_key = hash_of(str_of(person->login)),
        .name = str_of(person->login),
        .sort_key = str_of(person->login),
        .search_key = str_of(person->login),
        .unit_id = person->unit,
        .language = S("vi"),
        .email = str_of(person->email),
        .password_hash = S("none"),
        .now_us = KIT_NOW,
    };
    TRY(account_add(db, &add, kit->job.arena, &row, why));
    struct role_grant_add_in grant = {
        .account_id = row.id,
        .role = str_of(role_name(person->role)),
        .unit_id = person->unit,
        .from_day = DAY_FIRST,
        .to_day = DAY_OPEN,
        .now_us = KIT_NOW,
    };
    kit->id = row.id;
    return role_grant_add(db, &grant, kit->job.arena, &granted, why);
}

static inline int64_t kit_person(struct duty_kit *kit, struct kit_person person)
{
    kit->in = &person;
    ENSURE(kit_write(kit, kit_run_person) == OK);
    ENSURE(kit->people_count < KIT_PEOPLE);
    kit->people[kit->people_count++] = kit->id;
    return kit->id;
}

/* From now on this person acts, 0: the system. */
static inline void kit_act_as(struct duty_kit *kit, int64_t account, enum role role, unit_id unit)
{
    kit->grant = (struct grant){1, unit, role, DAY_FIRST, DAY_OPEN};
    kit->actor.account_id = account;
    kit->actor.unit_id = unit;
    kit->actor.grants = (struct grants){&kit->grant, account == 0 ? 0 : 1};
}

static inline void kit_pass(struct duty_kit *kit, usec time)
{
    kit->actor.now += time;
    kit->actor.today = day_of(kit->actor.now, KIT_ZONE);
}

static inline errc kit_run_browser(void *ctx, struct db *db, struct why *why)
{
    struct duty_kit *kit = ctx;
    struct push_pair pair;
    struct subscription subscription = {.name = S("Chrome"), .target = {.auth = {1}}};
    TRY(push_pair_make(entropy_seeded(&kit->seed), &pair, why));
    memcpy(subscription.target.public_key, pair.public_key, PUSH_PUBLIC_SIZE);
    subscription.endpoint =
        arena_format(kit->job.arena, "https://push.example/%llu",
                     (unsigned long long)entropy_u64(entropy_seeded(&kit->seed)));
    return subscription_add(&kit->job, db, &subscription, &kit->id, why);
}

/* A browser of that person; its subscription. */
static inline int64_t kit_browser(struct duty_kit *kit, int64_t account)
{
    int64_t before = kit->actor.account_id;
    kit->actor.account_id = account;
    ENSURE(kit_write(kit, kit_run_browser) == OK);
    kit->actor.account_id = before;
    return kit->id;
}

static inline void duty_kit_init(struct duty_kit *kit, void **state)
{
    static const char vi[] =
        "inbox.bulletin = Bản tin chờ duyệt\nnotice.new_items = {count} việc mới\n"
        "notice.alarm_waiting = CHỜ DUYỆT: {title}\n"
        "notice.alarm_waiting.body = {unit}, {time}\n"
        "notice.alarm_raised = ĐANG PHÁT: {title}\n"
        "notice.alarm_raised.body = {unit}, {time}\n"
        "notice.digest = {count} việc, {date}\nnotice.digest.intro = Đang chờ.\n"
        "notice.and_more = và {count} việc nữa\nnotice.open_inbox = Mở\n"
        "notice.open_alarm = Mở\nnotice.why_called = Trực.\n"
        "notice.why_digest = Mỗi ngày.\n";
    memset(kit, 0, sizeof *kit);
    kit->test = test_store_of(state);
    kit->units = kit_create();
    kit->seed.state = 5;
    kit_small_province(&kit->units, kit_day("2020-01-01"));
    day today = day_of(KIT_NOW, KIT_ZONE);
    kit->province = kit_find(&kit->units, today, "91");
    kit->commune = kit_find(&kit->units, today, "91101");
    kit->elsewhere = kit_find(&kit->units, today, "91201");
    ENSURE(words_create(str_of(vi), S(""), &kit->words, NULL) == OK);
    kit->actor = (struct actor){.now = KIT_NOW,
                                .today = today,
                                .login = S("thu"),
                                .name = S("Thử"),
                                .address = S(""),
                                .agent = S("")};
    kit->policy = (struct duty_policy){.call_wait = 3 * USEC_MINUTE,
                                       .call_fresh = 30 * USEC_MINUTE,
                                       .mail_is_ready = true,
                                       .site = S("https://loa.example")};
    kit->job = (struct duty_job){.actor = &kit->actor,
                                 .forest = kit->units.forest,
                                 .arena = kit->units.arena,
                                 .bad = &kit->bad,
                                 .policy = &kit->policy,
                                 .words = kit->words,
                                 .zone = KIT_ZONE};
}

static inline void duty_kit_finish(struct duty_kit *kit)
{
    words_destroy(kit->words);
    kit_finish(&kit->units);
}

#endif
