/* What a server may send to a client: the answer to the handshake, and frames, cut anywhere. Bytes
 * in pieces must be heard like the same bytes in one. */
#include "loop/dial_hello.h"
#include "loop/ws_reader.h"

#include <stdlib.h>

enum { MESSAGE_MOST = 4096, FRAGMENTS_MOST = 8 };

struct heard {
    size_t events;
    size_t bytes;
    enum ws_event last;
    int code;
};

static struct heard read_all(const uint8_t *data, size_t size, size_t step)
{
    struct ws_reader reader;
    struct ws_heard said;
    struct heard heard = {.last = WS_NOTHING};
    ws_reader_init(&reader, MESSAGE_MOST, FRAGMENTS_MOST);
    for (size_t at = 0; at < size && heard.last != WS_BROKEN && heard.last != WS_CLOSE;) {
        size_t part = size - at < step ? size - at : step;
        str bytes = {(const char *)data + at, part};
        enum ws_event event;
        while ((event = ws_reader_next(&reader, &bytes, &said)) != WS_NOTHING) {
            heard.events++;
            heard.last = event;
            heard.bytes += event == WS_BROKEN ? 0 : said.payload.len;
            heard.code = event == WS_BROKEN || event == WS_CLOSE ? said.code : 0;
            if (event == WS_BROKEN || event == WS_CLOSE) {
                break;
            }
        }
        at += part;
    }
    ws_reader_finish(&reader);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    struct dial_answer answer;
    struct dial_url url;
    size_t head = dial_head_size(text);
    if (head > 0) {
        ignore_int(dial_hello_read(str_cut(text, 0, head), S("dGhlIHNhbXBsZSBub25jZQ=="),
                                   S("loa.1"), &answer, NULL));
    }
    ignore(dial_url_parse(text, &url, NULL));
    struct heard whole = read_all(data, size, SIZE_MAX);
    for (size_t step = 1; step < 8; step += 3) {
        struct heard parts = read_all(data, size, step);
        if (whole.events != parts.events || whole.bytes != parts.bytes ||
            whole.last != parts.last || whole.code != parts.code) {
            abort();
        }
    }
    return 0;
}
