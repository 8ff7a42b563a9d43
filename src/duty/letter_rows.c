/* The queue in the database; see letter.h. */
#include "duty/letter.h"

#include "duty/letter_sql.h"
#include "duty/subscription_sql.h"

enum { PRUNE_A_TIME = 5000, LETTER_DAYS = 14, TOLD_DAYS = 120, CALL_DAYS = 400, DIGEST_DAYS = 30 };

static str or_empty(str text)
{
    return text.at == NULL ? S("") : text;
}

errc letter_add(const struct duty_job *job, struct db *db, const struct letter *letter,
                bool *ret_new, struct why *why)
{
    struct letter_put_row row;
    struct letter_put_in in = {
        .mark = letter->mark,
        .account_id = letter->account,
        .has_subscription_id = letter->subscription != 0,
        .subscription_id = letter->subscription,
        .topic = or_empty(letter->topic),
        .urgent = letter->urgent,
        .address = or_empty(letter->address),
        .subject = or_empty(letter->subject),
        .body = or_empty(letter->body),
        .html = or_empty(letter->html),
        .due_at_us = job->actor->now,
        .expires_at_us = letter->expires,
        .now_us = job->actor->now,
    };
    errc rc = letter_put(db, &in, job->arena, &row, why);
    if (rc != OK && rc != ERR_NOT_FOUND) {
        return rc;
    }
    *ret_new = rc == OK;
    return rc == OK ? db_announce(db, "letters", why) : OK;
}

errc letter_add_push(const struct duty_job *job, struct db *db, const struct letter *letter,
                     size_t *ret_new, struct why *why)
{
    struct subscriptions subscriptions;
    size_t count = 0;
    TRY(subscriptions_of(db, letter->account, job->arena, &subscriptions, why));
    for (size_t i = 0; i < subscriptions.count; i++) {
        struct letter one = *letter;
        bool is_new = false;
        one.subscription = subscriptions.at[i].id;
        one.mark = arena_format(job->arena, "%.*s:p%lld", STR_ARG(letter->mark),
                                (long long)one.subscription);
        TRY(letter_add(job, db, &one, &is_new, why));
        count += is_new;
    }
    *ret_new = count;
    return OK;
}

errc letters_are_due(struct db *db, bool urgent, usec now, struct arena *arena, bool *ret_due,
                     struct why *why)
{
    struct letters_due_row row;
    TRY(letters_due(db, &(struct letters_due_in){urgent, now}, arena, &row, why));
    *ret_due = row.letters > 0;
    return OK;
}

static bool take(const struct letters_waiting_row *row, struct letter *letter)
{
    *letter = (struct letter){
        .id = row->id,
        .account = row->account_id,
        .subscription = row->has_subscription_id ? row->subscription_id : 0,
        .topic = row->topic,
        .address = row->address,
        .subject = row->subject,
        .body = row->body,
        .html = row->html,
        .attempts = row->attempts,
        .added = row->added_at_us,
        .expires = row->expires_at_us,
        .endpoint = row->endpoint,
    };
    if (letter->subscription == 0) {
        return true;
    }
    if (row->public_key.len != PUSH_PUBLIC_SIZE || row->auth.len != PUSH_AUTH_SIZE) {
        return false;
    }
    memcpy(letter->target.public_key, row->public_key.at, PUSH_PUBLIC_SIZE);
    memcpy(letter->target.auth, row->auth.at, PUSH_AUTH_SIZE);
    return true;
}

errc letters_claim(struct db *db, bool urgent, usec now, struct arena *arena,
                   struct letters *ret_letters, struct why *why)
{
    struct letters_waiting_in in = {urgent, now, LETTER_BATCH};
    struct letters_waiting_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(letters_waiting_all(db, &in, arena, &rows, &count, why));
    struct letter *letters = arena_take_array(arena, count + 1, sizeof *letters);
    if (letters == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for letters");
    }
    for (size_t i = 0; i < count; i++) {
        bool over = rows[i].expires_at_us <= now || rows[i].attempts >= LETTER_TRIES_MOST;
        if (over || !take(&rows[i], &letters[kept])) {
            struct letter_settle_in settle = {rows[i].id, S("failed"), now, S("out of time")};
            TRY(letter_settle(db, &settle, NULL, why));
            continue;
        }
        letters[kept++].urgent = urgent;
        struct letter_claim_in claim = {rows[i].id, now + LETTER_CLAIM};
        TRY(letter_claim(db, &claim, NULL, why));
    }
    *ret_letters = (struct letters){letters, kept};
    return OK;
}

static errc note_subscription(struct db *db, const struct letter_result *result, usec now,
                              struct why *why)
{
    int64_t id = result->subscription;
    if (id == 0) {
        return OK;
    }
    switch (result->outcome) {
    case LETTER_SENT:
        return subscription_used(db, &(struct subscription_used_in){id, now}, NULL, why);
    case LETTER_LATER:
    case LETTER_NEVER:
        return subscription_failed(db, &(struct subscription_failed_in){id}, NULL, why);
    case LETTER_GONE:
        TRY(db_announce(db, "inbox", why)); /* a page may show it */
        return subscription_gone(db, &(struct subscription_gone_in){id}, NULL, why);
    }
    return OK;
}

errc letters_done(struct db *db, const struct letter_result *results, size_t count, usec now,
                  struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct letter_result *result = &results[i];
        str reason = str_of(result->reason);
        struct letter_settle_in settle = {
            result->id, result->outcome == LETTER_SENT ? S("sent") : S("failed"), now, reason};
        struct letter_delay_in delay = {result->id,
                                        now + letter_pause(result->attempts, result->wait), reason};
        bool later = result->outcome == LETTER_LATER;
        TRY(later ? letter_delay(db, &delay, NULL, why) : letter_settle(db, &settle, NULL, why));
        TRY(note_subscription(db, result, now, why));
    }
    return OK;
}

errc letters_tidy(struct db *db, usec now, struct why *why)
{
    usec call_days = (usec)CALL_DAYS * USEC_DAY;
    struct letters_prune_in letters = {now - (usec)LETTER_DAYS * USEC_DAY, PRUNE_A_TIME};
    struct told_prune_in told = {now - (usec)TOLD_DAYS * USEC_DAY};
    struct digests_prune_in digests = {(day)(now / USEC_DAY) - DIGEST_DAYS};
    TRY(letters_prune(db, &letters, NULL, why));
    TRY(told_prune(db, &told, NULL, why));
    TRY(digests_prune(db, &digests, NULL, why));
    TRY(calls_prune(db, &(struct calls_prune_in){now - call_days}, NULL, why));
    return rounds_prune(db, &(struct rounds_prune_in){now - call_days}, NULL, why);
}
