/* An engine of somebody else's, by one setting: a command that gets the text on its standard input
 * and writes a sound file to its standard output, or an HTTP service that gets JSON and answers
 * with one. What comes back is a stranger's file like any upload. */
#include "server/sound_works_inside.h"

#include "base/file.h"
#include "base/json_out.h"
#include "server/child.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ENGINE_BYTES_MOST = 512 * 1024 * 1024, ENGINE_TICK_MS = 200, BODY_MOST = 4 * 1024 * 1024 };

#define ENGINE_MOST (600 * USEC_SECOND)

static errc new_file(const char *name, int *ret_fd, struct why *why)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) {
        return fail_errno(why, errno, "memory for speech");
    }
    *ret_fd = fd;
    return OK;
}

static const char *voice_of(const struct sound_work *work)
{
    const struct settings *settings = &work->works->app->settings;
    return work->sound.voice.len > 0 ? work->sound.voice.at
                                     : settings_text(settings, SETTING_KEY_speech_voice);
}

static const char *language_of(const struct sound_work *work)
{
    return work->sound.language.len > 0 ? work->sound.language.at : "vi";
}

/* --- a command ------------------------------------------------------------------------------- */

static errc wait_for(struct sound_work *work, struct child *child, struct why *why)
{
    usec end = now_steady() + ENGINE_MOST;
    usec last = now_steady();
    for (;;) {
        struct pollfd wait = {.fd = child->done, .events = POLLIN};
        if (poll(&wait, 1, ENGINE_TICK_MS) > 0) {
            return OK;
        }
        TRY(sound_work_beat(work, &last, why));
        if (now_steady() > end) {
            return fail(why, ERR_TIMEOUT, "the speech engine takes too long");
        }
        if (lseek(work->output, 0, SEEK_END) > ENGINE_BYTES_MOST) {
            return fail(why, ERR_TOO_BIG, "the speech engine says too much");
        }
    }
}

static errc run_command(struct sound_work *work, const char *command, int text, int sound,
                        struct why *why)
{
    char speed[32];
    struct child child = {.pid = 0};
    ignore_int(snprintf(speed, sizeof speed, "%lld", (long long)work->sound.speed));
    struct child_plan plan = {.program = command,
                              .arguments = {"--voice", voice_of(work), "--speed", speed,
                                            "--language", language_of(work), NULL},
                              .input = text,
                              .output = sound,
                              .speaks = true};
    TRY(child_start(&plan, &child, why));
    work->output = sound; /* for its size; not kept */
    errc rc = wait_for(work, &child, why);
    work->output = -1;
    if (rc != OK) {
        child_kill(&child);
    }
    errc ended = child_finish(&child, rc == OK ? why : NULL);
    return rc != OK ? rc : ended;
}

static errc say_by_command(struct sound_work *work, const char *command, struct why *why)
{
    AUTO(file_close) int text = -1;
    AUTO(file_close) int sound = -1;
    TRY(new_file("loa-text", &text, why));
    TRY(new_file("loa-speech", &sound, why));
    TRY(file_write_all(text, work->reading.at, work->reading.len, why));
    if (lseek(text, 0, SEEK_SET) != 0) {
        return fail_errno(why, errno, "text");
    }
    TRY(run_command(work, command, text, sound, why));
    work->input = sound;
    sound = -1;
    return OK;
}

/* --- a service ------------------------------------------------------------------------------- */

struct fetching {
    struct sound_work *work;
    int fd;
    uint64_t size;
    usec last;
    errc rc;
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
    struct fetching *fetching = ctx;
    size_t all = size * count;
    fetching->size += all;
    if (fetching->size > ENGINE_BYTES_MOST ||
        file_write_all(fetching->fd, bytes, all, NULL) != OK) {
        return 0;
    }
    return all;
}

/* Called about once a second; anything but 0 ends the request. */
static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct fetching *fetching = ctx;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    fetching->rc = sound_work_beat(fetching->work, &fetching->last, NULL);
    return fetching->rc == OK ? 0 : 1;
}

static void write_body(const struct sound_work *work, struct buf *body)
{
    struct json_out out;
    json_out_init(&out, body);
    json_object(&out);
    json_str_at(&out, "text", work->reading);
    json_text_at(&out, "voice", voice_of(work));
    json_text_at(&out, "language", language_of(work));
    json_i64_at(&out, "speed", work->sound.speed);
    json_end(&out);
}

static void close_handle(CURL **handle)
{
    curl_easy_cleanup(*handle);
}

static void close_headers(struct curl_slist **headers)
{
    curl_slist_free_all(*headers);
}

static void set_up(CURL *curl, const char *address, const struct buf *body,
                   struct fetching *fetching)
{
    ignore_int(curl_easy_setopt(curl, CURLOPT_URL, address));
    ignore_int(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https"));
    ignore_int(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)(ENGINE_MOST / USEC_SECOND)));
    ignore_int(curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->at));
    ignore_int(curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body->len));
    ignore_int(curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes));
    ignore_int(curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetching));
    ignore_int(curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L));
    ignore_int(curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress));
    ignore_int(curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetching));
}

static errc say_by_service(struct sound_work *work, const char *address, struct why *why)
{
    AUTO(file_close) int sound = -1;
    AUTO(buf_finish) struct buf body;
    AUTO(close_handle) CURL *curl = curl_easy_init();
    AUTO(close_headers)
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    buf_init(&body, BODY_MOST);
    TRY(new_file("loa-speech", &sound, why));
    write_body(work, &body);
    TRY(buf_check(&body));
    if (curl == NULL || headers == NULL) {
        return ERR_NO_MEMORY;
    }
    struct fetching fetching = {.work = work, .fd = sound, .last = now_steady()};
    set_up(curl, address, &body, &fetching);
    ignore_int(curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers));
    CURLcode code = curl_easy_perform(curl);
    if (fetching.rc != OK) {
        return fail(why, fetching.rc, "not needed any more");
    }
    if (code != CURLE_OK) {
        return fail(why, ERR_IO, "%s: %s", address, curl_easy_strerror(code));
    }
    work->input = sound;
    sound = -1;
    return OK;
}

errc speech_engine_say(struct sound_work *work, struct why *why)
{
    const char *engine = settings_text(&work->works->app->settings, SETTING_KEY_speech_engine);
    str name = str_of(engine);
    if (str_starts(name, S("command:"))) {
        return say_by_command(work, engine + S("command:").len, why);
    }
    if (str_starts(name, S("http://")) || str_starts(name, S("https://"))) {
        return say_by_service(work, engine, why);
    }
    return fail(why, ERR_INVALID, "speech_engine is neither command: nor http(s)://");
}
