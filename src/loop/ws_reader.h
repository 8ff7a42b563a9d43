/* A WebSocket's incoming half on the client's side, pure: bytes as they came are cut into messages
 * and control frames, and anything that RFC 6455 forbids a server is an end. An idle reader holds
 * no memory. */
#ifndef LOA_LOOP_WS_READER_H
#define LOA_LOOP_WS_READER_H

#include "base/base.h"
#include "loop/http.h"

struct ws_reader {
    struct buf in;      /* bytes of a frame that is not whole yet */
    struct buf message; /* fragments so far */
    size_t message_most;
    size_t fragments_most;
    size_t fragments; /* 0: no message under way */
    size_t eaten;     /* of `in`, by what was heard last */
    enum ws_kind kind;
    bool is_done; /* the message was handed out whole */
};

enum ws_event {
    WS_NOTHING, /* more bytes are needed */
    WS_MESSAGE,
    WS_PING,
    WS_PONG,
    WS_CLOSE,
    WS_BROKEN, /* code says with which the peer is to be told */
};

struct ws_heard {
    enum ws_kind kind;
    str payload; /* a loan until the next call; of a close, its reason */
    int code;
};

void ws_reader_init(struct ws_reader *reader, size_t message_most, size_t fragments_most);
void ws_reader_finish(struct ws_reader *reader);
/* The next thing heard in *bytes, which are eaten from the front; to be called until WS_NOTHING,
 * and never again after WS_CLOSE or WS_BROKEN. */
enum ws_event ws_reader_next(struct ws_reader *reader, str *bytes, struct ws_heard *ret_heard);

#endif
