/* Views and buffers. The buffer grows by half again, never past its ceiling. */
#include "base/str.h"

#include "base/crash.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

str str_of(const char *text)
{
    return text == NULL ? STR_NONE : (str){text, strlen(text)};
}

bool str_is(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool str_is_fold(str a, str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.at[i]) != lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(str a, str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    if (order != 0) {
        return order;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(str text, str prefix)
{
    return text.len >= prefix.len && str_is(str_cut(text, 0, prefix.len), prefix);
}

bool str_ends(str text, str suffix)
{
    return text.len >= suffix.len && str_is(str_cut(text, text.len - suffix.len, text.len), suffix);
}

bool str_has(str text, char byte)
{
    return text.len > 0 && memchr(text.at, byte, text.len) != NULL;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

str str_trim(str text)
{
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1])) {
        text.len--;
    }
    return text;
}

str str_cut(str text, size_t from, size_t to)
{
    if (to > text.len) {
        to = text.len;
    }
    if (from >= to) {
        return (str){text.at, 0};
    }
    return (str){text.at + from, to - from};
}

str str_split(str text, char separator, str *rest)
{
    const char *at = text.len == 0 ? NULL : memchr(text.at, separator, text.len);
    if (at == NULL) {
        *rest = STR_NONE;
        return text;
    }
    size_t before = (size_t)(at - text.at);
    *rest = str_cut(text, before + 1, text.len);
    if (rest->len == 0) {
        *rest = (str){at + 1, 0};
    }
    return (str){text.at, before};
}

bool str_to_u64(str text, uint64_t *ret_value)
{
    if (text.len == 0 || text.len > 20) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(text.at[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

bool str_to_i64(str text, int64_t *ret_value)
{
    bool minus = text.len > 0 && text.at[0] == '-';
    uint64_t value = 0;
    if (!str_to_u64(minus ? str_cut(text, 1, text.len) : text, &value)) {
        return false;
    }
    uint64_t most = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (value > most) {
        return false;
    }
    if (minus) {
        *ret_value = value == most ? INT64_MIN : -(int64_t)value;
        return true;
    }
    *ret_value = (int64_t)value;
    return true;
}

bool str_to_double(str text, double *ret_value)
{
    bool minus = text.len > 0 && text.at[0] == '-';
    str rest = minus ? str_cut(text, 1, text.len) : text;
    if (rest.len == 0 || rest.len > 24) {
        return false;
    }
    double value = 0;
    double scale = 1;
    bool after_point = false;
    for (size_t i = 0; i < rest.len; i++) {
        char byte = rest.at[i];
        if (byte == '.' && !after_point && i > 0 && i + 1 < rest.len) {
            after_point = true;
            continue;
        }
        if (byte < '0' || byte > '9') {
            return false;
        }
        value = value * 10 + (byte - '0');
        scale = after_point ? scale * 10 : scale;
    }
    *ret_value = (minus ? -value : value) / scale;
    return true;
}

bool str_to_array(str text, char *array, size_t size)
{
    if (text.len + 1 > size) {
        array[0] = '\0';
        return false;
    }
    if (text.len > 0) {
        memcpy(array, text.at, text.len);
    }
    array[text.len] = '\0';
    return true;
}

void buf_init(struct buf *buf, size_t ceiling)
{
    ENSURE(ceiling < SIZE_MAX / 2);
    *buf = (struct buf){.ceiling = ceiling};
}

void buf_finish(struct buf *buf)
{
    mem_give(buf->at);
    *buf = (struct buf){.ceiling = buf->ceiling};
}

void buf_clear(struct buf *buf)
{
    buf_cut(buf, 0);
    buf->failed = false;
    buf->no_memory = false;
}

char *buf_reserve(struct buf *buf, size_t more)
{
    if (buf->failed || more > buf->ceiling || buf->len > buf->ceiling - more) {
        buf->failed = true;
        return NULL;
    }
    size_t need = buf->len + more;
    if (need + 1 > buf->room) {
        size_t room = buf->room + buf->room / 2;
        room = room < 64 ? 64 : room;
        room = room < need + 1 ? need + 1 : room;
        room = room > buf->ceiling + 1 ? buf->ceiling + 1 : room;
        char *grown = mem_try_grow(buf->at, room);
        if (grown == NULL) {
            buf->failed = true;
            buf->no_memory = true;
            return NULL;
        }
        buf->at = grown;
        buf->room = room;
    }
    return buf->at + buf->len;
}

void buf_advance(struct buf *buf, size_t count)
{
    ENSURE(count < buf->room - buf->len);
    buf->len += count;
    buf->at[buf->len] = '\0';
}

void buf_add(struct buf *buf, str text)
{
    char *at = buf_reserve(buf, text.len);
    if (at == NULL) {
        return;
    }
    if (text.len > 0) {
        memcpy(at, text.at, text.len);
    }
    buf_advance(buf, text.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, str_of(text));
}

void buf_add_byte(struct buf *buf, char byte)
{
    buf_add(buf, (str){&byte, 1});
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *at = length < 0 ? NULL : buf_reserve(buf, (size_t)length);
    if (at == NULL) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    ignore_int(vsnprintf(at, (size_t)length + 1, format, args));
    va_end(args);
    buf_advance(buf, (size_t)length);
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0) {
        *--at = '-';
    }
    buf_add(buf, (str){at, (size_t)(digits + sizeof digits - at)});
}

void buf_add_hex(struct buf *buf, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *at = size > buf->ceiling / 2 ? NULL : buf_reserve(buf, size * 2);
    if (at == NULL) {
        buf->failed = true;
        return;
    }
    for (size_t i = 0; i < size; i++) {
        at[2 * i] = digits[from[i] >> 4];
        at[2 * i + 1] = digits[from[i] & 15];
    }
    buf_advance(buf, size * 2);
}

static const char *markup_of(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\r':
        return "&#13;";
    default:
        return byte < ' ' && byte != '\n' && byte != '\t' ? "\xef\xbf\xbd" : NULL;
    }
}

void buf_add_markup(struct buf *buf, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *markup = markup_of((unsigned char)text.at[i]);
        if (markup == NULL) {
            buf_add_byte(buf, text.at[i]);
        } else {
            buf_add_text(buf, markup);
        }
    }
}

void buf_drop(struct buf *buf, size_t count)
{
    if (count >= buf->len) {
        buf_cut(buf, 0);
        return;
    }
    memmove(buf->at, buf->at + count, buf->len - count);
    buf_cut(buf, buf->len - count);
}

void buf_cut(struct buf *buf, size_t len)
{
    if (buf->at != NULL && len <= buf->len) {
        buf->len = len;
        buf->at[len] = '\0';
    }
}

str buf_str(const struct buf *buf)
{
    return (str){buf->at == NULL ? "" : buf->at, buf->len};
}

errc buf_check(const struct buf *buf)
{
    if (!buf->failed) {
        return OK;
    }
    return buf->no_memory ? ERR_NO_MEMORY : ERR_TOO_BIG;
}
