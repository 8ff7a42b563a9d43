/* CBOR read and written piece by piece: the examples of RFC 8949, what the canonical forms forbid,
 * and lengths that lie. */
#include "base/cases.h"
#include "base/cbor_in.h"
#include "base/cbor_out.h"

#include "base/base.h"
#include "base/testing.h"

static const char *const kinds[] = {"none",  "uint", "negative", "bytes", "text",
                                    "array", "map",  "bool",     "null"};

/* The piece as `kind number`, and whether anything is left, or `refused`. */
static void check_piece(void *ctx, const struct cases_row *row)
{
    (void)ctx;
    struct cbor_reader reader = {.rest = row->cells[0], .shortest = true};
    struct cbor_piece piece;
    char found[64] = "refused";
    if (cbor_next(&reader, &piece, NULL) == OK) {
        ignore_int(snprintf(found, sizeof found, "%s %llu%s", kinds[piece.kind],
                            (unsigned long long)piece.number, reader.rest.len > 0 ? " more" : ""));
    }
    if (!str_is(str_of(found), row->cells[1])) {
        fail_msg("%s:%zu: found %s", row->path, row->line, found);
    }
}

static void reads_a_piece(void **state)
{
    (void)state;
    struct why why = {""};
    if (cases_each(LOA_SOURCE_DIR "/src/base/cbor.cases", 2, check_piece, NULL, &why) != OK) {
        fail_msg("%s", why.text);
    }
}

static void reads_longer_numbers_where_that_is_allowed(void **state)
{
    (void)state;
    struct cbor_reader reader = {.rest = S("\x18\x05\x19\x00\x05")};
    int64_t number;
    assert_ok(cbor_next_int(&reader, &number, NULL));
    assert_int_equal(number, 5);
    reader.shortest = true;
    assert_failed(cbor_next_int(&reader, &number, NULL), ERR_BAD_REQUEST);
}

static void expects_a_kind(void **state)
{
    (void)state;
    struct cbor_piece piece;
    struct cbor_reader reader = {.rest = S("\x42hi\x61")};
    assert_ok(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, NULL));
    assert_str(piece.bytes, S("hi"));
    assert_failed(cbor_expect(&reader, CBOR_KIND_TEXT, &piece, NULL), ERR_BAD_REQUEST);
    reader.rest = S("\x01");
    assert_failed(cbor_expect(&reader, CBOR_KIND_TEXT, &piece, NULL), ERR_BAD_REQUEST);
}

static void reads_small_numbers_of_either_sign(void **state)
{
    (void)state;
    int64_t number;
    struct cbor_reader reader = {.rest = S("\x26\x17\x1a\x80\x00\x00\x00")};
    assert_ok(cbor_next_int(&reader, &number, NULL));
    assert_int_equal(number, -7);
    assert_ok(cbor_next_int(&reader, &number, NULL));
    assert_int_equal(number, 23);
    assert_failed(cbor_next_int(&reader, &number, NULL), ERR_BAD_REQUEST);
    reader.rest = S("\x60");
    assert_failed(cbor_next_int(&reader, &number, NULL), ERR_BAD_REQUEST);
    reader.rest = STR_NONE;
    assert_failed(cbor_next_int(&reader, &number, NULL), ERR_BAD_REQUEST);
}

static void steps_over_whole_items_at_most_four_deep(void **state)
{
    (void)state;
    struct cbor_reader reader = {.rest = S("\xa1\x01\x82\x81\x81\x00\x61"
                                           "a\x05")};
    assert_ok(cbor_skip(&reader, NULL));
    assert_str(reader.rest, S("\x05"));
    reader.rest = S("\x81\x81\x81\x81\x81\x00");
    assert_failed(cbor_skip(&reader, NULL), ERR_BAD_REQUEST);
    reader.rest = S("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x00");
    assert_failed(cbor_skip(&reader, NULL), ERR_BAD_REQUEST);
    reader.rest = STR_NONE;
    assert_failed(cbor_skip(&reader, NULL), ERR_BAD_REQUEST);
}

static void writes_every_piece_as_short_as_it_can_be(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 256);
    cbor_map(&out, 2);
    cbor_uint(&out, 1000);
    cbor_int(&out, -1000);
    cbor_int(&out, 24);
    cbor_array(&out, 4);
    cbor_bool(&out, true);
    cbor_bytes(&out, S("\x01\x02"));
    cbor_text(&out, S("hi"));
    cbor_int(&out, INT64_MIN);
    assert_ok(buf_check(&out));
    assert_str(buf_str(&out), S("\xa2\x19\x03\xe8\x39\x03\xe7\x18\x18\x84\xf5\x42\x01\x02\x62hi"
                                "\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_piece),
        cmocka_unit_test(reads_longer_numbers_where_that_is_allowed),
        cmocka_unit_test(expects_a_kind),
        cmocka_unit_test(reads_small_numbers_of_either_sign),
        cmocka_unit_test(steps_over_whole_items_at_most_four_deep),
        cmocka_unit_test(writes_every_piece_as_short_as_it_can_be),
    };
    return cmocka_run_group_tests_name("base: cbor", tests, NULL, NULL);
}
