/* A reader that has failed stays failed, so each side checks once, at the end. */
#include "signer/talk.h"

struct reading {
    str rest;
    bool failed;
};

static void put_number(struct buf *out, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        buf_add_byte(out, (char)(uint8_t)(value >> (56 - 8 * i)));
    }
}

static void put_bytes(struct buf *out, str bytes)
{
    put_number(out, bytes.len);
    buf_add(out, bytes);
}

static uint64_t take_number(struct reading *in)
{
    if (in->failed || in->rest.len < 8) {
        in->failed = true;
        return 0;
    }
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | (uint8_t)in->rest.at[i];
    }
    in->rest = str_cut(in->rest, 8, in->rest.len);
    return value;
}

static str take_bytes(struct reading *in)
{
    uint64_t len = take_number(in);
    if (in->failed || len > in->rest.len) {
        in->failed = true;
        return STR_NONE;
    }
    str bytes = str_cut(in->rest, 0, (size_t)len);
    in->rest = str_cut(in->rest, (size_t)len, in->rest.len);
    return bytes;
}

static void take_hash(struct reading *in, hash *ret_hash)
{
    str bytes = take_bytes(in);
    if (in->failed || bytes.len != HASH_SIZE) {
        in->failed = true;
        return;
    }
    memcpy(ret_hash->bytes, bytes.at, HASH_SIZE);
}

static str hash_bytes(const hash *value)
{
    return (str){(const char *)value->bytes, HASH_SIZE};
}

/* --- questions ------------------------------------------------------------------------------- */

static void write_order(const struct signing_order *order, struct buf *out)
{
    put_bytes(out, order->sealed);
    put_bytes(out, order->payload);
    put_number(out, (uint64_t)order->approval.written_by);
    put_number(out, (uint64_t)order->approval.approved_by);
    put_bytes(out, hash_bytes(&order->approval.content));
    put_number(out, order->place_count);
    for (size_t i = 0; i < order->place_count; i++) {
        put_number(out, order->places[i].count);
        for (size_t k = 0; k < order->places[i].count; k++) {
            put_number(out, order->places[i].path[k]);
        }
    }
}

static void write_key(const struct signing_key *key, struct buf *out)
{
    put_number(out, key->use);
    put_bytes(out, key->root_sealed);
    put_number(out, key->unit);
    put_number(out, key->tier);
    put_number(out, (uint64_t)key->from);
    put_number(out, (uint64_t)key->to);
    put_number(out, key->serial);
}

void talk_ask_write(const struct talk_ask *ask, struct buf *out)
{
    put_number(out, ask->number);
    put_number(out, ask->what);
    switch (ask->what) {
    case TALK_SIGN:
        write_order(&ask->order, out);
        break;
    case TALK_MAKE:
        write_key(&ask->key, out);
        break;
    case TALK_REVOKE:
        put_bytes(out, ask->revoke.root_sealed);
        put_bytes(out, ask->revoke.record);
        put_bytes(out, ask->revoke.next_sealed);
        break;
    case TALK_CERTIFY:
        write_key(&ask->cert.key, out);
        put_bytes(out, ask->cert.sealed);
        break;
    }
}

static void read_place(struct reading *in, struct order_place *place)
{
    place->count = take_number(in);
    if (place->count > SIGNING_PATH_MOST) {
        in->failed = true;
        return;
    }
    for (size_t k = 0; k < place->count; k++) {
        place->path[k] = take_number(in);
    }
}

static void read_order(struct reading *in, struct arena *arena, struct signing_order *order)
{
    order->sealed = take_bytes(in);
    order->payload = take_bytes(in);
    order->approval.written_by = (int64_t)take_number(in);
    order->approval.approved_by = (int64_t)take_number(in);
    take_hash(in, &order->approval.content);
    order->place_count = take_number(in);
    if (in->failed || order->place_count > TALK_PLACES) {
        in->failed = true;
        return;
    }
    struct order_place *places = arena_take_array(arena, TALK_PLACES, sizeof *places);
    for (size_t i = 0; places != NULL && i < order->place_count && !in->failed; i++) {
        read_place(in, &places[i]);
    }
    order->places = places;
}

static void read_key(struct reading *in, struct signing_key *key)
{
    key->use = (enum key_use)take_number(in);
    key->root_sealed = take_bytes(in);
    key->unit = take_number(in);
    key->tier = take_number(in);
    key->from = (usec)take_number(in);
    key->to = (usec)take_number(in);
    key->serial = take_number(in);
}

static bool read_what(struct reading *in, struct arena *arena, struct talk_ask *ask, uint64_t what)
{
    switch (what) {
    case TALK_SIGN:
        ask->what = TALK_SIGN;
        read_order(in, arena, &ask->order);
        return true;
    case TALK_MAKE:
        ask->what = TALK_MAKE;
        read_key(in, &ask->key);
        return true;
    case TALK_REVOKE:
        ask->what = TALK_REVOKE;
        ask->revoke.root_sealed = take_bytes(in);
        ask->revoke.record = take_bytes(in);
        ask->revoke.next_sealed = take_bytes(in);
        return true;
    case TALK_CERTIFY:
        ask->what = TALK_CERTIFY;
        read_key(in, &ask->cert.key);
        ask->cert.sealed = take_bytes(in);
        return true;
    default: /* a number from outside, not an enum of ours */
        return false;
    }
}

errc talk_ask_read(str packet, struct arena *arena, struct talk_ask *ret_ask, struct why *why)
{
    struct reading in = {.rest = packet};
    struct talk_ask ask = {.number = take_number(&in)};
    bool known = read_what(&in, arena, &ask, take_number(&in));
    ret_ask->number = ask.number;
    if (arena_failed(arena)) {
        return fail(why, ERR_NO_MEMORY, "memory for a question");
    }
    if (!known || in.failed || in.rest.len > 0) {
        return fail(why, ERR_BAD_REQUEST, "a question that is not one");
    }
    *ret_ask = ask;
    return OK;
}

/* --- answers --------------------------------------------------------------------------------- */

void talk_answer_write(const struct talk_answer *answer, struct buf *out)
{
    put_number(out, answer->number);
    put_number(out, (uint64_t)answer->rc);
    put_number(out, answer->highest);
    put_bytes(out, answer->bytes);
    put_bytes(out, answer->reason);
    put_bytes(out, answer->sealed);
    put_bytes(out, hash_bytes(&answer->key));
}

errc talk_answer_read(str packet, struct talk_answer *ret_answer, struct why *why)
{
    struct reading in = {.rest = packet};
    struct talk_answer answer = {.number = take_number(&in)};
    answer.rc = (errc)take_number(&in);
    answer.highest = take_number(&in);
    answer.bytes = take_bytes(&in);
    answer.reason = take_bytes(&in);
    answer.sealed = take_bytes(&in);
    take_hash(&in, &answer.key);
    if (in.failed || in.rest.len > 0 || answer.sealed.len > SIGNING_SEALED_MOST ||
        answer.reason.len > TALK_REASON) {
        return fail(why, ERR_BAD_REQUEST, "an answer that is not one");
    }
    *ret_answer = answer;
    return OK;
}
