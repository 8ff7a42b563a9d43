/* Writing feeds; pure. See feed.h. */
#include "studio/feed.h"

#include "base/json_out.h"

static void put_element(struct buf *out, const char *name, str text)
{
    if (text.len > 0) {
        buf_add_format(out, "<%s>", name);
        buf_add_markup(out, text);
        buf_add_format(out, "</%s>\n", name);
    }
}

static void put_mark(struct buf *out, wire_id mark)
{
    buf_add(out, S("urn:loa:bulletin:"));
    buf_add_hex(out, mark.bytes, sizeof mark.bytes);
}

/* "Thu, 26 Nov 2026 05:30:00 +0000" (RFC 822 with a year of four digits). */
static void put_date(struct buf *out, const char *name, usec at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct clock_time time = usec_clock(at, 0);
    int weekday = (day_of(at, 0) % 7 + 10) % 7; /* the first day of 1970 was a Thursday */
    buf_add_format(out, "<%s>%s, %02d %s %04d %02d:%02d:%02d +0000</%s>\n", name, days[weekday],
                   time.date.mday, months[time.date.month - 1], time.date.year, time.hour,
                   time.minute, time.second, name);
}

void feed_write_rss(const struct feed *feed, struct buf *out)
{
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\n"));
    put_element(out, "title", feed->title);
    put_element(out, "link", feed->home);
    put_element(out, "description", feed->title);
    put_element(out, "language", S("vi"));
    put_date(out, "lastBuildDate", feed->changed);
    for (size_t i = 0; i < feed->count; i++) {
        const struct feed_item *item = &feed->items[i];
        buf_add(out, S("<item>\n"));
        put_element(out, "title", item->title);
        put_element(out, "description", item->text);
        put_element(out, "category", item->category);
        buf_add(out, S("<guid isPermaLink=\"false\">"));
        put_mark(out, item->mark);
        buf_add(out, S("</guid>\n"));
        put_date(out, "pubDate", item->at);
        buf_add(out, S("</item>\n"));
    }
    buf_add(out, S("</channel></rss>\n"));
}

static void write_item(struct json_out *json, const struct feed_item *item)
{
    AUTO(buf_finish) struct buf mark;
    buf_init(&mark, 128);
    put_mark(&mark, item->mark);
    json_object(json);
    json_str_at(json, "id", buf_str(&mark));
    json_str_at(json, "title", item->title);
    json_str_at(json, "content_text", item->text);
    json_str_at(json, "language", item->language);
    json_usec_at(json, "date_published", item->at);
    json_array_at(json, "tags");
    if (item->category.len > 0) {
        json_str(json, item->category);
    }
    json_end(json);
    json_end(json);
}

void feed_write_json(const struct feed *feed, struct buf *out)
{
    struct json_out json;
    json_out_init(&json, out);
    json_object(&json);
    json_text_at(&json, "version", "https://jsonfeed.org/version/1.1");
    json_str_at(&json, "title", feed->title);
    if (feed->home.len > 0) {
        json_str_at(&json, "home_page_url", feed->home);
        json_str_at(&json, "feed_url", feed->self);
    }
    json_text_at(&json, "language", "vi");
    json_array_at(&json, "items");
    for (size_t i = 0; i < feed->count; i++) {
        write_item(&json, &feed->items[i]);
    }
    json_end(&json);
    json_end(&json);
}
