/* Forms answers: what the client has already (304), the part or the encoding it asked for, the
 * header fields. Nothing that the room above hands in may break the framing. */
#include "loop/request.h"

#include <unistd.h>

static char *text_room(struct reply *reply, size_t *ret_room)
{
    *ret_room = sizeof reply->text - reply->text_used;
    return reply->text + reply->text_used;
}

void reply_add(struct reply *reply, str name, str value)
{
    if (reply->field_count < REPLY_FIELDS) {
        reply->fields[reply->field_count] = (struct http_header){name, value};
        reply->field_count++;
    }
}

void reply_add_text(struct reply *reply, str name, const char *format, ...)
{
    size_t room;
    char *at = text_room(reply, &room);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(at, room, format, args);
    va_end(args);
    if (length >= 0 && (size_t)length < room) {
        reply->text_used += (size_t)length;
        reply_add(reply, name, (str){at, (size_t)length});
    }
}

void reply_init(struct reply *reply, struct http_request *request, int status)
{
    reply->status = status;
    reply->field_count = 0;
    reply->size = 0;
    reply->has_size = true;
    reply->no_body = request->head.method == HTTP_HEAD || status == 204 || status == 304;
    reply->close = false;
    reply->text_used = 0;
    reply_add(reply, S("date"), server_date(request->server));
}

void request_refuse(struct http_request *request, int status)
{
    struct reply reply;
    reply_init(&reply, request, status);
    if (status == 426) {
        reply_add(&reply, S("upgrade"), S("websocket"));
    }
    reply.close = !request->body_done;
    reply_send(request, &reply);
}

static bool is_token(str text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
        if (!letter && !(byte >= '0' && byte <= '9') &&
            (byte == 0 || strchr(marks, byte) == NULL)) {
            return false;
        }
    }
    return text.len > 0;
}

static bool is_framing(str name)
{
    static const char *const ours[] = {"content-length", "transfer-encoding", "connection",
                                       "keep-alive",     "upgrade",           "date",
                                       "content-range",  "trailer",           "te"};
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (str_is_fold(name, str_of(ours[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_value(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

static errc add_headers(struct reply *reply, const struct http_header *headers, size_t count,
                        struct why *why)
{
    if (count > REPLY_FIELDS - 16) {
        return fail(why, ERR_INVALID, "more than %d headers in an answer", REPLY_FIELDS - 16);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_token(headers[i].name) || is_framing(headers[i].name) ||
            !is_value(headers[i].value)) {
            return fail(why, ERR_INVALID, "header '%.*s' may not stand in an answer",
                        STR_ARG(headers[i].name));
        }
        reply_add(reply, headers[i].name, headers[i].value);
    }
    return OK;
}

errc reply_head(struct reply *reply, str type, const struct http_header *headers, size_t count,
                struct why *why)
{
    if (!is_value(type)) {
        return fail(why, ERR_INVALID, "a content type with a control character");
    }
    if (type.len > 0) {
        reply_add(reply, S("content-type"), type);
    }
    return add_headers(reply, headers, count, why);
}

/* The body and the tag that belongs to the encoding chosen. */
struct choice {
    enum encoding encoding;
    str bytes;
    uint64_t size;
    str etag;
    bool ranges;
};

static void choose(struct reply *reply, struct http_request *request,
                   const struct http_answer *answer, struct choice *choice)
{
    *choice = (struct choice){.bytes = answer->bytes, .etag = answer->etag};
    switch (answer->body) {
    case HTTP_EMPTY:
        choice->bytes = STR_NONE;
        break;
    case HTTP_BYTES:
        break;
    case HTTP_STATIC:
        choice->ranges = true;
        break;
    case HTTP_ASSET: {
        const struct http_asset *asset = answer->asset;
        choice->encoding = encoding_choose(request_field(request, S("accept-encoding")),
                                           asset->gzip.at != NULL, asset->br.at != NULL);
        choice->bytes = choice->encoding == ENCODING_BR     ? asset->br
                        : choice->encoding == ENCODING_GZIP ? asset->gzip
                                                            : asset->identity;
        choice->ranges = true;
        if (asset->gzip.at != NULL || asset->br.at != NULL) {
            reply_add(reply, S("vary"), S("accept-encoding"));
        }
        break;
    }
    case HTTP_FILE:
        choice->size = answer->take_file.size;
        choice->ranges = true;
        return;
    }
    choice->size = choice->bytes.len;
}

static void add_validators(struct reply *reply, const struct http_answer *answer,
                           struct choice *choice)
{
    static const char *const suffixes[] = {"", "-gz", "-br"};
    if (answer->etag.len > 0 && is_value(answer->etag) && !str_has(answer->etag, '"')) {
        size_t at = reply->text_used;
        reply_add_text(reply, S("etag"), "\"%.*s%s\"", STR_ARG(answer->etag),
                       suffixes[choice->encoding]);
        if (reply->text_used > at) { /* it fitted */
            choice->etag = (str){reply->text + at + 1, reply->text_used - at - 2};
        }
    }
    if (answer->changed != 0) {
        char date[HTTP_DATE_SIZE];
        http_date_write(answer->changed, date);
        reply_add_text(reply, S("last-modified"), "%s", date);
    }
    if (choice->encoding != ENCODING_IDENTITY) {
        reply_add(reply, S("content-encoding"),
                  choice->encoding == ENCODING_BR ? S("br") : S("gzip"));
    }
}

static bool is_safe(const struct http_request *request)
{
    return request->head.method == HTTP_GET || request->head.method == HTTP_HEAD;
}

static bool has_it_already(const struct http_request *request, const struct http_answer *answer,
                           const struct choice *choice)
{
    usec since;
    str tags = request_field(request, S("if-none-match"));
    if (answer->status != 200 || !is_safe(request)) {
        return false;
    }
    if (tags.at != NULL) {
        return choice->etag.len > 0 && etag_is_listed(tags, choice->etag);
    }
    return answer->changed != 0 &&
           http_date_parse(request_field(request, S("if-modified-since")), &since) &&
           answer->changed / USEC_SECOND <= since / USEC_SECOND;
}

static bool range_is_current(const struct http_request *request, const struct http_answer *answer,
                             const struct choice *choice)
{
    usec date;
    str condition = request_field(request, S("if-range"));
    if (condition.at == NULL) {
        return true;
    }
    if (str_has(condition, '"')) {
        return choice->etag.len > 0 && etag_is(condition, choice->etag);
    }
    return answer->changed != 0 && http_date_parse(condition, &date) &&
           answer->changed / USEC_SECOND == date / USEC_SECOND;
}

/* Cuts the body to what was asked for; the whole by default. */
static void cut_range(struct reply *reply, struct http_request *request,
                      const struct http_answer *answer, const struct choice *choice)
{
    struct range range = {0, choice->size};
    str header = request_field(request, S("range"));
    reply->size = choice->size;
    if (answer->status != 200 || !choice->ranges || request->head.method != HTTP_GET) {
        return;
    }
    reply_add(reply, S("accept-ranges"), S("bytes"));
    if (header.at == NULL || !range_is_current(request, answer, choice)) {
        return;
    }
    switch (range_parse(header, choice->size, &range)) {
    case RANGE_WHOLE:
        return;
    case RANGE_PART:
        reply->status = 206;
        reply->size = range.size;
        source_cut(&request->source, range.from, range.size);
        reply_add_text(
            reply, S("content-range"), "bytes %llu-%llu/%llu", (unsigned long long)range.from,
            (unsigned long long)(range.from + range.size - 1), (unsigned long long)choice->size);
        return;
    case RANGE_OUTSIDE:
        reply->status = 416;
        reply->size = 0;
        source_finish(&request->source);
        reply_add_text(reply, S("content-range"), "bytes */%llu", (unsigned long long)choice->size);
        return;
    }
}

static errc form(struct reply *reply, struct http_request *request,
                 const struct http_answer *answer, struct why *why)
{
    struct choice choice;
    reply_init(reply, request, answer->status);
    choose(reply, request, answer, &choice);
    if (answer->body == HTTP_FILE) {
        source_set_file(&request->source, answer->take_file.fd, choice.size);
    } else if (answer->body == HTTP_BYTES) {
        if (!source_set_copy(&request->source, choice.bytes)) {
            return fail(why, ERR_NO_MEMORY, "no memory for an answer");
        }
    } else {
        source_set_static(&request->source, choice.bytes);
    }
    if (answer->status < 200 || answer->status > 599) {
        return fail(why, ERR_INVALID, "status %d", answer->status);
    }
    add_validators(reply, answer, &choice);
    TRY(reply_head(reply, answer->type, answer->headers, answer->header_count, why));
    if (has_it_already(request, answer, &choice)) {
        reply->status = 304;
        reply->no_body = true;
        reply->size = choice.size;
    } else {
        cut_range(reply, request, answer, &choice);
    }
    reply->close = answer->close || !request->body_done;
    return OK;
}

errc http_answer_send(struct http_server *server, http_id id, const struct http_answer *answer,
                      struct why *why)
{
    struct http_request *request = http_request_of(server, id);
    if (request == NULL || request->conn == NULL) {
        if (answer->body == HTTP_FILE) {
            ignore_int(close(answer->take_file.fd));
        }
        if (request != NULL) {
            request_destroy(request);
        }
        return fail(why, ERR_CLOSED, "nobody waits for this answer any more");
    }
    struct reply reply;
    errc rc = form(&reply, request, answer, why);
    if (rc != OK) {
        source_finish(&request->source);
        request_refuse(request, 500);
        return rc;
    }
    if (reply.no_body) {
        source_finish(&request->source);
    }
    reply_send(request, &reply);
    return OK;
}
