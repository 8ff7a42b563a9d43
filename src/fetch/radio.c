#include "fetch/radio.h"

#include "base/address.h"
#include "base/file.h"
#include "fetch/playlist.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

enum {
    ALLOWED_MOST = 32,
    CHOICES_MOST = 4, /* lists that lead to lists */
    BEHIND = 3,       /* entries before the newest with which a list begins */
    SEGMENT_MOST = 8 * 1024 * 1024,
    STALE_MOST = 12, /* readings of a list that bring nothing new */
    BEGINNING = 16,
};

struct radio {
    int out;
    CURL *curl;
    struct sockaddr_storage allowed[ALLOWED_MOST];
    size_t allowed_count;
    char error[CURL_ERROR_SIZE];
    /* --- of the present answer --- */
    struct buf kept; /* of a list, or as much as shows that it is none */
    bool is_list;
    bool is_sound; /* goes straight on */
    bool is_asked; /* for a list or an entry: kept whole */
    bool is_broken;
};

/* --- whom we may ask -------------------------------------------------------------------------- */

static bool same_host(const struct sockaddr_storage *one, const struct sockaddr *other)
{
    if (one->ss_family != other->sa_family) {
        return false;
    }
    if (other->sa_family == AF_INET) {
        const struct sockaddr_in *left = (const void *)one;
        const struct sockaddr_in *right = (const void *)other;
        return left->sin_addr.s_addr == right->sin_addr.s_addr;
    }
    const struct sockaddr_in6 *left = (const void *)one;
    const struct sockaddr_in6 *right = (const void *)other;
    return memcmp(&left->sin6_addr, &right->sin6_addr, sizeof left->sin6_addr) == 0;
}

static bool may_ask(const struct radio *radio, const struct sockaddr *address)
{
    for (size_t i = 0; i < radio->allowed_count; i++) {
        if (same_host(&radio->allowed[i], address)) {
            return true;
        }
    }
    return address_is_public(address);
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    const struct radio *radio = ctx;
    (void)purpose;
    if (!may_ask(radio, &address->addr)) {
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void allow(struct radio *radio, str host)
{
    char name[256];
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (!str_to_array(str_trim(host), name, sizeof name) || name[0] == '\0' ||
        getaddrinfo(name, NULL, &hints, &found) != 0) {
        return;
    }
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        if (radio->allowed_count < ALLOWED_MOST) {
            memcpy(&radio->allowed[radio->allowed_count++], at->ai_addr, at->ai_addrlen);
        }
    }
    freeaddrinfo(found);
}

/* --- answers ---------------------------------------------------------------------------------- */

static bool write_on(struct radio *radio, str bytes)
{
    radio->is_broken = file_write_all(radio->out, bytes.at, bytes.len, NULL) != OK;
    return !radio->is_broken;
}

/* What the first bytes are decides: a list is kept, sound goes on. */
static bool decide(struct radio *radio)
{
    str kept = buf_str(&radio->kept);
    if (radio->is_asked || playlist_is(kept)) {
        radio->is_list = true;
        return true;
    }
    radio->is_sound = true;
    bool done = write_on(radio, kept);
    buf_clear(&radio->kept);
    return done;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
    struct radio *radio = ctx;
    str piece = {bytes, size * count};
    bool good = true;
    if (radio->is_sound) {
        good = write_on(radio, piece);
    } else {
        buf_add(&radio->kept, piece);
        good = buf_check(&radio->kept) == OK;
        if (good && !radio->is_list && radio->kept.len >= BEGINNING) {
            good = decide(radio);
        }
    }
    return good ? piece.len : 0;
}

static errc ask(struct radio *radio, const char *address, bool whole, struct why *why)
{
    long status = 0;
    buf_clear(&radio->kept);
    radio->is_asked = whole;
    radio->is_list = radio->is_sound = radio->is_broken = false;
    radio->error[0] = '\0';
    ignore_int((int)curl_easy_setopt(radio->curl, CURLOPT_URL, address));
    CURLcode rc = curl_easy_perform(radio->curl);
    ignore_int((int)curl_easy_getinfo(radio->curl, CURLINFO_RESPONSE_CODE, &status));
    if (rc != CURLE_OK) {
        return fail(why, ERR_IO, "%s: %s", address, radio->error);
    }
    return status == 200 ? OK : fail(why, ERR_IO, "%s: status %ld", address, status);
}

/* --- lists ------------------------------------------------------------------------------------ */

static errc join(const char *base, str relative, struct buf *out)
{
    CURLU *url = curl_url();
    char *whole = NULL;
    char text[2048];
    bool good = url != NULL && str_to_array(relative, text, sizeof text) &&
                curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
                curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_URL, &whole, 0) == CURLUE_OK;
    buf_clear(out);
    if (good) {
        buf_add_text(out, whole);
        buf_add_byte(out, '\0');
    }
    curl_free(whole);
    curl_url_cleanup(url);
    return good ? buf_check(out) : ERR_INVALID;
}

static errc play_entry(struct radio *radio, const char *base, str entry, struct why *why)
{
    AUTO(buf_finish) struct buf address;
    buf_init(&address, 4096);
    TRY(join(base, entry, &address));
    TRY(ask(radio, address.at, true, why));
    return write_on(radio, buf_str(&radio->kept)) ? OK : ERR_CLOSED;
}

struct hls {
    struct playlist list;
    struct buf text; /* what the list views */
    char base[4096];
    uint64_t next; /* number of the entry that was not played yet */
    bool has_begun;
    int stale;
};

static errc play_new(struct radio *radio, struct hls *hls, struct why *why)
{
    const struct playlist *list = &hls->list;
    uint64_t end = list->sequence + list->count;
    if (!hls->has_begun || hls->next > end) {
        hls->next = end > BEHIND && !list->has_ended ? end - BEHIND : list->sequence;
    }
    hls->next = hls->next < list->sequence ? list->sequence : hls->next;
    if (!hls->has_begun && list->map.len > 0) {
        TRY(play_entry(radio, hls->base, list->map, why));
    }
    hls->has_begun = true;
    hls->stale = hls->next < end ? 0 : hls->stale + 1;
    for (; hls->next < end; hls->next++) {
        TRY(play_entry(radio, hls->base, list->at[hls->next - list->sequence], why));
    }
    return OK;
}

/* Half an entry's length, or until nobody reads any more. False: nobody does. */
static bool wait_for_more(const struct radio *radio, const struct hls *hls)
{
    struct pollfd reader = {.fd = radio->out};
    int64_t ms = hls->list.target_s * 500;
    return poll(&reader, 1, ms > 500 ? (int)ms : 500) == 0;
}

static errc play_hls(struct radio *radio, struct hls *hls, struct why *why)
{
    for (;;) {
        TRY(play_new(radio, hls, why));
        if (hls->list.has_ended || hls->stale > STALE_MOST || !wait_for_more(radio, hls)) {
            return OK;
        }
        TRY(ask(radio, hls->base, true, why));
        buf_clear(&hls->text);
        buf_add(&hls->text, buf_str(&radio->kept));
        TRY(playlist_read(buf_str(&hls->text), &hls->list));
    }
}

/* Follows lists until there is sound. *ret_over: it has been played already. */
static errc find_sound(struct radio *radio, struct hls *hls, bool *ret_over, struct why *why)
{
    AUTO(buf_finish) struct buf address;
    buf_init(&address, sizeof hls->base);
    for (int i = 0; i < CHOICES_MOST; i++) {
        TRY(ask(radio, hls->base, false, why));
        *ret_over = radio->is_sound;
        if (radio->is_sound || (!radio->is_list && !playlist_is(buf_str(&radio->kept)))) {
            return OK;
        }
        buf_clear(&hls->text);
        buf_add(&hls->text, buf_str(&radio->kept));
        TRY(playlist_read(buf_str(&hls->text), &hls->list));
        if (!hls->list.is_choice) {
            return OK;
        }
        TRY(join(hls->base, hls->list.at[playlist_choose(&hls->list)], &address));
        ignore_int(snprintf(hls->base, sizeof hls->base, "%s", address.at));
    }
    return fail(why, ERR_INVALID, "lists that lead to nothing but lists");
}

errc radio_play(struct radio *radio, const char *address, struct why *why)
{
    struct hls *hls = mem_take(sizeof *hls);
    bool over = false;
    buf_init(&hls->text, PLAYLIST_BYTES_MOST);
    ignore_int(snprintf(hls->base, sizeof hls->base, "%s", address));
    errc rc = find_sound(radio, hls, &over, why);
    if (rc == OK && !over) {
        rc = play_hls(radio, hls, why);
    }
    buf_finish(&hls->text);
    mem_give(hls);
    return rc;
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void set_up(struct radio *radio)
{
    CURL *curl = radio->curl;
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https"));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_PROXY, ""));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 1L)); /* "ICY 200 OK" */
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 100L));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 15L));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_USERAGENT, "loa-fetch"));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, radio));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_WRITEDATA, radio));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, radio->error));
    ignore_int((int)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
}

errc radio_create(str allowed, int out, struct radio **ret_radio, struct why *why)
{
    struct radio *radio = mem_take(sizeof *radio);
    radio->out = out;
    radio->curl = curl_easy_init();
    buf_init(&radio->kept, SEGMENT_MOST);
    if (radio->curl == NULL) {
        radio_destroy(radio);
        return fail(why, ERR_NO_MEMORY, "libcurl");
    }
    while (allowed.len > 0) {
        allow(radio, str_split(allowed, ',', &allowed));
    }
    set_up(radio);
    *ret_radio = radio;
    return OK;
}

void radio_destroy(struct radio *radio)
{
    if (radio != NULL) {
        curl_easy_cleanup(radio->curl);
        buf_finish(&radio->kept);
        mem_give(radio);
    }
}
