/* The two texts that the store reads from elsewhere: the manifest of a backup and a page of a
 * bucket's listing. */
#include "store/manifest.h"

#include "store/s3.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void write_sample(struct buf *out)
{
    struct manifest_migration migrations[] = {
        {S("people"), 1, hash_of(S("1")), S("units")},
        {S("people"), 2, hash_of(S("2")), S("accounts")},
    };
    struct manifest_media media[] = {{.size = 7}, {.size = 0}};
    media[1].name.bytes[0] = 1;
    struct manifest manifest = {.made_at_us = 1800000000 * USEC_SECOND,
                                .kind = STORE_POSTGRESQL,
                                .database = hash_of(S("database")),
                                .database_size = 4096,
                                .migrations = migrations,
                                .migration_count = COUNT_OF(migrations),
                                .media = media,
                                .media_count = COUNT_OF(media)};
    manifest_write(&manifest, out);
}

static void manifest_reads_what_it_wrote(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(buf_finish) struct buf text;
    struct manifest read;
    struct why why;
    buf_init(&text, 1 << 16);
    write_sample(&text);
    assert_int_equal(arena_create(1 << 16, &arena), OK);
    assert_int_equal(manifest_read(buf_str(&text), arena, &read, &why), OK);
    assert_int_equal(read.kind, STORE_POSTGRESQL);
    assert_int_equal(read.migration_count, 2);
    assert_true(str_is(read.migrations[1].name, S("accounts")));
    assert_int_equal(read.media[0].size, 7);
    assert_true(manifest_has(&read, read.media[1].name));
    assert_false(manifest_has(&read, hash_of(S("another"))));
}

/* No byte can be changed, left out or added. */
static void manifest_refuses_every_change(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf text;
    struct manifest read;
    struct why why;
    buf_init(&text, 1 << 16);
    write_sample(&text);
    size_t len = text.len;
    for (size_t i = 0; i < len; i++) {
        AUTO(arena_close) struct arena *arena = NULL;
        assert_int_equal(arena_create(1 << 16, &arena), OK);
        text.at[i] ^= 1;
        assert_int_equal(manifest_read(buf_str(&text), arena, &read, &why), ERR_CORRUPT);
        text.at[i] ^= 1;
        assert_int_equal(manifest_read((str){text.at, i}, arena, &read, &why), ERR_CORRUPT);
    }
    AUTO(arena_close) struct arena *arena = NULL;
    assert_int_equal(arena_create(1 << 16, &arena), OK);
    buf_add_byte(&text, '\n');
    assert_int_equal(manifest_read(buf_str(&text), arena, &read, &why), ERR_CORRUPT);
}

static errc add_size(void *ctx, const struct media_info *item)
{
    *(uint64_t *)ctx += item->size;
    return OK;
}

#define KEY "ab00000000000000000000000000000000000000000000000000000000000000"
#define ITEM(key, size)                                                                            \
    "<Contents><Key>" key "</Key><LastModified>2026-11-21T02:47:35.000Z</LastModified>"            \
    "<Size>" size "</Size></Contents>"

static void s3_page_takes_our_objects_and_skips_others(void **state)
{
    (void)state;
    uint64_t total = 0;
    struct media_each each = {add_size, &total};
    struct s3_page page;
    struct why why;
    static const char xml[] =
        "<ListBucketResult><IsTruncated>true</IsTruncated>"
        "<NextContinuationToken>t</NextContinuationToken>" ITEM("kept/" KEY, "12")
            ITEM("kept/other", "100") ITEM("trash/" KEY, "1000") "</ListBucketResult>";
    assert_int_equal(s3_read_page(str_of(xml), S("kept/"), &each, &page, &why), OK);
    assert_int_equal(total, 12);
    assert_true(page.more && str_is(page.token, S("t")));
}

static void s3_page_refuses_what_is_no_listing(void **state)
{
    (void)state;
    uint64_t total = 0;
    struct media_each each = {add_size, &total};
    struct s3_page page;
    struct why why;
    static const char *const pages[] = {
        "",
        "<html></html>",
        "<IsTruncated>true</IsTruncated>",
        "<IsTruncated>false</IsTruncated>" ITEM("kept/" KEY, "-1"),
        "<IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents>",
        "<IsTruncated>false</IsTruncated><Contents><Key>kept/" KEY "</Key></Contents>",
    };
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        assert_int_equal(s3_read_page(str_of(pages[i]), S("kept/"), &each, &page, &why), ERR_STORE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifest_reads_what_it_wrote),
        cmocka_unit_test(manifest_refuses_every_change),
        cmocka_unit_test(s3_page_takes_our_objects_and_skips_others),
        cmocka_unit_test(s3_page_refuses_what_is_no_listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
