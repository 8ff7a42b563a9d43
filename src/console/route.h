/* The route table and finding a row in it. Pure: a method and a decoded path go in, the row and
 * the values of its {places} come out. */
#ifndef LOA_CONSOLE_ROUTE_H
#define LOA_CONSOLE_ROUTE_H

#include "base/base.h"
#include "people/right.h"

struct ask;

typedef errc ask_step(struct ask *ask, struct why *why);

enum { ROUTE_PLACES = 2 };

enum route_method { ROUTE_GET, ROUTE_POST, ROUTE_PUT, ROUTE_PATCH, ROUTE_DELETE };

struct route {
    enum route_method method;
    const char *path;
    enum right right;
    ask_step *look;
    ask_step *work;
    ask_step *act;
    const char *request; /* schema, "" for none, or a media type */
    const char *answer;
    int status;
};

struct route_match {
    const struct route *route;
    str places[ROUTE_PLACES];
};

/* ERR_NOT_FOUND for an unknown path, ERR_METHOD for a known one with another method. */
CHECKED errc route_find(str method, str path, struct route_match *ret_match);
size_t route_count(void);
const struct route *route_at(size_t index);
const char *route_method_name(enum route_method method);
/* Methods that the path knows, as for an Allow header: "GET, POST". */
void route_allowed(str path, struct buf *out);

#endif
