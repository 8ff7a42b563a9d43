/* libqrencode makes the squares; here they become one path, row by row, with the quiet zone that
 * the standard asks for. Colours are attributes, so that no inline style is needed. */
#include "console/qr.h"

#include <errno.h>
#include <qrencode.h>

enum { TEXT_MOST = 1200, QUIET = 4 };

static void close_code(QRcode **code)
{
    QRcode_free(*code);
}

static size_t run_length(const unsigned char *row, size_t width, size_t from)
{
    size_t to = from;
    while (to < width && (row[to] & 1) != 0) {
        to++;
    }
    return to - from;
}

errc qr_svg(str text, struct buf *out, struct why *why)
{
    char copy[TEXT_MOST + 1];
    if (!str_to_array(text, copy, sizeof copy)) {
        return fail(why, ERR_TOO_BIG, "a QR code of %zu bytes", text.len);
    }
    AUTO(close_code) QRcode *code = QRcode_encodeString8bit(copy, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return fail_errno(why, errno, "QR code");
    }
    size_t width = (size_t)code->width;
    buf_add_format(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" "
                   "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%zuv%zuH0z\"/>"
                   "<path fill=\"#000\" d=\"",
                   width + 2 * QUIET, width + 2 * QUIET, width + 2 * QUIET, width + 2 * QUIET);
    for (size_t y = 0; y < width; y++) {
        const unsigned char *row = code->data + y * width;
        for (size_t x = 0; x < width; x++) {
            size_t length = run_length(row, width, x);
            if (length > 0) {
                buf_add_format(out, "M%zu %zuh%zuv1h-%zuz", x + QUIET, y + QUIET, length, length);
                x += length;
            }
        }
    }
    buf_add(out, S("\"/></svg>"));
    return buf_check(out);
}
