/* Studio encoders: the Icecast source protocol on our own port. Who knows the password of a source
 * begins a live with it, in the name and with the rights of whoever made the source; what he sends
 * is taken as it is when it is Ogg Opus in packets of 20 ms, and decoded by a child else. */
#include "base/log.h"
#include "loop/loop.h"
#include "people/account_rows.h"
#include "server/live_child.h"
#include "server/live_inside.h"

#include <sodium.h>

enum { ARENA_MOST = 16 * 1024 * 1024, USER_ROOM = 128, FIRST_PAGE = 64, FIRST_PACKET = 28 };

struct knock {
    struct live_hub *hub;
    http_id request;
    char name[SOURCE_NAME_MOST + 1];
    hash secret;
    usec now;
    /* --- what came of it --- */
    struct arena *arena;
    struct live live;
    errc rc;
    struct why why;
};

/* --- the head --------------------------------------------------------------------------------- */

/* "Basic dXNlcjpwYXNzd29yZA==": any user, the password counts. */
static bool read_password(str header, hash *ret_secret)
{
    char text[USER_ROOM];
    size_t size = 0;
    const char *end = NULL;
    str basic = S("basic ");
    if (header.len < basic.len || !str_is_fold(str_cut(header, 0, basic.len), basic)) {
        return false;
    }
    str code = str_trim(str_cut(header, basic.len, header.len));
    if (sodium_base642bin((unsigned char *)text, sizeof text, code.at, code.len, NULL, &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != code.at + code.len) {
        return false;
    }
    str password = STR_NONE;
    ignore_int(str_split((str){text, size}, ':', &password).len > 0);
    *ret_secret = source_secret_of(password);
    sodium_memzero(text, sizeof text);
    return password.at != NULL;
}

static void refuse(struct live_hub *hub, http_id request, int status)
{
    const struct http_header ask[] = {
        {S("WWW-Authenticate"), S("Basic realm=\"source\", charset=\"UTF-8\"")}};
    struct http_answer answer = {.status = status, .close = true};
    if (status == 401) {
        answer.headers = ask;
        answer.header_count = COUNT_OF(ask);
    }
    ignore(http_answer_send(hub->config.http, request, &answer, NULL));
}

/* --- on the store's thread -------------------------------------------------------------------- */

static errc find_open(const struct desk *desk, struct db *db, int64_t source, struct live *ret_live,
                      struct why *why)
{
    struct live_filter filter = {.is_open = true, .limit = LIVES_MOST};
    struct lives lives = {.count = 0};
    TRY(live_list(desk, db, &filter, &lives, why));
    for (size_t i = 0; i < lives.count; i++) {
        if (lives.at[i].source == source) {
            *ret_live = lives.at[i];
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

static errc begin(struct knock *knock, const struct desk *desk, struct db *db,
                  const struct live_source *source, struct why *why)
{
    int64_t id = 0;
    struct live_draft draft = {.terms = source->terms,
                               .mode = LIVE_CONTINUOUS,
                               .from = LIVE_FROM_ICECAST,
                               .source = source->id,
                               .written_by = source->made_by};
    entropy_fill(desk->entropy, draft.mark.bytes, sizeof draft.mark.bytes);
    errc rc = find_open(desk, db, source->id, &knock->live, why);
    if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    TRY(live_begin(desk, db, &draft, &id, why));
    return live_get(desk, db, id, &knock->live, why);
}

static errc run(void *ctx, struct db *db, struct why *why)
{
    struct knock *knock = ctx;
    const struct app *app = knock->hub->config.app;
    AUTO(forest_close) struct forest *forest = NULL;
    struct live_source source;
    struct bad_field bad = {.name = ""};
    arena_destroy(knock->arena);
    knock->arena = NULL;
    TRY(arena_create(ARENA_MOST, &knock->arena));
    TRY(source_find(db, str_of(knock->name), knock->arena, &source, why));
    if (source.kind != SOURCE_ENCODER ||
        sodium_memcmp(source.secret.bytes, knock->secret.bytes, sizeof knock->secret.bytes) != 0) {
        return fail(why, ERR_FORBIDDEN, "not the password of %s", knock->name);
    }
    struct actor maker = {.account_id = source.made_by,
                          .name = source.made_name,
                          .now = knock->now,
                          .today = day_of(knock->now, app_zone(app))};
    TRY(account_grants(db, source.made_by, maker.today, knock->arena, &maker.grants, why));
    TRY(unit_book_write(app->units, db, &forest, why));
    struct desk desk = {.actor = &maker,
                        .forest = forest,
                        .signing = knock->hub->config.signing,
                        .entropy = app->entropy,
                        .zone = app_zone(app),
                        .arena = knock->arena,
                        .bad = &bad};
    return begin(knock, &desk, db, &source, why);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void on_stream_close(void *ctx, http_id id)
{
    struct live_hub *hub = ctx;
    for (struct running *run = hub->first; run != NULL; run = run->next) {
        if (run->has_encoder && http_id_is(run->encoder, id)) {
            run->has_encoder = false;
            live_encoder_close(run);
            running_lost(run);
            return;
        }
    }
}

static void on_room(void *ctx)
{
    live_encoder_read_on(ctx);
}

static void on_decoded(void *ctx, str packet)
{
    struct running *run = ctx;
    running_packet(run, packet);
    if (live_stream_is_full(run->stream) && !run->is_stalled) {
        run->is_stalled = true;
        live_child_set_reading(run->child, false);
    }
}

static void nonsense(struct running *run)
{
    LOG(LOG_WARN, "encoder_refused", log_int("live", run->id));
    run->is_nonsense = false;
    live_encoder_close(run);
    running_lost(run);
}

/* Encoders say "audio/mpeg" of anything: what it is shows in its first page. */
static errc open_way(struct running *run, str first)
{
    str head = str_cut(first, 0, first.len < FIRST_PAGE ? first.len : FIRST_PAGE);
    if (str_starts(head, S("OggS")) &&
        str_starts(str_cut(head, FIRST_PACKET, head.len), S("OpusHead"))) {
        struct ogg_in_port port = {run, running_packet};
        run->ogg = ogg_in_create(&port);
        return OK;
    }
    struct live_child_config config = {
        .loop = run->hub->config.loop, .ctx = run, .on_packet = on_decoded, .on_room = on_room};
    return live_child_start(&config, &run->child);
}

static errc take_bytes(struct running *run, str bytes)
{
    if (run->child == NULL && run->ogg == NULL) {
        TRY(open_way(run, bytes));
    }
    return run->child != NULL ? live_child_write(run->child, bytes) : ogg_in_take(run->ogg, bytes);
}

static void on_bytes(void *ctx, http_id id, str bytes)
{
    struct live_hub *hub = ctx;
    struct running *run = hub->first;
    while (run != NULL && !(run->has_encoder && http_id_is(run->encoder, id))) {
        run = run->next;
    }
    if (run == NULL) {
        return;
    }
    errc rc = take_bytes(run, bytes);
    if ((rc != OK && rc != ERR_BUSY) || run->is_nonsense) {
        nonsense(run);
        return;
    }
    bool full = run->ogg != NULL && live_stream_is_full(run->stream);
    run->is_stalled = run->is_stalled || full;
    if (rc == ERR_BUSY || full) { /* goes on by on_room(), or with the next turn of the stream */
        http_stream_set_reading(hub->config.http, id, false);
    }
}

void live_encoder_read_on(struct running *run)
{
    if (run->child != NULL) {
        live_child_set_reading(run->child, true);
    }
    if (run->has_encoder) {
        http_stream_set_reading(run->hub->config.http, run->encoder, true);
    }
}

void live_encoder_close(struct running *run)
{
    if (run->has_encoder) {
        run->has_encoder = false;
        http_stream_close(run->hub->config.http, run->encoder);
    }
    ogg_in_destroy(run->ogg);
    run->ogg = NULL;
    if (run->from == LIVE_FROM_ICECAST) {
        live_child_stop(run->child);
        run->child = NULL;
    }
}

/* --- back on the loop ------------------------------------------------------------------------- */

static void let_in(struct knock *knock)
{
    struct live_hub *hub = knock->hub;
    struct running *run = running_open(hub, &knock->live);
    const struct http_header headers[] = {{S("X-Content-Type-Options"), S("nosniff")}};
    struct http_stream_config config = {
        .type = S("text/plain"),
        .headers = headers,
        .header_count = COUNT_OF(headers),
        .stream = {.ctx = hub, .on_close = on_stream_close, .on_bytes = on_bytes},
    };
    if (run == NULL) {
        refuse(hub, knock->request, 503);
        return;
    }
    running_take_floor(run, LIVE_PACED);
    if (http_stream_open(hub->config.http, knock->request, &config, NULL) == OK) {
        run->has_encoder = true;
        run->encoder = knock->request;
        LOG(LOG_INFO, "encoder_on_air", log_int("live", run->id), log_text("source", knock->name));
    } else {
        live_encoder_close(run);
    }
}

static int status_of(errc rc)
{
    return rc == ERR_NOT_FOUND ? 404 : rc == ERR_FORBIDDEN ? 401 : rc == ERR_CONFLICT ? 409 : 503;
}

static void finish(void *ctx)
{
    struct knock *knock = ctx;
    if (knock->rc == OK && !knock->hub->is_stopping) {
        let_in(knock);
    } else {
        LOG(LOG_WARN, "encoder_not_let_in", log_text("source", knock->name), log_errc(knock->rc),
            log_why(&knock->why));
        refuse(knock->hub, knock->request, status_of(knock->rc));
    }
    arena_destroy(knock->arena);
    mem_give(knock);
}

static void done(void *ctx, errc rc, const struct why *why)
{
    struct knock *knock = ctx;
    knock->rc = rc;
    if (rc != OK && why != NULL) {
        knock->why = *why;
    }
    if (loop_post(knock->hub->config.loop, finish, knock) != OK) {
        arena_destroy(knock->arena);
        mem_give(knock);
    }
}

void live_encoder_request(struct live_hub *hub, struct http_request *request)
{
    str path = http_request_path(request);
    http_id id = http_request_id(request);
    struct knock *knock = mem_take(sizeof *knock);
    struct store *store = hub->config.app->store;
    knock->hub = hub;
    knock->request = id;
    knock->now = now_utc();
    bool named =
        str_to_array(str_cut(path, S("/source/").len, path.len), knock->name, sizeof knock->name) &&
        source_name_is(str_of(knock->name));
    bool known = read_password(http_request_header(request, S("authorization")), &knock->secret);
    struct store_job job = {.run = run, .done = done, .ctx = knock};
    if (named && known && store != NULL && store_write(store, &job, NULL) == OK) {
        return;
    }
    refuse(hub, id, !named ? 404 : !known ? 401 : 503);
    mem_give(knock);
}
