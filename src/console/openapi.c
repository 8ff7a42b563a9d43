/* The API's description, from the same table that the server answers by, so that the two cannot
 * differ; the shapes of bodies stand in schemas.json. Built once, when the console starts. */
#include "base/log.h"
#include "console/console_inside.h"
#include "console/embedded.h"

enum { OPENAPI_ROOM = 512 * 1024 };

static void write_schema(struct json_out *out, const char *name)
{
    char reference[96];
    ignore_int(snprintf(reference, sizeof reference, "#/components/schemas/%s", name));
    json_object_at(out, "schema");
    json_text_at(out, "$ref", reference);
    json_end(out);
}

/* A schema's name, or a media type with a text in it. */
static void write_content(struct json_out *out, const char *what)
{
    bool media = str_has(str_of(what), '/');
    json_object_at(out, "content");
    json_object_at(out, media ? what : "application/json");
    if (media) {
        json_object_at(out, "schema");
        json_text_at(out, "type", "string");
        json_end(out);
    } else {
        write_schema(out, what);
    }
    json_end(out);
    json_end(out);
}

static void write_answers(struct json_out *out, const struct route *route)
{
    char status[8];
    ignore_int(snprintf(status, sizeof status, "%d", route->status));
    json_object_at(out, "responses");
    json_object_at(out, status);
    json_text_at(out, "description", "done");
    if (route->answer[0] != '\0') {
        write_content(out, route->answer);
    }
    json_end(out);
    json_object_at(out, "default");
    json_text_at(out, "description", "an error, with its code and words for people");
    write_content(out, "Error");
    json_end(out);
    json_end(out);
}

static void write_places(struct json_out *out, str path)
{
    json_array_at(out, "parameters");
    while (path.at != NULL) {
        str segment = str_split(path, '/', &path);
        if (segment.len < 3 || segment.at[0] != '{') {
            continue;
        }
        json_object(out);
        json_str_at(out, "name", str_cut(segment, 1, segment.len - 1));
        json_text_at(out, "in", "path");
        json_bool_at(out, "required", true);
        json_object_at(out, "schema");
        json_text_at(out, "type", "string");
        json_end(out);
        json_end(out);
    }
    json_end(out);
}

static void write_operation(struct json_out *out, const struct route *route)
{
    static const char *const names[] = {"get", "post", "put", "patch", "delete"};
    json_object_at(out, names[route->method]);
    json_text_at(out, "x-right", right_name(route->right));
    write_places(out, str_of(route->path));
    if (route->right == RIGHT_PUBLIC) {
        json_array_at(out, "security");
        json_end(out);
    }
    if (route->request[0] != '\0') {
        json_object_at(out, "requestBody");
        json_bool_at(out, "required", true);
        write_content(out, route->request);
        json_end(out);
    }
    write_answers(out, route);
    json_end(out);
}

static bool is_first_of_path(size_t index)
{
    str path = str_of(route_at(index)->path);
    for (size_t i = 0; i < index; i++) {
        if (str_is(path, str_of(route_at(i)->path))) {
            return false;
        }
    }
    return true;
}

static void write_path(struct json_out *out, size_t first)
{
    str path = str_of(route_at(first)->path);
    json_key_str(out, path);
    json_object(out);
    for (size_t i = first; i < route_count(); i++) {
        if (str_is(path, str_of(route_at(i)->path))) {
            write_operation(out, route_at(i));
        }
    }
    json_end(out);
}

static void write_components(struct json_out *out)
{
    json_object_at(out, "components");
    json_key(out, "schemas");
    json_raw(out, str_trim(embedded_schemas_json()));
    json_object_at(out, "securitySchemes");
    json_object_at(out, "session");
    json_text_at(out, "type", "apiKey");
    json_text_at(out, "in", "cookie");
    json_text_at(out, "name", "loa_session");
    json_end(out);
    json_end(out);
    json_end(out);
}

errc openapi_write(struct buf *to, struct why *why)
{
    struct json_out out;
    json_out_init(&out, to);
    json_object(&out);
    json_text_at(&out, "openapi", "3.1.0");
    json_object_at(&out, "info");
    json_text_at(&out, "title", "Loa");
    json_text_at(&out, "version", "1");
    json_object_at(&out, "license");
    json_text_at(&out, "name", "Apache-2.0");
    json_text_at(&out, "identifier", "Apache-2.0");
    json_end(&out);
    json_end(&out);
    json_array_at(&out, "security");
    json_object(&out);
    json_array_at(&out, "session");
    json_end(&out);
    json_end(&out);
    json_end(&out);
    json_object_at(&out, "paths");
    for (size_t i = 0; i < route_count(); i++) {
        if (is_first_of_path(i)) {
            write_path(&out, i);
        }
    }
    json_end(&out);
    write_components(&out);
    json_end(&out);
    return fail_in(why, json_out_check(&out), "the description of the API");
}

errc openapi_init(struct console *console, struct why *why)
{
    buf_init(&console->openapi, OPENAPI_ROOM);
    TRY(openapi_write(&console->openapi, why));
    console->house.openapi = buf_str(&console->openapi);
    return OK;
}
