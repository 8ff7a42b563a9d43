/* A line is built in a fixed array and written with one write(2), so that lines of several
 * threads never mix and logging never allocates. A line that is too long is cut inside a text. */
#include "base/log.h"

#include "base/when.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_ROOM = 2000 };

struct line {
    char text[LINE_ROOM + 8]; /* the last bytes are for closing quotes and the brace */
    size_t len;
};

static _Atomic int most_level = LOG_INFO;
static void (*line_sink)(void *ctx, str line);
static void *line_sink_ctx;

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static const int level_priorities[] = {3, 4, 6, 7};

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

void log_set_sink(void (*sink)(void *ctx, str line), void *ctx)
{
    line_sink = sink;
    line_sink_ctx = ctx;
}

static void put(struct line *line, const char *text, size_t len)
{
    size_t left = LINE_ROOM - line->len;
    size_t part = len < left ? len : left;
    memcpy(line->text + line->len, text, part);
    line->len += part;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* JSON escapes; bytes that are not UTF-8 stay as they are for plain ASCII tools to see. An escape
 * is written whole or not at all. */
static void put_escaped(struct line *line, str text)
{
    for (size_t i = 0; i < text.len && line->len + 8 < LINE_ROOM; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        char escape[8];
        if (byte == '"' || byte == '\\') {
            escape[0] = '\\';
            escape[1] = (char)byte;
            put(line, escape, 2);
        } else if (byte < 0x20 || byte == 0x7f) {
            int length = snprintf(escape, sizeof escape, "\\u%04x", byte);
            put(line, escape, length > 0 ? (size_t)length : 0);
        } else {
            put(line, (const char *)&text.at[i], 1);
        }
    }
}

static void put_field(struct line *line, const struct log_field *field)
{
    put_text(line, ",\"");
    put_text(line, field->name);
    put_text(line, "\":");
    if (field->kind == LOG_FIELD_INT) {
        char digits[24];
        int length = snprintf(digits, sizeof digits, "%lld", (long long)field->number);
        put(line, digits, length > 0 ? (size_t)length : 0);
        return;
    }
    put_text(line, "\"");
    put_escaped(line, field->text);
    put_text(line, "\"");
}

static void put_head(struct line *line, enum log_level level, const char *event)
{
    char head[160];
    struct clock_time now = usec_clock(now_utc(), 0);
    int length = snprintf(head, sizeof head,
                          "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"event\":\"%s\"",
                          now.date.year, now.date.month, now.date.mday, now.hour, now.minute,
                          now.second, now.micro / 1000, level_names[level], event);
    put(line, head, length > 0 && (size_t)length < sizeof head ? (size_t)length : 0);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    if ((int)level > atomic_load(&most_level)) {
        return;
    }
    struct line line = {.len = 0};
    if (getenv("JOURNAL_STREAM") != NULL) {
        char priority[8];
        ignore_int(snprintf(priority, sizeof priority, "<%d>", level_priorities[level]));
        put_text(&line, priority);
    }
    put_head(&line, level, event);
    for (size_t i = 0; i < count; i++) {
        put_field(&line, &fields[i]);
    }
    memcpy(line.text + line.len, "}\n", 2);
    line.len += 2;
    if (line_sink != NULL) {
        line_sink(line_sink_ctx, (str){line.text, line.len - 1});
        return;
    }
    ssize_t written = write(STDERR_FILENO, line.text, line.len);
    (void)written;
}
