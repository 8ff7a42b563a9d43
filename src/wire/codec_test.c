/* The codec: every record and message round and round, the strictness by table, the limits of
 * writing, whole messages. */
#include "wire/codec_testing.h"

#include "base/cases.h"
#include "base/testing.h"

enum { SEED = 20261125, ROUNDS = 200, ARENA = 64 << 20 };

static struct arena *arena_new(size_t ceiling)
{
    struct arena *arena = NULL;
    assert_ok(arena_create(ceiling, &arena));
    return arena;
}

/* Written, read and written again, it is the same bytes. */
static void check_round(const struct wire_record *record, const void *value, struct arena *arena)
{
    AUTO(buf_finish) struct buf first = {0};
    AUTO(buf_finish) struct buf second = {0};
    union wire_any read;
    struct why why = {""};
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    assert_ok(wire_record_write(record, value, &first));
    if (wire_record_read(record, buf_str(&first), arena, &read, &why) != OK) {
        fail_msg("%s", why.text);
    }
    assert_ok(wire_record_write(record, &read, &second));
    assert_str(buf_str(&second), buf_str(&first));
}

static void reads_what_it_writes(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = arena_new(ARENA);
    struct entropy_seed seed = {SEED};
    struct wire_filler filler = {entropy_seeded(&seed), arena, false, 4};
    union wire_any value;
    for (const struct wire_record *const *record = wire_records(); *record != NULL; record++) {
        for (int i = 0; i < ROUNDS; i++) {
            wire_fill(&filler, *record, &value);
            check_round(*record, &value, arena);
            arena_reset(arena);
        }
    }
}

/* But for lists of bytes: those are cut by whoever fills the message. */
static void fits_the_largest_values_into_each_message(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = arena_new(ARENA);
    AUTO(buf_finish) struct buf out = {0};
    struct entropy_seed seed = {SEED};
    struct wire_filler filler = {entropy_seeded(&seed), arena, true, SIZE_MAX};
    static struct wire_said said;
    buf_init(&out, 1 << 20);
    for (uint64_t number = 1; wire_message_of(number) != NULL; number++) {
        said.kind = (enum wire_kind)number;
        wire_fill(&filler, wire_record_of(said.kind), &said.hello);
        if (wire_say(&said, &out) != OK) {
            fail_msg("%s does not fit", wire_message_of(number)->name);
        }
        buf_clear(&out);
    }
}

static void check_case(void *ctx, const struct cases_row *row)
{
    struct why why = {"ok"};
    union wire_any value;
    const struct wire_record *record = wire_record_named(row->cells[0]);
    assert_non_null(record);
    ignore(wire_record_read(record, row->cells[1], ctx, &value, &why));
    if (strstr(why.text, row->cells[2].at) == NULL) {
        fail_msg("%s:%zu: %s", row->path, row->line, why.text);
    }
}

static void reads_strictly(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = arena_new(ARENA);
    struct why why = {""};
    if (cases_each(LOA_SOURCE_DIR "/src/wire/codec.cases", 3, check_case, arena, &why) != OK) {
        fail_msg("%s", why.text);
    }
}

static void says_when_there_is_no_room_for_a_list(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = arena_new(1024);
    AUTO(buf_finish) struct buf out = {0};
    static wire_id ids[128];
    memset(ids, 1, sizeof ids);
    struct wire_want want = {.orders = {ids, COUNT_OF(ids)}};
    buf_init(&out, 4096);
    assert_ok(wire_record_write(&wire_record_want, &want, &out));
    want.orders.count = 1;
    assert_failed(wire_record_read(&wire_record_want, buf_str(&out), arena, &want, NULL),
                  ERR_NO_MEMORY);
    assert_int_equal(want.orders.count, 1); /* untouched */
}

static void refuses_to_write(const struct wire_record *record, const void *value)
{
    AUTO(buf_finish) struct buf out = {0};
    buf_init(&out, 1 << 20);
    buf_add(&out, S("before"));
    assert_failed(wire_record_write(record, value, &out), ERR_INVALID);
    assert_str(buf_str(&out), S("before"));
}

static void writes_nothing_that_a_reader_would_refuse(void **state)
{
    (void)state;
    static const char long_text[5000] = {'a'};
    static wire_id ids[129];
    static uint64_t units[1] = {UINT64_MAX};
    str each[1] = {{long_text, WIRE_BYTES_EACH + 1}};
    refuses_to_write(&wire_record_bye, &(struct wire_bye){.reason = 0});
    refuses_to_write(&wire_record_bye, &(struct wire_bye){.reason = 256});
    refuses_to_write(&wire_record_bye, &(struct wire_bye){.reason = 1, .note = {long_text, 201}});
    refuses_to_write(&wire_record_bye, &(struct wire_bye){.reason = 1, .note = S("a\nb")});
    refuses_to_write(&wire_record_alarm, &(struct wire_alarm){.signal = 1, .text = S("a\rb")});
    refuses_to_write(&wire_record_status, &(struct wire_status){.next_at = -1});
    refuses_to_write(&wire_record_status, &(struct wire_status){.next_at = USEC_MOST + 1});
    refuses_to_write(&wire_record_order_sent,
                     &(struct wire_order_sent){.cose = {long_text, 64513}});
    refuses_to_write(&wire_record_want, &(struct wire_want){.orders = {ids, 1}});
    memset(ids, 1, sizeof ids);
    refuses_to_write(&wire_record_want, &(struct wire_want){.orders = {ids, 129}});
    refuses_to_write(&wire_record_sound, &(struct wire_sound){.tag = 1, .packets = {each, 1}});
    each[0].len = 0;
    refuses_to_write(&wire_record_sound, &(struct wire_sound){.tag = 1, .packets = {each, 1}});
    refuses_to_write(&wire_record_placement,
                     &(struct wire_placement){1, {{1}}, {units, 1}, STR_NONE, 0});
    refuses_to_write(&wire_record_clips,
                     &(struct wire_clips){.items = {&(struct wire_clip){.number = 256}, 1}});
    refuses_to_write(&wire_record_clips,
                     &(struct wire_clips){.items = {&(struct wire_clip){.number = 0}, 1}});
}

static void leaves_nothing_of_a_record_that_does_not_fit(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out = {0};
    struct wire_said said = {.kind = WIRE_BYE, .bye = {.reason = 1, .note = S("good night")}};
    buf_init(&out, 8);
    assert_failed(wire_record_write(&wire_record_bye, &said.bye, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
    buf_clear(&out);
    assert_failed(wire_say(&said, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
}

static void says_and_hears_a_message(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = arena_new(ARENA);
    AUTO(buf_finish) struct buf out = {0};
    struct wire_said said = {.kind = WIRE_BYE, .bye = {.reason = BYE_GOING}};
    struct wire_said heard = {.kind = 0};
    buf_init(&out, 256);
    assert_ok(wire_say(&said, &out));
    assert_str(buf_str(&out), S("\x82\x02\xa1\x01\x01"));
    assert_ok(wire_hear(buf_str(&out), WIRE_FROM_SERVER, 0, arena, &heard, NULL));
    assert_int_equal(heard.kind, WIRE_BYE);
    assert_int_equal(heard.bye.reason, BYE_GOING);
    said.kind = 0;
    assert_failed(wire_say(&said, &out), ERR_INVALID);
}

static void says_no_message_that_is_too_big(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out = {0};
    static const char bytes[WIRE_BYTES_EACH];
    str packets[25] = {{bytes, 1}};
    struct wire_said said = {.kind = WIRE_SOUND, .sound = {.tag = 1, .packets = {packets, 25}}};
    buf_init(&out, 1 << 20);
    assert_failed(wire_say(&said, &out), ERR_INVALID); /* all but one are empty */
    for (size_t i = 0; i < COUNT_OF(packets); i++) {
        packets[i] = (str){bytes, sizeof bytes};
    }
    assert_failed(wire_say(&said, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
}

static errc hears(str bytes, enum wire_from side, int version)
{
    struct wire_said heard;
    AUTO(arena_close) struct arena *arena = arena_new(ARENA);
    return wire_hear(bytes, side, version, arena, &heard, NULL);
}

static void hears_only_what_may_be_said(void **state)
{
    (void)state;
    static char large[WIRE_MESSAGE_MOST + 1] = "\x82\x0d\xa1\x18\xff\x59\xff\x00";
    const str beat = S("\x82\x0d\xa0");
    assert_ok(hears(beat, WIRE_FROM_DEVICE, 1));
    assert_failed(hears(beat, WIRE_FROM_DEVICE, 0), ERR_BAD_REQUEST);
    assert_failed(hears(beat, WIRE_FROM_SERVER, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S("\x82\x0d\xa1"), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S("\x82\x0d\xa0\x00"), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S("\x83\x0d\xa0\x00"), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S("\x82\x20\xa0"), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S("\x82"), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears(S(""), WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears((str){large, 17}, WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
    assert_failed(hears((str){large, sizeof large}, WIRE_FROM_DEVICE, 1), ERR_BAD_REQUEST);
}

static void skips_a_message_that_nobody_knows_here(void **state)
{
    (void)state;
    struct wire_said heard = {.kind = WIRE_BEAT};
    assert_ok(wire_hear(S("\x82\x19\x03\xe8 what will be invented later"), WIRE_FROM_SERVER, 1,
                        NULL, &heard, NULL));
    assert_int_equal(heard.kind, 0);
}

static void knows_no_record_for_a_number_nobody_gave(void **state)
{
    (void)state;
    assert_null(wire_record_of(0));
    assert_int_equal(wire_record_none.fields()->key, 0);
    assert_int_equal(wire_element_size(wire_record_time_ask.fields()), 0);
}

/* So that walking over fields and keys together is right. */
static void gives_ascending_keys_to_every_record(void **state)
{
    (void)state;
    for (const struct wire_record *const *record = wire_records(); *record != NULL; record++) {
        const struct wire_field *field = (*record)->fields();
        for (uint8_t before = 0; field->key != 0; before = field->key, field++) {
            assert_true(field->key > before);
            assert_true(field->type != WIRE_TYPE_UINT || field->most > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(fits_the_largest_values_into_each_message),
        cmocka_unit_test(reads_strictly),
        cmocka_unit_test(says_when_there_is_no_room_for_a_list),
        cmocka_unit_test(writes_nothing_that_a_reader_would_refuse),
        cmocka_unit_test(leaves_nothing_of_a_record_that_does_not_fit),
        cmocka_unit_test(says_and_hears_a_message),
        cmocka_unit_test(says_no_message_that_is_too_big),
        cmocka_unit_test(hears_only_what_may_be_said),
        cmocka_unit_test(skips_a_message_that_nobody_knows_here),
        cmocka_unit_test(knows_no_record_for_a_number_nobody_gave),
        cmocka_unit_test(gives_ascending_keys_to_every_record),
    };
    return cmocka_run_group_tests_name("wire: codec", tests, NULL, NULL);
}
