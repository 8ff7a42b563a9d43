/* Pages as text: each is compared with the one that was reviewed, in site_pages/. */
#include "portal/site.h"

#include "base/file.h"
#include "base/testing.h"
#include "portal/embedded.h"

static struct site site;

static int set_up(void **state)
{
    struct words *words = NULL;
    (void)state;
    assert_ok(words_create(embedded_vi_words(), embedded_en_words(), &words, NULL));
    site = (struct site){.name = S("Xã Đèo Mơ"),
                         .above = S("Tỉnh Lam Giang"),
                         .path = S("/p/xa-deo-mo"),
                         .origin = S("https://lam-giang.example"),
                         .emblem = STR_NONE,
                         .colour = STR_NONE,
                         .style = S("/assets/site.css"),
                         .live = STR_NONE,
                         .words = words,
                         .now = (usec)1764040500 * USEC_SECOND, /* 2025-11-25 10:15 in Viet Nam */
                         .zone = 7 * USEC_HOUR,
                         .sections = 0x3f,
                         .phone = S("0204 3555 222"),
                         .address = S("Thôn Trung Tâm")};
    return 0;
}

static int tear_down(void **state)
{
    struct words *words = (struct words *)(uintptr_t)site.words;
    (void)state;
    words_destroy(words);
    return 0;
}

static struct site_article article(void)
{
    static const struct site_file files[] = {{{"/m/ab12", 7}, {"lich-tiem.pdf", 13}, 120400}};
    return (struct site_article){
        .id = 12,
        .path = S("/tin/12-tiem-phong"),
        .title = S("Tiêm phòng cho trẻ dưới 5 tuổi <sáng thứ Tư>"),
        .category = S("Y tế"),
        .unit = S("Xã Đèo Mơ"),
        .was_of = STR_NONE,
        .summary = S("Trạm y tế tiêm từ 7 giờ 30 tại nhà văn hóa."),
        .body = S("Bà con mang theo **sổ tiêm**.\n\n- Thôn Trung Tâm: 7 giờ 30\n- Thôn Nà Pheo: 9 "
                  "giờ\n\n<script>alert(1)</script>"),
        .published = (usec)1763953200 * USEC_SECOND,
        .sound = {S("/m/cd34"), 61000},
        .transcript = S("Kính thưa bà con, trạm y tế xã tiêm phòng vào sáng thứ Tư."),
        .language = S("vi"),
        .picture = STR_NONE,
        .files = files,
        .file_count = COUNT_OF(files)};
}

/* LOA_GOLDEN=1 writes what is found, for review. */
static void compare(const struct buf *found, const char *name)
{
    char path[300];
    AUTO(buf_finish) struct buf kept;
    buf_init(&kept, SITE_PAGE_MOST);
    ignore_int(
        snprintf(path, sizeof path, "%s/src/portal/site_pages/%s.html", LOA_SOURCE_DIR, name));
    if (getenv("LOA_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(found->at, 1, found->len, file), found->len);
        assert_int_equal(fclose(file), 0);
    }
    assert_ok(file_read(path, SITE_PAGE_MOST, &kept, NULL));
    assert_str(buf_str(found), buf_str(&kept));
}

static void the_first_page(void **state)
{
    struct site_article news[2] = {article(), article()};
    const struct site_item items[] = {
        {.at = site.now - 4 * USEC_HOUR,
         .ms = 600000,
         .title = S("Bản tin sáng"),
         .sound = {S("/m/ef56"), 590000}},
        {.at = site.now - USEC_MINUTE, .ms = 300000, .title = S("Thông báo tiêm phòng")},
        {.at = site.now + 7 * USEC_HOUR, .ms = 900000, .title = S("Bản tin chiều")}};
    const struct site_alarm alarms[] = {{S("Lũ lên nhanh"),
                                         S("Nước suối Nậm Mơ đang lên. Bà con rời bờ suối ngay."),
                                         site.now - 5 * USEC_MINUTE, false}};
    struct site_home home = {.news = {.at = news, .count = 2, .newer = STR_NONE, .older = STR_NONE},
                             .today = {20417, items, COUNT_OF(items)}};
    struct site shown = site;
    AUTO(buf_finish) struct buf out;
    (void)state;
    news[1].sound.path = STR_NONE;
    shown.alarms = alarms;
    shown.alarm_count = 1;
    buf_init(&out, SITE_PAGE_MOST);
    assert_ok(site_home_write(&shown, &home, &out));
    compare(&out, "home");
}

static void an_article(void **state)
{
    struct site_article one = article();
    AUTO(buf_finish) struct buf out;
    (void)state;
    one.was_of = S("Xã Nậm Mơ");
    buf_init(&out, SITE_PAGE_MOST);
    assert_ok(site_article_write(&site, &one, NULL, &out));
    compare(&out, "article");
}

static void a_page_that_is_not_there_in_english(void **state)
{
    struct site english = site;
    AUTO(buf_finish) struct buf out;
    (void)state;
    english.language = WORDS_EN;
    buf_init(&out, SITE_PAGE_MOST);
    assert_ok(site_missing_write(&english, &out));
    compare(&out, "missing");
}

static void nothing_found_says_what_was_looked_for_harmlessly(void **state)
{
    struct site_articles none = {.newer = STR_NONE, .older = STR_NONE};
    AUTO(buf_finish) struct buf out;
    (void)state;
    buf_init(&out, SITE_PAGE_MOST);
    assert_ok(site_search_write(&site, S("\"><script>alert(1)</script>"), &none, &out));
    assert_null(strstr(out.at, "<script"));
    assert_non_null(strstr(out.at, "noindex"));
}

static void a_first_page_is_light(void **state)
{
    struct site_article news[10];
    struct site_home home = {.news = {.at = news, .count = COUNT_OF(news)}};
    AUTO(buf_finish) struct buf out;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(news); i++) {
        news[i] = article();
    }
    buf_init(&out, SITE_PAGE_MOST);
    assert_ok(site_home_write(&site, &home, &out));
    assert_in_range(out.len + embedded_site_css().len, 1000, 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_page),
        cmocka_unit_test(an_article),
        cmocka_unit_test(a_page_that_is_not_there_in_english),
        cmocka_unit_test(nothing_found_says_what_was_looked_for_harmlessly),
        cmocka_unit_test(a_first_page_is_light),
    };
    return cmocka_run_group_tests_name("portal: site", tests, set_up, tear_down);
}
