/* The province keeps watch day and night, its approver first and its administrator behind; a
 * commune has its officer. */
#include "server/demo_duty.h"

#include "duty/roster.h"
#include "server/policy_of.h"

enum { WATCH_DAYS = 14, WATCHES = 2, MORNING_H = 7, HALF_DAY_H = 12 };

static const struct founder *founder_of(const struct founding *founding, const char *login)
{
    for (size_t i = 0; i < founding->founder_count; i++) {
        if (strcmp(founding->founders[i].login, login) == 0) {
            return &founding->founders[i];
        }
    }
    return NULL;
}

/* The account of a founder: whoever may be put on duty at the unit and bears the name. */
static errc account_of(const struct duty_job *job, struct db *db, const struct founder *founder,
                       int64_t *ret_account, struct why *why)
{
    struct people people;
    TRY(roster_people(job, db, founder->unit, &people, why));
    for (size_t i = 0; i < people.count; i++) {
        if (str_is(people.at[i].name, founder->name)) {
            *ret_account = people.at[i].id;
            return OK;
        }
    }
    return fail(why, ERR_NOT_FOUND, "no account of %s", founder->login);
}

/* Two watches a day for two weeks: the day one from seven, and the night. */
static errc watch(const struct duty_job *job, struct db *db, const struct founder *const *founders,
                  size_t count, struct why *why)
{
    struct duty_shift shifts[WATCH_DAYS * WATCHES * 2];
    struct roster_span span = {founders[0]->unit, job->actor->today,
                               job->actor->today + WATCH_DAYS};
    struct duty_shifts all = {shifts, 0};
    for (size_t i = 0; i < count; i++) {
        int64_t account = 0;
        TRY(account_of(job, db, founders[i], &account, why));
        for (int w = 0; w < WATCH_DAYS * WATCHES - 1; w++) {
            usec from =
                day_start(span.from, job->zone) + (MORNING_H + (usec)w * HALF_DAY_H) * USEC_HOUR;
            shifts[all.count++] = (struct duty_shift){.account = account,
                                                      .rank = (int)i + 1,
                                                      .from = from,
                                                      .to = from + HALF_DAY_H * USEC_HOUR,
                                                      .note = S("")};
        }
    }
    return roster_put(job, db, &span, &all, why);
}

errc demo_duty(struct founding *founding, struct db *db, struct why *why)
{
    struct duty_policy policy = duty_policy_of_settings(&founding->app->settings);
    struct duty_job job = {.actor = &founding->actor,
                           .forest = founding->forest,
                           .arena = founding->arena,
                           .policy = &policy,
                           .words = founding->app->words,
                           .zone = app_zone(founding->app)};
    const struct founder *province[] = {founder_of(founding, "duyet.tin"),
                                        founder_of(founding, "quan.tri")};
    const struct founder *commune[] = {founder_of(founding, "can.bo")};
    if (province[0] == NULL || province[1] == NULL || commune[0] == NULL) {
        return OK;
    }
    TRY(watch(&job, db, province, COUNT_OF(province), why));
    return watch(&job, db, commune, COUNT_OF(commune), why);
}
