/* The pages of a site. */
#include "portal/site_inside.h"

static void put_card(struct page *page, const struct site_article *article)
{
    struct html *html = &page->html;
    html_tag(html, "article");
    html_attr(html, "lang", article->language);
    html_tag(html, "h3");
    page_link(page, article->path);
    html_text(html, article->title);
    html_end(html);
    html_end(html);
    html_tag(html, "p");
    html_attr_text(html, "class", "facts");
    html_put(html, "span", article->category);
    page_time(page, article->published);
    html_end(html);
    if (article->summary.len > 0) {
        html_put(html, "p", article->summary);
    }
    page_sound(page, article->sound, article->title);
    html_end(html);
}

void page_cards(struct page *page, const struct site_articles *articles, const char *heading)
{
    struct html *html = &page->html;
    html_tag(html, "section");
    html_attr_text(html, "class", "cards");
    if (heading != NULL) {
        page_put(page, "h2", heading);
    }
    for (size_t i = 0; i < articles->count; i++) {
        put_card(page, &articles->at[i]);
    }
    html_end(html);
}

static void put_step(struct page *page, str address, const char *rel, const char *key)
{
    if (address.at != NULL) {
        page_link(page, address);
        html_attr_text(&page->html, "rel", rel);
        page_words(page, key);
        html_end(&page->html);
    }
}

static void put_steps(struct page *page, const struct site_articles *articles)
{
    if (articles->newer.at == NULL && articles->older.at == NULL) {
        return;
    }
    html_tag(&page->html, "p");
    html_attr_text(&page->html, "class", "steps");
    put_step(page, articles->newer, "prev", "site.newer");
    put_step(page, articles->older, "next", "site.older");
    html_end(&page->html);
}

static void put_item(struct page *page, const struct site_item *item, bool is_now)
{
    struct html *html = &page->html;
    html_tag(html, "li");
    html_attr(html, "class", is_now ? S("now") : STR_NONE);
    page_clock(page, item->at);
    html_tag(html, "div");
    html_put(html, "strong", item->title);
    if (is_now) {
        html_tag(html, "span");
        html_attr_text(html, "class", "tag");
        page_words(page, "site.on_air_now");
        html_end(html);
    }
    page_sound(page, item->sound, item->title);
    html_end(html);
    html_end(html);
}

void page_day(struct page *page, const struct site_day *shown)
{
    struct html *html = &page->html;
    usec now = page->site->now;
    if (shown->count == 0) {
        page_put(page, "p", "site.silent_today");
        return;
    }
    html_tag(html, "ol");
    html_attr_text(html, "class", "day");
    for (size_t i = 0; i < shown->count; i++) {
        const struct site_item *item = &shown->items[i];
        put_item(page, item, item->at <= now && now < item->at + item->ms * 1000);
    }
    html_end(html);
}

errc site_home_write(const struct site *site, const struct site_home *home, struct buf *out)
{
    struct page page;
    struct page_head head = {.section = SITE_HOME, .path = S("/")};
    page_open(&page, site, &head, out);
    html_tag(&page.html, "h1");
    html_attr_text(&page.html, "class", "unseen");
    html_text(&page.html, site->name);
    html_end(&page.html);
    if (home->news.count == 0) {
        page_put(&page, "p", "site.no_news");
    } else {
        page_cards(&page, &home->news, "site.news");
        html_tag(&page.html, "p");
        page_link(&page, S("/tin"));
        page_words(&page, "site.more_news");
        html_end(&page.html);
        html_end(&page.html);
    }
    html_tag(&page.html, "section");
    page_put(&page, "h2", "site.today");
    page_day(&page, &home->today);
    html_end(&page.html);
    return page_close(&page);
}

static str word(const struct site *site, const char *key, struct buf *out)
{
    words_write(site->words, site->language, str_of(key), NULL, 0, out);
    return buf_str(out);
}

errc site_news_write(const struct site *site, const struct site_articles *articles, struct buf *out)
{
    struct page page;
    AUTO(buf_finish) struct buf title;
    buf_init(&title, 400);
    struct page_head head = {
        .section = SITE_NEWS, .path = S("/tin"), .title = word(site, "site.news", &title)};
    page_open(&page, site, &head, out);
    html_put(&page.html, "h1", head.title);
    if (articles->count == 0) {
        page_put(&page, "p", "site.no_news");
    }
    page_cards(&page, articles, NULL);
    put_steps(&page, articles);
    return page_close(&page);
}

/* --- an article ------------------------------------------------------------------------------ */

static void put_bytes(struct html *html, int64_t bytes)
{
    char text[40];
    ignore_int(snprintf(text, sizeof text, bytes < 1000000 ? "%lld kB" : "%lld MB",
                        (long long)(bytes < 1000000 ? (bytes + 999) / 1000 : bytes / 1000000)));
    html_put(html, "small", str_of(text));
}

static void put_files(struct page *page, const struct site_article *article)
{
    struct html *html = &page->html;
    if (article->file_count == 0) {
        return;
    }
    page_put(page, "h2", "site.attachments");
    html_tag(html, "ul");
    html_attr_text(html, "class", "files");
    for (size_t i = 0; i < article->file_count; i++) {
        html_tag(html, "li");
        html_tag(html, "a");
        html_attr(html, "href", article->files[i].path);
        html_text(html, article->files[i].name);
        html_end(html);
        put_bytes(html, article->files[i].bytes);
        html_end(html);
    }
    html_end(html);
}

static void put_facts(struct page *page, const struct site_article *article)
{
    struct html *html = &page->html;
    html_tag(html, "p");
    html_attr_text(html, "class", "facts");
    html_put(html, "span", article->category);
    page_time(page, article->published);
    html_tag(html, "span");
    page_words_of(page, "site.by", "unit", article->unit);
    html_end(html);
    html_end(html);
    if (article->was_of.len > 0) {
        html_tag(html, "p");
        html_attr_text(html, "class", "note");
        page_words_of(page, "site.moved", "unit", article->was_of);
        html_end(html);
    }
}

static void put_transcript(struct page *page, const struct site_article *article)
{
    struct html *html = &page->html;
    page_sound(page, article->sound, article->title);
    if (article->transcript.len > 0) {
        html_tag(html, "details");
        page_put(page, "summary", "site.transcript");
        html_put(html, "p", article->transcript);
        html_end(html);
    }
}

errc site_article_write(const struct site *site, const struct site_article *article,
                        const struct prose_ports *ports, struct buf *out)
{
    struct page page;
    struct page_head head = {.section = SITE_NEWS,
                             .title = article->title,
                             .path = article->path,
                             .summary = article->summary,
                             .picture = article->picture};
    page_open(&page, site, &head, out);
    html_tag(&page.html, "article");
    html_attr_text(&page.html, "class", "whole");
    html_attr(&page.html, "lang", article->language);
    html_put(&page.html, "h1", article->title);
    put_facts(&page, article);
    put_transcript(&page, article);
    TRY(prose_write(&page.html, article->body, 2, ports));
    put_files(&page, article);
    html_end(&page.html);
    return page_close(&page);
}

/* --- broadcasts, search, what is not there --------------------------------------------------- */

errc site_radio_write(const struct site *site, const struct site_day *days, size_t count,
                      struct buf *out)
{
    struct page page;
    AUTO(buf_finish) struct buf title;
    buf_init(&title, 400);
    struct page_head head = {
        .section = SITE_RADIO, .path = S("/phat-thanh"), .title = word(site, "site.radio", &title)};
    page_open(&page, site, &head, out);
    html_put(&page.html, "h1", head.title);
    for (size_t i = 0; i < count; i++) {
        html_tag(&page.html, "section");
        html_tag(&page.html, "h2");
        page_date(&page, days[i].date);
        html_end(&page.html);
        page_day(&page, &days[i]);
        html_end(&page.html);
    }
    return page_close(&page);
}

errc site_search_write(const struct site *site, str query, const struct site_articles *found,
                       struct buf *out)
{
    struct page page;
    AUTO(buf_finish) struct buf title;
    struct page_head head = {.section = SITE_HOME, .path = S("/tim"), .hide = true};
    buf_init(&title, 400);
    head.title = word(site, "site.search", &title);
    page_open(&page, site, &head, out);
    html_put(&page.html, "h1", head.title);
    if (found->count == 0) {
        html_tag(&page.html, "p");
        page_words_of(&page, "site.search_none", "words", query);
        html_end(&page.html);
    }
    page_cards(&page, found, NULL);
    put_steps(&page, found);
    return page_close(&page);
}

errc site_missing_write(const struct site *site, struct buf *out)
{
    struct page page;
    AUTO(buf_finish) struct buf title;
    struct page_head head = {.section = SITE_HOME, .path = S("/"), .hide = true};
    buf_init(&title, 400);
    head.title = word(site, "site.not_found", &title);
    page_open(&page, site, &head, out);
    html_put(&page.html, "h1", head.title);
    page_put(&page, "p", "site.not_found_text");
    return page_close(&page);
}
