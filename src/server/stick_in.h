/* Taking the logs of devices off a USB stick: docs/protocol/stick.md. Whoever carried it may have
 * changed anything, so each piece stands or falls by the device's own signature. */
#ifndef LOA_SERVER_STICK_IN_H
#define LOA_SERVER_STICK_IN_H

#include "server/app.h"

enum { STICK_PIECES = 65536, STICK_NAME_ROOM = 96, STICK_REASON_ROOM = 120 };

enum stick_verdict {
    STICK_TAKEN,   /* new entries are in the store */
    STICK_KNOWN,   /* was there already */
    STICK_GAP,     /* an earlier piece is missing: not taken, may come with another stick */
    STICK_REFUSED, /* not what its device signed, or no piece of a log at all */
};
enum { STICK_VERDICTS = 4 };

struct stick_piece {
    char name[STICK_NAME_ROOM];
    enum stick_verdict verdict;
    uint64_t device;  /* as the name says */
    uint64_t first;   /* likewise, its first entry */
    uint64_t entries; /* new ones */
    uint64_t kept;    /* the device's log is known up to here */
    char reason[STICK_REASON_ROOM];
};

struct stick_pieces {
    struct stick_piece *at; /* by device, then by number */
    size_t count;
};

/* The app is open. Reads FOLDER/loa/logs; writes nothing on the stick. Pieces are the caller's to
 * give back with mem_give. ERR_NOT_FOUND: no logs there. */
CHECKED errc stick_take(struct app *app, const char *folder, struct stick_pieces *ret_pieces,
                        struct why *why);
const char *stick_verdict_name(enum stick_verdict verdict);

#endif
