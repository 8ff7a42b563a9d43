/* Feeds as others write them; ours reads back; addresses made whole. */
#include "cap/cap_feed.h"

#include "base/testing.h"

static const char atom[] =
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>x</id><title>Cảnh báo</title>"
    "<entry><id>urn:1</id><updated>2026-07-19T07:57:00Z</updated>"
    "<link rel=\"related\" href=\"map.png\"/><link href=\"page.html\"/>"
    "<link type=\"application/cap+xml\" href=\"1.xml\"/></entry>"
    "<entry><id>urn:2</id><title>only words</title></entry>"
    "<entry><id>urn:3</id><content type=\"text/xml\">"
    "<c:alert xmlns:c=\"urn:oasis:names:tc:emergency:cap:1.2\"><c:sender>a</c:sender></c:alert>"
    "</content></entry></feed>";

static const char rss[] = "<rss version=\"2.0\"><channel><title>x</title>"
                          "<item><guid>g1</guid><link>https://kttv.example/1.xml</link>"
                          "<pubDate>Sun, 19 Jul 2026 07:57:00 GMT</pubDate></item>"
                          "<item><title>nothing</title></item></channel></rss>";

static int set_up(void **state)
{
    return arena_create(4 << 20, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void reads_atom(void **state)
{
    struct cap_feed feed;
    struct why why = {""};
    assert_ok(cap_feed_read(str_of(atom), *state, &feed, &why));
    assert_int_equal(feed.count, 2);
    assert_str(feed.at[0].id, S("urn:1"));
    assert_str(feed.at[0].address, S("1.xml"));
    assert_str(feed.at[0].updated, S("2026-07-19T07:57:00Z"));
    assert_str(feed.at[1].id, S("urn:3"));
    assert_true(strstr(feed.at[1].content.at, "<c:sender>a</c:sender>") != NULL);
}

static void reads_rss_and_a_message_alone(void **state)
{
    struct cap_feed feed;
    struct why why = {""};
    str alone = S("<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"/>");
    assert_ok(cap_feed_read(str_of(rss), *state, &feed, &why));
    assert_int_equal(feed.count, 1);
    assert_str(feed.at[0].id, S("g1"));
    assert_str(feed.at[0].address, S("https://kttv.example/1.xml"));
    assert_ok(cap_feed_read(alone, *state, &feed, &why));
    assert_str(feed.at[0].content, alone);
    assert_int_equal(cap_feed_read(S("<html/>"), *state, &feed, &why), ERR_INVALID);
}

static void makes_addresses_whole(void **state)
{
    static const struct {
        const char *base;
        const char *address;
        const char *whole; /* empty: refused */
    } rows[] = {
        {"https://a.example/b/feed.atom", "1.xml", "https://a.example/b/1.xml"},
        {"https://a.example/b/feed.atom?x=/y", "1.xml", "https://a.example/b/1.xml"},
        {"https://a.example/b/feed.atom", "/c/1.xml", "https://a.example/c/1.xml"},
        {"https://a.example", "1.xml", "https://a.example/1.xml"},
        {"https://a.example/", "http://b.example/1", "http://b.example/1"},
        {"https://a.example/", "//b.example/1", ""},
        {"https://a.example/", "file:///etc/passwd", ""},
        {"https://a.example/", "javascript:1", ""},
        {"https://a.example/", "a b", ""},
        {"https://a.example/", "", ""},
        {"ftp://a.example/", "1.xml", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str whole = S("");
        errc rc =
            cap_feed_address(str_of(rows[i].base), str_of(rows[i].address), *state, &whole, NULL);
        assert_int_equal(rc, rows[i].whole[0] == '\0' ? ERR_INVALID : OK);
        assert_str(whole, str_of(rows[i].whole));
    }
}

static void writes_atom_that_it_reads(void **state)
{
    AUTO(buf_finish) struct buf text;
    struct cap_feed feed;
    struct cap_feed_head head = {.title = S("Khẩn cấp <Lam Giang>"),
                                 .author = S("Loa"),
                                 .address = S("https://loa.example/cap/1.atom"),
                                 .updated = 1000};
    struct cap_feed_item item = {.identifier = S("loa-1"),
                                 .title = S("Lũ & lụt"),
                                 .summary = S(""),
                                 .address = S("https://loa.example/cap/loa-1.xml"),
                                 .updated = USEC_SECOND};
    buf_init(&text, 64 * 1024);
    cap_feed_write(&head, &item, 1, &text);
    assert_ok(cap_feed_read(buf_str(&text), *state, &feed, NULL));
    assert_int_equal(feed.count, 1);
    assert_str(feed.at[0].address, item.address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_atom),
        cmocka_unit_test(reads_rss_and_a_message_alone),
        cmocka_unit_test(makes_addresses_whole),
        cmocka_unit_test(writes_atom_that_it_reads),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
