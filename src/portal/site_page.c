/* The frame around every page of a site: head, emergency, menu, foot; and small things in it. */
#include "portal/site_inside.h"

enum { WORDS_MOST = 4096 };

static const struct section {
    const char *word;
    const char *path;
} sections[SITE_SECTIONS] = {
    [SITE_HOME] = {"site.home", "/"},
    [SITE_NEWS] = {"site.news", "/tin"},
    [SITE_RADIO] = {"site.radio", "/phat-thanh"},
    [SITE_DOCUMENTS] = {"site.documents", "/van-ban"},
    [SITE_CONTACTS] = {"site.contacts", "/lien-he"},
    [SITE_FEEDBACK] = {"site.feedback", "/phan-anh"},
};

/* --- words and times ------------------------------------------------------------------------- */

void page_words_of(struct page *page, const char *key, const char *name, str value)
{
    const struct site *site = page->site;
    struct words_arg arg = {name, value};
    AUTO(buf_finish) struct buf text;
    buf_init(&text, WORDS_MOST);
    words_write(site->words, site->language, str_of(key), &arg, name == NULL ? 0 : 1, &text);
    html_text(&page->html, buf_str(&text));
}

void page_words(struct page *page, const char *key)
{
    page_words_of(page, key, NULL, STR_NONE);
}

void page_put(struct page *page, const char *tag, const char *key)
{
    html_tag(&page->html, tag);
    page_words(page, key);
    html_end(&page->html);
}

void page_link(struct page *page, str path)
{
    AUTO(buf_finish) struct buf address;
    buf_init(&address, WORDS_MOST);
    buf_add(&address, page->site->path);
    buf_add(&address, path);
    html_tag(&page->html, "a");
    html_attr(&page->html, "href", buf_str(&address));
}

static void add_date(const struct page *page, day date, struct buf *text)
{
    char key[16];
    struct civil civil = day_civil(date);
    ignore_int(snprintf(key, sizeof key, "day.%d", ((date + 3) % 7 + 7) % 7 + 1));
    words_write(page->site->words, page->site->language, str_of(key), NULL, 0, text);
    buf_add_format(text, ", %d/%d/%d", civil.mday, civil.month, civil.year);
}

void page_date(struct page *page, day date)
{
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf machine;
    buf_init(&text, 200);
    buf_init(&machine, 40);
    add_date(page, date, &text);
    day_write(date, &machine);
    html_tag(&page->html, "time");
    html_attr(&page->html, "datetime", buf_str(&machine));
    html_text(&page->html, buf_str(&text));
    html_end(&page->html);
}

static void put_time(struct page *page, usec at, bool has_date)
{
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf machine;
    struct clock_time clock = usec_clock(at, page->site->zone);
    buf_init(&text, 200);
    buf_init(&machine, 40);
    usec_write(at / USEC_SECOND * USEC_SECOND, &machine);
    if (has_date) {
        add_date(page, day_of(at, page->site->zone), &text);
        buf_add_text(&text, ", ");
    }
    buf_add_format(&text, "%d:%02d", clock.hour, clock.minute);
    html_tag(&page->html, "time");
    html_attr(&page->html, "datetime", buf_str(&machine));
    html_text(&page->html, buf_str(&text));
    html_end(&page->html);
}

void page_time(struct page *page, usec at)
{
    put_time(page, at, true);
}

void page_clock(struct page *page, usec at)
{
    put_time(page, at, false);
}

static void put_length(struct page *page, int64_t ms)
{
    char count[24];
    int64_t seconds = (ms + 500) / 1000;
    bool short_one = seconds < 60;
    ignore_int(snprintf(count, sizeof count, "%lld",
                        (long long)(short_one ? seconds : (seconds + 30) / 60)));
    html_tag(&page->html, "span");
    html_attr_text(&page->html, "class", "length");
    page_words_of(page, short_one ? "site.seconds" : "site.minutes", "count", str_of(count));
    html_end(&page->html);
}

void page_sound(struct page *page, struct site_sound sound, str title)
{
    struct html *html = &page->html;
    if (sound.path.at == NULL) {
        return;
    }
    html_tag(html, "p");
    html_attr_text(html, "class", "sound");
    html_tag(html, "audio");
    html_flag(html, "controls");
    html_attr_text(html, "preload", "none");
    html_attr(html, "src", sound.path);
    html_attr(html, "aria-label", title);
    html_end(html);
    put_length(page, sound.ms);
    html_end(html);
}

/* --- the head -------------------------------------------------------------------------------- */

static void put_meta(struct page *page, const char *by, const char *name, str content)
{
    if (content.len > 0) {
        html_void(&page->html, "meta");
        html_attr_text(&page->html, by, name);
        html_attr(&page->html, "content", content);
    }
}

static void put_title(struct page *page, const struct page_head *head)
{
    html_tag(&page->html, "title");
    if (head->title.len > 0) {
        html_text(&page->html, head->title);
        html_text(&page->html, S(" – "));
    }
    html_text(&page->html, page->site->name);
    html_end(&page->html);
}

static void put_rel(struct page *page, const char *rel, const char *type, const char *path)
{
    AUTO(buf_finish) struct buf address;
    buf_init(&address, WORDS_MOST);
    buf_add(&address, page->site->origin);
    buf_add(&address, page->site->path);
    buf_add_text(&address, path);
    html_void(&page->html, "link");
    html_attr_text(&page->html, "rel", rel);
    html_attr(&page->html, "type", str_of(type));
    html_attr(&page->html, "href", buf_str(&address));
}

static void put_head(struct page *page, const struct page_head *head)
{
    const struct site *site = page->site;
    struct html *html = &page->html;
    AUTO(buf_finish) struct buf path;
    buf_init(&path, WORDS_MOST);
    buf_add(&path, head->path);
    html_tag(html, "head");
    html_void(html, "meta");
    html_attr_text(html, "charset", "utf-8");
    put_meta(page, "name", "viewport", S("width=device-width, initial-scale=1"));
    put_title(page, head);
    put_meta(page, "name", "description", head->summary);
    put_meta(page, "name", "theme-color", site->colour);
    put_meta(page, "name", "robots", head->hide ? S("noindex") : STR_NONE);
    put_meta(page, "property", "og:title", head->title.len > 0 ? head->title : site->name);
    put_meta(page, "property", "og:site_name", site->name);
    put_meta(page, "property", "og:type", S("website"));
    put_meta(page, "property", "og:description", head->summary);
    put_meta(page, "property", "og:image", head->picture);
    put_rel(page, "canonical", NULL, path.len > 0 ? path.at : "/");
    put_rel(page, "alternate", "application/rss+xml", "/tin.rss");
    html_void(html, "link");
    html_attr_text(html, "rel", "stylesheet");
    html_attr(html, "href", site->style);
    html_end(html);
}

/* --- emergency, menu, foot ------------------------------------------------------------------- */

static void put_alarm(struct page *page, const struct site_alarm *alarm)
{
    struct html *html = &page->html;
    html_tag(html, "section");
    html_attr_text(html, "class", alarm->is_drill ? "alarm drill" : "alarm");
    html_attr_text(html, "role", alarm->is_drill ? "status" : "alert");
    html_tag(html, "p");
    html_attr_text(html, "class", "kind");
    page_words(page, alarm->is_drill ? "site.drill" : "site.alarm");
    html_end(html);
    html_put(html, "h2", alarm->title);
    html_put(html, "p", alarm->text);
    html_tag(html, "p");
    html_attr_text(html, "class", "since");
    page_time(page, alarm->since);
    html_end(html);
    html_end(html);
}

static void put_live(struct page *page)
{
    const struct site *site = page->site;
    struct html *html = &page->html;
    if (site->live.at == NULL) {
        return;
    }
    html_tag(html, "section");
    html_attr_text(html, "class", "live");
    page_put(page, "h2", "site.live_now");
    html_put(html, "p", site->live_title);
    html_tag(html, "audio");
    html_flag(html, "controls");
    html_attr_text(html, "preload", "none");
    html_attr(html, "src", site->live);
    html_attr(html, "aria-label", site->live_title);
    html_end(html);
    html_end(html);
}

static void put_menu(struct page *page, enum site_section current)
{
    struct html *html = &page->html;
    html_tag(html, "nav");
    html_tag(html, "ul");
    for (int i = 0; i < SITE_SECTIONS; i++) {
        if ((page->site->sections >> i & 1U) == 0) {
            continue;
        }
        html_tag(html, "li");
        page_link(page, str_of(sections[i].path));
        html_attr(html, "aria-current", i == (int)current ? S("page") : STR_NONE);
        page_words(page, sections[i].word);
        html_end(html);
        html_end(html);
    }
    html_end(html);
    html_end(html);
}

static void put_search(struct page *page)
{
    struct html *html = &page->html;
    AUTO(buf_finish) struct buf action;
    buf_init(&action, WORDS_MOST);
    buf_add(&action, page->site->path);
    buf_add_text(&action, "/tim");
    html_tag(html, "form");
    html_attr_text(html, "role", "search");
    html_attr(html, "action", buf_str(&action));
    html_tag(html, "label");
    html_attr_text(html, "for", "q");
    html_attr_text(html, "class", "unseen");
    page_words(page, "site.search_label");
    html_end(html);
    html_void(html, "input");
    html_attr_text(html, "id", "q");
    html_attr_text(html, "name", "q");
    html_attr_text(html, "type", "search");
    html_attr_text(html, "maxlength", "100");
    html_flag(html, "required");
    page_put(page, "button", "site.search");
    html_end(html);
}

static void put_top(struct page *page)
{
    const struct site *site = page->site;
    struct html *html = &page->html;
    html_tag(html, "header");
    page_link(page, S("/"));
    html_attr_text(html, "class", "name");
    if (site->emblem.at != NULL) {
        html_void(html, "img");
        html_attr(html, "src", site->emblem);
        html_attr_text(html, "alt", "");
        html_attr_text(html, "width", "48");
        html_attr_text(html, "height", "48");
    }
    html_tag(html, "span");
    html_put(html, "small", site->above);
    html_put(html, "strong", site->name);
    html_end(html);
    html_end(html);
    put_search(page);
    html_end(html);
}

void page_open(struct page *page, const struct site *site, const struct page_head *head,
               struct buf *out)
{
    struct html *html = &page->html;
    page->site = site;
    html_init(html, out);
    html_page(html);
    html_tag(html, "html");
    html_attr(html, "lang", words_code(site->language));
    put_head(page, head);
    html_tag(html, "body");
    html_tag(html, "a");
    html_attr_text(html, "class", "skip");
    html_attr_text(html, "href", "#main");
    page_words(page, "site.skip");
    html_end(html);
    put_top(page);
    put_menu(page, head->section);
    for (size_t i = 0; i < site->alarm_count; i++) {
        put_alarm(page, &site->alarms[i]);
    }
    put_live(page);
    html_tag(html, "main");
    html_attr_text(html, "id", "main");
}

static void put_contact(struct page *page, const char *key, const char *scheme, str value)
{
    struct html *html = &page->html;
    AUTO(buf_finish) struct buf address;
    if (value.len == 0) {
        return;
    }
    buf_init(&address, WORDS_MOST);
    buf_add_text(&address, scheme);
    buf_add(&address, value);
    page_put(page, "dt", key);
    html_tag(html, "dd");
    if (scheme[0] != '\0') {
        html_tag(html, "a");
        html_attr(html, "href", buf_str(&address));
    }
    html_text(html, value);
    if (scheme[0] != '\0') {
        html_end(html);
    }
    html_end(html);
}

errc page_close(struct page *page)
{
    const struct site *site = page->site;
    struct html *html = &page->html;
    html_end(html); /* main */
    html_tag(html, "footer");
    html_put(html, "strong", site->name);
    html_tag(html, "dl");
    put_contact(page, "site.address", "", site->address);
    put_contact(page, "site.phone", "tel:", site->phone);
    put_contact(page, "site.mail", "mailto:", site->mail);
    html_end(html);
    page_put(page, "small", "site.made_with");
    html_end(html);
    html_end(html); /* body */
    html_end(html); /* html */
    errc rc = html_check(html);
    buf_add_byte(html->out, '\n');
    return rc;
}
