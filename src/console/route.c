/* Some sixty rows are searched in order; literal segments win over {places} because `search`
 * stands before `{id}` in the table (a test keeps it so). */
#include "console/route.h"

#include "console/steps.h"

#define ROUTE(method, path, right, look, work, act, request, answer, status)                       \
    {ROUTE_##method, path, RIGHT_##right, look, work, act, request, answer, status},
static const struct route table[] = {
#include "console/routes.def"
};
#undef ROUTE

static const char *const method_names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

const char *route_method_name(enum route_method method)
{
    return method_names[method];
}

size_t route_count(void)
{
    return COUNT_OF(table);
}

const struct route *route_at(size_t index)
{
    return &table[index];
}

static bool is_place(str segment)
{
    return segment.len > 2 && segment.at[0] == '{';
}

static bool matches(str pattern, str path, str places[ROUTE_PLACES])
{
    size_t count = 0;
    while (pattern.at != NULL && path.at != NULL) {
        str want = str_split(pattern, '/', &pattern);
        str have = str_split(path, '/', &path);
        if (!is_place(want)) {
            if (!str_is(want, have)) {
                return false;
            }
            continue;
        }
        if (have.len == 0 || count == ROUTE_PLACES) {
            return false;
        }
        places[count++] = have;
    }
    return pattern.at == NULL && path.at == NULL;
}

errc route_find(str method, str path, struct route_match *ret_match)
{
    errc rc = ERR_NOT_FOUND;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct route_match match = {.route = &table[i]};
        if (!matches(str_of(table[i].path), path, match.places)) {
            continue;
        }
        if (str_is(method, str_of(method_names[table[i].method]))) {
            *ret_match = match;
            return OK;
        }
        rc = ERR_METHOD;
    }
    return rc;
}

void route_allowed(str path, struct buf *out)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        str places[ROUTE_PLACES];
        if (!matches(str_of(table[i].path), path, places)) {
            continue;
        }
        buf_add(out, first ? S("") : S(", "));
        buf_add_text(out, method_names[table[i].method]);
        first = false;
    }
}
