/* Filling a USB stick for devices without a network: docs/protocol/stick.md. Everything on it is
 * signed or named by its hash, so that nobody needs to trust the stick, nor who carries it. */
#ifndef LOA_SERVER_STICK_OUT_H
#define LOA_SERVER_STICK_OUT_H

#include "server/app.h"

/* As devices read it: agent/stick.h has the same bounds. */
enum { STICK_ORDERS = 2048, STICK_SOUNDS = 4096 };

struct stick_wanted {
    str unit_code;  /* all devices of this unit and below */
    int64_t device; /* or this one; 0: the unit */
    const char *folder;
};

struct stick_filled {
    size_t devices;
    size_t orders;
    size_t sounds;
    size_t missing; /* sounds that the server does not have, or not whole */
    uint64_t bytes; /* of the sounds */
};

/* The app is open. Writes below FOLDER/loa, which is made; logs that lie there stay. ERR_NOT_FOUND:
 * no such folder, unit or device; ERR_TOO_MANY: too much for one stick. */
CHECKED errc stick_fill(struct app *app, const struct stick_wanted *wanted,
                        struct stick_filled *ret_filled, struct why *why);

#endif
