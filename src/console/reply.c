/* Writing answers. Every answer carries the same security headers; an error says its code and, in
 * the language of who asked, what to do about it. Reasons stay in the log. */
#include "console/reply.h"

#include "base/log.h"
#include "console/asset.h"
#include "console/forwarded.h"

enum { ERROR_ROOM = 8 * 1024, HEADERS_MOST = 12 };

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "                 \
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

struct headers {
    struct http_header at[HEADERS_MOST];
    size_t count;
};

static void add(struct headers *headers, str name, str value)
{
    if (headers->count < HEADERS_MOST) {
        headers->at[headers->count++] = (struct http_header){name, value};
    }
}

static struct headers common_headers(bool tls, str cache)
{
    struct headers headers = {.count = 0};
    add(&headers, S("content-security-policy"), S(POLICY));
    add(&headers, S("x-content-type-options"), S("nosniff"));
    add(&headers, S("referrer-policy"), S("no-referrer"));
    add(&headers, S("cross-origin-opener-policy"), S("same-origin"));
    add(&headers, S("cross-origin-resource-policy"), S("same-origin"));
    add(&headers, S("permissions-policy"), S("camera=(), geolocation=(), payment=()"));
    add(&headers, S("cache-control"), cache);
    if (tls) {
        add(&headers, S("strict-transport-security"), S("max-age=31536000"));
    }
    return headers;
}

static void send(struct console *console, http_id id, struct http_answer *answer,
                 const struct headers *headers)
{
    answer->headers = headers->at;
    answer->header_count = headers->count;
    struct why why = {""};
    errc rc = http_answer_send(console->http, id, answer, &why);
    if (rc != OK && rc != ERR_CLOSED) {
        LOG(LOG_WARN, "answer_failed", log_errc(rc), log_why(&why));
    }
}

str reply_address(const struct console *console, struct http_request *request)
{
    return forwarded_address(http_request_address(request),
                             http_request_header(request, S("x-forwarded-for")),
                             console->house.trusted_proxies);
}

bool reply_is_tls(const struct console *console, struct http_request *request)
{
    bool ours = forwarded_is_trusted(http_request_address(request), console->house.trusted_proxies);
    str scheme = http_request_header(request, S("x-forwarded-proto"));
    return http_request_is_tls(request) || (ours && str_is(scheme, S("https")));
}

enum words_language reply_language(const struct console *console, struct http_request *request)
{
    str accept = http_request_header(request, S("accept-language"));
    return accept.at == NULL ? console->house.language : words_language_of(accept);
}

static void write_field(const struct words *words, enum words_language language,
                        const struct bad_field *bad, struct json_out *json)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 1024);
    char key[64];
    ignore_int(snprintf(key, sizeof key, "field.%s", bad->code));
    words_write(words, language, str_of(key), NULL, 0, &text);
    json_array_at(json, "fields");
    json_object(json);
    json_text_at(json, "name", bad->name);
    json_text_at(json, "code", bad->code);
    json_str_at(json, "message", buf_str(&text));
    json_end(json);
    json_end(json);
}

struct told {
    const struct bad_field *bad; /* or null */
    str theirs;                  /* JSON, or STR_NONE */
};

static void write_error(const struct words *words, enum words_language language, errc rc,
                        const struct told *told, struct buf *out)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 2048);
    char key[64];
    ignore_int(snprintf(key, sizeof key, "error.%s", error_key(rc)));
    words_write(words, language, str_of(key), NULL, 0, &text);
    struct json_out json;
    json_out_init(&json, out);
    json_object(&json);
    json_object_at(&json, "error");
    json_text_at(&json, "code", error_key(rc));
    json_str_at(&json, "message", buf_str(&text));
    if (told->bad != NULL && told->bad->code[0] != '\0') {
        write_field(words, language, told->bad, &json);
    }
    json_end(&json);
    if (told->theirs.len > 0) {
        json_key(&json, "theirs");
        json_raw(&json, told->theirs);
    }
    json_end(&json);
}

void reply_error_early(struct console *console, struct http_request *request, errc rc)
{
    AUTO(buf_finish) struct buf out;
    buf_init(&out, ERROR_ROOM);
    AUTO(buf_finish) struct buf allowed;
    buf_init(&allowed, 256);
    static const struct told nothing;
    write_error(console->house.words, reply_language(console, request), rc, &nothing, &out);
    struct headers headers = common_headers(reply_is_tls(console, request), S("no-store"));
    if (rc == ERR_METHOD) {
        route_allowed(http_request_path(request), &allowed);
        add(&headers, S("allow"), allowed.len > 0 ? buf_str(&allowed) : S("GET, HEAD"));
    }
    struct http_answer answer = {.status = error_status(rc),
                                 .body = HTTP_BYTES,
                                 .bytes = buf_str(&out),
                                 .type = S("application/json")};
    send(console, http_request_id(request), &answer, &headers);
}

void reply_text(struct console *console, struct http_request *request, str text, str type)
{
    struct headers headers = common_headers(reply_is_tls(console, request), S("no-store"));
    struct http_answer answer = {.status = 200, .body = HTTP_BYTES, .bytes = text, .type = type};
    send(console, http_request_id(request), &answer, &headers);
}

/* The console's own addresses have no ending; a missing file must stay missing. */
static bool is_page_address(str path)
{
    str rest = path;
    str last = path;
    while (rest.at != NULL) {
        last = str_split(rest, '/', &rest);
    }
    return !str_has(last, '.');
}

void reply_page(struct console *console, struct http_request *request)
{
    str path = http_request_path(request);
    const struct asset *asset = asset_find(path);
    if (asset == NULL && is_page_address(path)) {
        asset = asset_page();
    }
    if (asset == NULL) {
        reply_error_early(console, request, ERR_NOT_FOUND);
        return;
    }
    str cache = asset->immutable ? S("public, max-age=31536000, immutable") : S("no-cache");
    struct headers headers = common_headers(reply_is_tls(console, request), cache);
    struct http_answer answer = {
        .status = 200,
        .body = HTTP_ASSET,
        .asset = &asset->body,
        .type = str_of(asset->type),
        .etag = str_of(asset->etag),
    };
    send(console, http_request_id(request), &answer, &headers);
}

/* __Host- would be stricter, but needs TLS; on loopback without it the cookie has its plain name.
 */
static void add_cookie(struct ask *ask, struct headers *headers, struct buf *text)
{
    if (ask->cookie == ASK_COOKIE_KEEP) {
        return;
    }
    bool drop = ask->cookie == ASK_COOKIE_DROP;
    buf_add(text, S("loa_session="));
    buf_add(text, drop ? S("") : ask->cookie_token);
    buf_add(text, S("; Path=/; HttpOnly; SameSite=Strict"));
    buf_add(text, ask->tls ? S("; Secure") : S(""));
    buf_add(text, drop ? S("; Max-Age=0") : S(""));
    add(headers, S("set-cookie"), buf_str(text));
}

static void log_failure(const struct ask *ask, errc rc, const struct why *why)
{
    enum log_level level = error_status(rc) >= 500 ? LOG_ERROR : LOG_DEBUG;
    LOG(level, "request_failed", log_text("route", ask->match.route->path), log_errc(rc),
        log_int("account", ask->actor.account_id), log_why(why));
}

void reply_ask(struct console *console, http_id id, struct ask *ask, errc rc, const struct why *why)
{
    if (rc == OK && ask->type == NULL && ask->status != 204) {
        rc = json_out_check(&ask->json);
    }
    AUTO(buf_finish) struct buf cookie;
    buf_init(&cookie, 512);
    AUTO(buf_finish) struct buf retry;
    buf_init(&retry, 32);
    struct headers headers = common_headers(ask->tls, S("no-store"));
    struct http_answer answer = {.status = ask->status, .type = S("application/json")};
    if (rc != OK) {
        log_failure(ask, rc, why);
        buf_clear(&ask->out);
        struct told told = {&ask->bad, ask->theirs};
        write_error(ask->house->words, ask->language, rc, &told, &ask->out);
        answer.status = error_status(rc);
    } else if (ask->type != NULL) {
        answer.type = str_of(ask->type);
    }
    if (rc == OK && ask->filename != NULL) {
        add(&headers, S("content-disposition"), str_of(ask->filename));
    }
    if (ask->retry_after_s > 0) {
        buf_add_i64(&retry, ask->retry_after_s);
        add(&headers, S("retry-after"), buf_str(&retry));
    }
    if (rc == OK) { /* a refused or failed step changed no session */
        add_cookie(ask, &headers, &cookie);
    }
    answer.body = answer.status == 204 ? HTTP_EMPTY : HTTP_BYTES;
    answer.bytes = buf_str(&ask->out);
    if (rc == OK && ask->file >= 0) {
        answer.body = HTTP_FILE;
        answer.take_file.fd = ask->file; /* taken in every case */
        answer.take_file.size = ask->file_size;
        ask->file = -1;
    }
    ask_drop_file(ask);
    /* The answer ends the request and its arena, in which the ask lives: nothing of it after. */
    struct buf out = ask->out;
    send(console, id, &answer, &headers);
    buf_finish(&out);
}
