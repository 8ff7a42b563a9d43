/* Uploads that survive a lost connection: a row says how much of one is safely kept, the bytes lie
 * in a file beside it. A piece is synced before its row moves, and the row before it is answered:
 * what was acknowledged is there after a power cut. Only who began an upload sees it.
 *
 * What the row does not count is nothing: the next piece overwrites it. */
#ifndef LOA_SOUNDS_UPLOAD_H
#define LOA_SOUNDS_UPLOAD_H

#include "sounds/sound_desk.h"

enum {
    UPLOAD_PIECE_MOST = 1024 * 1024,
    UPLOAD_NAME_MOST = 200, /* characters */
    UPLOADS_OPEN_MOST = 20, /* of one person, not whole */
    UPLOADS_MOST = 500,     /* of one person, before they are swept */
};

struct upload {
    int64_t id;
    int64_t account;
    str name;
    int64_t bytes; /* when it is whole */
    int64_t kept;
    int64_t place; /* whose folder has its bytes */
    usec touched;
};

struct upload_ids {
    const int64_t *at;
    size_t count;
};

/* ERR_TOO_MANY: the person has as many as may be. */
CHECKED errc upload_begin(const struct sound_desk *desk, struct db *db, struct upload *upload,
                          struct why *why);
CHECKED errc upload_find(const struct sound_desk *desk, struct db *db, int64_t id,
                         struct upload *ret_upload, struct why *why);
/* `size` bytes from `at` are on the disk. ERR_CONFLICT: the upload is not at `at`. */
CHECKED errc upload_advance(const struct sound_desk *desk, struct db *db, int64_t id, int64_t at,
                            int64_t size, struct upload *ret_upload, struct why *why);
/* What there is of it is all: it is whole. */
CHECKED errc upload_close(const struct sound_desk *desk, struct db *db, int64_t id,
                          struct why *why);
CHECKED errc upload_forget(const struct sound_desk *desk, struct db *db, int64_t id,
                           struct why *why);
/* What the piece would be: ERR_CONFLICT, or ERR_INVALID past the end or of no size. */
CHECKED errc upload_check(const struct sound_desk *desk, const struct upload *upload, int64_t at,
                          size_t size);

/* For the server. Ids of all that are there, in order; and those left alone since `before` are
 * forgotten, but for those that a job still waits for. */
CHECKED errc uploads_known(struct db *db, struct arena *arena, struct upload_ids *ret_ids,
                           struct why *why);
CHECKED errc uploads_expire(struct db *db, usec before, int64_t *ret_gone, struct why *why);

#endif
