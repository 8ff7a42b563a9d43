/* Names of errors and the writing of reasons. Nothing here allocates, so that it works when
 * everything else has failed. */
#include "base/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *error_key(errc rc)
{
    switch (rc) {
    case OK:
        return "ok";
#define X(name, number, status, key)                                                               \
    case name:                                                                                     \
        return key;
#include "base/errors.def"
#undef X
    }
    return "internal";
}

int error_status(errc rc)
{
    switch (rc) {
    case OK:
        return 200;
#define X(name, number, status, key)                                                               \
    case name:                                                                                     \
        return status;
#include "base/errors.def"
#undef X
    }
    return 500;
}

errc fail(struct why *why, errc rc, const char *format, ...)
{
    if (why != NULL) {
        struct why made; /* the old reason may be among the arguments */
        va_list args;
        va_start(args, format);
        ignore_int(vsnprintf(made.text, sizeof made.text, format, args));
        va_end(args);
        *why = made;
    }
    return rc;
}

errc fail_in(struct why *why, errc rc, const char *format, ...)
{
    if (why == NULL || rc == OK) {
        return rc;
    }
    struct why inner = *why;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    if (used < 0 || (size_t)used >= sizeof why->text) {
        return rc;
    }
    size_t left = sizeof why->text - (size_t)used;
    ignore_int(snprintf(why->text + used, left, ": %.*s", (int)sizeof inner.text - 1, inner.text));
    return rc;
}

static errc errno_error(int number)
{
    if (number == ENOSPC || number == EDQUOT) {
        return ERR_DISK_FULL;
    }
    if (number == ENOMEM) {
        return ERR_NO_MEMORY;
    }
    if (number == ENOENT) {
        return ERR_NOT_FOUND;
    }
    if (number == EEXIST) {
        return ERR_EXISTS;
    }
    return ERR_IO;
}

errc fail_errno(struct why *why, int number, const char *format, ...)
{
    if (why != NULL) {
        char what[160];
        va_list args;
        va_start(args, format);
        ignore_int(vsnprintf(what, sizeof what, format, args));
        va_end(args);
        const char *name = strerrorname_np(number);
        ignore_int(snprintf(why->text, sizeof why->text, "%s: %s", what,
                            name != NULL ? name : "unknown system error"));
    }
    return errno_error(number);
}
