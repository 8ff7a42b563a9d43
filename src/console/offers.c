/* The inbox of a commune: what came from above, taken or not. */
#include "studio/offer.h"

#include "console/bulletin_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static errc write_airing(struct ask *ask, const struct offer *offer, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct airings airings = {.count = 0};
    if (offer->airing != 0) {
        TRY(airings_load(&desk, ask->db, offer->bulletin.id, &airings, why));
    }
    for (size_t i = 0; i < airings.count; i++) {
        if (airings.at[i].id == offer->airing) {
            json_key(&ask->json, "airing");
            bulletin_json_airing(ask, &airings.at[i]);
            return OK;
        }
    }
    json_null_at(&ask->json, "airing");
    return OK;
}

static errc write_offer(struct ask *ask, const struct offer *offer,
                        const struct categories *categories, bool whole, struct why *why)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", offer->id);
    json_key(out, "bulletin");
    bulletin_json_line(ask, &offer->bulletin, categories);
    air_unit_at(ask, "unit", offer->unit);
    air_unit_at(ask, "from", offer->bulletin.unit);
    json_text_at(out, "state", offer_state_name(offer->state));
    bulletin_json_person(out, "sent_by", &offer->sent);
    json_usec_at(out, "sent_at", offer->sent.at);
    bulletin_json_person(out, "decided_by", &offer->decided);
    air_usec_at(out, "decided_at", offer->decided.at);
    ask_write_text(ask, "reason", offer->reason);
    TRY(write_airing(ask, offer, why));
    json_key(out, "full");
    if (whole) {
        TRY(bulletin_json(ask, offer->bulletin.id, why));
    } else {
        json_null(out);
    }
    json_end(out);
    return OK;
}

static errc show(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct offer offer;
    struct categories categories;
    TRY(offer_get(&desk, ask->db, ask_place_id(ask, 0), &offer, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    return write_offer(ask, &offer, &categories, true, why);
}

errc api_offers_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct offer_filter filter = {.unit = 0};
    struct offers offers;
    struct categories categories;
    str state = STR_NONE;
    TRY(air_query_unit(ask, &filter.unit));
    TRY(ask_query(ask, "state", &state));
    TRY(ask_query_i64(ask, "before", 0, &filter.before));
    TRY(ask_query_limit(ask, &filter.limit));
    filter.has_state = state.at != NULL;
    if (filter.has_state && !offer_state_parse(state, &filter.state)) {
        return bad_field(&ask->bad, "state", "unknown");
    }
    TRY(unit_may(ask, RIGHT_BULLETINS_READ, filter.unit));
    TRY(offer_list(&desk, ask->db, &filter, &offers, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < offers.count; i++) {
        TRY(write_offer(ask, &offers.at[i], &categories, false, why));
    }
    ask_list_end_at(ask, offers.next);
    return OK;
}

errc api_offers_show(struct ask *ask, struct why *why)
{
    return show(ask, why);
}

errc api_offers_take(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"programme", "on",    "start", "again",
                                         "repeats",   "areas", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct airing_place place;
    TRY(ask_body(ask, fields, &in, why));
    TRY(bulletin_take_place(ask, in.root, &place));
    TRY(offer_take(&desk, ask->db, ask_place_id(ask, 0), &place, why));
    return show(ask, why);
}

errc api_offers_decline(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"reason", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    str reason = S("");
    TRY(ask_body(ask, fields, &in, why));
    TRY(bulletin_take_text(ask, in.root, "reason", BULLETIN_REASON_MOST, &reason));
    TRY(offer_decline(&desk, ask->db, ask_place_id(ask, 0), reason, why));
    return show(ask, why);
}
