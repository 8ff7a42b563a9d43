/* Media: files whose name is the hash (BLAKE2b-256) of what they hold, so that a truncated or
 * swapped file cannot be played. An object is written to a temporary name, synced, hashed, and only
 * then appears under its name; whoever opens one gets bytes that have been verified, or
 * ERR_CORRUPT, and the damaged object is put aside into `bad`.
 *
 * Removing never races an upload: a sweep only moves what nobody refers to into `trash`, from where
 * opening brings it back; what lies in the trash longer than the grace and is still not referred to
 * is deleted. A new reference is therefore made in this order: put (again), then the row.
 *
 * On a local folder or in an S3-compatible store. All calls wait for disk or network: workers only.
 * A struct media may be used by one thread at a time; open one per thread, also in several
 * processes at once.
 *
 * Errors: ERR_NOT_FOUND, ERR_TOO_BIG (over the ceiling), ERR_DISK_FULL, ERR_CORRUPT, ERR_IO,
 * ERR_STORE (S3: not reachable, or it refuses us), ERR_INVALID (what was put is not what was said).
 */
#ifndef LOA_STORE_MEDIA_H
#define LOA_STORE_MEDIA_H

#include "base/base.h"
#include "base/hash.h"

struct media;
struct media_put;

enum media_kind { MEDIA_FOLDER, MEDIA_S3 };
enum media_area { MEDIA_KEPT, MEDIA_TRASH, MEDIA_BAD };

struct media_s3_config {
    const char *endpoint; /* https://host[:port]; plain http only to loopback or by allow_plain */
    const char *bucket;
    const char *region; /* null: us-east-1 */
    const char *prefix; /* of every key, "" or "loa/"; may be null */
    const char *key_id;
    const char *secret;
    const char *ca_file; /* null: the system's */
    bool allow_plain;
};

struct media_config {
    enum media_kind kind;
    const char *folder; /* the objects, or for S3 the temporary files */
    struct media_s3_config s3;
    uint64_t size_most; /* of one object; 0: 512 MiB. At most 5 GiB */
    usec grace;         /* 0: one day */
    bool read_only;     /* of a backup: nothing is made, moved or put aside */
};

struct media_info {
    hash name;
    uint64_t size;
    usec changed_at_us;
};

CHECKED errc media_open(const struct media_config *config, struct media **ret_media,
                        struct why *why);
void media_close(struct media *media);   /* accepts null */
void media_closer(struct media **media); /* for AUTO */

/* An upload, piece by piece; nothing is seen of it until media_put_end. */
CHECKED errc media_put_begin(struct media *media, struct media_put **ret_put, struct why *why);
CHECKED errc media_put_add(struct media_put *put, str bytes, struct why *why);
/* `expected` may be null; else ERR_INVALID when the content is another. Takes the put in any case.
 */
CHECKED errc media_put_end(struct media_put *take_put, const hash *expected,
                           struct media_info *ret_info, struct why *why);
void media_put_cancel(struct media_put *take_put); /* accepts null */
void media_put_canceller(struct media_put **put);  /* for AUTO */
CHECKED errc media_put_file(struct media *media, const char *path, const hash *expected,
                            struct media_info *ret_info, struct why *why);

/* A descriptor at the start of the verified content; the caller's to close. */
CHECKED errc media_get(struct media *media, hash name, int *ret_fd, struct media_info *ret_info,
                       struct why *why);
CHECKED errc media_stat(struct media *media, hash name, struct media_info *ret_info,
                        struct why *why);
/* In no particular order; what on_item answers ends the listing. */
struct media_each {
    errc (*on_item)(void *ctx, const struct media_info *item);
    void *ctx;
};
CHECKED errc media_list(struct media *media, enum media_area area, const struct media_each *each,
                        struct why *why);

/* `is_used` answers from a set taken after the sweep was decided on, never before. */
struct media_marks {
    bool (*is_used)(void *ctx, hash name);
    void *ctx;
};
struct media_swept {
    uint64_t kept;
    uint64_t trashed;
    uint64_t restored;
    uint64_t deleted;
    uint64_t deleted_bytes;
    uint64_t fresh; /* not referred to, but younger than the grace */
};
/* Objects younger than the grace are left alone, leftovers of uploads that died are removed. */
CHECKED errc media_sweep(struct media *media, const struct media_marks *marks, usec now,
                         struct media_swept *ret_swept, struct why *why);

#endif
