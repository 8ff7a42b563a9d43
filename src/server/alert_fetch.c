/* One transfer of libcurl. Certificates of servers are always looked at. */
#include "server/alert_fetch.h"

#include "base/address.h"
#include "cap/cap.h"
#include "server/version.h"

#include <curl/curl.h>
#include <sys/socket.h>

enum {
    CONNECT_MS = 6000,
    WHOLE_MS = 20000,
    REDIRECTS_MOST = 3,
    HEADER_MOST = 512,
    STATUS_GOOD = 200,
    STATUS_SAME = 304,
};

struct fetching {
    const struct alert_fetch *fetch;
    struct alert_answer *answer;
    bool is_refused_address;
    char refusal[CURL_ERROR_SIZE];
};

void alert_answer_finish(struct alert_answer *answer)
{
    buf_finish(&answer->body);
}

static void close_curl(CURL **curl)
{
    curl_easy_cleanup(*curl);
}

static void close_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

/* The address that was resolved, just before it is dialled. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetching *fetching = ctx;
    (void)purpose;
    if (!fetching->fetch->private_addresses && !address_is_public(&address->addr)) {
        fetching->is_refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *from, size_t size, size_t count, void *ctx)
{
    struct fetching *fetching = ctx;
    buf_add(&fetching->answer->body, (str){from, size * count});
    return buf_check(&fetching->answer->body) == OK ? size * count : 0;
}

static size_t take_header(char *from, size_t size, size_t count, void *ctx)
{
    struct fetching *fetching = ctx;
    struct alert_answer *answer = fetching->answer;
    str value = STR_NONE;
    str name = str_split((str){from, size * count}, ':', &value);
    if (value.at == NULL) {
        return size * count;
    }
    if (str_is_fold(name, S("etag"))) {
        ignore_int(str_to_array(str_trim(value), answer->etag, sizeof answer->etag));
    } else if (str_is_fold(name, S("last-modified"))) {
        ignore_int(str_to_array(str_trim(value), answer->modified, sizeof answer->modified));
    }
    return size * count;
}

static int on_progress(void *ctx, curl_off_t down_most, curl_off_t down, curl_off_t up_most,
                       curl_off_t up)
{
    const struct fetching *fetching = ctx;
    (void)down_most, (void)down, (void)up_most, (void)up;
    return atomic_load(fetching->fetch->stopping) ? 1 : 0;
}

static bool add_header(struct curl_slist **list, const char *name, str value)
{
    char line[HEADER_MOST];
    int length = snprintf(line, sizeof line, "%s: %.*s", name, STR_ARG(value));
    bool fits = length > 0 && length < (int)sizeof line && !str_has(value, '\n');
    struct curl_slist *longer = fits ? curl_slist_append(*list, line) : NULL;
    *list = longer == NULL ? *list : longer;
    return longer != NULL;
}

static bool set_up(CURL *curl, struct fetching *fetching, const char *address,
                   struct curl_slist *headers)
{
    return curl_easy_setopt(curl, CURLOPT_URL, address) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MOST) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)CAP_SIZE_MOST) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, NULL) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "Loa") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetching->refusal) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetching) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetching) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetching) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetching) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

static errc judge(CURL *curl, CURLcode done, const struct fetching *fetching, struct why *why)
{
    long status = 0;
    ignore_int(curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status));
    if (fetching->is_refused_address) {
        return fail(why, ERR_IO, "the address is in a private network");
    }
    if (done == CURLE_ABORTED_BY_CALLBACK) {
        return fail(why, ERR_CANCELLED, "the server stops");
    }
    if (done == CURLE_FILESIZE_EXCEEDED || buf_check(&fetching->answer->body) != OK) {
        return fail(why, ERR_TOO_BIG, "the answer is longer than %d bytes", CAP_SIZE_MOST);
    }
    if (done != CURLE_OK) {
        return fail(why, ERR_IO, "%s",
                    fetching->refusal[0] != '\0' ? fetching->refusal : curl_easy_strerror(done));
    }
    return status == STATUS_GOOD || status == STATUS_SAME
               ? OK
               : fail(why, ERR_IO, "the answer is %ld", status);
}

errc alert_fetch(const struct alert_fetch *fetch, const struct alert_request *request,
                 struct alert_answer *ret_answer, struct why *why)
{
    AUTO(close_curl) CURL *curl = curl_easy_init();
    AUTO(close_list) struct curl_slist *headers = NULL;
    AUTO(alert_answer_finish) struct alert_answer answer = {.is_same = false};
    struct fetching fetching = {.fetch = fetch, .answer = &answer};
    char address[2048];
    long status = 0;
    buf_init(&answer.body, CAP_SIZE_MOST);
    if (curl == NULL || !str_to_array(request->address, address, sizeof address)) {
        return fail(why, ERR_IO, "the address is too long");
    }
    bool fits = add_header(&headers, "Accept",
                           S("application/cap+xml, application/atom+xml, "
                             "application/rss+xml, text/xml, application/xml"));
    fits &= request->etag.len == 0 || add_header(&headers, "If-None-Match", request->etag);
    fits &=
        request->modified.len == 0 || add_header(&headers, "If-Modified-Since", request->modified);
    if (!fits || !set_up(curl, &fetching, address, headers)) {
        return fail(why, ERR_NO_MEMORY, "libcurl refuses");
    }
    TRY(judge(curl, curl_easy_perform(curl), &fetching, why));
    ignore_int(curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status));
    answer.is_same = status == STATUS_SAME;
    *ret_answer = answer;
    answer.body = (struct buf){.at = NULL};
    return OK;
}
