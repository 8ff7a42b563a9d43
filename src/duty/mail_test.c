/* The letter as mail programs get it: headers within their lengths, words of whole characters, and
 * nothing from a title that could become a header, a tag or a command. */
#include "duty/mail.h"

#include "base/testing.h"
#include "base/text.h"

#include <sodium.h>

static struct mail_page page_of(const struct mail_section *section)
{
    return (struct mail_page){.language = S("vi"),
                              .heading = S("3 việc đang chờ"),
                              .intro = S("Chào <anh> & chị"),
                              .sections = section,
                              .section_count = 1,
                              .button = S("Mở"),
                              .link = S("https://loa.example/inbox?a=1&b=\"2\""),
                              .footer = S("Loa")};
}

static void shows_the_same_as_text_and_as_html(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf html;
    struct mail_line lines[] = {{S("Tiêm chủng"), S("Xã Hoà Lâm"), S("https://loa.example/b/1")},
                                {S("<script>"), S(""), S("")}};
    struct mail_section section = {S("Bản tin: 2"), lines, 2, S("và 1 việc nữa")};
    struct mail_page page = page_of(&section);
    buf_init(&text, MAIL_MOST);
    buf_init(&html, MAIL_MOST);
    mail_page_text(&page, &text);
    mail_page_html(&page, &html);
    assert_str(buf_str(&text), S("3 việc đang chờ\n\nChào <anh> & chị\n\nBản tin: 2\n"
                                 "- Tiêm chủng (Xã Hoà Lâm)\n  https://loa.example/b/1\n"
                                 "- <script>\n  và 1 việc nữa\n\n"
                                 "Mở: https://loa.example/inbox?a=1&b=\"2\"\n\n-- \nLoa\n"));
    assert_null(strstr(html.at, "<script"));
    assert_non_null(strstr(html.at, "Chào &lt;anh&gt; &amp; chị"));
    assert_non_null(strstr(html.at, "href=\"https://loa.example/inbox?a=1&amp;b=&quot;2&quot;\""));
    assert_non_null(strstr(html.at, "<a href=\"https://loa.example/b/1\""));
}

/* The words of a header, as a mail program puts them together. */
static void read_words(str header, struct buf *out)
{
    while (header.len > 0) {
        unsigned char bytes[64];
        size_t len = 0;
        str rest = STR_NONE;
        str word = str_trim(str_split(header, '\n', &rest));
        assert_true(word.len <= 75);
        assert_true(str_starts(word, S("=?utf-8?B?")) && str_ends(word, S("?=")));
        word = str_cut(word, 10, word.len - 2);
        assert_int_equal(sodium_base642bin(bytes, sizeof bytes, word.at, word.len, NULL, &len, NULL,
                                           sodium_base64_VARIANT_ORIGINAL),
                         0);
        assert_true(text_is_utf8((str){(char *)bytes, len}));
        buf_add(out, (str){(char *)bytes, len});
        header = rest;
    }
}

static str header_of(const struct buf *letter, const char *name)
{
    const char *at = strstr(letter->at, name);
    assert_non_null(at);
    at += strlen(name);
    const char *end = at;
    while (strncmp(end, "\r\n", 2) != 0 || end[2] == ' ') {
        end++;
    }
    return (str){at, (size_t)(end - at)};
}

static void writes_a_letter_that_every_server_takes(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    AUTO(buf_finish) struct buf subject;
    str title =
        S("CẢNH BÁO CHỜ DUYỆT: Lũ quét suối Nậm Khắt\r\nBcc: ai@do.example – đang lên nhanh");
    struct mail mail = {.from_name = S("Loa – truyền thanh"),
                        .from = S("loa@tinh.example"),
                        .to = S("mai@xa.example"),
                        .subject = title,
                        .text = S("Chào\n"),
                        .html = S("<p>Chào</p>"),
                        .id = S("loa-7-1"),
                        .at = 1772409600 * USEC_SECOND,
                        .urgent = true};
    buf_init(&out, MAIL_MOST);
    buf_init(&subject, 1024);
    assert_ok(mail_write(&mail, &out));
    read_words(header_of(&out, "\r\nSubject: "), &subject);
    assert_str(buf_str(&subject), title);
    assert_null(strstr(out.at, "\r\nBcc:"));
    assert_str(header_of(&out, "Date: "), S("Mon, 2 Mar 2026 00:00:00 +0000"));
    assert_str(header_of(&out, "\r\nTo: "), S("<mai@xa.example>"));
    assert_str(header_of(&out, "\r\nMessage-ID: "), S("<loa-7-1@tinh.example>"));
    assert_str(header_of(&out, "\r\nImportance: "), S("high"));
    for (str rest = buf_str(&out); rest.at != NULL;) {
        str line = str_split(rest, '\n', &rest);
        assert_true(line.len <= 79);
        assert_true(line.len == 0 || str_ends(line, S("\r")));
        for (size_t i = 0; i < line.len; i++) {
            assert_true((unsigned char)line.at[i] < 0x80);
        }
    }
}

static void knows_addresses_that_are_fit(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         "mai",         "mai@",       "@xa.example",     "mai@xa",
        "a b@x.vn", "a@x.vn\r\nb", "-a@x.vn",    "a@x.vn>",         "a@.vn",
        "a@x.vn.",  "a@b@x.vn",    "\"a\"@x.vn", "m\xc3\xa1i@x.vn", "a@x,y.vn",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(mail_address_is_fit(str_of(bad[i])));
    }
    assert_true(mail_address_is_fit(S("lo.thi.mai+loa@yenbai.gov.vn")));
    assert_false(mail_address_is_fit((str){"a@x.vn\0", 7}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_same_as_text_and_as_html),
        cmocka_unit_test(writes_a_letter_that_every_server_takes),
        cmocka_unit_test(knows_addresses_that_are_fit),
    };
    return cmocka_run_group_tests_name("duty: mail", tests, NULL, NULL);
}
