/* The writer keeps one bit per level: array or object, and whether a comma is due. */
#include "base/json_out.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void json_out_init(struct json_out *out, struct buf *to)
{
    *out = (struct json_out){.to = to};
}

errc json_out_check(const struct json_out *out)
{
    TRY(buf_check(out->to));
    if (out->failed || !out->begun || out->depth != 0) {
        return ERR_INTERNAL;
    }
    return OK;
}

static void begin_value(struct json_out *out)
{
    if (out->after_key) {
        out->after_key = false;
        return;
    }
    if (out->depth == 0) {
        out->failed = out->failed || out->begun; /* two roots */
        out->begun = true;
        return;
    }
    if (!out->array[out->depth - 1]) {
        out->failed = true; /* a value in an object needs a key */
    }
    if (out->filled[out->depth - 1]) {
        buf_add_byte(out->to, ',');
    }
    out->filled[out->depth - 1] = true;
}

static void open_level(struct json_out *out, bool array)
{
    begin_value(out);
    if (out->depth == JSON_DEPTH) {
        out->failed = true;
        return;
    }
    buf_add_byte(out->to, array ? '[' : '{');
    out->array[out->depth] = array;
    out->filled[out->depth] = false;
    out->depth++;
}

void json_object(struct json_out *out)
{
    open_level(out, false);
}

void json_array(struct json_out *out)
{
    open_level(out, true);
}

void json_end(struct json_out *out)
{
    if (out->depth == 0 || out->after_key) {
        out->failed = true;
        return;
    }
    out->depth--;
    buf_add_byte(out->to, out->array[out->depth] ? ']' : '}');
}

/* Escapes what JSON demands and, so that the text may stand inside a page, the angle brackets. */
static void write_escape(struct buf *to, unsigned char byte)
{
    switch (byte) {
    case '"':
        buf_add(to, S("\\\""));
        return;
    case '\\':
        buf_add(to, S("\\\\"));
        return;
    case '\n':
        buf_add(to, S("\\n"));
        return;
    default:
        buf_add_format(to, "\\u%04x", byte);
        return;
    }
}

static bool needs_escape(unsigned char byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == '>' || byte == 0x7f;
}

static void write_text(struct json_out *out, str text)
{
    buf_add_byte(out->to, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (!needs_escape(byte)) {
            continue;
        }
        buf_add(out->to, str_cut(text, from, i));
        write_escape(out->to, byte);
        from = i + 1;
    }
    buf_add(out->to, str_cut(text, from, text.len));
    buf_add_byte(out->to, '"');
}

void json_key_str(struct json_out *out, str key)
{
    if (out->depth == 0 || out->array[out->depth - 1] || out->after_key || !text_is_utf8(key)) {
        out->failed = true;
        return;
    }
    if (out->filled[out->depth - 1]) {
        buf_add_byte(out->to, ',');
    }
    out->filled[out->depth - 1] = true;
    write_text(out, key);
    buf_add_byte(out->to, ':');
    out->after_key = true;
}

void json_key(struct json_out *out, const char *key)
{
    json_key_str(out, str_of(key));
}

void json_null(struct json_out *out)
{
    begin_value(out);
    buf_add(out->to, S("null"));
}

void json_str(struct json_out *out, str text)
{
    if (text.at == NULL) {
        json_null(out);
        return;
    }
    if (!text_is_utf8(text)) {
        out->failed = true;
        json_null(out);
        return;
    }
    begin_value(out);
    write_text(out, text);
}

void json_text(struct json_out *out, const char *text)
{
    json_str(out, str_of(text));
}

void json_i64(struct json_out *out, int64_t number)
{
    begin_value(out);
    buf_add_i64(out->to, number);
}

void json_double(struct json_out *out, double number)
{
    if (!isfinite(number)) {
        out->failed = true;
        json_null(out);
        return;
    }
    /* The shortest text that is read back as the same number. */
    char text[32];
    int digits = 15;
    do {
        ignore_int(snprintf(text, sizeof text, "%.*g", digits++, number));
    } while (strtod(text, NULL) != number); /* at 17 digits it is */
    begin_value(out);
    buf_add_text(out->to, text);
}

void json_bool(struct json_out *out, bool value)
{
    begin_value(out);
    buf_add(out->to, value ? S("true") : S("false"));
}

void json_usec(struct json_out *out, usec instant)
{
    if (instant < USEC_LEAST || instant > USEC_MOST) {
        json_null(out);
        return;
    }
    begin_value(out);
    buf_add_byte(out->to, '"');
    usec_write(instant, out->to);
    buf_add_byte(out->to, '"');
}

void json_day(struct json_out *out, day date)
{
    if (date < DAY_LEAST || date > DAY_MOST) {
        json_null(out);
        return;
    }
    begin_value(out);
    buf_add_byte(out->to, '"');
    day_write(date, out->to);
    buf_add_byte(out->to, '"');
}

void json_raw(struct json_out *out, str json)
{
    begin_value(out);
    buf_add(out->to, json);
}

void json_str_at(struct json_out *out, const char *key, str text)
{
    json_key(out, key);
    json_str(out, text);
}

void json_text_at(struct json_out *out, const char *key, const char *text)
{
    json_key(out, key);
    json_text(out, text);
}

void json_i64_at(struct json_out *out, const char *key, int64_t number)
{
    json_key(out, key);
    json_i64(out, number);
}

void json_bool_at(struct json_out *out, const char *key, bool value)
{
    json_key(out, key);
    json_bool(out, value);
}

void json_null_at(struct json_out *out, const char *key)
{
    json_key(out, key);
    json_null(out);
}

void json_usec_at(struct json_out *out, const char *key, usec instant)
{
    json_key(out, key);
    json_usec(out, instant);
}

void json_day_at(struct json_out *out, const char *key, day date)
{
    json_key(out, key);
    json_day(out, date);
}

void json_object_at(struct json_out *out, const char *key)
{
    json_key(out, key);
    json_object(out);
}

void json_array_at(struct json_out *out, const char *key)
{
    json_key(out, key);
    json_array(out);
}
