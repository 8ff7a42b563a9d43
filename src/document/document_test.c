#include "document/document.h"

#include "base/file.h"
#include "base/testing.h"
#include "document/document_testing.h"

#include <zip.h>

static int set_up(void **state)
{
    struct arena *arena = NULL;
    errc rc = arena_create(64 << 20, &arena);
    *state = arena;
    return (int)rc;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void leaves_blanks_in_a_draft_and_writes_noughts(void **state)
{
    struct doc_head head = {.symbol = S("KH-UBND"), .place = S("Cao Lộc"), .date = DAY_OPEN};
    AUTO(buf_finish) struct buf text;
    (void)state;
    buf_init(&text, 200);
    document_number(&head, &text);
    assert_str(buf_str(&text), S("Số:       /KH-UBND"));
    buf_clear(&text);
    head.number = 152;
    document_number(&head, &text);
    assert_str(buf_str(&text), S("Số: 152/KH-UBND"));
    buf_clear(&text);
    document_date(&head, &text);
    assert_str(buf_str(&text), S("Cao Lộc, ngày      tháng      năm       "));
    buf_clear(&text);
    head.month = 3;
    head.year = 2024;
    document_date(&head, &text);
    assert_str(buf_str(&text), S("Cao Lộc, ngày      tháng 3 năm 2024"));
    buf_clear(&text);
    head.date = 19759;
    document_date(&head, &text);
    assert_str(buf_str(&text), S("Cao Lộc, ngày 06 tháng 02 năm 2024"));
}

static void refuses_what_no_paper_can_show(void **state)
{
    struct document document = sample_document(*state);
    assert_ok(document_check(*state, &document, NULL));
    document.head.place = S("Lam\x01Giang");
    assert_failed(document_check(*state, &document, NULL), ERR_INVALID);
    document.head.place = S("Lam Gia\xcc\x80ng"); /* not composed */
    assert_failed(document_check(*state, &document, NULL), ERR_INVALID);
    document.head.place = S("Lam Giang");
    document.note_count = 0;
    assert_failed(document_check(*state, &document, NULL), ERR_INVALID);
    document.note_count = 1;
    static const int widths[] = {1, 1, 1};
    const struct doc_row row = {sample_line, 4, false};
    const struct doc_table table = {widths, 3, &row, 1};
    const struct doc_block block = {.kind = DOC_TABLE, .table = &table};
    document.blocks = &block;
    document.block_count = 1;
    document.notes = sample_notes;
    assert_failed(document_check(*state, &document, NULL), ERR_INVALID);
}

static str part_of(struct arena *arena, const struct buf *file, const char *name)
{
    zip_error_t error;
    zip_stat_t stat;
    zip_source_t *source = zip_source_buffer_create(file->at, file->len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, name, 0, &stat), 0);
    char *bytes = arena_take(arena, stat.size + 1);
    zip_file_t *part = zip_fopen(zip, name, 0);
    assert_int_equal(zip_fread(part, bytes, stat.size), stat.size);
    zip_fclose(part);
    zip_discard(zip);
    return (str){bytes, stat.size};
}

static bool has(str text, const char *what)
{
    return memmem(text.at, text.len, what, strlen(what)) != NULL;
}

static void writes_a_word_document(void **state)
{
    struct document document = sample_document(*state);
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 4 << 20);
    assert_ok(docx_write(&document, 1707206400 * USEC_SECOND, &file, NULL));
    str body = part_of(*state, &file, "word/document.xml");
    static const char *const wanted[] = {"thôn &amp; bản &lt;mọi nơi&gt;",
                                         "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                                         "Số: 05/BC-STTTT",
                                         "w:orient=\"landscape\"",
                                         "<w:titlePg/>",
                                         "<w:tblHeader/>",
                                         "<w:gridSpan w:val=\"3\"/>",
                                         "<w:footnoteReference w:id=\"2\"/>",
                                         "w:val=\"dotted\""};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        if (!has(body, wanted[i])) {
            fail_msg("not there: %s", wanted[i]);
        }
    }
    assert_true(has(part_of(*state, &file, "word/footnotes.xml"), "Số đo từ thiết bị"));
}

static void the_same_document_is_the_same_file(void **state)
{
    struct document document = sample_document(*state);
    AUTO(buf_finish) struct buf once;
    AUTO(buf_finish) struct buf again;
    buf_init(&once, 4 << 20);
    buf_init(&again, 4 << 20);
    assert_ok(docx_write(&document, 1707206400 * USEC_SECOND, &once, NULL));
    assert_ok(docx_write(&document, 1707206400 * USEC_SECOND, &again, NULL));
    assert_str(buf_str(&once), buf_str(&again));
}

static void a_file_that_has_no_room_is_an_error(void **state)
{
    struct document document = sample_document(*state);
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 1000);
    assert_failed(docx_write(&document, 0, &file, NULL), ERR_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_blanks_in_a_draft_and_writes_noughts),
        cmocka_unit_test_setup_teardown(refuses_what_no_paper_can_show, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writes_a_word_document, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_document_is_the_same_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_has_no_room_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("document: document", tests, NULL, NULL);
}
