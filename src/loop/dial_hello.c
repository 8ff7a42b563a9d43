/* A client's handshake. What a server may answer to this request has hardly any freedom, so what
 * is not understood is refused: a proxy that makes up answers is found out here. */
#include "loop/dial_hello.h"

#include "loop/ws_frame.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>

enum { HEADERS_MOST = 64 };

#define RETRY_MOST USEC_DAY

/* --- the URL
 * --------------------------------------------------------------------------------------
 */

static bool is_printable(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] <= ' ' || text.at[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool is_name(str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '.' && c != '_') {
            return false;
        }
    }
    return host.len > 0 && host.at[0] != '-' && host.at[0] != '.';
}

static bool look_at_host(struct dial_url *url, bool brackets)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, url->host, &v4) == 1) {
        url->is_numeric = true;
        url->is_loopback = ntohl(v4.s_addr) >> 24 == 127;
        return !brackets;
    }
    if (inet_pton(AF_INET6, url->host, &v6) == 1) {
        url->is_numeric = true;
        url->is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
        return brackets;
    }
    url->is_loopback = str_is(str_of(url->host), S("localhost"));
    return !brackets && is_name(str_of(url->host));
}

static bool read_port(str text, struct dial_url *url)
{
    uint64_t port;
    if (text.at == NULL) {
        url->port = url->tls ? 443 : 80;
        return true;
    }
    if (!str_to_u64(text, &port) || port == 0 || port > UINT16_MAX) {
        return false;
    }
    url->port = (uint16_t)port;
    return true;
}

/* host, host:port, [v6] or [v6]:port */
static bool read_authority(str text, struct dial_url *url)
{
    str port = STR_NONE;
    bool brackets = str_starts(text, S("["));
    str host =
        brackets ? str_split(str_cut(text, 1, text.len), ']', &port) : str_split(text, ':', &port);
    if (brackets) {
        if (port.at == NULL || (port.len > 0 && port.at[0] != ':')) {
            return false;
        }
        port = port.len > 0 ? str_cut(port, 1, port.len) : STR_NONE;
    }
    return read_port(port, url) && str_to_array(host, url->host, sizeof url->host) &&
           look_at_host(url, brackets);
}

errc dial_url_parse(str text, struct dial_url *ret_url, struct why *why)
{
    struct dial_url url = {.tls = str_starts(text, S("wss://"))};
    if (!is_printable(text) || str_has(text, '#') || str_has(text, '@') ||
        !(url.tls || str_starts(text, S("ws://")))) {
        return fail(why, ERR_INVALID, "'%.*s' is no ws:// or wss:// address", STR_ARG(text));
    }
    str rest = str_cut(text, url.tls ? 6 : 5, text.len);
    size_t slash = 0;
    while (slash < rest.len && rest.at[slash] != '/' && rest.at[slash] != '?') {
        slash++;
    }
    str path = str_cut(rest, slash, rest.len);
    if (!read_authority(str_cut(rest, 0, slash), &url) || (path.len > 0 && path.at[0] == '?') ||
        !str_to_array(path.len == 0 ? S("/") : path, url.path, sizeof url.path)) {
        return fail(why, ERR_INVALID, "'%.*s' is no address to call", STR_ARG(text));
    }
    *ret_url = url;
    return OK;
}

/* --- the request
 * ----------------------------------------------------------------------------------
 */

void dial_key_write(const uint8_t bytes[16], char ret_key[DIAL_KEY_SIZE])
{
    EVP_EncodeBlock((unsigned char *)ret_key, bytes, 16);
}

void dial_hello_write(const struct dial_url *url, str key, str protocol, struct buf *out)
{
    bool brackets = str_has(str_of(url->host), ':');
    buf_add_format(out, "GET %s HTTP/1.1\r\nHost: %s%s%s", url->path, brackets ? "[" : "",
                   url->host, brackets ? "]" : "");
    if (url->port != (url->tls ? 443 : 80)) {
        buf_add_format(out, ":%u", url->port);
    }
    buf_add_format(out,
                   "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: %.*s\r\n",
                   STR_ARG(key));
    if (protocol.len > 0) {
        buf_add_format(out, "Sec-WebSocket-Protocol: %.*s\r\n", STR_ARG(protocol));
    }
    buf_add_text(out, "\r\n");
}

/* --- the answer
 * -----------------------------------------------------------------------------------
 */

size_t dial_head_size(str bytes)
{
    static const char end[] = "\r\n\r\n";
    const char *found = bytes.len < 4 ? NULL : memmem(bytes.at, bytes.len, end, 4);
    return found == NULL ? 0 : (size_t)(found - bytes.at) + 4;
}

enum header {
    HEADER_UPGRADE,
    HEADER_CONNECTION,
    HEADER_ACCEPT,
    HEADER_PROTOCOL,
    HEADER_EXTENSIONS,
    HEADER_ENCODING,
    HEADER_LENGTH,
    HEADER_RETRY,
    HEADERS
};

static const char *const names[] = {
    "upgrade",
    "connection",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
    "transfer-encoding",
    "content-length",
    "retry-after",
};
_Static_assert(COUNT_OF(names) == HEADERS, "a name for each header");

/* The next line without its end; false when a bare CR, LF or another control byte stands in it. */
static bool take_line(str *head, str *ret_line)
{
    const char *end = head->len < 2 ? NULL : memmem(head->at, head->len, "\r\n", 2);
    if (end == NULL) {
        return false;
    }
    str line = str_cut(*head, 0, (size_t)(end - head->at));
    *head = str_cut(*head, line.len + 2, head->len);
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.at[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    *ret_line = line;
    return true;
}

static bool is_token(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !str_has(S("!#$%&'*+-.^_`|~"), c)) {
            return false;
        }
    }
    return text.len > 0;
}

static bool read_status(str line, int *ret_status)
{
    uint64_t status;
    if (!(str_starts(line, S("HTTP/1.1 ")) || str_starts(line, S("HTTP/1.0 "))) ||
        !str_to_u64(str_cut(line, 9, 12), &status) || status < 100 || status > 599 ||
        (line.len > 12 && line.at[12] != ' ')) {
        return false;
    }
    *ret_status = status == 101 && line.at[7] == '0' ? 500 : (int)status;
    return true;
}

/* Each known header at most once; its value, STR_NONE when it is absent. */
static bool read_headers(str head, str values[HEADERS])
{
    str line;
    for (int count = 0; count <= HEADERS_MOST; count++) {
        if (!take_line(&head, &line)) {
            return false;
        }
        if (line.len == 0) {
            return head.len == 0;
        }
        str value;
        str name = str_split(line, ':', &value);
        if (value.at == NULL || !is_token(name)) {
            return false;
        }
        for (int i = 0; i < HEADERS; i++) {
            if (!str_is_fold(name, str_of(names[i]))) {
                continue;
            }
            if (values[i].at != NULL) {
                return false;
            }
            values[i] = str_trim(value);
        }
    }
    return false;
}

static bool has_token(str list, str token)
{
    while (list.at != NULL) {
        if (str_is_fold(str_trim(str_split(list, ',', &list)), token)) {
            return true;
        }
    }
    return false;
}

static enum dial_step refuse(struct why *why, const char *what)
{
    ignore(fail(why, ERR_BAD_REQUEST, "the server's handshake: %s", what));
    return DIAL_REFUSED;
}

static enum dial_step check(const str values[HEADERS], str key, str protocol, struct why *why)
{
    char wanted[WS_ACCEPT_SIZE];
    if (!str_is_fold(values[HEADER_UPGRADE], S("websocket")) ||
        !has_token(values[HEADER_CONNECTION], S("upgrade"))) {
        return refuse(why, "no upgrade");
    }
    if (!ws_key_answer(key, wanted) || !str_is(values[HEADER_ACCEPT], str_of(wanted))) {
        return refuse(why, "it does not answer our key");
    }
    if (!str_is(values[HEADER_PROTOCOL], protocol)) {
        return refuse(why, "another subprotocol");
    }
    if (values[HEADER_EXTENSIONS].len > 0) {
        return refuse(why, "an extension that was not asked for");
    }
    if (values[HEADER_ENCODING].at != NULL || values[HEADER_LENGTH].len > 0) {
        return refuse(why, "a body");
    }
    return DIAL_AGREED;
}

enum dial_step dial_hello_read(str head, str key, str protocol, struct dial_answer *ret_answer,
                               struct why *why)
{
    str values[HEADERS] = {STR_NONE};
    str line;
    uint64_t seconds;
    *ret_answer = (struct dial_answer){.status = 0};
    if (!take_line(&head, &line) || !read_status(line, &ret_answer->status) ||
        !read_headers(head, values)) {
        ret_answer->status = 0;
        return refuse(why, "not HTTP");
    }
    if (ret_answer->status == 101) {
        return check(values, key, protocol, why);
    }
    if (str_to_u64(values[HEADER_RETRY], &seconds)) {
        ret_answer->retry_after = seconds < (uint64_t)(RETRY_MOST / USEC_SECOND)
                                      ? (usec)seconds * USEC_SECOND
                                      : RETRY_MOST;
    }
    ignore(fail(why, ERR_CLOSED, "the server answers %d", ret_answer->status));
    return DIAL_REFUSED;
}
