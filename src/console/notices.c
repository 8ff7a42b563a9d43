/* How I am told: my browsers, my hours, my kinds. Everything here is about the actor himself. */
#include "console/air_json.h"
#include "console/duty_json.h"
#include "console/steps.h"
#include "duty/choice.h"
#include "duty/push.h"
#include "duty/subscription.h"
#include "duty/told.h"
#include "people/person.h"

enum { MINUTE_S = 60 };

/* --- browsers --------------------------------------------------------------------------------- */

errc api_push_key(struct ask *ask, struct why *why)
{
    str key = STR_NONE;
    TRY(push_key_public(ask->db, ask->arena, &key, why));
    json_object(&ask->json);
    ask_write_bytes(ask, "key", key);
    json_end(&ask->json);
    return OK;
}

static void write_subscription(struct ask *ask, const struct subscription *subscription)
{
    struct json_out *out = &ask->json;
    str origin = S("");
    bool known = push_origin(subscription->endpoint, &origin);
    json_object(out);
    json_i64_at(out, "id", subscription->id);
    json_str_at(out, "name", subscription->name);
    json_str_at(out, "host", known ? str_cut(origin, 8, origin.len) : S(""));
    json_usec_at(out, "added_at", subscription->added);
    air_usec_at(out, "used_at", subscription->used);
    json_bool_at(out, "failed", subscription->failures > 0);
    json_end(out);
}

errc api_push_list(struct ask *ask, struct why *why)
{
    struct subscriptions subscriptions = {.count = 0};
    TRY(subscriptions_of(ask->db, ask->actor.account_id, ask->arena, &subscriptions, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < subscriptions.count; i++) {
        write_subscription(ask, &subscriptions.at[i]);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

static errc take_bytes(struct ask *ask, const struct json_value *body, const char *key, size_t size,
                       uint8_t *to)
{
    str bytes = STR_NONE;
    TRY(ask_bytes(ask, body, key, size, &bytes));
    if (bytes.len != size) {
        return bad_field(&ask->bad, key, "wrong_type");
    }
    memcpy(to, bytes.at, size);
    return OK;
}

static errc take_subscription(struct ask *ask, struct subscription *subscription, struct why *why)
{
    static const char *const fields[] = {"endpoint", "p256dh", "auth", "name", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    str endpoint = STR_NONE;
    str name = S("");
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "endpoint", 1, PUSH_ENDPOINT_MOST, &endpoint, &ask->bad));
    TRY(take_bytes(ask, in.root, "p256dh", PUSH_PUBLIC_SIZE, subscription->target.public_key));
    TRY(take_bytes(ask, in.root, "auth", PUSH_AUTH_SIZE, subscription->target.auth));
    TRY(ask_optional_str(ask, in.root, "name", SUBSCRIPTION_NAME_MOST, &given, &name));
    subscription->endpoint = air_text(ask, endpoint);
    subscription->name = air_text(ask, name);
    return OK;
}

errc api_push_add(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct subscription subscription = {.id = 0};
    int64_t id = 0;
    TRY(take_subscription(ask, &subscription, why));
    TRY(subscription_add(&job, ask->db, &subscription, &id, why));
    json_object(&ask->json);
    json_i64_at(&ask->json, "id", id);
    json_end(&ask->json);
    return OK;
}

errc api_push_drop(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    return subscription_remove(&job, ask->db, ask_place_id(ask, 0), why);
}

errc api_push_test(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    size_t count = 0;
    TRY(told_test(&job, ask->db, ask->language, &count, why));
    json_object(&ask->json);
    json_i64_at(&ask->json, "sent_to", (int64_t)count);
    json_end(&ask->json);
    return OK;
}

/* --- choices ---------------------------------------------------------------------------------- */

static errc answer(struct ask *ask, struct why *why)
{
    struct notice_choice choice;
    struct person person;
    struct json_out *out = &ask->json;
    int64_t account = ask->actor.account_id;
    TRY(notice_choice_get(ask->db, account, ask->arena, &choice, why));
    TRY(person_find(ask->db, account, ask->today, ask->arena, &person, why));
    json_object(out);
    json_bool_at(out, "push", choice.push);
    json_bool_at(out, "mail", choice.mail);
    json_bool_at(out, "digest", choice.digest);
    air_time_at(out, "digest_at", choice.digest_at * MINUTE_S);
    air_time_at(out, "quiet_from", choice.has_quiet ? choice.quiet_from * MINUTE_S : -1);
    air_time_at(out, "quiet_to", choice.has_quiet ? choice.quiet_to * MINUTE_S : -1);
    json_array_at(out, "muted");
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        if (notice_is_muted(&choice, (enum inbox_kind)i)) {
            json_text(out, inbox_kind_name((enum inbox_kind)i));
        }
    }
    json_end(out);
    json_array_at(out, "kinds");
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        json_text(out, inbox_kind_name((enum inbox_kind)i));
    }
    json_end(out);
    json_str_at(out, "email", person.email.len > 0 ? person.email : STR_NONE);
    json_bool_at(out, "mail_configured", ask->duty.mail_is_ready);
    json_end(out);
    return OK;
}

errc api_notices_show(struct ask *ask, struct why *why)
{
    return answer(ask, why);
}

static errc take_minute(struct ask *ask, const struct json_value *body, const char *key,
                        int *ret_minute)
{
    int seconds = 0;
    TRY(air_take_time(ask, body, key, &seconds));
    if (seconds % MINUTE_S != 0 || seconds >= DAY_MINUTES * MINUTE_S) {
        return bad_field(&ask->bad, key, "not_a_time");
    }
    *ret_minute = seconds / MINUTE_S;
    return OK;
}

static errc take_muted(struct ask *ask, const struct json_value *body, unsigned *ret_muted)
{
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_take_array(ask, body, "muted", INBOX_KINDS, &array, &count));
    for (size_t i = 0; i < count; i++) {
        str name = STR_NONE;
        enum inbox_kind kind;
        struct json_in_limits limits = {1, 40, false};
        TRY(json_in_as_str(json_in_at(array, i), "muted", limits, &name, &ask->bad));
        if (!inbox_kind_parse(name, &kind)) {
            return bad_field(&ask->bad, "muted", "unknown");
        }
        *ret_muted |= 1U << kind;
    }
    return OK;
}

static errc take_choice(struct ask *ask, struct notice_choice *choice, struct why *why)
{
    static const char *const fields[] = {"push",       "mail",     "digest", "digest_at",
                                         "quiet_from", "quiet_to", "muted",  NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_bool(in.root, "push", &choice->push, &ask->bad));
    TRY(json_in_bool(in.root, "mail", &choice->mail, &ask->bad));
    TRY(json_in_bool(in.root, "digest", &choice->digest, &ask->bad));
    TRY(take_minute(ask, in.root, "digest_at", &choice->digest_at));
    choice->has_quiet = json_in_has(in.root, "quiet_from");
    if (choice->has_quiet != json_in_has(in.root, "quiet_to")) {
        return bad_field(&ask->bad, "quiet_to", "missing");
    }
    if (choice->has_quiet) {
        TRY(take_minute(ask, in.root, "quiet_from", &choice->quiet_from));
        TRY(take_minute(ask, in.root, "quiet_to", &choice->quiet_to));
    }
    return take_muted(ask, in.root, &choice->muted);
}

errc api_notices_put(struct ask *ask, struct why *why)
{
    struct duty_job job = ask_duty_job(ask);
    struct notice_choice choice = {.muted = 0};
    TRY(take_choice(ask, &choice, why));
    TRY(notice_choice_put(&job, ask->db, &choice, why));
    return answer(ask, why);
}
