/* The head of an HTTP/1 request, pure. head_scan() looks at raw bytes before the parser does and
 * refuses what the parser of some release lets through (folded lines, bare CR or LF, NUL, blanks
 * before a colon), so that the rules of this file do not depend on its version. head_parse() then
 * lets llhttp read it. */
#ifndef LOA_LOOP_HEAD_H
#define LOA_LOOP_HEAD_H

#include "base/base.h"

/* Where a scan stands, so that a head that drips in is looked at once. Zeroed is the beginning. */
struct head_scan {
    size_t at;    /* bytes looked at */
    size_t line;  /* where the present line begins */
    size_t lines; /* complete lines */
    bool colon;   /* the present line has had its colon */
};

enum head_state { HEAD_MORE, HEAD_WHOLE, HEAD_BAD };

/* `bytes` is everything since the head's first byte. HEAD_WHOLE: scan->at is its length, the empty
 * line included. */
enum head_state head_scan(struct head_scan *scan, str bytes);

struct head_field {
    str name; /* lower case, changed in place */
    str value;
};

struct head {
    str method;
    str target;
    int version; /* 10 or 11 */
    struct head_field *fields;
    size_t field_count;
    size_t field_room;
};

/* A whole head, whose bytes are changed and viewed. The caller gives `fields` and `field_room`.
 * ERR_BAD_REQUEST, ERR_TOO_BIG (more fields than room), ERR_VERSION. */
CHECKED errc head_parse(char *bytes, size_t size, struct head *head);

#endif
