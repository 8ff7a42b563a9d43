/* See told.h. */
#include "duty/told.h"

#include "duty/mail.h"
#include "duty/notice.h"
#include "duty/told_sql.h"

#define NEWS_COUNT_FOR (12 * USEC_HOUR)
#define DIGEST_COUNTS_FOR (12 * USEC_HOUR)
#define TEST_COUNTS_FOR (10 * USEC_MINUTE)

errc told_readers(struct db *db, struct arena *arena, struct account_ids *ret_accounts,
                  struct why *why)
{
    struct push_readers_row *rows = NULL;
    size_t count = 0;
    TRY(push_readers_all(db, arena, &rows, &count, why));
    int64_t *accounts = arena_take_array(arena, count + 1, sizeof *accounts);
    if (accounts == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for accounts");
    }
    for (size_t i = 0; i < count; i++) {
        accounts[i] = rows[i].account_id;
    }
    *ret_accounts = (struct account_ids){accounts, count};
    return OK;
}

/* Calls have pushes of their own. */
static bool is_news(const struct notice_choice *choice, const struct inbox_item *item)
{
    return !inbox_kind_calls(item->kind) && !notice_is_muted(choice, item->kind);
}

static errc keep_new(const struct duty_job *job, struct db *db, const struct inbox *inbox,
                     struct inbox_item *news, size_t *ret_count, struct why *why)
{
    struct notice_choice choice;
    int64_t account = job->actor->account_id;
    TRY(notice_choice_get(db, account, job->arena, &choice, why));
    if (!choice.push || notice_is_quiet(&choice, job->actor->now, job->zone)) {
        return OK;
    }
    for (size_t i = 0; i < inbox->count; i++) {
        const struct inbox_item *item = &inbox->items[i];
        struct told_add_in in = {account, str_of(inbox_kind_name(item->kind)), item->id,
                                 item->since, job->actor->now};
        int64_t added = 0;
        if (!is_news(&choice, item)) {
            continue;
        }
        TRY(told_add(db, &in, &added, why));
        if (added == 1) {
            news[(*ret_count)++] = *item;
        }
    }
    return OK;
}

errc told_items(const struct duty_job *job, struct db *db, enum words_language language,
                const struct inbox *inbox, struct why *why)
{
    struct notice_reader reader = {job, language};
    struct inbox_item *news = arena_take_array(job->arena, inbox->count + 1, sizeof *news);
    int64_t account = job->actor->account_id;
    size_t count = 0;
    size_t pushes = 0;
    if (news == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for news");
    }
    TRY(keep_new(job, db, inbox, news, &count, why));
    if (count == 0) {
        return OK;
    }
    struct letter letter = {
        .account = account,
        .urgent = inbox_kind_is_urgent(news[0].kind),
        .expires = job->actor->now + NEWS_COUNT_FOR,
        .mark = arena_format(job->arena, "news:%lld:%s:%.*s:%lld", (long long)account,
                             inbox_kind_name(news[0].kind), STR_ARG(news[0].id),
                             (long long)news[0].since),
    };
    TRY(notice_items_push(&reader, news, count, &letter));
    return letter_add_push(job, db, &letter, &pushes, why);
}

errc digest_readers(const struct duty_job *job, struct db *db, struct account_ids *ret_accounts,
                    struct why *why)
{
    struct clock_time clock = usec_clock(job->actor->now, job->zone);
    struct digest_readers_due_in in = {job->actor->today, clock.hour * 60 + clock.minute,
                                       DIGEST_AT_DEFAULT};
    struct digest_readers_due_row *rows = NULL;
    size_t count = 0;
    TRY(digest_readers_due_all(db, &in, job->arena, &rows, &count, why));
    int64_t *accounts = arena_take_array(job->arena, count + 1, sizeof *accounts);
    if (accounts == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for accounts");
    }
    for (size_t i = 0; i < count; i++) {
        accounts[i] = rows[i].account_id;
    }
    *ret_accounts = (struct account_ids){accounts, count};
    return OK;
}

errc digest_make(const struct duty_job *job, struct db *db, const struct digest_reader *reader,
                 const struct inbox *inbox, struct why *why)
{
    int64_t account = job->actor->account_id;
    struct digest_add_in in = {account, job->actor->today, job->actor->now};
    struct notice_reader words = {job, reader->language};
    int64_t added = 0;
    bool is_new = false;
    TRY(digest_add(db, &in, &added, why));
    if (added == 0 || inbox_total(inbox) == 0 || !mail_address_is_fit(reader->address)) {
        return OK;
    }
    struct letter letter = {
        .account = account,
        .address = reader->address,
        .expires = job->actor->now + DIGEST_COUNTS_FOR,
        .mark = arena_format(job->arena, "digest:%lld:%d", (long long)account, job->actor->today),
    };
    TRY(notice_digest_mail(&words, inbox, &letter));
    return letter_add(job, db, &letter, &is_new, why);
}

errc told_test(const struct duty_job *job, struct db *db, enum words_language language,
               size_t *ret_count, struct why *why)
{
    struct notice_reader reader = {job, language};
    struct letter letter = {
        .account = job->actor->account_id,
        .urgent = true,
        .expires = job->actor->now + TEST_COUNTS_FOR,
        .mark = arena_format(job->arena, "test:%lld:%lld", (long long)job->actor->account_id,
                             (long long)job->actor->now),
    };
    TRY(notice_test_push(&reader, &letter));
    return letter_add_push(job, db, &letter, ret_count, why);
}
