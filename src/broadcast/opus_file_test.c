/* The reader of handed-in sounds: what real encoders make is taken with its right length, what is
 * anything else is refused with its reason, whatever byte is wrong. */
#include "broadcast/opus_file.h"

#include "base/entropy.h"
#include "base/file.h"
#include "base/testing.h"
#include "broadcast/opus_file_testing.h"

#include <dirent.h>
#include <opusfile.h>

static void expect_refusal(str bytes, const char *key)
{
    struct opus_facts facts;
    struct why why = {""};
    assert_failed(opus_file_read(bytes, &facts, &why), ERR_INVALID);
    str rest = STR_NONE;
    assert_str(str_split(str_of(why.text), ':', &rest), str_of(key));
}

static void takes_a_file_with_its_length(void **state)
{
    (void)state;
    struct opus_facts facts;
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 1024 * 1024);
    ogg_kit_file(&file, 120, 0);
    assert_ok(opus_file_read(buf_str(&file), &facts, NULL));
    assert_int_equal(facts.ms, (120 * OGG_PACKET_SAMPLES - 312) / 48);
    assert_int_equal(facts.bytes, file.len);
    assert_int_equal(facts.channels, 1);
    buf_clear(&file);
    ogg_kit_file(&file, 120, 1000);
    assert_ok(opus_file_read(buf_str(&file), &facts, NULL));
    assert_int_equal(facts.ms, (120 * OGG_PACKET_SAMPLES - 312 - 1000) / 48);
}

/* The library that devices play with says the same of what a real encoder wrote. */
static void check_with_opusfile(const char *path)
{
    struct opus_facts facts;
    struct why why = {""};
    AUTO(buf_finish) struct buf file;
    buf_init(&file, OPUS_FILE_MOST);
    assert_ok(file_read(path, OPUS_FILE_MOST, &file, NULL));
    if (opus_file_read(buf_str(&file), &facts, &why) != OK) {
        fail_msg("%s: %s", path, why.text);
    }
    OggOpusFile *theirs = op_open_memory((const unsigned char *)file.at, file.len, NULL);
    assert_non_null(theirs);
    assert_int_equal(facts.ms, op_pcm_total(theirs, -1) / 48);
    assert_int_equal(facts.channels, op_channel_count(theirs, -1));
    op_free(theirs);
}

static void agrees_with_opusfile_about_real_recordings(void **state)
{
    (void)state;
    int checked = 0;
    const char *folder = LOA_SOURCE_DIR "/src/server/demo/clips";
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[512];
        if (str_ends(str_of(entry->d_name), S(".opus"))) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            check_with_opusfile(path);
            checked++;
        }
    }
    closedir(dir);
    assert_true(checked > 5);
}

static void refuses_a_file_with_any_byte_altered(void **state)
{
    (void)state;
    struct opus_facts facts;
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 1024 * 1024);
    ogg_kit_file(&file, 60, 0);
    for (size_t i = 0; i < file.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            file.at[i] = (char)(file.at[i] ^ (1 << bit));
            assert_failed(opus_file_read(buf_str(&file), &facts, NULL), ERR_INVALID);
            file.at[i] = (char)(file.at[i] ^ (1 << bit));
        }
    }
}

static void refuses_a_file_cut_off_anywhere(void **state)
{
    (void)state;
    struct opus_facts facts;
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 1024 * 1024);
    ogg_kit_file(&file, 200, 0);
    for (size_t len = 0; len < file.len; len++) {
        assert_failed(opus_file_read(str_cut(buf_str(&file), 0, len), &facts, NULL), ERR_INVALID);
    }
}

static void names_what_is_wrong(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf file;
    struct ogg_kit kit = {.out = &file};
    buf_init(&file, 1024 * 1024);
    expect_refusal(S("RIFF and so on, long enough to hold a page"), "not_ogg");
    ogg_kit_head(&kit, 3);
    expect_refusal(buf_str(&file), "channels");
    buf_clear(&file);
    kit.sequence = 0;
    ogg_kit_head(&kit, 1);
    expect_refusal(buf_str(&file), "torn");
    ogg_kit_page(&kit, OGG_ENDS, 300, S("\x58"), 1);
    expect_refusal(buf_str(&file), "empty");
    ogg_kit_page(&kit, 0, 2880, S("\x58"), 1);
    expect_refusal(buf_str(&file), "chained");
}

static void refuses_times_that_do_not_add_up(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf file;
    struct ogg_kit kit = {.out = &file};
    buf_init(&file, 1024 * 1024);
    ogg_kit_head(&kit, 1);
    size_t head = file.len;
    ogg_kit_page(&kit, 0, 28800, S("\x58"), 10);
    size_t first = file.len;
    ogg_kit_page(&kit, OGG_ENDS, 90000, S("\x58"), 10); /* later than its packets */
    expect_refusal(buf_str(&file), "times");
    buf_cut(&file, first);
    kit.sequence = 3;
    ogg_kit_page(&kit, OGG_ENDS, 20000, S("\x58"), 10); /* backwards */
    expect_refusal(buf_str(&file), "times");
    buf_cut(&file, head);
    kit.sequence = 2;
    ogg_kit_page(&kit, 0, 100, S("\x58"), 10); /* before the beginning */
    expect_refusal(buf_str(&file), "times");
}

static void refuses_pages_of_another_stream_and_missing_ones(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf file;
    struct ogg_kit kit = {.out = &file, .serial = 7};
    buf_init(&file, 1024 * 1024);
    ogg_kit_head(&kit, 1);
    size_t head = file.len;
    kit.serial = 8;
    ogg_kit_page(&kit, OGG_ENDS, 28800, S("\x58"), 10);
    expect_refusal(buf_str(&file), "chained");
    buf_cut(&file, head);
    kit.serial = 7;
    kit.sequence = 4;
    ogg_kit_page(&kit, OGG_ENDS, 28800, S("\x58"), 10);
    expect_refusal(buf_str(&file), "chained");
    buf_cut(&file, head);
    kit.sequence = 2;
    ogg_kit_page(&kit, OGG_CONTINUED | OGG_ENDS, 28800, S("\x58"), 10);
    expect_refusal(buf_str(&file), "torn");
}

/* Anything at all behind right checksums: an answer, never a crash. */
static void survives_noise_with_right_checksums(void **state)
{
    (void)state;
    struct entropy_seed seed = {20260302};
    struct entropy entropy = entropy_seeded(&seed);
    for (int round = 0; round < 20000; round++) {
        struct opus_facts facts;
        AUTO(buf_finish) struct buf file;
        buf_init(&file, 1024 * 1024);
        ogg_kit_file(&file, 2, 0);
        size_t at = entropy_below(entropy, file.len);
        file.at[at] = (char)entropy_u64(entropy);
        size_t begin = at < 47 ? 0 : at < 91 ? 47 : 91;
        size_t end = at < 47 ? 47 : at < 91 ? 91 : file.len;
        ogg_kit_seal((unsigned char *)file.at + begin, end - begin);
        ignore(opus_file_read(buf_str(&file), &facts, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_file_with_its_length),
        cmocka_unit_test(agrees_with_opusfile_about_real_recordings),
        cmocka_unit_test(refuses_a_file_with_any_byte_altered),
        cmocka_unit_test(refuses_a_file_cut_off_anywhere),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(refuses_times_that_do_not_add_up),
        cmocka_unit_test(refuses_pages_of_another_stream_and_missing_ones),
        cmocka_unit_test(survives_noise_with_right_checksums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
