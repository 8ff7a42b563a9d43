/* Sources and messages on both databases: kept once, used once, overtaken, ended. */
#include "alert/message.h"

#include "alert/alert_store.h"
#include "alert/issued.h"
#include "broadcast/desk_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room,
                                                 &alert_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct listener {
    struct desk_kit kit;
    struct cap_source source;
    struct cap_code code;
    str xml;
    int64_t id;
    int64_t alarm;
    struct cap_wish wish;
    struct cap_kept kept;
    struct cap_kept_list list;
};

static const char form[] =
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>%s</identifier>"
    "<sender>a@b.example</sender><sent>2026-03-02T06:59:00+07:00</sent><status>Actual</status>"
    "<msgType>%s</msgType><scope>Public</scope>%s<info><category>Met</category>"
    "<event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>"
    "<certainty>Observed</certainty><headline>Flood</headline><area><areaDesc>x</areaDesc>"
    "<geocode><valueName>zone</valueName><value>7</value></geocode></area></info></alert>";

static void begin(struct listener *listener, void **state)
{
    memset(listener, 0, sizeof *listener);
    desk_kit_init(&listener->kit, state);
    listener->code = (struct cap_code){S("zone"), S("7"), listener->kit.orders.commune};
    listener->source = (struct cap_source){.unit = listener->kit.orders.province,
                                           .name = S("KTTV"),
                                           .address = S(""),
                                           .every_s = 60,
                                           .policy = POLICY_ASK,
                                           .enabled = true,
                                           .senders = S(""),
                                           .certificates = S(""),
                                           .severity_least = CAP_SEVERITY_SEVERE,
                                           .language = S("vi"),
                                           .code_names = S(""),
                                           .codes = &listener->code,
                                           .code_count = 1};
    listener->wish = (struct cap_wish){.mark = {{1}}, .title = S(""), .text = S(""), .clip = 1};
}

static void say(struct listener *listener, const char *identifier, const char *type,
                const char *references)
{
    listener->xml = arena_format(listener->kit.desk.arena, form, identifier, type, references);
}

static errc run_put(void *ctx, struct db *db, struct why *why)
{
    struct listener *listener = ctx;
    return cap_source_put(&listener->kit.desk, db, &listener->source, &listener->source.id, why);
}

static errc run_take(void *ctx, struct db *db, struct why *why)
{
    struct listener *listener = ctx;
    struct cap_job job = {.desk = &listener->kit.desk};
    TRY(cap_message_take(&job, db, listener->source.id, listener->xml, &listener->id, why));
    return cap_message_get(&listener->kit.desk, db, listener->id, &listener->kept, why);
}

static errc run_use(void *ctx, struct db *db, struct why *why)
{
    struct listener *listener = ctx;
    TRY(cap_message_use(&listener->kit.desk, db, listener->id, &listener->wish, &listener->alarm,
                        why));
    return cap_message_get(&listener->kit.desk, db, listener->id, &listener->kept, why);
}

static errc run_list(void *ctx, struct db *db, struct why *why)
{
    struct listener *listener = ctx;
    struct cap_filter filter = {.limit = 10};
    struct cap_ready ready;
    TRY(cap_messages_expire(db, listener->kit.orders.actor.now, why));
    TRY(cap_messages_ready(db, listener->kit.desk.arena, &ready, why));
    return cap_message_list(&listener->kit.desk, db, &filter, &listener->list, why);
}

static errc now(struct listener *listener, errc (*run)(void *ctx, struct db *db, struct why *why))
{
    return store_write_now(listener->kit.test->store, run, listener, &listener->kit.why);
}

static void is_kept_once_and_used_once(void **state)
{
    struct listener listener;
    begin(&listener, state);
    assert_int_equal(now(&listener, run_put), OK);
    say(&listener, "A-1", "Alert", "");
    assert_int_equal(now(&listener, run_take), OK);
    int64_t first = listener.id;
    assert_int_equal(listener.kept.state, STATE_WAITING);
    assert_int_equal(listener.kept.unit_count, 1);
    assert_int_equal(listener.kept.units[0], listener.kit.orders.commune);
    assert_int_equal(now(&listener, run_take), OK);
    assert_int_equal(listener.id, first);
    assert_int_equal(now(&listener, run_use), OK);
    assert_int_equal(listener.kept.state, STATE_USED);
    assert_true(listener.alarm > 0);
    assert_int_equal(now(&listener, run_list), OK);
    assert_int_equal(listener.list.count, 1);
    desk_kit_finish(&listener.kit);
}

static void an_end_finds_its_alarm(void **state)
{
    static const char earlier[] =
        "<references>a@b.example,A-1,2026-03-02T06:59:00+07:00</references>";
    struct listener listener;
    begin(&listener, state);
    assert_int_equal(now(&listener, run_put), OK);
    say(&listener, "A-1", "Alert", "");
    assert_int_equal(now(&listener, run_take), OK);
    assert_int_equal(now(&listener, run_use), OK);
    int64_t alarm = listener.alarm;
    say(&listener, "A-2", "Cancel", earlier);
    assert_int_equal(now(&listener, run_take), OK);
    assert_int_equal(listener.kept.state, STATE_WAITING);
    listener.wish.mark.bytes[0] = 2;
    assert_int_equal(now(&listener, run_use), OK);
    assert_int_equal(listener.alarm, alarm);
    say(&listener, "A-3", "Cancel", earlier);
    assert_int_equal(now(&listener, run_take), OK);
    assert_int_equal(listener.kept.note, NOTE_NOTHING_TO_END);
    desk_kit_finish(&listener.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(is_kept_once_and_used_once),
        TEST_ON_BOTH(an_end_finds_its_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
