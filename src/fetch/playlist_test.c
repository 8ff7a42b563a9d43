/* Lists as radios have them, and as attackers might. */
#include "fetch/playlist.h"

#include "base/crash.h"
#include "base/testing.h"

static void reads_a_live_list(void **state)
{
    (void)state;
    struct playlist list;
    assert_ok(playlist_read(S("#EXTM3U\r\n#EXT-X-TARGETDURATION:10\r\n#EXT-X-MEDIA-SEQUENCE:77\r\n"
                              "#EXT-X-MAP:URI=\"i,n.mp4\",X=1\r\n#EXTINF:9.9,\r\na.ts\r\n"
                              "#EXTINF:9.9,\r\nhttp://b/c.ts\r\n"),
                            &list));
    assert_int_equal(list.sequence, 77);
    assert_int_equal(list.target_s, 10);
    assert_int_equal(list.count, 2);
    assert_false(list.is_choice);
    assert_false(list.has_ended);
    assert_str(list.map, S("i,n.mp4"));
    assert_str(list.at[1], S("http://b/c.ts"));
}

static void chooses_enough_for_speech(void **state)
{
    (void)state;
    struct playlist list;
    assert_ok(playlist_read(S("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=256000\nhigh\n"
                              "#EXT-X-STREAM-INF:CODECS=\"mp4a.40.2,x\",BANDWIDTH=64000\nmiddle\n"
                              "#EXT-X-STREAM-INF:BANDWIDTH=24000\nlow\n"),
                            &list));
    assert_true(list.is_choice);
    assert_str(list.at[playlist_choose(&list)], S("middle"));
}

static void reads_simple_lists(void **state)
{
    (void)state;
    struct playlist list;
    assert_ok(playlist_read(S("[playlist]\nFile1=http://a/\nTitle1=x\n"), &list));
    assert_str(list.at[0], S("http://a/"));
    assert_ok(playlist_read(S("#EXTM3U\n#EXTINF:-1,VOV\nhttp://b/\n"), &list));
    assert_true(list.is_choice);
    assert_true(playlist_is(S("http://b/\n")));
    assert_false(playlist_is(S("ID3")));
}

static void refuses_what_is_locked_or_empty(void **state)
{
    (void)state;
    struct playlist list;
    assert_int_equal(playlist_read(S("#EXTM3U\n"), &list), ERR_INVALID);
    assert_int_equal(
        playlist_read(S("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\na.ts\n"), &list),
        ERR_INVALID);
    assert_int_equal(playlist_read(STR_NONE, &list), ERR_INVALID);
}

static void keeps_the_last_of_too_many(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf text;
    struct playlist *list = mem_take(sizeof *list);
    buf_init(&text, PLAYLIST_BYTES_MOST);
    buf_add(&text, S("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:5\n"));
    for (int i = 0; i < 300; i++) {
        buf_add_format(&text, "%d.ts\n", i);
    }
    assert_ok(playlist_read(buf_str(&text), list));
    assert_int_equal(list->count, PLAYLIST_ENTRIES);
    assert_int_equal(list->sequence, 5 + 300 - PLAYLIST_ENTRIES);
    assert_str(list->at[PLAYLIST_ENTRIES - 1], S("299.ts"));
    mem_give(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_live_list),
        cmocka_unit_test(chooses_enough_for_speech),
        cmocka_unit_test(reads_simple_lists),
        cmocka_unit_test(refuses_what_is_locked_or_empty),
        cmocka_unit_test(keeps_the_last_of_too_many),
    };
    return cmocka_run_group_tests_name("fetch: playlist", tests, NULL, NULL);
}
