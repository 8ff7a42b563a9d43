/* liboath computes the codes; which steps count and which were used is decided here. */
#include "people/totp.h"

#include <liboath/oath.h>
#include <sodium.h>

void totp_secret_make(struct entropy entropy, struct totp_secret *ret_secret)
{
    entropy_fill(entropy, ret_secret->bytes, sizeof(ret_secret->bytes));
}

errc totp_code(const struct totp_secret *secret, int64_t step, unsigned digits,
               char ret_code[TOTP_CODE_ROOM], struct why *why)
{
    char code[TOTP_CODE_ROOM] = "";
    int rc = oath_hotp_generate((const char *)secret->bytes, sizeof(secret->bytes), (uint64_t)step,
                                digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, code);
    if (rc != OATH_OK) {
        return fail(why, ERR_INTERNAL, "liboath: %s", oath_strerror(rc));
    }
    memcpy(ret_code, code, TOTP_CODE_ROOM);
    mem_wipe(code, sizeof(code));
    return OK;
}

/* Six digits, with the blank that apps show in the middle. */
static bool read_code(str text, char ret_code[TOTP_DIGITS])
{
    size_t count = 0;
    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == ' ' && i == TOTP_DIGITS / 2) {
            continue;
        }
        if (byte < '0' || byte > '9' || count == TOTP_DIGITS) {
            return false;
        }
        ret_code[count++] = byte;
    }
    return count == TOTP_DIGITS;
}

errc totp_check(const struct totp_secret *secret, str code, const struct totp_use *use,
                int64_t *ret_step, struct why *why)
{
    char given[TOTP_DIGITS];
    if (!read_code(code, given)) {
        return fail(why, ERR_SIGN_IN_FAILED, "the code is not six digits");
    }
    int64_t step = use->now / use->step_length;
    for (int64_t at = step - TOTP_SLACK; at <= step + TOTP_SLACK; at++) {
        char right[TOTP_CODE_ROOM];
        TRY(totp_code(secret, at, TOTP_DIGITS, right, why));
        bool same = sodium_memcmp(right, given, TOTP_DIGITS) == 0;
        mem_wipe(right, sizeof(right));
        if (same && at > use->last_step) {
            *ret_step = at;
            return OK;
        }
    }
    return fail(why, ERR_SIGN_IN_FAILED, "the code is wrong, late or used");
}

void totp_base32(const struct totp_secret *secret, char ret_text[TOTP_BASE32_ROOM])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    _Static_assert(TOTP_SECRET_SIZE % 5 == 0, "no padding needed");
    size_t at = 0;
    for (size_t i = 0; i < TOTP_SECRET_SIZE; i += 5) {
        uint64_t group = 0;
        for (size_t j = 0; j < 5; j++) {
            group = group << 8 | secret->bytes[i + j];
        }
        for (int shift = 35; shift >= 0; shift -= 5) {
            ret_text[at++] = letters[group >> shift & 31];
        }
    }
    ret_text[at] = '\0';
}

static void add_encoded(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                     (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
                     byte == '~';
        if (plain) {
            buf_add_byte(out, (char)byte);
        } else {
            buf_add_format(out, "%%%02X", byte);
        }
    }
}

errc totp_uri(const struct totp_secret *secret, str issuer, str login, usec step_length,
              struct buf *out)
{
    char base32[TOTP_BASE32_ROOM];
    totp_base32(secret, base32);
    buf_add_text(out, "otpauth://totp/");
    add_encoded(out, issuer);
    buf_add_byte(out, ':');
    add_encoded(out, login);
    buf_add_format(out, "?secret=%s&issuer=", base32);
    add_encoded(out, issuer);
    buf_add_format(out, "&algorithm=SHA1&digits=%d&period=%lld", TOTP_DIGITS,
                   (long long)(step_length / USEC_SECOND));
    mem_wipe(base32, sizeof(base32));
    return buf_check(out);
}
