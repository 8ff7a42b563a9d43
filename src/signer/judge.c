/* Each rule is a function that refuses with a sentence. */
#include "signer/judge.h"

#include "wire/authority.h"

enum { TIERS = TIER_VILLAGE, REVOCATIONS_MOST = 12288 };

#define KEY_LONGEST (6 * 366 * USEC_DAY)

/* Tokens in millionths, so that seconds need no fractions. */
struct bucket {
    int64_t tokens;
    usec at;
};

struct known_key {
    wire_kid kid;
    uint64_t highest;
    usec used;
    struct bucket loud;
    struct bucket daily;
};

struct judge {
    struct judge_rules rules;
    struct bucket keys;
    uint64_t revocations; /* the highest version that was signed */
    size_t known_count;
    struct known_key known[JUDGE_KEYS];
};

struct judge_rules judge_rules_default(void)
{
    return (struct judge_rules){
        .alone =
            1U << CLASS_ORDINARY | 1U << CLASS_PRIORITY | 1U << CLASS_EMERGENCY | 1U << CLASS_DRILL,
        .loud = {120, 2},
        .daily = {50000, 500},
        .keys = {5000, 5},
    };
}

errc judge_create(const struct judge_rules *rules, struct judge **ret_judge)
{
    struct judge *judge = mem_take(sizeof *judge);
    judge->rules = *rules;
    *ret_judge = judge;
    return OK;
}

void judge_destroy(struct judge *judge)
{
    mem_give(judge);
}

static bool take_token(struct bucket *bucket, const struct judge_rate *rate, usec now)
{
    const int64_t whole = 1000000;
    int64_t passed = bucket->at == 0 ? INT64_MAX : now - bucket->at;
    int64_t room = rate->burst * whole - bucket->tokens;
    int64_t more = passed <= 0                        ? 0
                   : passed > room / rate->per_second ? room
                                                      : passed * rate->per_second;
    bucket->tokens += more;
    bucket->at = now;
    if (bucket->tokens < whole) {
        return false;
    }
    bucket->tokens -= whole;
    return true;
}

/* The key's memory; the one that was used longest ago makes room for a new one. */
static struct known_key *find_known(struct judge *judge, wire_kid kid)
{
    struct known_key *oldest = &judge->known[0];
    for (size_t i = 0; i < judge->known_count; i++) {
        if (kid_is(judge->known[i].kid, kid)) {
            return &judge->known[i];
        }
        if (judge->known[i].used < oldest->used) {
            oldest = &judge->known[i];
        }
    }
    if (judge->known_count < JUDGE_KEYS) {
        oldest = &judge->known[judge->known_count++];
    }
    *oldest = (struct known_key){.kid = kid};
    return oldest;
}

/* --- orders ---------------------------------------------------------------------------------- */

/* The certificate that this key has, as far as it says what the key may. */
static struct wire_cert cert_of(const struct vault_secret *secret)
{
    struct key_limits limits = key_use_limits(secret->use, secret->tier);
    return (struct wire_cert){.unit = secret->unit,
                              .tier = secret->tier,
                              .classes = limits.classes,
                              .kinds = limits.kinds};
}

/* The rules of authority as a device would apply them: wire/authority.h. */
static errc check_key(const struct vault_secret *secret, const struct wire_order *order,
                      struct why *why)
{
    static const struct {
        enum log_reason reason;
        const char *sentence;
    } rows[] = {{REASON_ISSUER, "the key is of another unit"},
                {REASON_CLASS, "the key may not sign this class"},
                {REASON_KIND, "the key may not sign this kind"},
                {REASON_TOO_LONG, "the order is valid for too long"},
                {REASON_MALFORMED, "a version or times that cannot be"}};
    struct wire_cert cert = cert_of(secret);
    enum log_reason reason = authority_fits(&cert, order);
    if (secret->use == KEY_ROOT) {
        return fail(why, ERR_FORBIDDEN, "the root signs no orders");
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].reason == reason) {
            return fail(why, ERR_FORBIDDEN, "%s", rows[i].sentence);
        }
    }
    return OK;
}

static errc check_times(const struct vault_secret *secret, const struct wire_order *order, usec now,
                        struct why *why)
{
    if (order->expires <= now) {
        return fail(why, ERR_FORBIDDEN, "the order is over");
    }
    if (order->not_before > now + AUTHORITY_EARLY) {
        return fail(why, ERR_FORBIDDEN, "the order is for later");
    }
    if (now >= secret->to) {
        return fail(why, ERR_FORBIDDEN, "the key's time is over");
    }
    return OK;
}

static bool has_unit(const struct order_place *place, uint64_t unit)
{
    for (size_t i = 0; i < place->count; i++) {
        if (place->path[i] == unit) {
            return true;
        }
    }
    return false;
}

static errc check_area(const struct vault_secret *secret, const struct wire_order *order,
                       const struct signing_order *ask, struct why *why)
{
    if (order->area.count == 0 || order->area.count != ask->place_count) {
        return fail(why, ERR_FORBIDDEN, "the places are not those of the area");
    }
    for (size_t i = 0; i < ask->place_count; i++) {
        const struct order_place *place = &ask->places[i];
        if (place->count == 0 || place->path[place->count - 1] != order->area.at[i]) {
            return fail(why, ERR_FORBIDDEN, "the places are not those of the area");
        }
        if (!has_unit(place, secret->unit)) {
            return fail(why, ERR_FORBIDDEN, "the area is not the key's");
        }
    }
    return OK;
}

/* What the server orders by itself, between people's decisions. */
static bool may_be_unattended(enum order_kind kind)
{
    switch (kind) {
    case ORDER_PLACEMENT:
    case ORDER_SETTINGS:
    case ORDER_PLAN:
    case ORDER_CLIPS:
    case ORDER_RETIRE:
        return true;
    case ORDER_ALARM:
    case ORDER_STOP:
    case ORDER_RELEASE:
    case ORDER_ACTION:
    case ORDER_LIVE:
        return false;
    }
    return false;
}

/* A live whose source is gone is ended by the server: it only makes silence of silence. */
static bool only_ends(const struct wire_order *order, struct arena *arena)
{
    struct wire_live live;
    return order->kind == ORDER_LIVE &&
           wire_record_read(&wire_record_live, order->body, arena, &live, NULL) == OK &&
           live.stream == 0;
}

static errc check_approval(const struct judge *judge, const struct wire_order *order,
                           const struct judge_case *on, struct why *why)
{
    const struct order_approval *approval = &on->ask->approval;
    if (!hash_is(approval->content, hash_of(order->body))) {
        return fail(why, ERR_FORBIDDEN, "what was approved is not what is to be signed");
    }
    bool person = approval->approved_by > 0 && approval->written_by > 0;
    if (!person && !may_be_unattended((enum order_kind)order->kind) &&
        !only_ends(order, on->arena)) {
        return fail(why, ERR_FORBIDDEN, "nobody has approved it");
    }
    bool alone = approval->approved_by == approval->written_by;
    if (person && alone && (judge->rules.alone >> order->order_class & 1) == 0) {
        return fail(why, ERR_FORBIDDEN, "who wrote it has approved it");
    }
    return OK;
}

static errc check_body(const struct vault_secret *secret, const struct wire_order *head,
                       struct arena *arena, struct why *why)
{
    struct authority_order order = {.head = *head, .cert = cert_of(secret)};
    if (authority_read_body(&order, arena) != REASON_NONE) {
        return fail(why, ERR_FORBIDDEN, "the body is not of its kind");
    }
    return OK;
}

static errc take_sequence(struct judge *judge, struct known_key *known,
                          const struct wire_order *order, usec now, struct why *why)
{
    bool loud = order->order_class == CLASS_EMERGENCY || order->order_class == CLASS_DRILL;
    if (order->sequence <= known->highest) {
        return fail(why, ERR_VERSION, "the sequence was taken");
    }
    if (!take_token(loud ? &known->loud : &known->daily,
                    loud ? &judge->rules.loud : &judge->rules.daily, now)) {
        return fail(why, ERR_TOO_MANY, "this key signs too much");
    }
    known->highest = order->sequence;
    return OK;
}

errc judge_order(struct judge *judge, const struct judge_case *on, uint64_t *ret_highest,
                 struct why *why)
{
    struct wire_order order;
    const struct signing_order *ask = on->ask;
    if (wire_record_read(&wire_record_order, ask->payload, on->arena, &order, why) != OK) {
        return fail(why, ERR_FORBIDDEN, "the order cannot be read");
    }
    TRY(check_times(on->secret, &order, on->now, why));
    TRY(check_key(on->secret, &order, why));
    TRY(check_area(on->secret, &order, ask, why));
    TRY(check_approval(judge, &order, on, why));
    TRY(check_body(on->secret, &order, on->arena, why));
    struct known_key *known = find_known(judge, on->kid);
    known->used = on->now;
    errc rc = take_sequence(judge, known, &order, on->now, why);
    *ret_highest = known->highest;
    return rc;
}

/* --- keys ------------------------------------------------------------------------------------ */

static errc check_new_key(const struct vault_secret *root, const struct signing_key *ask, usec now,
                          struct why *why)
{
    bool known = ask->use == KEY_DAILY || ask->use == KEY_EMERGENCY || ask->use == KEY_DRILL;
    if (!known || root == NULL || root->use != KEY_ROOT) {
        return fail(why, ERR_FORBIDDEN, "no such key, or no root to sign it");
    }
    if (ask->unit == 0 || ask->tier == 0 || ask->tier > TIERS || ask->serial == 0) {
        return fail(why, ERR_FORBIDDEN, "a key of no unit");
    }
    if (ask->from < 0 || ask->to <= now || ask->from > now || ask->to - ask->from > KEY_LONGEST) {
        return fail(why, ERR_FORBIDDEN, "a key for a time that cannot be");
    }
    return OK;
}

errc judge_key(struct judge *judge, const struct vault_secret *root, const struct signing_key *ask,
               usec now, struct why *why)
{
    if (ask->use != KEY_ROOT) {
        TRY(check_new_key(root, ask, now, why));
    }
    if (!take_token(&judge->keys, &judge->rules.keys, now)) {
        return fail(why, ERR_TOO_MANY, "too many keys");
    }
    return OK;
}

errc judge_cert(const struct vault_secret *root, const struct vault_secret *secret,
                const struct signing_key *ask, usec now, struct why *why)
{
    bool same = secret->use == ask->use && secret->unit == ask->unit && secret->tier == ask->tier &&
                secret->to == ask->to;
    if (!same) {
        return fail(why, ERR_FORBIDDEN, "the key was made for something else");
    }
    return check_new_key(root, ask, now, why);
}

static errc check_next(const struct judge_revoking *on, hash next, struct why *why)
{
    static const hash none = {{0}};
    if (hash_is(next, none)) {
        return OK;
    }
    bool is_ours = on->next != NULL && on->next->use == KEY_ROOT && hash_is(on->next_key, next);
    return is_ours ? OK : fail(why, ERR_FORBIDDEN, "the next root was not made here");
}

errc judge_revocations(struct judge *judge, const struct judge_revoking *on, struct arena *arena,
                       struct why *why)
{
    struct wire_revocations read;
    if (on->root->use != KEY_ROOT || on->record.len > REVOCATIONS_MOST ||
        wire_record_read(&wire_record_revocations, on->record, arena, &read, why) != OK) {
        return fail(why, ERR_FORBIDDEN, "these are no revocations of a root");
    }
    TRY(check_next(on, read.next_root, why));
    if (read.version < judge->revocations) {
        return fail(why, ERR_FORBIDDEN, "these revocations are older than what was signed");
    }
    judge->revocations = read.version;
    return OK;
}
