/* See source.h. */
#include "live/source.h"

#include "live/live_inside.h"
#include "live/source_sql.h"
#include "people/audit.h"
#include "store/db.h"

static const char *kind_name(enum source_kind kind)
{
    return kind == SOURCE_ENCODER ? "encoder" : "relay";
}

static bool is_none(hash name)
{
    static const hash none = {{0}};
    return hash_is(name, none);
}

static errc check(const struct desk *desk, const struct live_source *draft)
{
    if (!source_name_is(draft->name)) {
        return bad_field(desk->bad, "name", "not_a_name");
    }
    if (draft->kind == SOURCE_RELAY && !source_address_is(draft->address)) {
        return bad_field(desk->bad, "address", "not_an_address");
    }
    return OK;
}

static errc write_areas(struct db *db, const struct live_source *draft, int64_t id, struct why *why)
{
    for (size_t i = 0; i < draft->terms.area_count; i++) {
        struct live_source_area_add_in in = {id, draft->terms.areas[i]};
        TRY(live_source_area_add(db, &in, NULL, why));
    }
    return OK;
}

static errc tell(const struct desk *desk, struct db *db, const struct live_source *source,
                 const char *action, struct why *why)
{
    struct live_tale tale = {.action = action,
                             .kind = "live_source",
                             .id = source->id,
                             .name = source->name,
                             .unit = source->terms.unit,
                             .note = source->address};
    return live_tell(desk, db, &tale, why);
}

errc source_add(const struct desk *desk, struct db *db, const struct live_source *draft,
                int64_t *ret_id, struct why *why)
{
    const struct live_terms *terms = &draft->terms;
    const struct actor *actor = desk->actor;
    struct live_source_add_row_row row;
    int64_t fallback_bytes = 0;
    TRY(desk_may(desk, RIGHT_LIVE_SPEAK, terms->unit));
    TRY(check(desk, draft));
    TRY(live_check(desk, db, terms, &fallback_bytes, why));
    struct live_source_add_row_in in = {
        .unit_id = terms->unit,
        .name = draft->name,
        .kind = str_of(kind_name(draft->kind)),
        .title = terms->title,
        .class = (int64_t)terms->order_class,
        .language = terms->language.len == 0 ? S("") : terms->language,
        .has_fallback = !is_none(terms->fallback),
        .fallback = terms->fallback,
        .fallback_bytes = fallback_bytes,
        .is_public = terms->is_public,
        .is_recorded = terms->is_recorded,
        .address = draft->address.len == 0 ? S("") : draft->address,
        .has_secret = draft->kind == SOURCE_ENCODER,
        .secret = draft->secret,
        .has_made_by = actor->account_id != 0,
        .made_by = actor->account_id,
        .made_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
    };
    errc rc = live_source_add_row(db, &in, desk->arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        return bad_field(desk->bad, "name", "taken");
    }
    TRY(rc);
    TRY(write_areas(db, draft, row.id, why));
    struct live_source added = *draft;
    added.id = row.id;
    *ret_id = row.id;
    return tell(desk, db, &added, "live_source_added", why);
}

errc source_drop(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct live_source source;
    TRY(source_get(desk, db, id, &source, why));
    TRY(desk_may(desk, RIGHT_LIVE_SPEAK, source.terms.unit));
    struct live_source_end_row_in in = {id, desk->actor->now};
    TRY(live_source_end_row(db, &in, NULL, why));
    return tell(desk, db, &source, "live_source_dropped", why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct live_source source_of(const struct live_sources_page_row *row)
{
    return (struct live_source){
        .id = row->id,
        .name = row->name,
        .kind = str_is(row->kind, S("encoder")) ? SOURCE_ENCODER : SOURCE_RELAY,
        .terms = {.unit = row->unit_id,
                  .title = row->title,
                  .order_class = (enum order_class)row->class,
                  .language = row->language,
                  .fallback = row->has_fallback ? row->fallback : (hash){{0}},
                  .is_public = row->is_public,
                  .is_recorded = row->is_recorded},
        .address = row->address,
        .secret = row->has_secret ? row->secret : (hash){{0}},
        .made_by = row->has_made_by ? row->made_by : 0,
        .made_name = row->made_name,
        .made_at = row->made_at_us,
    };
}

static errc load_areas(struct db *db, struct live_source *source, struct arena *arena,
                       struct why *why)
{
    struct live_source_areas_of_in in = {source->id};
    struct live_source_areas_of_row *rows = NULL;
    size_t count = 0;
    TRY(live_source_areas_of_all(db, &in, arena, &rows, &count, why));
    unit_id *areas = arena_take_array(arena, count + 1, sizeof *areas);
    if (areas == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        areas[i] = rows[i].unit_id;
    }
    source->terms.areas = areas;
    source->terms.area_count = count;
    return OK;
}

static errc find(struct db *db, const struct live_sources_page_in *in, struct arena *arena,
                 struct live_source *ret_source, struct why *why)
{
    struct live_sources_page_row *rows = NULL;
    size_t count = 0;
    TRY(live_sources_page_all(db, in, arena, &rows, &count, why));
    if (count == 0) {
        return fail(why, ERR_NOT_FOUND, "no such source");
    }
    struct live_source source = source_of(&rows[0]);
    TRY(load_areas(db, &source, arena, why));
    *ret_source = source;
    return OK;
}

errc source_find(struct db *db, str name, struct arena *arena, struct live_source *ret_source,
                 struct why *why)
{
    struct live_sources_page_in in = {.only_name = name};
    return source_name_is(name) ? find(db, &in, arena, ret_source, why)
                                : fail(why, ERR_NOT_FOUND, "no name of a source");
}

errc source_get(const struct desk *desk, struct db *db, int64_t id, struct live_source *ret_source,
                struct why *why)
{
    struct live_sources_page_in in = {.only_id = id, .only_name = S("")};
    if (id <= 0) {
        return fail(why, ERR_NOT_FOUND, "no such source");
    }
    TRY(find(db, &in, desk->arena, ret_source, why));
    return desk_sees(desk, RIGHT_PROGRAMMES_READ, ret_source->terms.unit)
               ? OK
               : fail(why, ERR_NOT_FOUND, "source %lld is not theirs", (long long)id);
}

errc source_list(const struct desk *desk, struct db *db, unit_id unit,
                 struct live_sources *ret_sources, struct why *why)
{
    struct live_sources_page_in in = {.only_name = S("")};
    struct live_sources_page_row *rows = NULL;
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    size_t count = 0;
    size_t kept = 0;
    TRY(live_sources_page_all(db, &in, desk->arena, &rows, &count, why));
    struct live_source *sources = arena_take_array(desk->arena, count + 1, sizeof *sources);
    if (sources == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        bool below = unit == 0 || tree_covers(tree, unit, rows[i].unit_id);
        if (below && desk_sees(desk, RIGHT_PROGRAMMES_READ, rows[i].unit_id)) {
            sources[kept] = source_of(&rows[i]);
            TRY(load_areas(db, &sources[kept], desk->arena, why));
            kept++;
        }
    }
    *ret_sources = (struct live_sources){sources, kept};
    return OK;
}
