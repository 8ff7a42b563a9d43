/* A WebSocket on a connection that HTTP/1 has handed over. */
#ifndef LOA_LOOP_WEBSOCKET_H
#define LOA_LOOP_WEBSOCKET_H

#include "loop/server.h"

struct websocket {
    enum entry_kind kind;
    http_id id;
    struct conn *conn;
    struct ws_handler handler;
    struct buf in;      /* bytes of a frame that is not whole yet */
    struct buf message; /* fragments so far */
    enum ws_kind message_kind;
    size_t fragments; /* 0: no message under way */
    bool is_stalled;  /* the room above takes no messages now */
    bool has_pinged;  /* and nothing has come since */
    bool sent_close;
    bool is_over; /* on_close was called */
    int code;     /* for on_close, once a close was sent */
};

#endif
