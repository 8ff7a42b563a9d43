/* Media in an S3-compatible store: <prefix>kept/<hash>, trash and bad likewise. A PUT is whole or
 * it is not there, and carries the SHA-256 of its content, which the store checks. */
#include "store/media_impl.h"

#include "base/file.h"
#include "store/s3.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { KEY_SIZE = 640, PAGE_BYTES = 2 * 1024 * 1024, PAGES = 100000, QUERY_SIZE = 1536 };
enum { TOKEN_SIZE = 384 };

errc s3_open(struct media *media, const struct media_s3_config *config, struct why *why)
{
    return s3_create(config, &media->s3, why);
}

static void object_key(const struct media *media, enum media_area area, hash name,
                       char key[KEY_SIZE])
{
    char text[HASH_TEXT_SIZE];
    hash_text(name, text);
    ignore_int(
        snprintf(key, KEY_SIZE, "%s%s/%s", s3_prefix(media->s3), media_area_name(area), text));
}

/* What S3 wants to know before the first byte. */
static errc hash_file(int fd, char text[HASH_TEXT_SIZE], struct why *why)
{
    crypto_hash_sha256_state state;
    unsigned char block[MEDIA_BLOCK];
    hash value;
    off_t at = 0;
    ssize_t got = pread(fd, block, sizeof block, at);
    ignore_int(crypto_hash_sha256_init(&state));
    while (got > 0) {
        ignore_int(crypto_hash_sha256_update(&state, block, (unsigned long long)got));
        at += got;
        got = pread(fd, block, sizeof block, at);
    }
    if (got < 0) {
        return fail_errno(why, errno, "reading an upload");
    }
    ignore_int(crypto_hash_sha256_final(&state, value.bytes));
    hash_text(value, text);
    return OK;
}

static errc s3_keep(struct media *media, const char *take_path, const struct media_info *info,
                    struct why *why)
{
    AUTO(file_close) int fd = open(take_path, O_RDONLY | O_CLOEXEC);
    char key[KEY_SIZE];
    char sha256[HASH_TEXT_SIZE];
    struct s3_answer answer;
    if (fd < 0) {
        return fail_errno(why, errno, "%s", take_path);
    }
    TRY(hash_file(fd, sha256, why));
    object_key(media, MEDIA_KEPT, info->name, key);
    struct s3_request request = {.verb = S3_PUT,
                                 .key = key,
                                 .body_fd = fd,
                                 .body_size = info->size,
                                 .body_sha256 = sha256,
                                 .answer_fd = -1};
    request.answer_most = PAGE_BYTES;
    return s3_do(media->s3, &request, &answer, why); /* the file is removed by the caller */
}

/* Into a temporary file that has no name any more when it is handed out. */
static errc s3_fetch(struct media *media, hash name, int *ret_fd, struct why *why)
{
    AUTO(file_close) int fd = -1;
    char path[MEDIA_PATH];
    char key[KEY_SIZE];
    struct s3_answer answer;
    TRY(media_temp(media, path, &fd, why));
    if (unlink(path) != 0) {
        return fail_errno(why, errno, "%s", path);
    }
    object_key(media, MEDIA_KEPT, name, key);
    struct s3_request request = {
        .verb = S3_GET, .key = key, .answer_fd = fd, .answer_most = media->size_most};
    TRY(s3_do(media->s3, &request, &answer, why));
    if (lseek(fd, 0, SEEK_SET) != 0) {
        return fail_errno(why, errno, "seeking in media");
    }
    *ret_fd = fd;
    fd = -1;
    return OK;
}

static errc s3_head(struct media *media, enum media_area area, hash name,
                    struct media_info *ret_info, struct why *why)
{
    char key[KEY_SIZE];
    struct s3_answer answer;
    object_key(media, area, name, key);
    struct s3_request request = {.verb = S3_HEAD, .key = key, .answer_fd = -1};
    TRY(s3_do(media->s3, &request, &answer, why));
    *ret_info = (struct media_info){name, answer.size, answer.changed_at_us};
    return OK;
}

static errc s3_remove(struct media *media, enum media_area area, hash name, struct why *why)
{
    char key[KEY_SIZE];
    struct s3_answer answer;
    object_key(media, area, name, key);
    struct s3_request request = {
        .verb = S3_DELETE, .key = key, .answer_fd = -1, .answer_most = PAGE_BYTES};
    return s3_do(media->s3, &request, &answer, why);
}

/* Copied, then removed: between the two it is in both, which harms nobody. */
static errc s3_move(struct media *media, hash name, const enum media_area areas[2], struct why *why)
{
    char from[KEY_SIZE];
    char to[KEY_SIZE];
    struct s3_answer answer;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PAGE_BYTES);
    object_key(media, areas[0], name, from);
    object_key(media, areas[1], name, to);
    struct s3_request request = {.verb = S3_COPY,
                                 .key = to,
                                 .copy_source = from,
                                 .answer_fd = -1,
                                 .answer = &text,
                                 .answer_most = PAGE_BYTES};
    TRY(s3_do(media->s3, &request, &answer, why));
    str rest = buf_str(&text); /* a copy may fail after its status was sent: the body tells */
    while (rest.len > 0) {
        (void)str_split(rest, '<', &rest);
        if (str_starts(rest, S("Error>"))) {
            return fail(why, ERR_STORE, "S3: the copy failed half way");
        }
    }
    return s3_remove(media, areas[0], name, why);
}

/* Everything but letters, digits and -_.~ as %XX, as the signature wants it. */
static bool put_encoded(char *out, size_t size, str text)
{
    size_t used = strlen(out);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' ||
                     byte == '~';
        if (size - used < 4) {
            return false;
        }
        used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "%%%02X", byte);
    }
    return true;
}

static errc page_query(str prefix, const char *token, char query[QUERY_SIZE], struct why *why)
{
    query[0] = '\0';
    bool good = true;
    if (token[0] != '\0') {
        ignore_int(snprintf(query, QUERY_SIZE, "continuation-token="));
        good = put_encoded(query, QUERY_SIZE, str_of(token));
    }
    size_t used = strlen(query);
    ignore_int(snprintf(query + used, QUERY_SIZE - used,
                        "%slist-type=2&max-keys=1000&prefix=", used > 0 ? "&" : ""));
    good = good && put_encoded(query, QUERY_SIZE, prefix);
    return good ? OK : fail(why, ERR_STORE, "S3: the place in the listing is too long");
}

static errc s3_list(struct media *media, enum media_area area, const struct media_each *each,
                    struct why *why)
{
    AUTO(buf_finish) struct buf xml;
    char prefix[KEY_SIZE];
    char token[TOKEN_SIZE] = "";
    struct s3_page page = {.more = true};
    buf_init(&xml, PAGE_BYTES);
    ignore_int(
        snprintf(prefix, sizeof prefix, "%s%s/", s3_prefix(media->s3), media_area_name(area)));
    for (int i = 0; page.more; i++) {
        char query[QUERY_SIZE];
        struct s3_answer answer;
        TRY(page_query(str_of(prefix), token, query, why));
        struct s3_request request = {.verb = S3_GET,
                                     .key = "",
                                     .query = query,
                                     .answer_fd = -1,
                                     .answer = &xml,
                                     .answer_most = PAGE_BYTES};
        TRY(s3_do(media->s3, &request, &answer, why));
        TRY(s3_read_page(buf_str(&xml), str_of(prefix), each, &page, why));
        if (i == PAGES || !str_to_array(page.token, token, sizeof token)) {
            return fail(why, ERR_STORE, "S3: the listing does not end");
        }
    }
    return OK;
}

static void s3_close(struct media *media)
{
    s3_destroy(media->s3);
}

const struct media_backend media_s3_backend = {
    .keep = s3_keep,
    .fetch = s3_fetch,
    .move = s3_move,
    .remove = s3_remove,
    .stat = s3_head,
    .list = s3_list,
    .close = s3_close,
};
