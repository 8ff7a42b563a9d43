/* What came to communes and what they make of it; see offer.h. */
#include "studio/offer.h"

#include "broadcast/schedule.h"
#include "people/forest.h"
#include "people/unit_sight.h"
#include "studio/bulletin_inside.h"
#include "studio/offer_sql.h"

enum { SCAN = 400, SCANS_MOST = 25 };

errc offer_is_there(const struct desk *desk, struct db *db, int64_t bulletin, unit_id unit,
                    bool *ret_there, struct why *why)
{
    struct offers_there_in in = {bulletin, unit};
    struct offers_there_row row;
    TRY(offers_there(db, &in, desk->arena, &row, why));
    *ret_there = row.offers > 0;
    return OK;
}

errc offers_end(const struct desk *desk, struct db *db, int64_t bulletin, struct why *why)
{
    struct offers_end_row_in in = {bulletin};
    (void)desk;
    return offers_end_row(db, &in, NULL, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static errc fill(const struct desk *desk, struct db *db, const struct offers_page_row *row,
                 struct offer *ret_offer, struct why *why)
{
    struct bulletin_job job = {desk, db, row->bulletin_id, why};
    struct offer offer = {
        .id = row->id,
        .unit = row->unit_id,
        .sent = {row->has_sent_by ? row->sent_by : 0, row->sent_name, row->sent_at_us},
        .decided = {row->has_decided_by ? row->decided_by : 0, row->decided_name,
                    row->has_decided_at_us ? row->decided_at_us : 0},
        .reason = row->reason,
        .airing = row->has_airing_id ? row->airing_id : 0,
    };
    if (!offer_state_parse(row->state, &offer.state)) {
        return ERR_CORRUPT;
    }
    TRY(bulletin_load_line(&job, &offer.bulletin));
    *ret_offer = offer;
    return OK;
}

/* The commune's people see it, those above it, and who sent it. */
static bool is_seen(const struct desk *desk, unit_id unit)
{
    struct right_view view = unit_right_view(desk->forest);
    return actor_may(desk->actor, RIGHT_BULLETINS_READ, unit, &view);
}

errc offer_get(const struct desk *desk, struct db *db, int64_t id, struct offer *ret_offer,
               struct why *why)
{
    struct offers_page_in in = {INT64_MAX, id, 1};
    struct offers_page_row *rows = NULL;
    size_t count = 0;
    if (id > 0) {
        TRY(offers_page_all(db, &in, desk->arena, &rows, &count, why));
    }
    if (count == 0 || !is_seen(desk, rows[0].unit_id)) {
        return fail(why, ERR_NOT_FOUND, "no offer %lld", (long long)id);
    }
    return fill(desk, db, &rows[0], ret_offer, why);
}

struct finding {
    const struct desk *desk;
    struct db *db;
    const struct offer_filter *filter;
    struct tree tree;
    struct why *why;
};

static bool is_wanted(const struct finding *run, const struct offers_page_row *row)
{
    const struct offer_filter *filter = run->filter;
    enum offer_state state = OFFER_WAITING;
    bool known = offer_state_parse(row->state, &state);
    bool here = filter->unit == 0 || row->unit_id == filter->unit ||
                tree_covers(run->tree, filter->unit, row->unit_id);
    return known && here && (!filter->has_state || state == filter->state) &&
           is_seen(run->desk, row->unit_id);
}

/* Of a commune by its own index, of everybody in the order of their numbers. */
static errc find(const struct finding *run, int64_t before, struct offers_page_row **ret_rows,
                 size_t *ret_count)
{
    struct arena *arena = run->desk->arena;
    struct offers_page_in in = {before, 0, SCAN};
    unit_id unit = run->filter->unit;
    if (unit == 0 || unit_key_tier(run->desk->forest, unit) < TIER_COMMUNE) {
        return offers_page_all(run->db, &in, arena, ret_rows, ret_count, run->why);
    }
    struct offers_of_unit_in of = {unit, before, SCAN};
    struct offers_of_unit_row *ids = NULL;
    size_t count = 0;
    TRY(offers_of_unit_all(run->db, &of, arena, &ids, &count, run->why));
    struct offers_page_row *rows = arena_take_array(arena, count + 1, sizeof *rows);
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct offers_page_in one = {INT64_MAX, ids[i].id, 1};
        struct offers_page_row *row = NULL;
        size_t found = 0;
        TRY(offers_page_all(run->db, &one, arena, &row, &found, run->why));
        rows[i] = row[0];
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

errc offer_list(const struct desk *desk, struct db *db, const struct offer_filter *filter,
                struct offers *ret_offers, struct why *why)
{
    struct finding run = {desk, db, filter, forest_at(desk->forest, desk->actor->today), why};
    int64_t last = filter->before == 0 ? INT64_MAX : filter->before;
    struct offer *offers = arena_take_array(desk->arena, filter->limit + 1, sizeof *offers);
    size_t count = 0;
    bool more = true;
    if (offers == NULL) {
        return ERR_NO_MEMORY;
    }
    for (int scans = 0; more && scans < SCANS_MOST && count < filter->limit; scans++) {
        struct offers_page_row *rows = NULL;
        size_t found = 0;
        size_t i = 0;
        TRY(find(&run, last, &rows, &found));
        for (; i < found && count < filter->limit; i++) {
            last = rows[i].id;
            if (is_wanted(&run, &rows[i])) {
                TRY(fill(desk, db, &rows[i], &offers[count++], why));
            }
        }
        more = i < found || found == SCAN;
    }
    *ret_offers = (struct offers){offers, count, more ? last : 0};
    return OK;
}

/* --- deciding --------------------------------------------------------------------------------- */

static errc decide(const struct desk *desk, struct db *db, const struct offer *offer,
                   enum offer_state state, str reason, struct why *why)
{
    struct bulletin_job job = {desk, db, offer->bulletin.id, why};
    struct offer_decide_row_in in = {
        .id = offer->id,
        .state = str_of(offer_state_name(state)),
        .has_decided_by = desk->actor->account_id != 0,
        .decided_by = desk->actor->account_id,
        .decided_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
        .reason = reason.len == 0 ? S("") : reason,
        .has_airing_id = offer->airing != 0,
        .airing_id = offer->airing,
    };
    int64_t changed = 0;
    TRY(offer_decide_row(db, &in, &changed, why));
    if (changed != 1) {
        return fail(why, ERR_CONFLICT, "it is not to be chosen any more");
    }
    return bulletin_tell(&job, state == OFFER_TAKEN ? "offer_taken" : "offer_declined",
                         &offer->bulletin, reason);
}

errc offer_take(const struct desk *desk, struct db *db, int64_t id,
                const struct airing_place *place, struct why *why)
{
    struct airing_place own = *place;
    struct programme programme;
    struct offer offer;
    TRY(offer_get(desk, db, id, &offer, why));
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, offer.unit));
    if (offer.state == OFFER_GONE || offer.state == OFFER_ENTERED) {
        return fail(why, ERR_CONFLICT, "there is nothing to choose");
    }
    own.unit = offer.unit;
    if (own.programme != 0) {
        TRY(programme_get(desk, db, own.programme, &programme, why));
        TRY(programme.unit == offer.unit ? OK : bad_field(desk->bad, "programme", "outside"));
    }
    TRY(bulletin_schedule(desk, db, offer.bulletin.id, &own, &offer.airing, why));
    return decide(desk, db, &offer, OFFER_TAKEN, STR_NONE, why);
}

errc offer_decline(const struct desk *desk, struct db *db, int64_t id, str reason, struct why *why)
{
    struct offer offer;
    TRY(offer_get(desk, db, id, &offer, why));
    TRY(desk_may(desk, RIGHT_PROGRAMMES_WRITE, offer.unit));
    if (offer.state != OFFER_WAITING) {
        return fail(why, ERR_CONFLICT, "it was decided before");
    }
    return decide(desk, db, &offer, OFFER_DECLINED, reason, why);
}
