/* Polling the sources, one after the other. A message that is refused does not keep others away;
 * what was wrong stands beside the source. */
#include "server/alert_works_inside.h"

#include "base/log.h"
#include "cap/cap_feed.h"

enum { POLL_ARENA = 64 * 1024 * 1024, MESSAGES_A_POLL = 50 };

/* One source that is polled. Texts are in its own arena, which the jobs of the hand do not reset.
 */
struct polling {
    struct alert_hand *hand;
    struct arena *arena;
    struct cap_sources due;
    const struct cap_source *source;
    struct cap_polled polled;
    /* of the entry that is looked at */
    hash mark;
    bool is_known;
    str xml;
};

static errc ask(struct polling *polling, bool writes,
                errc (*run)(const struct desk *desk, struct db *db, void *ctx, struct why *why),
                struct why *why)
{
    struct alert_errand errand = {polling->hand->works, polling->hand->arena, run, polling};
    return writes ? alert_write(&errand, why) : alert_read(&errand, why);
}

static errc find_due(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct polling *polling = ctx;
    return cap_sources_due(db, desk->actor->now, polling->arena, &polling->due, why);
}

static errc look_up(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct polling *polling = ctx;
    return cap_entry_known(db, polling->source->id, polling->mark, desk->arena, &polling->is_known,
                           why);
}

static errc take(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct polling *polling = ctx;
    struct cap_job job = {.desk = desk, .places = polling->hand->works->config.places};
    int64_t id = 0;
    bool fresh = false;
    TRY(cap_message_take(&job, db, polling->source->id, polling->xml, &id, why));
    return cap_entry_take(db, polling->source->id, polling->mark, desk->actor->now, &fresh, why);
}

/* Refused for ever: the entry is not fetched again until it changes. */
static errc pass_over(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct polling *polling = ctx;
    bool fresh = false;
    return cap_entry_take(db, polling->source->id, polling->mark, desk->actor->now, &fresh, why);
}

static errc write_down(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct polling *polling = ctx;
    return cap_source_polled(db, polling->source->id, &polling->polled, desk->actor->now, why);
}

static bool is_refusal(errc rc)
{
    return rc == ERR_INVALID || rc == ERR_TOO_BIG || rc == ERR_BAD_UTF8 || rc == ERR_EXISTS;
}

static hash mark_of(const struct cap_entry *entry)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, CAP_SIZE_MOST + 8 * CAP_ADDRESS_MOST);
    buf_add_format(&text, "%.*s\n%.*s\n%.*s\n", STR_ARG(entry->id), STR_ARG(entry->updated),
                   STR_ARG(entry->address));
    buf_add(&text, entry->content);
    return hash_of(buf_str(&text));
}

/* The message itself, from the entry or from where it points to. */
static errc fetch_message(struct polling *polling, const struct cap_entry *entry, struct why *why)
{
    AUTO(alert_answer_finish) struct alert_answer answer = {.is_same = false};
    struct alert_request request = {.etag = S(""), .modified = S("")};
    if (entry->content.len > 0) {
        polling->xml = entry->content;
        return OK;
    }
    TRY(cap_feed_address(polling->source->address, entry->address, polling->arena, &request.address,
                         why));
    TRY(alert_fetch(&polling->hand->works->fetch, &request, &answer, why));
    polling->xml = arena_str(polling->arena, buf_str(&answer.body));
    return polling->xml.at == NULL ? ERR_NO_MEMORY : OK;
}

/* OK also for what was refused: then the reason is kept. *ret_taken counts what was fetched. */
static errc take_entry(struct polling *polling, const struct cap_entry *entry, size_t *ret_taken,
                       struct why *why)
{
    polling->mark = mark_of(entry);
    TRY(ask(polling, false, look_up, why));
    if (polling->is_known) {
        return OK;
    }
    (*ret_taken)++;
    TRY(fetch_message(polling, entry, why));
    errc rc = ask(polling, true, take, why);
    if (is_refusal(rc)) {
        polling->polled.error = arena_format(polling->arena, "%s", why->text);
        return ask(polling, true, pass_over, why);
    }
    return rc;
}

static errc take_feed(struct polling *polling, str xml, struct why *why)
{
    struct cap_feed feed;
    size_t taken = 0;
    TRY(cap_feed_read(xml, polling->arena, &feed, why));
    /* the oldest first, as far as feeds have the newest on top: references find what they refer to
     */
    for (size_t i = feed.count; i-- > 0 && taken < MESSAGES_A_POLL;) {
        if (alert_is_stopping(polling->hand->works)) {
            return ERR_CANCELLED;
        }
        TRY(take_entry(polling, &feed.at[i], &taken, why));
    }
    /* what is left over is taken the next time, although the feed is the same then */
    bool whole = taken < MESSAGES_A_POLL;
    polling->polled.etag = whole ? polling->polled.etag : S("");
    polling->polled.modified = whole ? polling->polled.modified : S("");
    return OK;
}

static errc poll(struct polling *polling, struct why *why)
{
    AUTO(alert_answer_finish) struct alert_answer answer = {.is_same = false};
    const struct cap_source *source = polling->source;
    struct alert_request request = {source->address, source->etag, source->modified};
    polling->polled = (struct cap_polled){.etag = S(""), .modified = S(""), .error = S("")};
    TRY(alert_fetch(&polling->hand->works->fetch, &request, &answer, why));
    if (answer.is_same) {
        polling->polled = (struct cap_polled){
            .etag = source->etag, .modified = source->modified, .error = source->poll_error};
        return OK;
    }
    polling->polled.etag = arena_str(polling->arena, str_of(answer.etag));
    polling->polled.modified = arena_str(polling->arena, str_of(answer.modified));
    str xml = arena_str(polling->arena, buf_str(&answer.body));
    return xml.at == NULL ? ERR_NO_MEMORY : take_feed(polling, xml, why);
}

static void poll_source(struct polling *polling)
{
    struct why why = {""};
    errc rc = poll(polling, &why);
    if (rc == ERR_CANCELLED || rc == ERR_CLOSED) {
        return;
    }
    if (rc != OK) {
        polling->polled =
            (struct cap_polled){.etag = S(""), .modified = S(""), .error = str_of(why.text)};
        LOG(LOG_WARN, "cap_source_failed", log_int("source", polling->source->id), log_errc(rc),
            log_why(&why));
    }
    polling->polled.is_news = !str_is(polling->polled.error, polling->source->poll_error);
    ignore(ask(polling, true, write_down, NULL));
}

void alert_poll_round(struct alert_hand *hand)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct polling polling = {.hand = hand};
    struct why why = {""};
    if (arena_create(POLL_ARENA, &arena) != OK) {
        return;
    }
    polling.arena = arena;
    if (ask(&polling, false, find_due, &why) != OK) {
        return;
    }
    struct cap_sources due = polling.due;
    for (size_t i = 0; i < due.count && !alert_is_stopping(hand->works); i++) {
        polling.source = &due.at[i];
        poll_source(&polling);
    }
}
