/* Announcements: to the watchers here at once, to other servers through PostgreSQL's NOTIFY, which
 * it sends at commit and not before. A payload is "<mark of the server> <topic>", so that a server
 * does not hear itself twice. The listening connection has its own thread; when it was lost,
 * nobody knows what was missed, and the watchers hear "*". */
#include "store/control_sql.h"
#include "store/db_pg.h"
#include "store/store_impl.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { HEAR_MS = 60000, PAYLOAD_SIZE = STORE_MARK_SIZE + 1 + DB_TOPIC_SIZE };

void watch_init(struct watch *watch, struct entropy entropy)
{
    *watch = (struct watch){.wake_fd = -1};
    pthread_mutex_init(&watch->lock, NULL);
    ignore_int(snprintf(watch->mark, sizeof watch->mark, "%016llx",
                        (unsigned long long)entropy_u64(entropy)));
}

errc store_watch(struct store *store, void (*on_topic)(void *ctx, const char *topic), void *ctx,
                 struct why *why)
{
    struct watch *watch = &store->watch;
    pthread_mutex_lock(&watch->lock);
    bool full = watch->count == STORE_WATCHERS;
    if (!full) {
        watch->list[watch->count++] = (struct watcher){on_topic, ctx};
    }
    pthread_mutex_unlock(&watch->lock);
    return full ? fail(why, ERR_TOO_MANY, "more than %d watchers", STORE_WATCHERS) : OK;
}

static void tell(struct watch *watch, const char *topic)
{
    struct watcher list[STORE_WATCHERS];
    pthread_mutex_lock(&watch->lock);
    size_t count = watch->count;
    memcpy(list, watch->list, count * sizeof list[0]);
    pthread_mutex_unlock(&watch->lock);
    for (size_t i = 0; i < count; i++) {
        list[i].on_topic(list[i].ctx, topic);
    }
}

void watch_tell(struct store *store, const struct db_topics *topics)
{
    for (size_t i = 0; i < topics->count; i++) {
        tell(&store->watch, topics->list[i]);
    }
}

/* Inside the transaction; SQLite has no other servers. */
errc watch_notify(struct store *store, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    if (!db->driver->postgresql || db->topics.count == 0) {
        return OK;
    }
    TRY(arena_create(1024, &arena));
    for (size_t i = 0; i < db->topics.count; i++) {
        char payload[PAYLOAD_SIZE];
        struct store_notify_row row;
        ignore_int(
            snprintf(payload, sizeof payload, "%s %s", store->watch.mark, db->topics.list[i]));
        arena_reset(arena);
        TRY(store_notify(db, &(struct store_notify_in){.payload = str_of(payload)}, arena, &row,
                         why));
    }
    return OK;
}

static void on_payload(void *ctx, const char *payload)
{
    struct watch *watch = ctx;
    str topic = STR_NONE;
    str mark = str_split(str_of(payload), ' ', &topic);
    if (topic.len == 0 || topic.len >= DB_TOPIC_SIZE || str_is(mark, str_of(watch->mark))) {
        return; /* our own, or somebody else's use of the channel */
    }
    tell(watch, topic.at);
}

static errc listen_on(struct link *link, struct why *why)
{
    TRY(link_ready(link, why));
    db_job_begin(link->db, now_steady() + 10 * USEC_SECOND);
    errc rc = db_words(link->db, &control_listen, why);
    link_check(link);
    return rc;
}

/* True when the store closes. */
static bool pause_or_wake(const struct watch *watch, usec until)
{
    usec left = until - now_steady();
    struct pollfd waited = {watch->wake_fd, POLLIN, 0};
    int ms = left <= 0 ? 0 : (int)(left / 1000) + 1;
    return poll(&waited, 1, ms) > 0;
}

static void *listen_thread(void *ctx)
{
    struct link *link = ctx;
    struct watch *watch = &link->store->watch;
    struct pg_heard heard = {on_payload, watch};
    struct why why;
    while (!pause_or_wake(watch, link->db == NULL ? link->next_try : 0)) {
        if (link->db == NULL) {
            if (listen_on(link, &why) == OK) {
                tell(watch, "*");
            }
            continue;
        }
        if (db_pg_hear(link->db, watch->wake_fd, HEAR_MS, &heard, &why) != OK) {
            link_close(link);
            link->next_try = 0;
        }
    }
    link_close(link);
    mem_give(link);
    return NULL;
}

errc watch_start(struct store *store, struct why *why)
{
    struct watch *watch = &store->watch;
    if (store->config.kind != STORE_POSTGRESQL) {
        return OK;
    }
    watch->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watch->wake_fd < 0) {
        return fail_errno(why, errno, "eventfd");
    }
    struct link *link = mem_take(sizeof *link);
    *link = (struct link){.store = store, .read_only = true};
    link->seed.state = entropy_u64(store->config.entropy);
    errc rc = listen_on(link, why);
    if (rc == OK && pthread_create(&watch->thread, NULL, listen_thread, link) != 0) {
        rc = fail(why, ERR_NO_MEMORY, "no thread");
    }
    if (rc != OK) {
        link_close(link);
        mem_give(link);
        return rc;
    }
    watch->listening = true;
    return OK;
}

void watch_finish(struct store *store)
{
    struct watch *watch = &store->watch;
    if (watch->listening) {
        ignore_int(write(watch->wake_fd, &(uint64_t){1}, sizeof(uint64_t)));
        pthread_join(watch->thread, NULL);
    }
    if (watch->wake_fd >= 0) {
        close(watch->wake_fd);
    }
    pthread_mutex_destroy(&watch->lock);
}
