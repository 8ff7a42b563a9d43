/* Jobs from asking to their end, on both databases: claimed once, taken up again, cancelled,
 * failed. */
#include "base/testing.h"
#include "sounds/sounds_testing.h"
#include "sounds/speech_word.h"

static const struct store_room *const rooms[] = {&people_room, &sounds_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static struct sound a_text(const struct sounds_kit *kit, const char *mark)
{
    return (struct sound){.mark = str_of(mark),
                          .kind = SOUND_SPEECH,
                          .unit = kit->commune,
                          .title = S("News"),
                          .language = S("vi"),
                          .text = S("Hello"),
                          .speed = 100};
}

static errc run_ask(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return sound_ask(&kit->desk, db, kit->in, &kit->numbers[0], why);
}

static errc run_find(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return sound_find(&kit->desk, db, kit->numbers[0], kit->out, why);
}

static errc run_cancel(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return sound_cancel(&kit->desk, db, kit->numbers[0], why);
}

static errc run_take(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return sound_take(db, kit->in, kit->units.arena, kit->out, why);
}

static errc run_renew(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    struct sound_hold hold = {kit->numbers[0], kit->numbers[1]};
    struct sound_step step = {.progress = 37, .moved = true, .until = SOUNDS_NOW + USEC_MINUTE};
    return sound_renew(db, hold, &step, why);
}

static errc run_end(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    struct sound_hold hold = {kit->numbers[0], kit->numbers[1]};
    return sound_end(db, hold, kit->in, SOUNDS_NOW, why);
}

static errc run_release(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    struct sound_hold hold = {kit->numbers[0], kit->numbers[1]};
    return sound_release(db, hold, why);
}

static errc ask(struct sounds_kit *kit, const struct sound *sound)
{
    kit->in = sound;
    return sounds_write(kit, run_ask);
}

static struct sound find(struct sounds_kit *kit)
{
    struct sound sound;
    kit->out = &sound;
    assert_ok(sounds_write(kit, run_find));
    return sound;
}

static errc take(struct sounds_kit *kit, int64_t number, usec now, struct sound *ret_sound)
{
    struct sound_claim claim = {.claim = number, .now = now, .until = now + 10 * USEC_SECOND};
    kit->in = &claim;
    kit->out = ret_sound;
    kit->numbers[1] = number;
    return sounds_write(kit, run_take);
}

static void a_mark_is_asked_for_once(void **state)
{
    struct sounds_kit kit;
    sounds_kit_init(&kit, state);
    struct sound sound = a_text(&kit, "0123456789abcdef");
    assert_ok(ask(&kit, &sound));
    int64_t first = kit.numbers[0];
    assert_ok(ask(&kit, &sound));
    assert_int_equal(kit.numbers[0], first);
    kit.actor.account_id = 6;
    assert_ok(ask(&kit, &sound));
    assert_int_not_equal(kit.numbers[0], first);
    sounds_kit_finish(&kit);
}

static void a_job_is_taken_by_one_and_kept_while_it_is_renewed(void **state)
{
    struct sounds_kit kit;
    struct sound sound = {.id = 0};
    struct sound_result result = {
        .media = hash_of(S("x")), .ms = 5, .bytes = 9, .peaks = S("\1\2")};
    sounds_kit_init(&kit, state);
    sound = a_text(&kit, "0123456789abcdef");
    assert_ok(ask(&kit, &sound));
    assert_ok(take(&kit, 11, SOUNDS_NOW, &sound));
    assert_int_equal(take(&kit, 12, SOUNDS_NOW, &sound), ERR_NOT_FOUND);
    assert_int_equal(sounds_write(&kit, run_renew), ERR_CANCELLED);
    kit.numbers[1] = 11;
    assert_ok(sounds_write(&kit, run_renew));
    assert_int_equal(find(&kit).progress, 37);
    kit.in = &result;
    assert_ok(sounds_write(&kit, run_end));
    struct sound done = find(&kit);
    assert_int_equal(done.state, SOUND_DONE);
    assert_true(hash_is(done.result.media, result.media));
    assert_true(str_is(done.result.peaks, result.peaks));
    assert_int_equal(sounds_write(&kit, run_end), ERR_CANCELLED);
    sounds_kit_finish(&kit);
}

static void a_job_that_was_left_is_taken_again_but_not_for_ever(void **state)
{
    struct sounds_kit kit;
    struct sound sound = {.id = 0};
    usec now = SOUNDS_NOW;
    sounds_kit_init(&kit, state);
    sound = a_text(&kit, "0123456789abcdef");
    assert_ok(ask(&kit, &sound));
    assert_ok(take(&kit, 10, now, &sound));
    assert_ok(sounds_write(&kit, run_release)); /* a server that stops costs no try */
    for (int i = 0; i < SOUND_TRIES; i++) {
        assert_ok(take(&kit, 11 + i, now, &sound));
        assert_int_equal(sound.tries, i + 1);
        now += USEC_MINUTE;
    }
    assert_int_equal(take(&kit, 20, now, &sound), ERR_NOT_FOUND);
    sounds_kit_finish(&kit);
}

static void a_cancelled_job_is_nobodys_any_more(void **state)
{
    struct sounds_kit kit;
    struct sound sound = {.id = 0};
    sounds_kit_init(&kit, state);
    sound = a_text(&kit, "0123456789abcdef");
    assert_ok(ask(&kit, &sound));
    assert_ok(take(&kit, 11, SOUNDS_NOW, &sound));
    assert_ok(sounds_write(&kit, run_cancel));
    assert_int_equal(sounds_write(&kit, run_renew), ERR_CANCELLED);
    assert_int_equal(find(&kit).state, SOUND_CANCELLED);
    assert_ok(sounds_write(&kit, run_cancel));
    kit.actor.account_id = 6;
    assert_int_equal(sounds_write(&kit, run_cancel), ERR_NOT_FOUND);
    sounds_kit_finish(&kit);
}

static void asks_only_where_one_may_write(void **state)
{
    struct sounds_kit kit;
    sounds_kit_init(&kit, state);
    struct sound sound = a_text(&kit, "0123456789abcdef");
    kit.grant.unit_id = kit.commune;
    sound.unit = kit.province;
    assert_int_equal(ask(&kit, &sound), ERR_NOT_FOUND);
    sound.unit = kit.commune;
    kit.grant.role = ROLE_VIEWER;
    assert_int_equal(ask(&kit, &sound), ERR_FORBIDDEN);
    kit.grant.role = ROLE_EDITOR;
    sound.kind = SOUND_UPLOAD;
    sound.upload = 99;
    assert_int_equal(ask(&kit, &sound), ERR_INVALID);
    assert_string_equal(kit.bad.name, "upload");
    sounds_kit_finish(&kit);
}

struct words {
    unit_id unit;
    struct speech_words words;
};

static errc run_put_words(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    const struct words *words = kit->in;
    return speech_words_put(&kit->desk, db, words->unit, &words->words, why);
}

static errc run_words(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return speech_words_of(&kit->desk, db, kit->commune, kit->out, why);
}

static void the_nearer_word_counts(void **state)
{
    struct sounds_kit kit;
    struct speech_words found;
    struct speech_word above[] = {{0, S("Loa"), S("above")}, {0, S("Xa"), S("above")}};
    struct speech_word own[] = {{0, S("Loa"), S("own")}, {0, S("Loa"), S("twice")}};
    sounds_kit_init(&kit, state);
    kit.in = &(struct words){kit.province, {above, 2}};
    assert_ok(sounds_write(&kit, run_put_words));
    kit.in = &(struct words){kit.commune, {own, 2}};
    assert_int_equal(sounds_write(&kit, run_put_words), ERR_INVALID);
    kit.in = &(struct words){kit.commune, {own, 1}};
    assert_ok(sounds_write(&kit, run_put_words));
    kit.out = &found;
    assert_ok(sounds_write(&kit, run_words));
    assert_int_equal(found.count, 2);
    assert_true(str_is(found.at[0].reading, S("own")));
    assert_true(str_is(found.at[1].reading, S("above")));
    sounds_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(a_mark_is_asked_for_once),
        TEST_ON_BOTH(a_job_is_taken_by_one_and_kept_while_it_is_renewed),
        TEST_ON_BOTH(a_job_that_was_left_is_taken_again_but_not_for_ever),
        TEST_ON_BOTH(a_cancelled_job_is_nobodys_any_more),
        TEST_ON_BOTH(asks_only_where_one_may_write),
        TEST_ON_BOTH(the_nearer_word_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
