/* Speaking S3: one request at a time over libcurl, signed (AWS Signature 4), with limits on every
 * wait and a bounded number of attempts. Media's business only; see media_s3.c. */
#ifndef LOA_STORE_S3_H
#define LOA_STORE_S3_H

#include "base/base.h"
#include "base/hash.h"
#include "store/media.h"

struct s3;

enum s3_verb { S3_GET, S3_PUT, S3_HEAD, S3_DELETE, S3_COPY };

struct s3_request {
    enum s3_verb verb;
    const char *key;         /* of the object, or "" for the bucket */
    const char *query;       /* sorted and encoded, or null */
    const char *copy_source; /* S3_COPY: the key */
    int body_fd;             /* S3_PUT: sent from its start */
    uint64_t body_size;
    const char *body_sha256; /* hex */
    int answer_fd;           /* S3_GET of an object: written here; -1: into `answer` */
    uint64_t answer_most;    /* ERR_TOO_BIG past it */
    struct buf *answer;
};

struct s3_answer {
    uint64_t size;      /* by Content-Length */
    usec changed_at_us; /* by Last-Modified */
};

CHECKED errc s3_create(const struct media_s3_config *config, struct s3 **ret_s3, struct why *why);
void s3_destroy(struct s3 *s3); /* accepts null */
CHECKED errc s3_do(struct s3 *s3, const struct s3_request *request, struct s3_answer *ret_answer,
                   struct why *why);
const char *s3_prefix(const struct s3 *s3);

/* A page of ListObjectsV2. Strict about the few elements that are used; keys that are not ours are
 * skipped. Texts are loans from `xml`. */
struct s3_page {
    bool more;
    str token; /* for the next page */
};
CHECKED errc s3_read_page(str xml, str prefix, const struct media_each *each,
                          struct s3_page *ret_page, struct why *why);

#endif
