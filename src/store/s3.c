/* Requests to an S3-compatible store. What must never happen: a wait without end, a secret in a
 * log, or certificates that are not looked at. */
#include "store/s3.h"

#include "base/file.h"

#include <curl/curl.h>
#include <poll.h>
#include <unistd.h>

enum {
    ATTEMPTS = 4,
    PAUSE_MS = 200, /* before the second attempt; doubles */
    CONNECT_MS = 5000,
    SLOW_SECONDS = 20, /* below SLOW_BYTES a second for so long ends the attempt */
    SLOW_BYTES = 1024,
    REQUEST_SECONDS = 3600,
    URL_SIZE = 2048,
    TEXT_SIZE = 512,
    ERROR_TEXT = 4096, /* of an answer that refuses */
};

#define SHA256_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct s3 {
    CURL *curl;
    char endpoint[TEXT_SIZE];
    char bucket[TEXT_SIZE];
    char prefix[TEXT_SIZE];
    char sign[TEXT_SIZE];
    char user[TEXT_SIZE]; /* key:secret */
    char ca_file[TEXT_SIZE];
    bool plain;
};

/* One attempt. */
struct attempt {
    const struct s3_request *request;
    uint64_t sent;
    uint64_t received;
    errc failed; /* by our own side */
    struct buf refusal;
    long status;
    CURL *curl;
};

static bool is_loopback(str host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        str name = str_of(names[i]);
        str rest = str_cut(host, name.len, host.len);
        if (str_starts(host, name) && (rest.len == 0 || rest.at[0] == ':')) {
            return true;
        }
    }
    return false;
}

static errc check_endpoint(const struct media_s3_config *config, bool *ret_plain, struct why *why)
{
    str endpoint = str_of(config->endpoint);
    bool plain = str_starts(endpoint, S("http://"));
    if (!plain && !str_starts(endpoint, S("https://"))) {
        return fail(why, ERR_USAGE, "the S3 endpoint begins with https://");
    }
    str host = str_cut(endpoint, plain ? 7 : 8, endpoint.len);
    if (host.len == 0 || str_has(host, '/') || str_has(host, '@') || str_has(host, '?')) {
        return fail(why, ERR_USAGE, "the S3 endpoint is https://host[:port] without a path");
    }
    if (plain && !config->allow_plain && !is_loopback(host)) {
        return fail(why, ERR_USAGE, "plain http to an S3 store only on loopback, or when allowed");
    }
    *ret_plain = plain;
    return OK;
}

static bool is_plain_name(str name, bool slashes)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];
        bool good = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                    (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
        if (!good && !(slashes && byte == '/')) {
            return false;
        }
    }
    return true;
}

static bool join(char *out, size_t size, const char *a, const char *b, const char *c)
{
    int length = snprintf(out, size, "%s%s%s", a, b, c);
    return length >= 0 && (size_t)length < size;
}

static errc take_config(struct s3 *s3, const struct media_s3_config *config, struct why *why)
{
    TRY(check_endpoint(config, &s3->plain, why));
    str bucket = str_of(config->bucket);
    str prefix = str_of(config->prefix);
    if (bucket.len == 0 || !is_plain_name(bucket, false) || !is_plain_name(prefix, true)) {
        return fail(why, ERR_USAGE,
                    "bucket and prefix hold letters, digits, dot, dash, underscore");
    }
    const char *region = config->region == NULL ? "us-east-1" : config->region;
    if (config->key_id == NULL || config->secret == NULL || strchr(config->key_id, ':') != NULL ||
        !is_plain_name(str_of(region), false)) {
        return fail(why, ERR_USAGE, "the S3 store wants a key, its secret and a region");
    }
    if (!join(s3->sign, TEXT_SIZE, "aws:amz:", region, ":s3") ||
        !join(s3->user, TEXT_SIZE, config->key_id, ":", config->secret) ||
        !str_to_array(bucket, s3->bucket, TEXT_SIZE) ||
        !str_to_array(prefix, s3->prefix, TEXT_SIZE) ||
        !str_to_array(str_of(config->endpoint), s3->endpoint, TEXT_SIZE) ||
        !str_to_array(str_of(config->ca_file), s3->ca_file, TEXT_SIZE)) {
        return fail(why, ERR_USAGE, "a setting of the S3 store is too long");
    }
    return OK;
}

errc s3_create(const struct media_s3_config *config, struct s3 **ret_s3, struct why *why)
{
    struct s3 *s3 = mem_take(sizeof *s3);
    errc rc = take_config(s3, config, why);
    s3->curl = rc == OK ? curl_easy_init() : NULL;
    if (s3->curl == NULL) {
        s3_destroy(s3);
        return rc == OK ? fail(why, ERR_NO_MEMORY, "libcurl does not start") : rc;
    }
    *ret_s3 = s3;
    return OK;
}

void s3_destroy(struct s3 *s3)
{
    if (s3 != NULL) {
        curl_easy_cleanup(s3->curl);
        mem_wipe(s3->user, sizeof s3->user);
        mem_give(s3);
    }
}

const char *s3_prefix(const struct s3 *s3)
{
    return s3->prefix;
}

static size_t read_body(char *to, size_t size, size_t count, void *ctx)
{
    struct attempt *attempt = ctx;
    uint64_t left = attempt->request->body_size - attempt->sent;
    size_t want = size * count;
    want = want > left ? (size_t)left : want;
    ssize_t got = pread(attempt->request->body_fd, to, want, (off_t)attempt->sent);
    if (got < 0 || (got == 0 && want > 0)) {
        attempt->failed = ERR_IO;
        return CURL_READFUNC_ABORT;
    }
    attempt->sent += (uint64_t)got;
    return (size_t)got;
}

/* A refusal's text goes to the reason, never into the file that was asked for. */
static size_t take_answer(char *from, size_t size, size_t count, void *ctx)
{
    struct attempt *attempt = ctx;
    const struct s3_request *request = attempt->request;
    str bytes = {from, size * count};
    long status = 0;
    ignore_int(curl_easy_getinfo(attempt->curl, CURLINFO_RESPONSE_CODE, &status));
    if (status >= 300) {
        buf_add(&attempt->refusal, bytes); /* what does not fit is not needed */
        return bytes.len;
    }
    if (bytes.len > request->answer_most - attempt->received) {
        attempt->failed = ERR_TOO_BIG;
        return 0;
    }
    attempt->received += bytes.len;
    if (request->answer != NULL) {
        buf_add(request->answer, bytes);
        attempt->failed = buf_check(request->answer);
    } else if (request->answer_fd >= 0) {
        struct why unseen;
        attempt->failed = file_write_all(request->answer_fd, bytes.at, bytes.len, &unseen);
    }
    return attempt->failed == OK ? bytes.len : 0;
}

static void free_headers(struct curl_slist **headers)
{
    curl_slist_free_all(*headers);
}

static bool add_header(struct curl_slist **headers, const char *name, const char *a, const char *b)
{
    char line[URL_SIZE];
    int length = snprintf(line, sizeof line, "%s: %s%s", name, a, b);
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (length < 0 || (size_t)length >= sizeof line || longer == NULL) {
        return false;
    }
    *headers = longer;
    return true;
}

static bool make_headers(const struct s3 *s3, const struct s3_request *request,
                         struct curl_slist **headers)
{
    char source[URL_SIZE];
    const char *sha256 = request->verb == S3_PUT ? request->body_sha256 : SHA256_OF_NOTHING;
    bool good = add_header(headers, "x-amz-content-sha256", sha256, "");
    if (request->verb == S3_PUT) {
        good = good && add_header(headers, "Content-Type", "application/octet-stream", "") &&
               add_header(headers, "Expect", "", "");
    }
    if (request->verb == S3_COPY) {
        int length = snprintf(source, sizeof source, "/%s/%s", s3->bucket, request->copy_source);
        good = good && length > 0 && (size_t)length < sizeof source &&
               add_header(headers, "x-amz-copy-source", source, "") &&
               add_header(headers, "x-amz-metadata-directive", "REPLACE", "");
    }
    return good;
}

static void set_verb(CURL *curl, const struct s3_request *request)
{
    switch (request->verb) {
    case S3_GET:
        break;
    case S3_PUT:
        ignore_int(curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L));
        ignore_int(
            curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_size));
        ignore_int(curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_body));
        break;
    case S3_HEAD:
        ignore_int(curl_easy_setopt(curl, CURLOPT_NOBODY, 1L));
        break;
    case S3_DELETE:
        ignore_int(curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "DELETE"));
        break;
    case S3_COPY:
        ignore_int(curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT"));
        break;
    }
}

static void set_limits(const struct s3 *s3)
{
    CURL *curl = s3->curl;
    ignore_int(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, s3->plain ? "http" : "https"));
    ignore_int(curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_PROXY, "")); /* not by somebody's environment */
    ignore_int(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS));
    ignore_int(curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS));
    ignore_int(curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES));
    ignore_int(curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS));
    ignore_int(curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
    if (s3->ca_file[0] != '\0') {
        ignore_int(curl_easy_setopt(curl, CURLOPT_CAINFO, s3->ca_file));
    }
}

static bool set_up(struct s3 *s3, struct attempt *attempt, struct curl_slist *headers)
{
    char url[URL_SIZE];
    const struct s3_request *request = attempt->request;
    int length =
        snprintf(url, sizeof url, "%s/%s%s%s%s%s", s3->endpoint, s3->bucket,
                 request->key[0] == '\0' ? "" : "/", request->key,
                 request->query == NULL ? "" : "?", request->query == NULL ? "" : request->query);
    curl_easy_reset(s3->curl);
    set_limits(s3);
    set_verb(s3->curl, request);
    ignore_int(curl_easy_setopt(s3->curl, CURLOPT_READDATA, attempt));
    ignore_int(curl_easy_setopt(s3->curl, CURLOPT_WRITEFUNCTION, take_answer));
    ignore_int(curl_easy_setopt(s3->curl, CURLOPT_WRITEDATA, attempt));
    return length > 0 && (size_t)length < sizeof url &&
           curl_easy_setopt(s3->curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(s3->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(s3->curl, CURLOPT_USERPWD, s3->user) == CURLE_OK &&
           curl_easy_setopt(s3->curl, CURLOPT_AWS_SIGV4, s3->sign) == CURLE_OK;
}

/* The word between <Code> and </Code>, for the reason. */
static str refusal_code(const struct attempt *attempt)
{
    str rest = buf_str(&attempt->refusal);
    while (rest.len > 0) {
        (void)str_split(rest, '<', &rest);
        if (str_starts(rest, S("Code>"))) {
            str unused;
            return str_cut(str_split(str_cut(rest, 5, rest.len), '<', &unused), 0, 60);
        }
    }
    return S("no code");
}

static errc judge(const struct attempt *attempt, CURLcode code, struct why *why)
{
    if (attempt->failed != OK) {
        return fail(why, attempt->failed, "S3: the transfer was stopped on our side");
    }
    if (code != CURLE_OK) {
        return fail(why, ERR_STORE, "S3: %s", curl_easy_strerror(code));
    }
    if (attempt->status >= 200 && attempt->status < 300) {
        return OK;
    }
    str word = refusal_code(attempt);
    errc rc = attempt->status == 404 && !str_is(word, S("NoSuchBucket")) ? ERR_NOT_FOUND
              : attempt->status == 507                                   ? ERR_DISK_FULL
                                                                         : ERR_STORE;
    return fail(why, rc, "S3: status %ld, %.*s", attempt->status, STR_ARG(word));
}

static void take_metadata(CURL *curl, struct s3_answer *answer)
{
    curl_off_t size = 0;
    curl_off_t changed = 0;
    ignore_int(curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size));
    ignore_int(curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &changed));
    answer->size = size > 0 ? (uint64_t)size : 0;
    answer->changed_at_us = changed > 0 ? (usec)changed * USEC_SECOND : 0;
}

static errc try_once(struct s3 *s3, const struct s3_request *request, struct s3_answer *answer,
                     bool *ret_again, struct why *why)
{
    AUTO(free_headers) struct curl_slist *headers = NULL;
    struct attempt attempt = {.request = request, .curl = s3->curl};
    buf_init(&attempt.refusal, ERROR_TEXT);
    *ret_again = false;
    if (request->answer != NULL) {
        buf_clear(request->answer);
    }
    if (request->answer_fd >= 0 && request->verb == S3_GET &&
        (ftruncate(request->answer_fd, 0) != 0 || lseek(request->answer_fd, 0, SEEK_SET) != 0)) {
        return fail(why, ERR_IO, "S3: the temporary file");
    }
    if (!make_headers(s3, request, &headers) || !set_up(s3, &attempt, headers)) {
        return fail(why, ERR_INTERNAL, "S3: the request cannot be made");
    }
    ignore_int(curl_easy_setopt(s3->curl, CURLOPT_FILETIME, 1L));
    CURLcode code = curl_easy_perform(s3->curl);
    ignore_int(curl_easy_getinfo(s3->curl, CURLINFO_RESPONSE_CODE, &attempt.status));
    take_metadata(s3->curl, answer);
    errc rc = judge(&attempt, code, why);
    *ret_again =
        attempt.failed == OK && ((code != CURLE_OK && code != CURLE_PEER_FAILED_VERIFICATION) ||
                                 attempt.status >= 500 || attempt.status == 429);
    buf_finish(&attempt.refusal);
    return rc;
}

/* Every verb of ours may be repeated without harm. */
errc s3_do(struct s3 *s3, const struct s3_request *request, struct s3_answer *ret_answer,
           struct why *why)
{
    struct s3_answer answer = {.size = 0};
    bool again = false;
    errc rc = try_once(s3, request, &answer, &again, why);
    for (int i = 1; rc != OK && again && i < ATTEMPTS; i++) {
        ignore_int(poll(NULL, 0, PAUSE_MS << (i - 1)));
        rc = try_once(s3, request, &answer, &again, why);
    }
    if (rc == OK) {
        *ret_answer = answer;
    }
    return rc;
}
