/* The signer against a server that lies: each lie is refused with its reason, and only the truth is
 * signed. */
#include "signer/worker.h"

#include "wire/authority.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>

static const usec now = 1700000000 * USEC_SECOND;

enum { PROVINCE = 1, COMMUNE = 20, VILLAGE = 300, OTHER = 21 };

struct play {
    struct entropy_seed seed;
    struct signer_worker *worker;
    struct arena *arena;
    struct talk_answer root;
    struct buf out;
    struct buf body;
    struct buf payload;
    struct wire_order order;
    struct order_place places[2];
    struct signing_order ask;
    uint64_t area[2];
};

static struct talk_answer ask_worker(struct play *play, const struct talk_ask *ask, usec at)
{
    AUTO(buf_finish) struct buf packet;
    struct talk_answer answer;
    buf_init(&packet, TALK_MOST);
    buf_clear(&play->out);
    talk_ask_write(ask, &packet);
    worker_answer(play->worker, buf_str(&packet), at, &play->out);
    assert_int_equal(talk_answer_read(buf_str(&play->out), &answer, NULL), OK);
    assert_int_equal(answer.number, ask->number);
    return answer;
}

/* Texts of an answer are views of `out`; what is kept is copied. */
static struct talk_answer make_key(struct play *play, enum key_use use, uint64_t unit,
                                   uint64_t tier)
{
    struct talk_ask ask = {.number = 3,
                           .what = TALK_MAKE,
                           .key = {.use = use,
                                   .root_sealed = play->root.sealed,
                                   .unit = unit,
                                   .tier = tier,
                                   .from = now - USEC_HOUR,
                                   .to = now + 365 * USEC_DAY,
                                   .serial = 4}};
    struct talk_answer answer = ask_worker(play, &ask, now);
    answer.sealed = arena_str(play->arena, answer.sealed);
    answer.bytes = arena_str(play->arena, answer.bytes);
    answer.reason = arena_str(play->arena, answer.reason);
    return answer;
}

static void begin(struct play *play, unsigned alone)
{
    *play = (struct play){.seed = {3}};
    struct worker_config config = {.key = {{1, 2, 3}}, .rules = judge_rules_default()};
    config.entropy = entropy_seeded(&play->seed);
    config.rules.alone = alone;
    config.rules.loud = (struct judge_rate){3, 1};
    assert_int_equal(worker_create(&config, &play->worker), OK);
    assert_int_equal(arena_create(4 * 1024 * 1024, &play->arena), OK);
    buf_init(&play->out, TALK_MOST);
    buf_init(&play->body, TALK_MOST);
    buf_init(&play->payload, TALK_MOST);
    play->root = make_key(play, KEY_ROOT, 0, 0);
    assert_int_equal(play->root.rc, OK);
}

static void end(struct play *play)
{
    worker_destroy(play->worker);
    arena_destroy(play->arena);
    buf_finish(&play->out);
    buf_finish(&play->body);
    buf_finish(&play->payload);
}

/* A true alarm of the commune over its village. */
static void tell_truth(struct play *play, str sealed)
{
    struct wire_alarm alarm = {.signal = SIGNAL_SIREN, .clip = 1};
    buf_clear(&play->body);
    assert_int_equal(wire_record_write(&wire_record_alarm, &alarm, &play->body), OK);
    play->area[0] = VILLAGE;
    play->order = (struct wire_order){.id = {{9}},
                                      .kind = ORDER_ALARM,
                                      .order_class = CLASS_EMERGENCY,
                                      .issuer = COMMUNE,
                                      .area = {play->area, 1},
                                      .sequence = 10,
                                      .not_before = now,
                                      .expires = now + USEC_HOUR,
                                      .body = buf_str(&play->body)};
    play->places[0] = (struct order_place){{PROVINCE, COMMUNE, VILLAGE}, 3};
    play->ask = (struct signing_order){
        .sealed = sealed,
        .places = play->places,
        .place_count = 1,
        .approval = {.written_by = 5, .approved_by = 6, .content = hash_of(play->order.body)}};
}

static struct talk_answer sign_at(struct play *play, usec at)
{
    buf_clear(&play->payload);
    assert_int_equal(wire_record_write(&wire_record_order, &play->order, &play->payload), OK);
    play->ask.payload = buf_str(&play->payload);
    struct talk_ask ask = {.number = 8, .what = TALK_SIGN, .order = play->ask};
    return ask_worker(play, &ask, at);
}

static struct talk_answer sign(struct play *play)
{
    return sign_at(play, now);
}

static void expect_refused(struct play *play, errc expected, const char *reason)
{
    struct talk_answer answer = sign(play);
    print_message("%.*s\n", STR_ARG(answer.reason));
    assert_int_equal(answer.rc, expected);
    assert_int_equal(answer.bytes.len, 0);
    assert_true(str_is(answer.reason, str_of(reason)));
}

static void the_truth_is_signed(void **state)
{
    (void)state;
    struct play play;
    struct cose sign1;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    assert_int_equal(key.rc, OK);
    tell_truth(&play, key.sealed);
    struct talk_answer answer = sign(&play);
    assert_int_equal(answer.rc, OK);
    assert_int_equal(answer.highest, 10);
    assert_int_equal(cose_read(answer.bytes, &sign1, NULL), OK);
    assert_true(cose_check(COSE_ORDER, &sign1, key.key));
    assert_int_equal(cose_read(key.bytes, &sign1, NULL), OK);
    assert_true(cose_check(COSE_CERT, &sign1, play.root.key));
    end(&play);
}

static void lies_about_area_and_issuer_are_refused(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    play.places[0] = (struct order_place){{PROVINCE, OTHER, VILLAGE}, 3};
    expect_refused(&play, ERR_FORBIDDEN, "the area is not the key's");
    play.places[0] = (struct order_place){{PROVINCE, COMMUNE, 301}, 3};
    expect_refused(&play, ERR_FORBIDDEN, "the places are not those of the area");
    play.ask.place_count = 0;
    expect_refused(&play, ERR_FORBIDDEN, "the places are not those of the area");
    tell_truth(&play, key.sealed);
    play.order.issuer = PROVINCE;
    expect_refused(&play, ERR_FORBIDDEN, "the key is of another unit");
    end(&play);
}

static void lies_about_class_and_kind_are_refused(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer drill = make_key(&play, KEY_DRILL, COMMUNE, TIER_COMMUNE);
    struct talk_answer daily = make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE);
    struct talk_answer loud = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, drill.sealed);
    expect_refused(&play, ERR_FORBIDDEN, "the key may not sign this class");
    tell_truth(&play, daily.sealed);
    expect_refused(&play, ERR_FORBIDDEN, "the key may not sign this class");
    tell_truth(&play, loud.sealed);
    play.order.order_class = CLASS_DRILL;
    expect_refused(&play, ERR_FORBIDDEN, "the key may not sign this class");
    tell_truth(&play, loud.sealed);
    play.order.kind = ORDER_PLACEMENT;
    expect_refused(&play, ERR_FORBIDDEN, "the key may not sign this kind");
    tell_truth(&play, play.root.sealed);
    expect_refused(&play, ERR_FORBIDDEN, "the root signs no orders");
    end(&play);
}

static void lies_about_the_approval_are_refused(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 1U << CLASS_DRILL);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    play.ask.approval.content.bytes[0] ^= 1;
    expect_refused(&play, ERR_FORBIDDEN, "what was approved is not what is to be signed");
    tell_truth(&play, key.sealed);
    play.ask.approval.approved_by = 5;
    expect_refused(&play, ERR_FORBIDDEN, "who wrote it has approved it");
    play.ask.approval.approved_by = 0;
    expect_refused(&play, ERR_FORBIDDEN, "nobody has approved it");
    struct talk_answer drill = make_key(&play, KEY_DRILL, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, drill.sealed);
    play.order.order_class = CLASS_DRILL;
    play.ask.approval.approved_by = 5;
    assert_int_equal(sign(&play).rc, OK);
    end(&play);
}

static void lies_about_time_and_body_are_refused(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    play.order.expires = now;
    expect_refused(&play, ERR_FORBIDDEN, "the order is over");
    play.order.expires = now + authority_longest(ORDER_ALARM, CLASS_EMERGENCY) + 1;
    expect_refused(&play, ERR_FORBIDDEN, "the order is valid for too long");
    tell_truth(&play, key.sealed);
    play.order.body = S("nothing");
    play.ask.approval.content = hash_of(S("nothing"));
    expect_refused(&play, ERR_FORBIDDEN, "the body is not of its kind");
    tell_truth(&play, key.sealed);
    play.order.not_before = now + 366 * USEC_DAY;
    play.order.expires = play.order.not_before + USEC_HOUR;
    assert_int_equal(sign_at(&play, now + 366 * USEC_DAY).rc, ERR_FORBIDDEN);
    end(&play);
}

static void a_sequence_is_signed_once(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    assert_int_equal(sign(&play).rc, OK);
    expect_refused(&play, ERR_VERSION, "the sequence was taken");
    play.order.sequence = 9;
    expect_refused(&play, ERR_VERSION, "the sequence was taken");
    assert_int_equal(sign(&play).highest, 10);
    play.order.sequence = 12;
    assert_int_equal(sign(&play).rc, OK);
    end(&play);
}

static void a_key_that_screams_is_slowed(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sign(&play).rc, OK);
        play.order.sequence++;
    }
    expect_refused(&play, ERR_TOO_MANY, "this key signs too much");
    assert_int_equal(sign_at(&play, now + USEC_SECOND).rc, OK);
    end(&play);
}

static void a_sealed_key_cannot_be_changed(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_EMERGENCY, COMMUNE, TIER_COMMUNE);
    tell_truth(&play, key.sealed);
    char sealed[SIGNING_SEALED_MOST];
    for (size_t i = 0; i < key.sealed.len; i++) {
        memcpy(sealed, key.sealed.at, key.sealed.len);
        sealed[i] ^= 4;
        play.ask.sealed = (str){sealed, key.sealed.len};
        assert_int_equal(sign(&play).rc, ERR_CORRUPT);
    }
    play.ask.sealed = STR_NONE;
    assert_int_equal(sign(&play).rc, ERR_CORRUPT);
    end(&play);
}

static void keys_need_a_root_and_a_unit(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE);
    assert_int_equal(make_key(&play, KEY_DAILY, 0, TIER_COMMUNE).rc, ERR_FORBIDDEN);
    assert_int_equal(make_key(&play, KEY_DAILY, COMMUNE, 0).rc, ERR_FORBIDDEN);
    assert_int_equal(make_key(&play, (enum key_use)9, COMMUNE, TIER_COMMUNE).rc, ERR_FORBIDDEN);
    play.root = key;
    assert_int_equal(make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE).rc, ERR_FORBIDDEN);
    end(&play);
}

static struct talk_answer revoke(struct play *play, str sealed, uint64_t version)
{
    struct wire_revocations revocations = {.version = version, .at = now};
    buf_clear(&play->payload);
    assert_int_equal(wire_record_write(&wire_record_revocations, &revocations, &play->payload), OK);
    struct talk_ask ask = {.number = 2,
                           .what = TALK_REVOKE,
                           .revoke = {.root_sealed = sealed, .record = buf_str(&play->payload)}};
    return ask_worker(play, &ask, now);
}

static void only_the_root_revokes_and_never_backwards(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE);
    assert_int_equal(revoke(&play, key.sealed, 2).rc, ERR_FORBIDDEN);
    assert_int_equal(revoke(&play, play.root.sealed, 2).rc, OK);
    assert_int_equal(revoke(&play, play.root.sealed, 1).rc, ERR_FORBIDDEN);
    end(&play);
}

static struct talk_answer hand_over(struct play *play, hash next_key, str next_sealed)
{
    struct wire_revocations revocations = {.version = 3, .at = now, .next_root = next_key};
    buf_clear(&play->payload);
    assert_int_equal(wire_record_write(&wire_record_revocations, &revocations, &play->payload), OK);
    struct talk_ask ask = {.number = 2,
                           .what = TALK_REVOKE,
                           .revoke = {.root_sealed = play->root.sealed,
                                      .record = buf_str(&play->payload),
                                      .next_sealed = next_sealed}};
    return ask_worker(play, &ask, now);
}

static void the_next_root_must_have_been_made_here(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    struct talk_answer next = make_key(&play, KEY_ROOT, 0, 0);
    struct talk_answer key = make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE);
    hash stranger = {{1, 2, 3}};
    assert_int_equal(hand_over(&play, stranger, STR_NONE).rc, ERR_FORBIDDEN);
    assert_int_equal(hand_over(&play, stranger, next.sealed).rc, ERR_FORBIDDEN);
    assert_int_equal(hand_over(&play, next.key, STR_NONE).rc, ERR_FORBIDDEN);
    assert_int_equal(hand_over(&play, key.key, key.sealed).rc, ERR_FORBIDDEN);
    assert_int_equal(hand_over(&play, next.key, next.sealed).rc, OK);
    end(&play);
}

static struct talk_answer certify(struct play *play, str sealed, enum key_use use, usec to)
{
    struct talk_ask ask = {.number = 6,
                           .what = TALK_CERTIFY,
                           .cert = {.key = {.use = use,
                                            .root_sealed = play->root.sealed,
                                            .unit = COMMUNE,
                                            .tier = TIER_COMMUNE,
                                            .from = now - USEC_HOUR,
                                            .to = to,
                                            .serial = 9},
                                    .sealed = sealed}};
    return ask_worker(play, &ask, now);
}

static void another_certificate_says_what_the_first_one_said(void **state)
{
    (void)state;
    struct play play;
    usec to = now + 365 * USEC_DAY;
    begin(&play, 0);
    struct talk_answer key = make_key(&play, KEY_DAILY, COMMUNE, TIER_COMMUNE);
    struct talk_answer cert = certify(&play, key.sealed, KEY_DAILY, to);
    assert_int_equal(cert.rc, OK);
    assert_true(hash_is(cert.key, key.key));
    assert_int_equal(certify(&play, key.sealed, KEY_EMERGENCY, to).rc, ERR_FORBIDDEN);
    assert_int_equal(certify(&play, key.sealed, KEY_DAILY, to + 1).rc, ERR_FORBIDDEN);
    assert_int_equal(certify(&play, play.root.sealed, KEY_DAILY, to).rc, ERR_FORBIDDEN);
    assert_int_equal(certify(&play, S("no key"), KEY_DAILY, to).rc, ERR_CORRUPT);
    end(&play);
}

static void a_torn_question_is_answered(void **state)
{
    (void)state;
    struct play play;
    begin(&play, 0);
    AUTO(buf_finish) struct buf packet;
    struct talk_answer answer;
    buf_init(&packet, TALK_MOST);
    tell_truth(&play, play.root.sealed);
    struct talk_ask ask = {.number = 8, .what = TALK_SIGN, .order = play.ask};
    talk_ask_write(&ask, &packet);
    for (size_t i = 0; i < packet.len; i++) {
        buf_clear(&play.out);
        worker_answer(play.worker, str_cut(buf_str(&packet), 0, i), now, &play.out);
        assert_int_equal(talk_answer_read(buf_str(&play.out), &answer, NULL), OK);
        assert_int_equal(answer.rc, ERR_BAD_REQUEST);
    }
    end(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_is_signed),
        cmocka_unit_test(lies_about_area_and_issuer_are_refused),
        cmocka_unit_test(lies_about_class_and_kind_are_refused),
        cmocka_unit_test(lies_about_the_approval_are_refused),
        cmocka_unit_test(lies_about_time_and_body_are_refused),
        cmocka_unit_test(a_sequence_is_signed_once),
        cmocka_unit_test(a_key_that_screams_is_slowed),
        cmocka_unit_test(a_sealed_key_cannot_be_changed),
        cmocka_unit_test(keys_need_a_root_and_a_unit),
        cmocka_unit_test(only_the_root_revokes_and_never_backwards),
        cmocka_unit_test(the_next_root_must_have_been_made_here),
        cmocka_unit_test(another_certificate_says_what_the_first_one_said),
        cmocka_unit_test(a_torn_question_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
