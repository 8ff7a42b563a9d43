#include "agent/agent_testing.h"

#include "agent/signal.h"

#include <unistd.h>

static void is_let_in_and_obeys_what_is_in_force(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    town_place(town);
    town_settings(town);
    assert_true(town_run(town, 12 * USEC_SECOND));
    struct agent_view view;
    agent_look(town->agent, &view);
    assert_int_equal(view.device, KIT_DEVICE);
    assert_true(view.is_attached);
    assert_int_equal(view.clock.state, CLOCK_SURE);
    assert_int_equal(town->state_reported, 3);
    assert_int_equal(town->status.volume, 80);
    town_close(town);
}

static void fetches_what_is_planned_and_plays_it_in_time(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "flood.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item item = town_item(town, 1, 20 * USEC_SECOND, news, 5000);
    town_plan(town, &item, 1);
    assert_true(town_run(town, 30 * USEC_SECOND));
    town->status.faults = 99;
    assert_true(town_run(town, 90 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_MEDIA), 1);
    assert_int_equal(town_count(town, LOG_ITEM_STARTED), 1);
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 1);
    assert_int_equal(town->fetched, town->media[0].bytes.len);
    town_close(town);
}

static void plays_without_a_server_after_a_start(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "flood.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item items[] = {town_item(town, 1, 60 * USEC_SECOND, news, 5000),
                                     town_item(town, 2, 200 * USEC_SECOND, news, 5000)};
    town_plan(town, items, COUNT_OF(items));
    assert_true(town_run(town, 30 * USEC_SECOND));
    agent_drop(town->agent); /* the power goes */
    disk_fault_restart(town->disk);
    town->world += 20 * USEC_SECOND;
    assert_ok(town_try_start(town));
    assert_true(town_run(town, 5 * USEC_SECOND));
    town->is_down = true;
    town->wants_close = true; /* and the link, for good */
    assert_true(town_run(town, 240 * USEC_SECOND));
    town->is_down = false;
    assert_true(town_run(town, 130 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 2);
    assert_int_equal(town_count(town, LOG_POWER_CUT) + town_count(town, LOG_BOOT), 2);
    town_close(town);
}

/* A week on a hill: no server, power that comes and goes, a clock with a battery. */
static void plays_by_the_wall_where_no_network_is(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "opening.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item items[] = {
        town_item(town, 1, 7 * USEC_DAY, news, 2000),
        town_item(town, 2, 7 * USEC_DAY + 40 * USEC_SECOND, news, 2000)};
    town_plan(town, items, COUNT_OF(items));
    assert_true(town_run(town, 30 * USEC_SECOND));
    town->is_down = true;
    town->has_battery = true;
    agent_drop(town->agent);
    disk_fault_restart(town->disk);
    town->world += 7 * USEC_DAY - 50 * USEC_SECOND;
    assert_ok(town_try_start(town));
    assert_true(town_run(town, 80 * USEC_SECOND));
    town->is_down = false;
    assert_true(town_run(town, 130 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 2);
    town_close(town);
}

static void without_any_clock_it_is_silent_and_says_why(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "opening.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item item = town_item(town, 1, USEC_HOUR, news, 2000);
    town_plan(town, &item, 1);
    assert_true(town_run(town, 30 * USEC_SECOND));
    town->is_down = true;
    agent_drop(town->agent);
    disk_fault_restart(town->disk);
    town->world += USEC_HOUR - 60 * USEC_SECOND;
    assert_ok(town_try_start(town));
    assert_true(town_run(town, 60 * USEC_SECOND));
    town->is_down = false;
    assert_true(town_run(town, 130 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ITEM_NOT_PLAYED), 1);
    size_t at = (size_t)town->chain.seq;
    while (town->log[at].kind != LOG_ITEM_NOT_PLAYED) {
        at--;
    }
    assert_int_equal(town->log[at].reason, REASON_CLOCK_UNSURE);
    town_close(town);
}

static errc count_name(void *ctx, const char *name, uint64_t size)
{
    (void)name;
    *(size_t *)ctx += size > 0;
    return OK;
}

static void fill_stick(struct town *town, const struct disk *stick, const struct kit_draft *plan,
                       hash media)
{
    char hex[HASH_TEXT_SIZE];
    char name[DISK_NAME_MOST];
    AUTO(buf_finish) struct buf trust;
    buf_init(&trust, 65536);
    struct wire_trust record = kit_trust(town->kit, 1);
    assert_ok(wire_record_write(&wire_record_trust, &record, &trust));
    assert_ok(stick->put(stick->ctx, "trust", buf_str(&trust), NULL));
    assert_ok(stick->put(stick->ctx, "orders/0000000001", kit_order(town->kit, plan), NULL));
    hash_text(media, hex);
    ignore_int(snprintf(name, sizeof name, "media/%s", hex));
    assert_ok(stick->put(stick->ctx, name, buf_str(&town->media[0].bytes), NULL));
}

static void a_stick_brings_a_programme_and_takes_the_log_away(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    town_place(town);
    town_settings(town);
    assert_true(town_run(town, 10 * USEC_SECOND));
    town->is_down = true;
    town->wants_close = true;
    assert_true(town_run(town, USEC_SECOND));
    struct disk_fault *fault = disk_fault_create(16 << 20, entropy_seeded(&town->seed));
    struct disk stick = disk_fault_disk(fault);
    hash news = town_medium(town, 0, "opening.opus");
    struct wire_plan_item item = town_item(town, 1, 20 * USEC_SECOND, news, 2000);
    struct kit_draft plan = town_draft(town, ORDER_PLAN, KIT_COMMUNE_DAILY);
    plan.plan = (struct wire_plan){.from = KIT_NOW, .to = KIT_NOW + USEC_DAY, .items = {&item, 1}};
    fill_stick(town, &stick, &plan, news);
    assert_ok(agent_stick(town->agent, &stick, NULL));
    size_t logs = 0;
    struct disk_each each = {count_name, &logs};
    ignore(stick.list(stick.ctx, "logs", &each, NULL));
    assert_true(logs > 0);
    assert_true(town_run(town, 30 * USEC_SECOND));
    town->is_down = false;
    assert_true(town_run(town, 130 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 1);
    assert_int_equal(town_count(town, LOG_STICK), 1);
    disk_fault_destroy(fault);
    town_close(town);
}

/* What a resident hears: the news, the attention signal, the text three times, the news again. */
struct ear {
    char path[64];
    struct buf pcm;
};

static double loudness(const struct ear *ear, usec from, usec length)
{
    size_t first = (size_t)(from / 1000 * 48);
    size_t count = (size_t)(length / 1000 * 48);
    double sum = 0;
    for (size_t i = first; i < first + count && 44 + 2 * i + 1 < ear->pcm.len; i++) {
        int16_t sample = 0;
        memcpy(&sample, ear->pcm.at + 44 + 2 * i, sizeof sample);
        sum += (double)sample * sample;
    }
    return sum / (double)count;
}

static void raise_alarm(struct town *town, hash text)
{
    static struct wire_voice voice;
    voice = (struct wire_voice){
        .language = S("vi"), .media = text, .bytes = town->media[1].bytes.len, .ms = 10000};
    struct kit_draft draft = town_draft(town, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    draft.alarm =
        (struct wire_alarm){.signal = SIGNAL_WAIL, .voices = {&voice, 1}, .pause_ms = 2000};
    town_order(town, &draft);
}

static void check_what_was_heard(const struct ear *ear)
{
    double quiet = 100;
    assert_true(loudness(ear, 5 * USEC_SECOND, 3 * USEC_SECOND) < quiet);    /* before */
    assert_true(loudness(ear, 16 * USEC_SECOND, 3 * USEC_SECOND) > quiet);   /* the news */
    assert_true(loudness(ear, 20200 * 1000, 2 * USEC_SECOND) > 100 * quiet); /* the signal */
    usec text = 20 * USEC_SECOND + signal_length(SIGNAL_WAIL) + 500 * 1000;
    for (int i = 0; i < 3; i++) {
        assert_true(loudness(ear, text + USEC_SECOND, 3 * USEC_SECOND) > quiet);
        text += 10 * USEC_SECOND;
        usec pause = i < 2 ? 1800 * 1000 : 400 * 1000;
        assert_true(loudness(ear, text + 100 * 1000, pause) < quiet);
        text += 2 * USEC_SECOND;
    }
    assert_true(loudness(ear, text - USEC_SECOND, USEC_SECOND) > quiet); /* the news again */
}

static void an_emergency_is_heard_in_the_midst_of_the_news(void **state)
{
    (void)state;
    struct ear ear = {"/tmp/loa-ear-XXXXXX", {.at = NULL}};
    int fd = mkstemp(ear.path);
    assert_true(fd >= 0);
    file_close(&fd);
    struct town *town = town_open(ear.path);
    hash news = town_medium(town, 0, "weather.opus");
    hash text = town_medium(town, 1, "flood.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item item = town_item(town, 1, 14 * USEC_SECOND, news, 9000);
    town_plan(town, &item, 1);
    assert_true(town_run(town, 20 * USEC_SECOND));
    raise_alarm(town, text);
    assert_true(town_run(town, 160 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ALARM_PLAYING), 1);
    assert_int_equal(town_count(town, LOG_ALARM_SOUNDED), 3);
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 1);
    agent_drop(town->agent);
    town->agent = NULL;
    buf_init(&ear.pcm, 64 << 20);
    assert_ok(file_read(ear.path, 64 << 20, &ear.pcm, NULL));
    check_what_was_heard(&ear);
    buf_finish(&ear.pcm);
    ignore_int(unlink(ear.path));
    town_close(town);
}

static void an_alarm_of_the_place_before_does_not_sound_on(void **state)
{
    (void)state;
    static const uint64_t path[] = {KIT_PROVINCE, KIT_ELSEWHERE};
    struct town *town = town_open(NULL);
    struct agent_view view;
    hash text = town_medium(town, 1, "flood.opus");
    town_place(town);
    town_settings(town);
    assert_true(town_run(town, 10 * USEC_SECOND));
    raise_alarm(town, text);
    assert_true(town_run(town, 5 * USEC_SECOND));
    agent_look(town->agent, &view);
    assert_int_equal(view.sound.sound, SOUND_ALARM);
    struct kit_draft draft = town_draft(town, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    draft.placement.path = (struct wire_uints){path, COUNT_OF(path)};
    town_order(town, &draft);
    assert_true(town_run(town, 5 * USEC_SECOND));
    agent_look(town->agent, &view);
    assert_int_not_equal(view.sound.sound, SOUND_ALARM);
    assert_int_equal(town_count(town, LOG_ORDER_ENDED), 1);
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_let_in_and_obeys_what_is_in_force),
        cmocka_unit_test(fetches_what_is_planned_and_plays_it_in_time),
        cmocka_unit_test(plays_without_a_server_after_a_start),
        cmocka_unit_test(plays_by_the_wall_where_no_network_is),
        cmocka_unit_test(without_any_clock_it_is_silent_and_says_why),
        cmocka_unit_test(a_stick_brings_a_programme_and_takes_the_log_away),
        cmocka_unit_test(an_emergency_is_heard_in_the_midst_of_the_news),
        cmocka_unit_test(an_alarm_of_the_place_before_does_not_sound_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
