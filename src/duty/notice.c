/* See notice.h. Links in letters are whole addresses, or nothing where the server does not know its
 * own; pushes carry paths, for the browser knows where it subscribed. */
#include "duty/notice.h"

#include "base/json_out.h"
#include "base/text.h"
#include "duty/mail.h"

enum { WORDS_ROOM = 2048, TITLES_SHOWN = 3, TIME_ROOM = 40, LINES_OF_KIND = 10, BODY_MOST = 600 };

struct saying {
    const struct notice_reader *reader;
    struct words_arg args[4];
    size_t count;
};

static str say(const struct saying *saying, const char *key)
{
    AUTO(buf_finish) struct buf text;
    const struct duty_job *job = saying->reader->job;
    buf_init(&text, WORDS_ROOM);
    words_write(job->words, saying->reader->language, str_of(key), saying->args, saying->count,
                &text);
    return arena_str(job->arena, buf_str(&text));
}

static str say_plain(const struct notice_reader *reader, const char *key)
{
    struct saying saying = {.reader = reader};
    return say(&saying, key);
}

/* "07:05 25/11/2026", as people write it here. */
static str local_time(const struct notice_reader *reader, usec at)
{
    struct clock_time clock = usec_clock(at, reader->job->zone);
    return arena_format(reader->job->arena, "%02d:%02d %02d/%02d/%04d", clock.hour, clock.minute,
                        clock.date.mday, clock.date.month, clock.date.year);
}

static str site_link(const struct notice_reader *reader, str path)
{
    str site = reader->job->policy->site;
    return site.len == 0
               ? S("")
               : arena_format(reader->job->arena, "%.*s%.*s", STR_ARG(site), STR_ARG(path));
}

void notice_alarm_topic(int64_t alarm, char ret_topic[40])
{
    ignore_int(snprintf(ret_topic, 40, "alarm-%lld", (long long)alarm));
}

str notice_alarm_link(const struct call_alarm *alarm, struct arena *arena)
{
    return arena_format(arena, "/%s/%lld", alarm->is_drill ? "drills" : "alarms",
                        (long long)alarm->id);
}

/* --- pushes ----------------------------------------------------------------------------------- */

struct push_words {
    const char *kind;
    str title;
    str body;
    str link;
};

static errc write_push(const struct notice_reader *reader, const struct push_words *words,
                       struct letter *letter)
{
    AUTO(buf_finish) struct buf text;
    struct json_out json;
    struct arena *arena = reader->job->arena;
    buf_init(&text, PUSH_PLAIN_MOST);
    json_out_init(&json, &text);
    json_object(&json);
    json_text_at(&json, "kind", words->kind);
    json_str_at(&json, "tag", letter->topic);
    json_str_at(&json, "title", text_cut(words->title, BODY_MOST));
    json_str_at(&json, "body", text_cut(words->body, BODY_MOST));
    json_str_at(&json, "link", words->link);
    json_str_at(&json, "lang", words_code(reader->language));
    json_bool_at(&json, "urgent", letter->urgent);
    json_usec_at(&json, "at", reader->job->actor->now);
    json_end(&json);
    TRY(json_out_check(&json));
    letter->subject = words->title;
    letter->body = arena_str(arena, buf_str(&text));
    return arena_failed(arena) ? ERR_NO_MEMORY : OK;
}

static const char *call_key(const struct call_alarm *alarm)
{
    if (alarm->is_drill) {
        return alarm->waits ? "notice.drill_waiting" : "notice.drill_raised";
    }
    return alarm->waits ? "notice.alarm_waiting" : "notice.alarm_raised";
}

struct call_words {
    str title;
    str body;
    str link;
};

static struct call_words words_of_call(const struct notice_reader *reader,
                                       const struct call_alarm *alarm, struct letter *letter)
{
    char topic[40];
    struct arena *arena = reader->job->arena;
    struct saying saying = {reader,
                            {{"title", alarm->title},
                             {"unit", alarm->unit_name},
                             {"time", local_time(reader, alarm->at)}},
                            3};
    notice_alarm_topic(alarm->id, topic);
    letter->topic = arena_str(arena, str_of(topic));
    str body_key = arena_format(arena, "%s.body", call_key(alarm));
    return (struct call_words){say(&saying, call_key(alarm)), say(&saying, body_key.at),
                               notice_alarm_link(alarm, arena)};
}

errc notice_call_push(const struct notice_reader *reader, const struct call_alarm *alarm,
                      struct letter *letter)
{
    struct call_words words = words_of_call(reader, alarm, letter);
    struct push_words push = {"alarm_call", words.title, words.body, words.link};
    return write_push(reader, &push, letter);
}

static str kind_word(const struct notice_reader *reader, enum inbox_kind kind)
{
    char key[64];
    ignore_int(snprintf(key, sizeof key, "inbox.%s", inbox_kind_name(kind)));
    return say_plain(reader, key);
}

errc notice_items_push(const struct notice_reader *reader, const struct inbox_item *items,
                       size_t count, struct letter *letter)
{
    AUTO(buf_finish) struct buf titles;
    struct arena *arena = reader->job->arena;
    struct push_words push = {"inbox", STR_NONE, STR_NONE, S("/inbox")};
    letter->topic = S("inbox");
    buf_init(&titles, BODY_MOST);
    if (count == 1) {
        push = (struct push_words){inbox_kind_name(items->kind), kind_word(reader, items->kind),
                                   items->title, items->link};
        /* An alarm shows once, whether somebody is called for it or it merely waits. */
        const char *topic = items->kind == INBOX_ALARM_WAITING ? "alarm" : push.kind;
        letter->topic = arena_format(arena, "%s-%.*s", topic, STR_ARG(items->id));
        return write_push(reader, &push, letter);
    }
    struct saying saying = {reader, {{"count", arena_format(arena, "%zu", count)}}, 1};
    for (size_t i = 0; i < count && i < TITLES_SHOWN; i++) {
        buf_add_text(&titles, i > 0 ? " · " : "");
        buf_add(&titles, text_cut(items[i].title, BODY_MOST / TITLES_SHOWN - 8));
    }
    push.title = say(&saying, "notice.new_items");
    push.body = arena_str(arena, buf_str(&titles));
    return write_push(reader, &push, letter);
}

errc notice_test_push(const struct notice_reader *reader, struct letter *letter)
{
    struct push_words push = {"test", say_plain(reader, "notice.test"),
                              say_plain(reader, "notice.test.body"), S("/me")};
    letter->topic = S("test");
    return write_push(reader, &push, letter);
}

/* --- letters ---------------------------------------------------------------------------------- */

static errc write_mail(const struct notice_reader *reader, const struct mail_page *page,
                       str subject, struct letter *letter)
{
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf html;
    struct arena *arena = reader->job->arena;
    buf_init(&text, MAIL_MOST / 4);
    buf_init(&html, MAIL_MOST / 4);
    mail_page_text(page, &text);
    mail_page_html(page, &html);
    TRY(buf_check(&text));
    TRY(buf_check(&html));
    letter->subject = subject;
    letter->body = arena_str(arena, buf_str(&text));
    letter->html = arena_str(arena, buf_str(&html));
    return arena_failed(arena) ? ERR_NO_MEMORY : OK;
}

errc notice_call_mail(const struct notice_reader *reader, const struct call_alarm *alarm,
                      struct letter *letter)
{
    struct call_words words = words_of_call(reader, alarm, letter);
    struct mail_page page = {
        .language = words_code(reader->language),
        .heading = words.title,
        .intro = words.body,
        .button = say_plain(reader, "notice.open_alarm"),
        .link = site_link(reader, words.link),
        .footer = say_plain(reader, "notice.why_called"),
        .alarms = !alarm->is_drill,
    };
    return write_mail(reader, &page, words.title, letter);
}

/* The lines of one kind; how many more there are stands below. */
static void fill_section(const struct notice_reader *reader, const struct inbox *inbox,
                         enum inbox_kind kind, struct mail_section *section)
{
    struct arena *arena = reader->job->arena;
    struct tree tree = forest_at(reader->job->forest, reader->job->actor->today);
    struct mail_line *lines = arena_take_array(arena, LINES_OF_KIND, sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; lines != NULL && i < inbox->count && count < LINES_OF_KIND; i++) {
        const struct inbox_item *item = &inbox->items[i];
        struct unit_line unit = {.name = S("")};
        if (item->kind != kind) {
            continue;
        }
        bool known = item->unit != 0 && tree_line(tree, item->unit, &unit);
        str since = local_time(reader, item->since);
        lines[count++] = (struct mail_line){
            item->title,
            known ? arena_format(arena, "%.*s · %.*s", STR_ARG(unit.name), STR_ARG(since)) : since,
            site_link(reader, item->link)};
    }
    struct saying more = {
        reader, {{"count", arena_format(arena, "%zu", inbox->counts[kind] - count)}}, 1};
    *section = (struct mail_section){
        .title = arena_format(arena, "%s: %zu", kind_word(reader, kind).at, inbox->counts[kind]),
        .lines = lines,
        .count = count,
        .more = inbox->counts[kind] > count ? say(&more, "notice.and_more") : S(""),
    };
}

errc notice_digest_mail(const struct notice_reader *reader, const struct inbox *inbox,
                        struct letter *letter)
{
    struct mail_section sections[INBOX_KINDS];
    struct arena *arena = reader->job->arena;
    size_t count = 0;
    for (size_t kind = 0; kind < INBOX_KINDS; kind++) {
        if (inbox->counts[kind] > 0) {
            fill_section(reader, inbox, (enum inbox_kind)kind, &sections[count++]);
        }
    }
    struct clock_time clock = usec_clock(reader->job->actor->now, reader->job->zone);
    struct saying saying = {reader,
                            {{"count", arena_format(arena, "%zu", inbox_total(inbox))},
                             {"date", arena_format(arena, "%02d/%02d/%04d", clock.date.mday,
                                                   clock.date.month, clock.date.year)}},
                            2};
    struct mail_page page = {
        .language = words_code(reader->language),
        .heading = say(&saying, "notice.digest"),
        .intro = say(&saying, "notice.digest.intro"),
        .sections = sections,
        .section_count = count,
        .button = say_plain(reader, "notice.open_inbox"),
        .link = site_link(reader, S("/inbox")),
        .footer = say_plain(reader, "notice.why_digest"),
    };
    letter->topic = S("digest");
    return write_mail(reader, &page, page.heading, letter);
}
