/* llhttp could read chunks too, but 8.1.0 takes extensions without end (CVE-2024-22019 of its
 * kind); a decoder that knows less is short enough to be seen through. */
#include "loop/chunked.h"

enum chunked_state { SIZE, SIZE_LF, BYTES, BYTES_CR, BYTES_LF, LAST_CR, LAST_LF, WHOLE };

enum { DIGITS_MOST = 12 };

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    int letter = byte | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool take_digit(struct chunked *chunked, char byte)
{
    int value = digit_value(byte);
    if (value < 0 || chunked->digits == DIGITS_MOST) {
        return false;
    }
    chunked->digits++;
    chunked->left = chunked->left * 16 + (uint64_t)value;
    return true;
}

static bool take_byte(struct chunked *chunked, char byte)
{
    switch ((enum chunked_state)chunked->state) {
    case SIZE:
        if (byte == '\r' && chunked->digits > 0) {
            chunked->state = SIZE_LF;
            return true;
        }
        return take_digit(chunked, byte);
    case SIZE_LF:
        chunked->state = chunked->left == 0 ? LAST_CR : BYTES;
        return byte == '\n';
    case BYTES_CR:
        chunked->state = BYTES_LF;
        return byte == '\r';
    case BYTES_LF:
        chunked->state = SIZE;
        chunked->digits = 0;
        return byte == '\n';
    case LAST_CR:
        chunked->state = LAST_LF;
        return byte == '\r';
    case LAST_LF:
        chunked->state = WHOLE;
        return byte == '\n';
    case BYTES:
    case WHOLE:
        break;
    }
    return false;
}

enum chunked_step chunked_next(struct chunked *chunked, str *bytes, str *ret_body)
{
    while (chunked->state != WHOLE) {
        if (bytes->len == 0) {
            return CHUNKED_MORE;
        }
        if (chunked->state == BYTES) {
            size_t size = bytes->len < chunked->left ? bytes->len : (size_t)chunked->left;
            *ret_body = str_cut(*bytes, 0, size);
            *bytes = str_cut(*bytes, size, bytes->len);
            chunked->left -= size;
            if (chunked->left == 0) {
                chunked->state = BYTES_CR;
            }
            return CHUNKED_BYTES;
        }
        if (!take_byte(chunked, bytes->at[0])) {
            return CHUNKED_BAD;
        }
        *bytes = str_cut(*bytes, 1, bytes->len);
    }
    return CHUNKED_END;
}

uint64_t chunked_due(const struct chunked *chunked)
{
    return chunked->state == BYTES ? chunked->left : 0;
}
