/* A line is built in a fixed array and written with one write(2), so that lines of several
 * threads never mix and logging never allocates. Whatever is given, the line is one JSON object in
 * UTF-8: a text that is too long is cut, a field that does not fit at all is left out. */
#include "base/log.h"

#include "base/crash.h"
#include "base/text.h"
#include "base/when.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

enum {
    LINE_ROOM = 2000,
    CLOSING_ROOM = 3, /* a quote, the brace, the line's end */
};

struct line {
    char text[LINE_ROOM + CLOSING_ROOM];
    size_t len;
    bool full;
};

/* Process-wide like stderr itself; the mutex holds function and context together. */
struct sink {
    void (*write)(void *ctx, str line);
    void *ctx;
};

static _Atomic int most_level = LOG_INFO;
static pthread_mutex_t sink_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sink line_sink;

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static const char level_priorities[] = {'3', '4', '6', '7'};

struct log_field log_str(const char *name, str text)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_STR, .text = text};
}

struct log_field log_text(const char *name, const char *text)
{
    return log_str(name, str_of(text));
}

struct log_field log_int(const char *name, int64_t number)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_INT, .number = number};
}

struct log_field log_errc(errc rc)
{
    return log_text("error", error_key(rc));
}

struct log_field log_why(const struct why *why)
{
    return log_text("why", why->text);
}

void log_set_level(enum log_level most)
{
    atomic_store(&most_level, (int)most);
}

bool log_parse_level(str text, enum log_level *ret_level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (str_is(text, str_of(level_names[i]))) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static void lock_sink(void)
{
    ENSURE(pthread_mutex_lock(&sink_lock) == 0);
}

static void unlock_sink(void)
{
    ENSURE(pthread_mutex_unlock(&sink_lock) == 0);
}

void log_set_sink(void (*sink)(void *ctx, str line), void *ctx)
{
    lock_sink();
    line_sink = (struct sink){sink, ctx};
    unlock_sink();
}

/* All of it or nothing. */
static void put(struct line *line, str text)
{
    if (line->full || text.len > LINE_ROOM - line->len) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->len, text.at, text.len);
    line->len += text.len;
}

static void put_text(struct line *line, const char *text)
{
    put(line, str_of(text));
}

/* Puts the first character of *text with JSON's escapes, and takes it off. */
static void put_character(struct line *line, str *text)
{
    utf8proc_int32_t rune = 0;
    utf8proc_ssize_t size =
        utf8proc_iterate((const utf8proc_uint8_t *)text->at, (utf8proc_ssize_t)text->len, &rune);
    str character = str_cut(*text, 0, size > 0 ? (size_t)size : 1);
    *text = str_cut(*text, character.len, text->len);
    if (size <= 0) {
        put(line, S("\\ufffd"));
    } else if (rune == '"' || rune == '\\') {
        put(line, (str){(char[]){'\\', (char)rune}, 2});
    } else if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0)) {
        char escape[8];
        ignore_int(snprintf(escape, sizeof escape, "\\u%04x", (unsigned)rune));
        put_text(line, escape);
    } else {
        put(line, character);
    }
}

/* The closing quote always has its place, in CLOSING_ROOM. */
static void put_field(struct line *line, const struct log_field *field)
{
    size_t before = line->len;
    put_text(line, ",\"");
    put_text(line, field->name);
    if (field->kind == LOG_FIELD_INT) {
        char digits[24];
        ignore_int(snprintf(digits, sizeof digits, "\":%lld", (long long)field->number));
        put_text(line, digits);
    } else {
        put_text(line, "\":\"");
    }
    if (line->full) {
        line->len = before;
        return;
    }
    if (field->kind == LOG_FIELD_STR) {
        str text = field->text;
        while (text.len > 0 && !line->full) {
            put_character(line, &text);
        }
        line->text[line->len++] = '"';
    }
}

static void put_head(struct line *line, enum log_level level, const char *event)
{
    char head[80];
    struct clock_time now = usec_clock(now_utc(), 0);
    ignore_int(snprintf(head, sizeof head,
                        "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\"",
                        now.date.year, now.date.month, now.date.mday, now.hour, now.minute,
                        now.second, now.micro / 1000, level_names[level]));
    put_text(line, head);
    struct log_field field = log_text("event", event);
    put_field(line, &field);
}

/* systemd names device and inode of the journal's socket: stderr may have been turned elsewhere
 * since. */
static bool journal_listens(void)
{
    char stream[64];
    struct stat facts;
    const char *named = getenv("JOURNAL_STREAM");
    if (named == NULL || fstat(STDERR_FILENO, &facts) != 0) {
        return false;
    }
    ignore_int(snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)facts.st_dev,
                        (unsigned long long)facts.st_ino));
    return strcmp(stream, named) == 0;
}

/* False when nobody has put a sink in place of stderr. */
static bool give_to_sink(const struct line *line)
{
    lock_sink();
    bool taken = line_sink.write != NULL;
    if (taken) {
        line_sink.write(line_sink.ctx, (str){line->text, line->len - 1});
    }
    unlock_sink();
    return taken;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count)
{
    if ((int)level > atomic_load(&most_level)) {
        return;
    }
    struct line line = {.len = 0};
    if (journal_listens()) {
        put(&line, (str){(char[]){'<', level_priorities[level], '>'}, 3});
    }
    put_head(&line, level, event);
    for (size_t i = 0; i < count; i++) {
        put_field(&line, &fields[i]);
    }
    line.text[line.len++] = '}';
    line.text[line.len++] = '\n';
    if (!give_to_sink(&line)) {
        ignore_int(write(STDERR_FILENO, line.text, line.len)); /* there is nobody left to tell */
    }
}
