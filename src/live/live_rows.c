/* See live.h. */
#include "live/live.h"

#include "base/json_out.h"
#include "broadcast/media_item.h"
#include "live/live_inside.h"
#include "live/live_sql.h"
#include "orders/order_book.h"
#include "people/audit.h"
#include "store/db.h"
#include "wire/codec.h"

enum { BODY_MOST = 2048, STREAM_TRIES = 4 };

#define END_OUTLIVES USEC_MINUTE

static str id_bytes(const wire_id *id)
{
    return (str){(const char *)id->bytes, sizeof id->bytes};
}

static bool is_none(hash name)
{
    static const hash none = {{0}};
    return hash_is(name, none);
}

errc live_tell(const struct desk *desk, struct db *db, const struct live_tale *tale,
               struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_str_at(&out, "note", tale->note.len > 0 ? tale->note : STR_NONE);
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = tale->action,
        .subject_kind = tale->kind,
        .subject_id = tale->id,
        .subject_name = tale->name,
        .subject_unit_id = tale->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "live", why));
    return audit_append(db, &entry, why);
}

/* --- what is asked for ------------------------------------------------------------------------ */

static errc check_areas(const struct desk *desk, const struct live_terms *terms)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    for (size_t i = 0; i < terms->area_count; i++) {
        if (!tree_covers(tree, terms->unit, terms->areas[i])) {
            return bad_field(desk->bad, "areas", "outside");
        }
    }
    return OK;
}

errc live_check(const struct desk *desk, struct db *db, const struct live_terms *terms,
                int64_t *ret_bytes, struct why *why)
{
    struct media_item item = {.bytes = 0};
    TRY(check_areas(desk, terms));
    if (terms->order_class != CLASS_ORDINARY && terms->order_class != CLASS_PRIORITY) {
        return bad_field(desk->bad, "class", "unknown");
    }
    if (terms->title.len == 0) {
        return bad_field(desk->bad, "title", "missing");
    }
    if (!is_none(terms->fallback)) {
        errc rc = media_item_find(desk, db, terms->fallback, &item, why);
        if (rc == ERR_NOT_FOUND) {
            return bad_field(desk->bad, "fallback", "no_such_media");
        }
        TRY(rc);
    }
    *ret_bytes = item.bytes;
    return OK;
}

/* --- beginning -------------------------------------------------------------------------------- */

struct beginning {
    const struct desk *desk;
    struct db *db;
    const struct live_draft *draft;
    uint64_t stream;
    int64_t fallback_bytes;
    int64_t id;
    struct why *why;
};

static struct wire_uints area_of(const struct live_terms *terms)
{
    bool named = terms->area_count > 0;
    const unit_id *units = named ? terms->areas : &terms->unit;
    return (struct wire_uints){(const uint64_t *)units, named ? terms->area_count : 1};
}

static errc write_areas(const struct beginning *run)
{
    const struct live_terms *terms = &run->draft->terms;
    for (size_t i = 0; i < terms->area_count; i++) {
        struct live_area_add_in in = {run->id, terms->areas[i]};
        TRY(live_area_add(run->db, &in, NULL, run->why));
    }
    return OK;
}

static errc write_row(struct beginning *run)
{
    const struct live_draft *draft = run->draft;
    const struct live_terms *terms = &draft->terms;
    const struct actor *actor = run->desk->actor;
    struct live_add_row_row row;
    int64_t made_by = draft->written_by != 0 ? draft->written_by : actor->account_id;
    struct live_add_row_in in = {
        .mark = id_bytes(&draft->mark),
        .stream = (int64_t)run->stream,
        .unit_id = terms->unit,
        .title = terms->title,
        .mode = str_of(live_mode_name(draft->mode)),
        .class = (int64_t)terms->order_class,
        .language = terms->language.len == 0 ? S("") : terms->language,
        .has_fallback = !is_none(terms->fallback),
        .fallback = terms->fallback,
        .fallback_bytes = run->fallback_bytes,
        .is_public = terms->is_public,
        .is_recorded = terms->is_recorded,
        .source = str_of(live_from_name(draft->from)),
        .has_source_id = draft->source != 0,
        .source_id = draft->source,
        .has_made_by = made_by != 0,
        .made_by = made_by,
        .made_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
        .expires_us = actor->now + LIVE_LONGEST,
    };
    TRY(live_add_row(run->db, &in, run->desk->arena, &row, run->why));
    run->id = row.id;
    return write_areas(run);
}

static errc issue(const struct beginning *run)
{
    AUTO(buf_finish) struct buf body;
    struct order order;
    const struct live_draft *draft = run->draft;
    struct order_job job = desk_order_job(run->desk);
    usec now = run->desk->actor->now;
    struct wire_live live = {
        .stream = run->stream,
        .fallback = draft->terms.fallback,
        .fallback_bytes = (uint64_t)run->fallback_bytes,
        .language = draft->terms.language,
        .title = draft->terms.title,
    };
    buf_init(&body, BODY_MOST);
    TRY(wire_record_write(&wire_record_live, &live, &body));
    struct order_draft wanted = {
        .kind = ORDER_LIVE,
        .order_class = draft->terms.order_class,
        .issuer = draft->terms.unit,
        .right = RIGHT_LIVE_SPEAK,
        .area = area_of(&draft->terms),
        .not_before = now,
        .expires = now + LIVE_LONGEST,
        .body = buf_str(&body),
        .written_by = run->desk->actor->account_id,
        .media = &draft->terms.fallback,
        .media_count = is_none(draft->terms.fallback) ? 0 : 1,
        .id = draft->mark,
    };
    return order_issue(run->db, &job, &wanted, &order, run->why);
}

/* Begun before under the same mark: the same answer again. */
static errc find_begun(struct beginning *run, bool *ret_found)
{
    struct live_by_mark_in in = {id_bytes(&run->draft->mark)};
    struct live_by_mark_row row;
    errc rc = live_by_mark(run->db, &in, run->desk->arena, &row, run->why);
    *ret_found = rc == OK;
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    run->id = row.id;
    return row.unit_id == run->draft->terms.unit
               ? OK
               : fail(run->why, ERR_EXISTS, "the mark belongs to something else");
}

static errc check_room(const struct beginning *run)
{
    struct lives_page_in in = {.before_id = INT64_MAX, .is_open = true, .page = LIVE_OPEN_MOST};
    struct lives_page_row *rows = NULL;
    size_t count = 0;
    TRY(lives_page_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    for (size_t i = 0; i < count; i++) {
        bool same = run->draft->source != 0 && rows[i].has_source_id &&
                    rows[i].source_id == run->draft->source;
        if (same) {
            return fail(run->why, ERR_CONFLICT, "the source is on the air already");
        }
    }
    return count < LIVE_OPEN_MOST ? OK : fail(run->why, ERR_TOO_MANY, "%zu speak now", count);
}

errc live_begin(const struct desk *desk, struct db *db, const struct live_draft *draft,
                int64_t *ret_id, struct why *why)
{
    struct beginning run = {.desk = desk, .db = db, .draft = draft, .why = why};
    bool found = false;
    TRY(desk_may(desk, RIGHT_LIVE_SPEAK, draft->terms.unit));
    TRY(find_begun(&run, &found));
    if (!found) {
        TRY(live_check(desk, db, &draft->terms, &run.fallback_bytes, why));
        TRY(check_room(&run));
        TRY(order_hold(db, why));
        run.stream = (entropy_u64(desk->entropy) & (INT64_MAX >> 1)) + 1;
        TRY(write_row(&run));
        TRY(issue(&run));
        struct live_tale tale = {.action = "live_begun",
                                 .kind = "live",
                                 .id = run.id,
                                 .name = draft->terms.title,
                                 .unit = draft->terms.unit,
                                 .note = str_of(live_from_name(draft->from))};
        TRY(live_tell(desk, db, &tale, why));
    }
    *ret_id = run.id;
    return OK;
}

/* --- the end ---------------------------------------------------------------------------------- */

static errc issue_end(const struct desk *desk, struct db *db, const struct live *live,
                      struct why *why)
{
    AUTO(buf_finish) struct buf body;
    struct order order;
    struct order_job job = desk_order_job(desk);
    struct wire_live over = {.replaces = live->mark};
    usec now = desk->actor->now;
    usec expires = live->expires + END_OUTLIVES;
    buf_init(&body, BODY_MOST);
    TRY(wire_record_write(&wire_record_live, &over, &body));
    struct order_draft draft = {
        .kind = ORDER_LIVE,
        .order_class = live->terms.order_class,
        .issuer = live->terms.unit,
        .right = RIGHT_LIVE_SPEAK,
        .area = area_of(&live->terms),
        .not_before = now,
        .expires = expires > now + LIVE_LONGEST ? now + LIVE_LONGEST : expires,
        .body = buf_str(&body),
        .written_by = desk->actor->account_id,
    };
    TRY(order_issue(db, &job, &draft, &order, why));
    return order_end(db, live->mark, REASON_DONE, now, why);
}

errc live_finish(const struct desk *desk, struct db *db, int64_t id, const char *reason,
                 struct why *why)
{
    struct live live;
    const struct actor *actor = desk->actor;
    int64_t changed = 0;
    TRY(live_get(desk, db, id, &live, why));
    TRY(desk_may(desk, RIGHT_LIVE_SPEAK, live.terms.unit));
    if (!live.is_open) {
        return OK;
    }
    struct live_ended_row_in in = {
        .id = id,
        .reason = str_of(reason),
        .has_ended_by = actor->account_id != 0,
        .ended_by = actor->account_id,
        .ended_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
    };
    TRY(order_hold(db, why));
    TRY(live_ended_row(db, &in, &changed, why));
    if (changed == 0) {
        return OK;
    }
    if (live.expires > actor->now) {
        TRY(issue_end(desk, db, &live, why));
    }
    struct live_tale tale = {.action = "live_ended",
                             .kind = "live",
                             .id = id,
                             .name = live.terms.title,
                             .unit = live.terms.unit,
                             .note = str_of(reason)};
    return live_tell(desk, db, &tale, why);
}

errc live_begun(struct db *db, int64_t id, usec now, struct why *why)
{
    struct live_begun_row_in in = {id, now};
    TRY(live_begun_row(db, &in, NULL, why));
    return db_announce(db, "live", why);
}

errc live_keep(const struct desk *desk, struct db *db, int64_t id, int64_t ms, int64_t bytes,
               hash recording, struct why *why)
{
    struct live live;
    bool kept = !is_none(recording);
    TRY(live_get(desk, db, id, &live, why));
    if (kept) {
        struct media_item item = {.media = recording,
                                  .unit = live.terms.unit,
                                  .title = live.terms.title,
                                  .language = live.terms.language,
                                  .ms = ms,
                                  .bytes = bytes};
        TRY(media_item_add(desk, db, &item, &item.id, why));
    }
    struct live_kept_row_in in = {
        .id = id, .ms = ms, .has_recording = kept, .recording = recording};
    TRY(live_kept_row(db, &in, NULL, why));
    return db_announce(db, "live", why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static errc load_areas(const struct desk *desk, struct db *db, struct live *live, struct why *why)
{
    struct live_areas_of_in in = {live->id};
    struct live_areas_of_row *rows = NULL;
    size_t count = 0;
    TRY(live_areas_of_all(db, &in, desk->arena, &rows, &count, why));
    unit_id *areas = arena_take_array(desk->arena, count + 1, sizeof *areas);
    if (areas == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        areas[i] = rows[i].unit_id;
    }
    live->terms.areas = areas;
    live->terms.area_count = count;
    return OK;
}

static errc fill(struct live *to, const struct lives_page_row *row)
{
    if (row->mark.len != WIRE_ID_SIZE || !live_mode_parse(row->mode, &to->mode) ||
        !live_from_parse(row->source, &to->from)) {
        return ERR_CORRUPT;
    }
    memcpy(to->mark.bytes, row->mark.at, WIRE_ID_SIZE);
    to->id = row->id;
    to->stream = (uint64_t)row->stream;
    to->terms = (struct live_terms){
        .unit = row->unit_id,
        .title = row->title,
        .order_class = (enum order_class)row->class,
        .language = row->language,
        .fallback = row->has_fallback ? row->fallback : (hash){{0}},
        .is_public = row->is_public,
        .is_recorded = row->is_recorded,
    };
    to->fallback_bytes = row->fallback_bytes;
    to->source = row->has_source_id ? row->source_id : 0;
    to->source_name = row->source_name.at != NULL ? row->source_name : S("");
    to->address = row->address.at != NULL ? row->address : S("");
    to->is_open = str_is(row->state, S("open"));
    to->reason = row->reason;
    to->made_by = row->has_made_by ? row->made_by : 0;
    to->made_name = row->made_name;
    to->made_at = row->made_at_us;
    to->expires = row->expires_us;
    to->begun_at = row->has_begun_at_us ? row->begun_at_us : 0;
    to->ended_at = row->has_ended_at_us ? row->ended_at_us : 0;
    to->ended_by = row->has_ended_by ? row->ended_by : 0;
    to->ended_name = row->ended_name;
    to->ms = row->ms;
    to->recording = row->has_recording ? row->recording : (hash){{0}};
    return OK;
}

static bool sees(const struct desk *desk, const struct live *live)
{
    return desk->actor->account_id == 0 || desk_sees(desk, RIGHT_PROGRAMMES_READ, live->terms.unit);
}

errc live_get(const struct desk *desk, struct db *db, int64_t id, struct live *ret_live,
              struct why *why)
{
    struct lives_page_in in = {.before_id = INT64_MAX, .only_id = id, .page = 1};
    struct lives_page_row *rows = NULL;
    struct live live = {.id = 0};
    size_t count = 0;
    if (id <= 0) {
        return fail(why, ERR_NOT_FOUND, "no such live");
    }
    TRY(lives_page_all(db, &in, desk->arena, &rows, &count, why));
    if (count == 0) {
        return fail(why, ERR_NOT_FOUND, "no live %lld", (long long)id);
    }
    TRY(fill(&live, &rows[0]));
    if (!sees(desk, &live)) {
        return fail(why, ERR_NOT_FOUND, "live %lld is not theirs", (long long)id);
    }
    TRY(load_areas(desk, db, &live, why));
    *ret_live = live;
    return OK;
}

static bool is_wanted(const struct desk *desk, const struct live_filter *filter,
                      const struct live *live)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    bool below = filter->unit == 0 || tree_covers(tree, filter->unit, live->terms.unit) ||
                 tree_covers(tree, live->terms.unit, filter->unit);
    return below && sees(desk, live);
}

errc live_list(const struct desk *desk, struct db *db, const struct live_filter *filter,
               struct lives *ret_lives, struct why *why)
{
    struct lives_page_in in = {
        .before_id = filter->before > 0 ? filter->before : INT64_MAX,
        .is_open = filter->is_open,
        .is_ended = filter->is_ended,
        .page = (int64_t)filter->limit + 1,
    };
    struct lives_page_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(lives_page_all(db, &in, desk->arena, &rows, &count, why));
    struct live *lives = arena_take_array(desk->arena, count + 1, sizeof *lives);
    if (lives == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t shown = count < filter->limit ? count : filter->limit;
    for (size_t i = 0; i < shown; i++) {
        struct live live = {.id = 0};
        TRY(fill(&live, &rows[i]));
        if (is_wanted(desk, filter, &live)) {
            TRY(load_areas(desk, db, &live, why));
            lives[kept++] = live;
        }
    }
    *ret_lives = (struct lives){lives, kept, count > shown ? rows[shown - 1].id : 0};
    return OK;
}

/* --- media ----------------------------------------------------------------------------------- */

struct each_medium {
    void (*on_media)(void *ctx, hash media);
    void *ctx;
};

static errc on_medium(void *ctx, const struct live_media_names_row *row)
{
    const struct each_medium *each = ctx;
    each->on_media(each->ctx, row->hash);
    return OK;
}

errc live_media_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                     struct why *why)
{
    struct each_medium each = {on_media, ctx};
    return live_media_names(db, on_medium, &each, why);
}
