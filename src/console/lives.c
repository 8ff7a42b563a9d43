/* Speaking live: beginning, the microphone's WebSocket, the end; encoders and radios. */
#include "console/live_json.h"
#include "console/steps.h"

static errc answer(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live live;
    TRY(live_get(&desk, ask->db, id, &live, why));
    live_json(ask, &live);
    return OK;
}

errc api_lives_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_filter filter = {.unit = 0};
    struct lives lives = {.count = 0};
    str state = STR_NONE;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_i64(ask, "after", 0, &filter.before));
    TRY(ask_query_limit(ask, &filter.limit));
    TRY(ask_query(ask, "state", &state));
    filter.is_open = str_is(state, S("open"));
    filter.is_ended = str_is(state, S("ended"));
    TRY(live_list(&desk, ask->db, &filter, &lives, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < lives.count; i++) {
        live_json(ask, &lives.at[i]);
    }
    ask_list_end_at(ask, lives.next);
    return OK;
}

errc api_lives_show(struct ask *ask, struct why *why)
{
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_lives_begin(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_draft draft;
    int64_t id = 0;
    TRY(live_take(ask, &draft, why));
    TRY(live_begin(&desk, ask->db, &draft, &id, why));
    return answer(ask, id, why);
}

errc api_lives_end(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    TRY(live_finish(&desk, ask->db, ask_place_id(ask, 0), "ended", why));
    return answer(ask, ask_place_id(ask, 0), why);
}

static errc carry(struct ask *ask, struct live **ret_live, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live *live = arena_take(ask->arena, sizeof *live);
    if (live == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(live_get(&desk, ask->db, ask_place_id(ask, 0), live, why));
    TRY(desk_may(&desk, RIGHT_LIVE_SPEAK, live->terms.unit));
    if (!live->is_open) {
        return fail(why, ERR_CONFLICT, "live %lld is over", (long long)live->id);
    }
    ask->carried = live;
    *ret_live = live;
    return OK;
}

/* The WebSocket itself is the server's (flow.c). */
errc api_lives_speak(struct ask *ask, struct why *why)
{
    struct live *live = NULL;
    TRY(carry(ask, &live, why));
    bool page = live->from == LIVE_FROM_BROWSER && ask->house->ports.live_speak != NULL;
    return page ? OK : fail(why, ERR_CONFLICT, "another source speaks here");
}

errc api_lives_listen(struct ask *ask, struct why *why)
{
    struct live *live = NULL;
    TRY(carry(ask, &live, why));
    return ask->house->ports.live_listen != NULL ? OK : ERR_CLOSED;
}

/* --- sources ---------------------------------------------------------------------------------- */

/* What of it is on the air. */
static errc find_live(struct ask *ask, int64_t source, int64_t *ret_live, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_filter filter = {.is_open = true, .limit = LIVE_OPEN_MOST};
    struct lives lives = {.count = 0};
    *ret_live = 0;
    TRY(live_list(&desk, ask->db, &filter, &lives, why));
    for (size_t i = 0; i < lives.count; i++) {
        *ret_live = lives.at[i].source == source ? lives.at[i].id : *ret_live;
    }
    return OK;
}

errc api_live_sources_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_sources sources = {.count = 0};
    int64_t unit = 0;
    TRY(ask_query_i64(ask, "unit", 0, &unit));
    TRY(source_list(&desk, ask->db, unit, &sources, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < sources.count; i++) {
        int64_t live = 0;
        TRY(find_live(ask, sources.at[i].id, &live, why));
        source_json(ask, &sources.at[i], live, NULL);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_live_sources_create(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_source source;
    char password[SOURCE_PASSWORD_SIZE];
    int64_t id = 0;
    TRY(source_take(ask, &source, why));
    source_password(desk.entropy, password);
    source.secret = source_secret_of(str_of(password));
    TRY(source_add(&desk, ask->db, &source, &id, why));
    bool encoder = source.kind == SOURCE_ENCODER;
    TRY(source_get(&desk, ask->db, id, &source, why));
    source_json(ask, &source, 0, encoder ? password : NULL);
    return OK;
}

errc api_live_sources_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return source_drop(&desk, ask->db, ask_place_id(ask, 0), why);
}

/* A radio goes on the air; what is there already is the answer. */
errc api_live_sources_start(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct live_source source;
    int64_t id = 0;
    TRY(source_get(&desk, ask->db, ask_place_id(ask, 0), &source, why));
    TRY(find_live(ask, source.id, &id, why));
    if (source.kind != SOURCE_RELAY) {
        return fail(why, ERR_CONFLICT, "an encoder begins by itself");
    }
    if (id == 0) {
        struct live_draft draft = {.terms = source.terms,
                                   .mode = LIVE_CONTINUOUS,
                                   .from = LIVE_FROM_RELAY,
                                   .source = source.id};
        entropy_fill(desk.entropy, draft.mark.bytes, sizeof draft.mark.bytes);
        TRY(live_begin(&desk, ask->db, &draft, &id, why));
    }
    return answer(ask, id, why);
}
