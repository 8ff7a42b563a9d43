/* Subscriptions and the house's key in the database; see subscription.h. */
#include "duty/subscription.h"

#include "duty/subscription_sql.h"
#include "people/audit.h"

static const char purpose[] = "push";

errc subscriptions_of(struct db *db, int64_t account, struct arena *arena,
                      struct subscriptions *ret_subscriptions, struct why *why)
{
    struct subscriptions_of_account_in in = {account};
    struct subscriptions_of_account_row *rows = NULL;
    size_t count = 0;
    TRY(subscriptions_of_account_all(db, &in, arena, &rows, &count, why));
    struct subscription *list = arena_take_array(arena, count + 1, sizeof *list);
    if (list == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for subscriptions");
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].public_key.len != PUSH_PUBLIC_SIZE || rows[i].auth.len != PUSH_AUTH_SIZE) {
            return fail(why, ERR_CORRUPT, "subscription %lld has odd keys", (long long)rows[i].id);
        }
        list[i] = (struct subscription){
            .id = rows[i].id,
            .endpoint = rows[i].endpoint,
            .name = rows[i].name,
            .added = rows[i].added_at_us,
            .used = rows[i].has_used_at_us ? rows[i].used_at_us : 0,
            .failures = rows[i].failures,
        };
        memcpy(list[i].target.public_key, rows[i].public_key.at, PUSH_PUBLIC_SIZE);
        memcpy(list[i].target.auth, rows[i].auth.at, PUSH_AUTH_SIZE);
    }
    *ret_subscriptions = (struct subscriptions){list, count};
    return OK;
}

static errc tell(const struct duty_job *job, struct db *db, const char *action, int64_t id,
                 str name, struct why *why)
{
    struct audit_entry entry = {
        .actor = job->actor,
        .action = action,
        .subject_kind = "browser",
        .subject_id = id,
        .subject_name = name,
        .subject_unit_id = job->actor->unit_id,
    };
    return audit_append(db, &entry, why);
}

errc subscription_add(const struct duty_job *job, struct db *db,
                      const struct subscription *subscription, int64_t *ret_id, struct why *why)
{
    int64_t account = job->actor->account_id;
    struct subscription_put_row row;
    str origin = STR_NONE;
    str key = {(const char *)subscription->target.public_key, PUSH_PUBLIC_SIZE};
    if (!push_origin(subscription->endpoint, &origin)) {
        return bad_field(job->bad, "endpoint", "out_of_range");
    }
    if (!push_key_is_fit(key)) {
        return bad_field(job->bad, "p256dh", "out_of_range");
    }
    struct subscription_put_in in = {
        .account_id = account,
        .endpoint = subscription->endpoint,
        .public_key = key,
        .auth = {(const char *)subscription->target.auth, PUSH_AUTH_SIZE},
        .name = subscription->name,
        .now_us = job->actor->now,
    };
    TRY(subscription_put(db, &in, job->arena, &row, why));
    struct subscription_letters_move_in move = {row.id, account};
    struct subscriptions_remove_surplus_in surplus = {account, SUBSCRIPTIONS_MOST};
    TRY(subscription_letters_move(db, &move, NULL, why));
    TRY(subscriptions_remove_surplus(db, &surplus, NULL, why));
    *ret_id = row.id;
    return tell(job, db, "push_added", row.id, subscription->name, why);
}

errc subscription_remove(const struct duty_job *job, struct db *db, int64_t id, struct why *why)
{
    struct subscription_remove_own_in in = {id, job->actor->account_id};
    int64_t changed = 0;
    TRY(subscription_remove_own(db, &in, &changed, why));
    return changed == 1 ? tell(job, db, "push_removed", id, S(""), why) : ERR_NOT_FOUND;
}

/* --- the house's key -------------------------------------------------------------------------- */

errc push_key_public(struct db *db, struct arena *arena, str *ret_public_key, struct why *why)
{
    struct push_key_get_row row;
    TRY(push_key_get(db, arena, &row, why));
    *ret_public_key = row.public_key;
    return OK;
}

errc push_key_open(struct db *db, const struct push_house *house, struct push_pair *ret_pair,
                   struct why *why)
{
    struct push_key_get_row row;
    struct account_seal seal = {house->key, purpose, 0};
    str plain = STR_NONE;
    TRY(push_key_get(db, house->arena, &row, why));
    TRY(account_key_open(&seal, row.private_key, house->arena, &plain, why));
    if (plain.len != PUSH_PRIVATE_SIZE) {
        return fail(why, ERR_CORRUPT, "the push key has an odd length");
    }
    return push_pair_of((const uint8_t *)plain.at, ret_pair, why);
}

errc push_key_ensure(struct db *db, const struct push_house *house, struct why *why)
{
    struct push_key_get_row row;
    struct push_pair pair;
    str sealed = STR_NONE;
    errc rc = push_key_get(db, house->arena, &row, why);
    if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    struct account_seal seal = {house->key, purpose, 0};
    str plain = {(const char *)pair.private_key, PUSH_PRIVATE_SIZE};
    TRY(push_pair_make(house->entropy, &pair, why));
    rc = account_key_seal(&seal, plain, house->entropy, house->arena, &sealed, why);
    struct push_key_add_in in = {
        .public_key = {(const char *)pair.public_key, PUSH_PUBLIC_SIZE},
        .private_key = sealed,
        .now_us = house->now,
    };
    rc = rc == OK ? push_key_add(db, &in, NULL, why) : rc;
    mem_wipe(&pair, sizeof pair);
    return rc;
}
