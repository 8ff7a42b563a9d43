/* The words of a WebSocket client before the first frame, pure: the URL, the request, and the
 * server's answer read strictly. */
#ifndef LOA_LOOP_DIAL_HELLO_H
#define LOA_LOOP_DIAL_HELLO_H

#include "base/base.h"

enum { DIAL_HOST_MOST = 256, DIAL_PATH_MOST = 512, DIAL_PROTOCOL_MOST = 32, DIAL_KEY_SIZE = 25 };

struct dial_url {
    bool tls;
    bool is_numeric;  /* an address, not a name */
    bool is_loopback; /* an address of 127/8 or ::1, or "localhost" */
    uint16_t port;
    char host[DIAL_HOST_MOST]; /* without brackets */
    char path[DIAL_PATH_MOST]; /* with the query */
};

/* ERR_INVALID for anything but ws:// or wss://, a host, perhaps a port, and a path of printable
 * ASCII; no user, no fragment. */
CHECKED errc dial_url_parse(str text, struct dial_url *ret_url, struct why *why);

/* 16 bytes of chance in base64. */
void dial_key_write(const uint8_t bytes[16], char ret_key[DIAL_KEY_SIZE]);
void dial_hello_write(const struct dial_url *url, str key, str protocol, struct buf *out);

struct dial_answer {
    int status;
    usec retry_after;
};

enum dial_step { DIAL_MORE, DIAL_AGREED, DIAL_REFUSED };

/* `head` is everything up to and with the empty line. DIAL_REFUSED with why for any answer that is
 * not exactly the agreement that was asked for. */
enum dial_step dial_hello_read(str head, str key, str protocol, struct dial_answer *ret_answer,
                               struct why *why);
/* How long the head is, the empty line included; 0 when it has not come yet. */
size_t dial_head_size(str bytes);

#endif
