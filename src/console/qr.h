/* A QR code as an SVG picture, for what a phone should read from the screen. */
#ifndef LOA_CONSOLE_QR_H
#define LOA_CONSOLE_QR_H

#include "base/base.h"

CHECKED errc qr_svg(str text, struct buf *out, struct why *why);

#endif
