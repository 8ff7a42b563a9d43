/* What the room above may look at in a request. */
#include "loop/request.h"

#include "loop/upload.h"

const char *http_method_name(enum http_method method)
{
    static const char *const names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "SOURCE"};
    _Static_assert(COUNT_OF(names) == HTTP_SOURCE + 1, "a name for each method");
    return names[method];
}

http_id http_request_id(const struct http_request *request)
{
    return request->id;
}

struct http_request *http_request_of(struct http_server *server, http_id id)
{
    struct http_request *request = request_of(server, id);
    return request != NULL &&
                   (request->state == REQUEST_READING || request->state == REQUEST_WAITING)
               ? request
               : NULL;
}

bool http_request_is_gone(const struct http_request *request)
{
    return request->conn == NULL;
}

struct arena *http_request_arena(struct http_request *request)
{
    return request->arena;
}

enum http_method http_request_method(const struct http_request *request)
{
    return request->head.method;
}

str http_request_target(const struct http_request *request)
{
    return request->target.raw;
}

str http_request_path(const struct http_request *request)
{
    return request->target.path;
}

str http_request_query(const struct http_request *request)
{
    return request->target.query;
}

size_t http_request_param_count(const struct http_request *request)
{
    return request->target.param_count;
}

void http_request_param_at(const struct http_request *request, size_t n, str *ret_name,
                           str *ret_value)
{
    *ret_name = request->target.params[n].name;
    *ret_value = request->target.params[n].value;
}

bool http_request_param(const struct http_request *request, str name, str *ret_value)
{
    for (size_t i = 0; i < request->target.param_count; i++) {
        if (str_is(request->target.params[i].name, name)) {
            *ret_value = request->target.params[i].value;
            return true;
        }
    }
    return false;
}

static str join(struct http_request *request, size_t first, const char *separator)
{
    const struct head_field *fields = request->fields;
    str whole = fields[first].value;
    for (size_t i = first + 1; i < request->field_count; i++) {
        if (str_is(fields[i].name, fields[first].name)) {
            whole = arena_format(request->arena, "%.*s%s%.*s", STR_ARG(whole), separator,
                                 STR_ARG(fields[i].value));
        }
    }
    return whole;
}

str http_request_header(struct http_request *request, str name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        if (str_is_fold(request->fields[i].name, name)) {
            return join(request, i, str_is_fold(name, S("cookie")) ? "; " : ", ");
        }
    }
    return STR_NONE;
}

bool http_request_cookie(struct http_request *request, str name, str *ret_value)
{
    str rest = http_request_header(request, S("cookie"));
    while (rest.at != NULL) {
        str value;
        str pair = str_trim(str_split(rest, ';', &rest));
        if (str_is(str_split(pair, '=', &value), name) && value.at != NULL) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

str http_request_host(const struct http_request *request)
{
    return request->host;
}

str http_request_address(struct http_request *request)
{
    if (request->address[0] == 0 && request->conn != NULL) {
        address_text(request->conn->address, request->address);
    }
    return str_of(request->address);
}

bool http_request_is_tls(const struct http_request *request)
{
    return request->conn != NULL && request->conn->ssl != NULL;
}

int http_request_version(const struct http_request *request)
{
    return request->head.version;
}

usec http_request_begun(const struct http_request *request)
{
    return request->begun;
}

bool http_request_channel(const struct http_request *request, uint8_t ret_bytes[32])
{
    return http_request_is_tls(request) && tls_channel(request->conn->ssl, ret_bytes);
}

void http_request_set_user(struct http_request *request, void *user)
{
    request->user = user;
}

void *http_request_user(const struct http_request *request)
{
    return request->user;
}

str http_request_body(const struct http_request *request)
{
    return request->plan.kind == HTTP_BODY_MEMORY ? buf_str(&request->body) : STR_NONE;
}

struct http_file http_request_file(const struct http_request *request)
{
    return request->upload == NULL ? (struct http_file){-1, 0, ""} : upload_file(request->upload);
}

struct http_file http_request_take_file(struct http_request *request)
{
    return request->upload == NULL ? (struct http_file){-1, 0, ""} : upload_take(request->upload);
}
