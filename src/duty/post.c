/* libcurl's multi interface over one batch. Certificates are always looked at. */
#include "duty/post.h"

#include "base/address.h"
#include "duty/mail.h"
#include "people/webauthn.h"

#include <curl/curl.h>
#include <stdatomic.h>

enum {
    CONNECT_MS = 6000,
    SEND_MS = POST_SECONDS * 1000,
    URGENT_MS = 8000, /* what is urgent must not make the next urgent thing wait */
    POLL_MS = 200,
    HOST_CONNECTIONS = 4,
    ANSWER_MOST = 16 * 1024, /* of a push service, read and thrown away */
    HEADER_MOST = 4096,
    TOPIC_SIGNS = 24,
    PUSH_WORD_FOR = 12 * 3600, /* our token counts so long */
};

struct post {
    CURLM *multi;
    atomic_bool stopping;
};

/* One letter on its way. */
struct sending {
    const struct post_config *config;
    const struct letter *letter;
    struct letter_result *result;
    CURL *curl;
    struct curl_slist *headers;
    struct curl_slist *to;
    struct buf body;
    size_t sent;
    size_t received;
    bool is_refused_address;
    char refusal[CURL_ERROR_SIZE];
};

errc post_begin(struct why *why)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? OK
               : fail(why, ERR_NO_MEMORY, "libcurl does not start");
}

errc post_create(struct post **ret_post, struct why *why)
{
    struct post *post = mem_take(sizeof *post);
    post->multi = curl_multi_init();
    if (post->multi == NULL) {
        post_destroy(post);
        return fail(why, ERR_NO_MEMORY, "libcurl does not start");
    }
    curl_multi_setopt(post->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HOST_CONNECTIONS);
    *ret_post = post;
    return OK;
}

void post_destroy(struct post *post)
{
    if (post != NULL) {
        curl_multi_cleanup(post->multi);
        mem_give(post);
    }
}

void post_stop(struct post *post)
{
    atomic_store(&post->stopping, true);
    curl_multi_wakeup(post->multi);
}

/* --- what an answer means --------------------------------------------------------------------- */

enum letter_outcome post_push_outcome(long status)
{
    if (status >= 200 && status < 300) {
        return LETTER_SENT;
    }
    if (status == 404 || status == 410) {
        return LETTER_GONE;
    }
    bool is_final = status >= 300 && status < 500 && status != 408 && status != 429;
    return is_final ? LETTER_NEVER : LETTER_LATER;
}

/* Whom the server will not write to, and what it will not carry, it never will. */
enum letter_outcome post_mail_outcome(long reply)
{
    static const long finals[] = {550, 551, 552, 553, 554, 556};
    if (reply >= 200 && reply < 300) {
        return LETTER_SENT;
    }
    for (size_t i = 0; i < COUNT_OF(finals); i++) {
        if (reply == finals[i]) {
            return LETTER_NEVER;
        }
    }
    return LETTER_LATER;
}

static void settle(struct sending *sending, enum letter_outcome outcome, const char *reason)
{
    sending->result->outcome = outcome;
    ignore_int(snprintf(sending->result->reason, sizeof sending->result->reason, "%s", reason));
}

/* --- pushes ----------------------------------------------------------------------------------- */

/* The address that was resolved, just before it is dialled: a name that changes its mind between a
 * check and a connection gains nothing. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct sending *sending = ctx;
    (void)purpose;
    if (!sending->config->push_loopback && !address_is_public(&address->addr)) {
        sending->is_refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_answer(char *from, size_t size, size_t count, void *ctx)
{
    struct sending *sending = ctx;
    (void)from;
    sending->received += size * count;
    return sending->received > ANSWER_MOST ? 0 : size * count;
}

static size_t take_header(char *from, size_t size, size_t count, void *ctx)
{
    struct sending *sending = ctx;
    str value = STR_NONE;
    str name = str_split((str){from, size * count}, ':', &value);
    int64_t seconds = 0;
    if (str_is_fold(name, S("retry-after")) && str_to_i64(str_trim(value), &seconds) &&
        seconds > 0 && seconds < 86400) {
        sending->result->wait = seconds * USEC_SECOND;
    }
    return size * count;
}

static bool add_header(struct sending *sending, const struct buf *line)
{
    struct curl_slist *list =
        buf_check(line) == OK ? curl_slist_append(sending->headers, line->at) : NULL;
    sending->headers = list == NULL ? sending->headers : list;
    return list != NULL;
}

/* A newer push of the topic takes the place of one that waits; the name itself tells nobody. */
static void write_topic(str topic, struct buf *line)
{
    hash digest = hash_of(topic);
    AUTO(buf_finish) struct buf text;
    buf_init(&text, HEADER_MOST);
    webauthn_encode((str){(const char *)digest.bytes, HASH_SIZE}, &text);
    buf_cut(&text, TOPIC_SIGNS);
    buf_add_text(line, "Topic: ");
    buf_add(line, buf_str(&text));
}

static bool add_headers(struct sending *sending, usec now)
{
    const struct letter *letter = sending->letter;
    AUTO(buf_finish) struct buf line;
    struct push_claim claim = {.expires = now + PUSH_WORD_FOR * USEC_SECOND,
                               .subject = str_of(sending->config->push_contact)};
    buf_init(&line, HEADER_MOST);
    buf_add_text(&line, "Authorization: ");
    if (!push_origin(letter->endpoint, &claim.origin) ||
        push_authorize(&sending->config->pair, &claim, &line, NULL) != OK ||
        !add_header(sending, &line)) {
        return false;
    }
    buf_clear(&line);
    write_topic(letter->topic, &line);
    bool ok = add_header(sending, &line);
    buf_clear(&line);
    usec left = letter->expires - now;
    buf_add_format(&line, "TTL: %lld", (long long)(left > 0 ? left / USEC_SECOND : 0));
    ok = ok && add_header(sending, &line);
    buf_clear(&line);
    buf_add_format(&line, "Urgency: %s", letter->urgent ? "high" : "normal");
    ok = ok && add_header(sending, &line);
    buf_clear(&line);
    buf_add_text(&line, "Content-Encoding: aes128gcm");
    ok = ok && add_header(sending, &line);
    buf_clear(&line);
    buf_add_text(&line, "Content-Type: application/octet-stream");
    return ok && add_header(sending, &line);
}

static errc seal(struct sending *sending)
{
    const struct letter *letter = sending->letter;
    struct push_once once;
    struct push_text text = {letter->body, push_pad_for(letter->body.len)};
    TRY(push_once_make(sending->config->entropy, &once, NULL));
    errc rc = push_seal(&letter->target, &once, &text, &sending->body, NULL);
    mem_wipe(&once, sizeof once);
    return rc;
}

static bool prepare_push(struct sending *sending, usec now)
{
    CURL *curl = sending->curl;
    const char *ca_file = sending->config->push_ca_file;
    if (!sending->config->has_pair || seal(sending) != OK || !add_headers(sending, now)) {
        settle(sending, LETTER_NEVER, "cannot be sealed");
        return false;
    }
    curl_easy_setopt(curl, CURLOPT_URL, sending->letter->endpoint.at);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sending->body.at);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)sending->body.len);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, sending->headers);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sending);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, sending);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, sending);
    if (ca_file[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    }
    return true;
}

static void end_push(struct sending *sending, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(sending->curl, CURLINFO_RESPONSE_CODE, &status);
    if (sending->is_refused_address) {
        settle(sending, LETTER_NEVER, "not on the open Internet");
    } else if (status == 0) {
        settle(sending, LETTER_LATER,
               sending->refusal[0] != '\0' ? sending->refusal : curl_easy_strerror(code));
    } else {
        char reason[40];
        ignore_int(snprintf(reason, sizeof reason, "answered %ld", status));
        settle(sending, post_push_outcome(status), reason);
    }
}

/* --- mail ------------------------------------------------------------------------------------- */

static size_t give_body(char *to, size_t size, size_t count, void *ctx)
{
    struct sending *sending = ctx;
    size_t left = sending->body.len - sending->sent;
    size_t some = size * count < left ? size * count : left;
    memcpy(to, sending->body.at + sending->sent, some);
    sending->sent += some;
    return some;
}

static bool write_letter(struct sending *sending, usec now)
{
    const struct letter *letter = sending->letter;
    char id[60];
    ignore_int(
        snprintf(id, sizeof id, "loa-%lld-%lld", (long long)letter->id, (long long)letter->added));
    struct mail mail = {
        .from_name = str_of(sending->config->mail_from_name),
        .from = str_of(sending->config->mail_from),
        .to = letter->address,
        .subject = letter->subject,
        .text = letter->body,
        .html = letter->html,
        .id = str_of(id),
        .at = now,
        .urgent = letter->urgent,
    };
    return mail_address_is_fit(mail.from) && mail_address_is_fit(mail.to) &&
           mail_write(&mail, &sending->body) == OK;
}

static bool prepare_mail(struct sending *sending, usec now)
{
    CURL *curl = sending->curl;
    const struct post_config *config = sending->config;
    if (config->mail_server[0] == '\0') {
        settle(sending, LETTER_LATER, "no mail server is set");
        return false;
    }
    if (!write_letter(sending, now)) {
        settle(sending, LETTER_NEVER, "no fit address");
        return false;
    }
    sending->to = curl_slist_append(NULL, sending->letter->address.at);
    curl_easy_setopt(curl, CURLOPT_URL, config->mail_server);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, config->mail_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, config->mail_from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, sending->to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, sending);
    if (config->mail_user[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_USERNAME, config->mail_user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, config->mail_password);
    }
    if (config->mail_ca_file[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, config->mail_ca_file);
    }
    return sending->to != NULL;
}

static void end_mail(struct sending *sending, CURLcode code)
{
    long reply = 0;
    curl_easy_getinfo(sending->curl, CURLINFO_RESPONSE_CODE, &reply);
    if (code == CURLE_OK) {
        settle(sending, LETTER_SENT, "");
        return;
    }
    enum letter_outcome outcome =
        reply >= 400 ? post_mail_outcome(reply) : LETTER_LATER; /* 2xx: of an earlier step */
    outcome = code == CURLE_LOGIN_DENIED ? LETTER_LATER : outcome;
    settle(sending, outcome,
           sending->refusal[0] != '\0' ? sending->refusal : curl_easy_strerror(code));
}

/* --- a batch ---------------------------------------------------------------------------------- */

static bool prepare(struct post *post, struct sending *sending, usec now)
{
    sending->curl = curl_easy_init();
    if (sending->curl == NULL) {
        settle(sending, LETTER_LATER, "no memory");
        return false;
    }
    curl_easy_setopt(sending->curl, CURLOPT_PRIVATE, sending);
    curl_easy_setopt(sending->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(sending->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(sending->curl, CURLOPT_TIMEOUT_MS,
                     sending->letter->urgent ? (long)URGENT_MS : (long)SEND_MS);
    curl_easy_setopt(sending->curl, CURLOPT_ERRORBUFFER, sending->refusal);
    bool ready = sending->letter->subscription != 0 ? prepare_push(sending, now)
                                                    : prepare_mail(sending, now);
    return ready && curl_multi_add_handle(post->multi, sending->curl) == CURLM_OK;
}

static void finish(struct post *post, struct sending *sending)
{
    if (sending->curl != NULL) {
        curl_multi_remove_handle(post->multi, sending->curl);
        curl_easy_cleanup(sending->curl);
    }
    curl_slist_free_all(sending->headers);
    curl_slist_free_all(sending->to);
    buf_finish(&sending->body);
}

static void take_ended(struct post *post)
{
    int left = 0;
    const CURLMsg *message = curl_multi_info_read(post->multi, &left);
    for (; message != NULL; message = curl_multi_info_read(post->multi, &left)) {
        struct sending *sending = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &sending);
        if (message->msg != CURLMSG_DONE || sending == NULL) {
            continue;
        }
        if (sending->letter->subscription != 0) {
            end_push(sending, message->data.result);
        } else {
            end_mail(sending, message->data.result);
        }
    }
}

void post_send(struct post *post, const struct post_config *config, const struct letters *letters,
               usec now, struct letter_result *results)
{
    struct sending *sendings = mem_take_array(letters->count + 1, sizeof *sendings);
    int running = 0;
    for (size_t i = 0; i < letters->count; i++) {
        const struct letter *letter = &letters->at[i];
        results[i] = (struct letter_result){.id = letter->id,
                                            .subscription = letter->subscription,
                                            .attempts = letter->attempts,
                                            .outcome = LETTER_LATER};
        sendings[i] = (struct sending){.config = config, .letter = letter, .result = &results[i]};
        buf_init(&sendings[i].body, MAIL_MOST);
        running += prepare(post, &sendings[i], now);
    }
    while (running > 0 && !atomic_load(&post->stopping)) {
        if (curl_multi_perform(post->multi, &running) != CURLM_OK) {
            break;
        }
        take_ended(post);
        if (running > 0) {
            curl_multi_poll(post->multi, NULL, 0, POLL_MS, NULL);
        }
    }
    for (size_t i = 0; i < letters->count; i++) {
        finish(post, &sendings[i]);
    }
    mem_give(sendings);
}
