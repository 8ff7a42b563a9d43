/* Two judges read every head: head_scan() by our rules, llhttp by its own. A request passes when
 * both find it sound. */
#include "loop/head.h"

#include <llhttp.h>

/* token characters of RFC 9110, 5.6.2 */
static bool is_token_byte(unsigned char byte)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    if ((byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z')) {
        return true;
    }
    return byte != 0 && strchr(marks, byte) != NULL;
}

/* The request line has no rules here but for control bytes; field lines begin with a token and a
 * colon, which excludes folded lines and blanks before the colon. */
static bool accept_byte(struct head_scan *scan, unsigned char byte)
{
    if (scan->lines > 0 && !scan->colon) {
        if (byte == ':') {
            scan->colon = true;
            return scan->at > scan->line;
        }
        return is_token_byte(byte);
    }
    return byte >= 0x20 ? byte != 0x7f : byte == '\t' && scan->lines > 0;
}

enum head_state head_scan(struct head_scan *scan, str bytes)
{
    while (scan->at < bytes.len) {
        unsigned char byte = (unsigned char)bytes.at[scan->at];
        if (byte != '\r') {
            if (!accept_byte(scan, byte)) {
                return HEAD_BAD;
            }
            scan->at++;
            continue;
        }
        if (scan->at + 1 == bytes.len) {
            return HEAD_MORE;
        }
        bool empty = scan->at == scan->line;
        if (bytes.at[scan->at + 1] != '\n' || (!empty && scan->lines > 0 && !scan->colon) ||
            (empty && scan->lines == 0)) {
            return HEAD_BAD;
        }
        scan->at += 2;
        if (empty) {
            return HEAD_WHOLE;
        }
        scan->line = scan->at;
        scan->lines++;
        scan->colon = false;
    }
    return HEAD_MORE;
}

struct reading {
    llhttp_t parser;
    struct head *head;
    bool full;
};

static int on_method(llhttp_t *parser, const char *at, size_t len)
{
    struct reading *reading = parser->data;
    reading->head->method = (str){at, len};
    return 0;
}

static int on_url(llhttp_t *parser, const char *at, size_t len)
{
    struct reading *reading = parser->data;
    reading->head->target = (str){at, len};
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
    struct reading *reading = parser->data;
    struct head *head = reading->head;
    if (head->field_count == head->field_room) {
        reading->full = true;
        return -1;
    }
    head->fields[head->field_count] = (struct head_field){{at, len}, {"", 0}};
    head->field_count++;
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t len)
{
    struct reading *reading = parser->data;
    if (reading->head->field_count == 0) {
        return -1;
    }
    reading->head->fields[reading->head->field_count - 1].value = str_trim((str){at, len});
    return 0;
}

static int on_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED; /* what follows is not the parser's affair */
}

static const llhttp_settings_t reading_settings = {
    .on_method = on_method,
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_headers_complete = on_complete,
};

static void lower(char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
            bytes[i] = (char)(bytes[i] | 0x20);
        }
    }
}

errc head_parse(char *bytes, size_t size, struct head *head)
{
    struct reading reading = {.head = head};
    llhttp_init(&reading.parser, HTTP_REQUEST, &reading_settings);
    reading.parser.data = &reading;
    head->field_count = 0;
    enum llhttp_errno rc = llhttp_execute(&reading.parser, bytes, size);
    if (reading.full) {
        return ERR_TOO_BIG;
    }
    if (rc == HPE_INVALID_VERSION) {
        return ERR_VERSION;
    }
    /* A CONNECT or a promised upgrade pauses as well; the caller knows no such method. */
    if (rc != HPE_PAUSED && rc != HPE_PAUSED_UPGRADE) {
        return ERR_BAD_REQUEST;
    }
    head->version = reading.parser.http_major * 10 + reading.parser.http_minor;
    if (head->version != 10 && head->version != 11) {
        return ERR_VERSION;
    }
    for (size_t i = 0; i < head->field_count; i++) {
        lower(bytes + (head->fields[i].name.at - bytes), head->fields[i].name.len);
    }
    return OK;
}
