/* Media on a local folder and on a real S3-speaking server: the same promises on both. */
#include "store/media.h"

#include "base/file.h"
#include "store/testing/test_s3.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LATER (25 * USEC_HOUR)

struct place {
    char folder[64];
    struct media_config config;
    struct media *media;
    bool s3;
};

static struct test_s3 server;
static bool server_runs;
static const enum media_kind folder_kind = MEDIA_FOLDER;
static const enum media_kind s3_kind = MEDIA_S3;

static int set_up(void **state)
{
    const enum media_kind *kind = *state;
    struct why why;
    struct place *place = mem_take(sizeof *place);
    *state = place;
    place->s3 = *kind == MEDIA_S3;
    memcpy(place->folder, "/tmp/loa-test-XXXXXX", sizeof "/tmp/loa-test-XXXXXX");
    place->config =
        (struct media_config){.kind = *kind, .folder = mkdtemp(place->folder), .size_most = 300000};
    if (place->s3 && !server_runs) {
        return 0;
    }
    place->config.s3 = server.config;
    return media_open(&place->config, &place->media, &why) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    struct why why;
    media_close(place->media);
    ignore(file_remove_tree(place->folder, &why));
    mem_give(place);
    return 0;
}

static struct place *place_of(void **state)
{
    struct place *place = *state;
    if (place->media == NULL) {
        skip();
    }
    return place;
}

#define BOTH(test)                                                                                 \
    {#test " [folder]", (test), set_up, tear_down, (void *)(uintptr_t)&folder_kind},               \
    {                                                                                              \
#test " [s3]", (test), set_up, tear_down, (void *)(uintptr_t)&s3_kind                      \
    }

static hash put_text(struct place *place, str text)
{
    struct media_put *put = NULL;
    struct media_info info;
    struct why why = {.text = ""};
    assert_int_equal(media_put_begin(place->media, &put, &why), OK);
    assert_int_equal(media_put_add(put, text, &why), OK);
    errc rc = media_put_end(put, NULL, &info, &why);
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    assert_int_equal(rc, OK);
    assert_int_equal(info.size, text.len);
    assert_true(hash_is(info.name, hash_of(text)));
    return info.name;
}

static errc get_text(struct place *place, hash name, char *text, size_t size)
{
    AUTO(file_close) int fd = -1;
    struct media_info info;
    struct why why = {.text = ""};
    TRY(media_get(place->media, name, &fd, &info, &why));
    ssize_t got = read(fd, text, size - 1);
    assert_true(got >= 0 && (uint64_t)got == info.size);
    text[got] = '\0';
    return OK;
}

static void media_gives_back_what_was_put(void **state)
{
    struct place *place = place_of(state);
    char text[64];
    hash name = put_text(place, S("xin ch\xc3\xa0o"));
    assert_int_equal(get_text(place, name, text, sizeof text), OK);
    assert_string_equal(text, "xin ch\xc3\xa0o");
    assert_true(hash_is(put_text(place, S("xin ch\xc3\xa0o")), name)); /* again is fine */
    hash empty = put_text(place, S(""));
    assert_int_equal(get_text(place, empty, text, sizeof text), OK);
    assert_string_equal(text, "");
}

static void media_answers_not_found(void **state)
{
    struct place *place = place_of(state);
    struct media_info info;
    struct why why;
    char text[8];
    assert_int_equal(get_text(place, hash_of(S("never")), text, sizeof text), ERR_NOT_FOUND);
    assert_int_equal(media_stat(place->media, hash_of(S("never")), &info, &why), ERR_NOT_FOUND);
}

static void media_refuses_more_than_its_ceiling(void **state)
{
    struct place *place = place_of(state);
    static const char block[100000];
    struct media_put *put = NULL;
    struct media_info info;
    struct why why;
    assert_int_equal(media_put_begin(place->media, &put, &why), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(media_put_add(put, (str){block, sizeof block}, &why), OK);
    }
    assert_int_equal(media_put_add(put, S("x"), &why), ERR_TOO_BIG);
    assert_int_equal(media_put_end(put, NULL, &info, &why), ERR_TOO_BIG);
}

static errc count_item(void *ctx, const struct media_info *item)
{
    (void)item;
    (*(int *)ctx)++;
    return OK;
}

static int count(struct place *place, enum media_area area)
{
    int items = 0;
    struct why why = {.text = ""};
    errc rc = media_list(place->media, area, &(struct media_each){count_item, &items}, &why);
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    assert_int_equal(rc, OK);
    return items;
}

static bool leaves_nothing(struct place *place)
{
    char path[128];
    ignore_int(snprintf(path, sizeof path, "%s/tmp", place->folder));
    return rmdir(path) == 0 && mkdir(path, 0750) == 0;
}

static void media_keeps_nothing_of_a_wrong_or_cancelled_upload(void **state)
{
    struct place *place = place_of(state);
    int before = count(place, MEDIA_KEPT);
    struct media_put *put = NULL;
    struct media_info info;
    struct why why;
    hash said = hash_of(S("something else"));
    assert_int_equal(media_put_begin(place->media, &put, &why), OK);
    assert_int_equal(media_put_add(put, S("content of the upload"), &why), OK);
    assert_int_equal(media_put_end(put, &said, &info, &why), ERR_INVALID);
    assert_int_equal(media_put_begin(place->media, &put, &why), OK);
    assert_int_equal(media_put_add(put, S("content of the upload"), &why), OK);
    media_put_cancel(put);
    assert_int_equal(count(place, MEDIA_KEPT), before);
    assert_true(leaves_nothing(place));
}

/* Overwrites the object where the backend keeps it. */
static void damage(struct place *place, hash name)
{
    char text[HASH_TEXT_SIZE];
    char path[256];
    struct why why;
    hash_text(name, text);
    if (place->s3) {
        ignore_int(snprintf(path, sizeof path, "%s/loa-test/loa/kept/%s._S3rver_object",
                            server.folder, text));
    } else {
        ignore_int(snprintf(path, sizeof path, "%s/kept/%.2s/%s", place->folder, text, text));
    }
    assert_true(file_exists(path));
    assert_int_equal(file_write(path, S("damaged!"), 0640, &why), OK);
}

static void media_puts_a_damaged_object_aside(void **state)
{
    struct place *place = place_of(state);
    char text[64];
    hash name = put_text(place, S("12345678"));
    int bad = count(place, MEDIA_BAD);
    damage(place, name);
    assert_int_equal(get_text(place, name, text, sizeof text), ERR_CORRUPT);
    assert_int_equal(count(place, MEDIA_BAD), bad + 1);
    assert_int_equal(get_text(place, name, text, sizeof text), ERR_NOT_FOUND);
    assert_true(hash_is(put_text(place, S("12345678")), name));
    assert_int_equal(get_text(place, name, text, sizeof text), OK);
}

static bool is_this(void *ctx, hash name)
{
    return hash_is(*(const hash *)ctx, name);
}

static struct media_swept sweep(struct place *place, hash *used, usec now)
{
    struct media_swept swept;
    struct why why = {.text = ""};
    errc rc = media_sweep(place->media, &(struct media_marks){is_this, used}, now, &swept, &why);
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    assert_int_equal(rc, OK);
    return swept;
}

static void media_sweep_leaves_fresh_and_used_objects(void **state)
{
    struct place *place = place_of(state);
    hash used = put_text(place, S("used"));
    hash fresh = put_text(place, S("fresh"));
    char text[64];
    struct media_swept swept = sweep(place, &used, now_utc());
    assert_true(swept.kept == 1 && swept.fresh >= 1 && swept.trashed == 0);
    assert_int_equal(get_text(place, fresh, text, sizeof text), OK);
}

static void media_sweep_deletes_only_after_a_second_grace(void **state)
{
    struct place *place = place_of(state);
    hash used = put_text(place, S("used"));
    hash old = put_text(place, S("old"));
    char text[64];
    assert_true(sweep(place, &used, now_utc() + LATER).trashed >= 1);
    struct media_swept second = sweep(place, &used, now_utc());
    assert_int_equal(second.deleted, 0);
    assert_true(sweep(place, &used, now_utc() + LATER).deleted >= 1);
    assert_int_equal(get_text(place, old, text, sizeof text), ERR_NOT_FOUND);
    assert_int_equal(get_text(place, used, text, sizeof text), OK);
}

static void media_brings_back_what_a_sweep_raced_with(void **state)
{
    struct place *place = place_of(state);
    hash used = hash_of(S("nothing of this name"));
    hash raced = put_text(place, S("raced"));
    char text[64];
    assert_true(sweep(place, &used, now_utc() + LATER).trashed >= 1);
    assert_int_equal(get_text(place, raced, text, sizeof text), OK); /* by the reader */
    assert_true(sweep(place, &used, now_utc() + LATER).trashed >= 1);
    assert_int_equal(sweep(place, &raced, now_utc() + LATER).restored, 1); /* by the sweep */
    assert_true(hash_is(put_text(place, S("raced")), raced));              /* by a new upload */
    assert_int_equal(get_text(place, raced, text, sizeof text), OK);
}

static void media_refuses_a_wrong_signature(void **state)
{
    struct place *place = place_of(state);
    struct media_config config = place->config;
    struct media *media = NULL;
    struct media_put *put = NULL;
    struct media_info info;
    struct why why = {.text = ""};
    config.s3.secret = "not the secret";
    assert_int_equal(media_open(&config, &media, &why), OK);
    assert_int_equal(media_put_begin(media, &put, &why), OK);
    assert_int_equal(media_put_add(put, S("x"), &why), OK);
    assert_int_equal(media_put_end(put, NULL, &info, &why), ERR_STORE);
    assert_non_null(strstr(why.text, "SignatureDoesNotMatch"));
    media_close(media);
}

static void media_refuses_unsafe_s3_settings(void **state)
{
    struct place *place = *state;
    struct media_config config = place->config;
    struct media *media = NULL;
    struct why why;
    config.kind = MEDIA_S3;
    config.s3 = (struct media_s3_config){.bucket = "b", .key_id = "k", .secret = "s"};
    static const char *const endpoints[] = {
        "http://s3.example.org", "ftp://x",           "https://",
        "https://user@host",     "https://host/path", "http://127.0.0.1.evil"};
    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        config.s3.endpoint = endpoints[i];
        assert_int_equal(media_open(&config, &media, &why), ERR_USAGE);
    }
}

static void media_answers_when_the_s3_store_is_gone(void **state)
{
    struct place *place = place_of(state);
    struct media_config config = place->config;
    struct media *media = NULL;
    struct media_info info;
    struct why why;
    config.s3.endpoint = "http://127.0.0.1:1"; /* nobody listens there */
    assert_int_equal(media_open(&config, &media, &why), OK);
    assert_int_equal(media_stat(media, hash_of(S("x")), &info, &why), ERR_STORE);
    media_close(media);
}

static void media_full_disk_keeps_nothing(void **state)
{
    struct place *place = place_of(state);
    int before = count(place, MEDIA_KEPT);
    for (unsigned long n = 1;; n++) {
        struct media_put *put = NULL;
        struct media_info info;
        struct why why;
        assert_int_equal(media_put_begin(place->media, &put, &why), OK);
        file_torture(n, 28); /* ENOSPC */
        errc rc = media_put_add(put, S("torture"), &why);
        errc ended = media_put_end(put, NULL, &info, &why);
        bool hit = file_torture_hit();
        file_torture(0, 0);
        if (!hit) {
            assert_int_equal(rc, OK);
            assert_int_equal(ended, OK);
            break;
        }
        assert_int_equal(ended, ERR_DISK_FULL);
        assert_true(leaves_nothing(place));
    }
    assert_int_equal(count(place, MEDIA_KEPT), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(media_gives_back_what_was_put),
        BOTH(media_answers_not_found),
        BOTH(media_refuses_more_than_its_ceiling),
        BOTH(media_keeps_nothing_of_a_wrong_or_cancelled_upload),
        BOTH(media_puts_a_damaged_object_aside),
        BOTH(media_sweep_leaves_fresh_and_used_objects),
        BOTH(media_sweep_deletes_only_after_a_second_grace),
        BOTH(media_brings_back_what_a_sweep_raced_with),
        BOTH(media_full_disk_keeps_nothing),
        {"media_refuses_a_wrong_signature [s3]", media_refuses_a_wrong_signature, set_up, tear_down,
         (void *)(uintptr_t)&s3_kind},
        {"media_answers_when_the_s3_store_is_gone [s3]", media_answers_when_the_s3_store_is_gone,
         set_up, tear_down, (void *)(uintptr_t)&s3_kind},
        {"media_refuses_unsafe_s3_settings", media_refuses_unsafe_s3_settings, set_up, tear_down,
         (void *)(uintptr_t)&folder_kind},
    };
    server_runs = test_s3_start(&server);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (server_runs) {
        test_s3_stop(&server);
    }
    return failed;
}
