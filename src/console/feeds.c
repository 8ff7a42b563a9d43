/* News of a unit for anybody: /feeds/12.rss and /feeds/12.json. */
#include "studio/feed.h"

#include "console/air_json.h"
#include "console/steps.h"

/* "12.rss": the unit, and which of the two. */
static bool parse(str name, unit_id *ret_unit, bool *ret_json)
{
    str ending = STR_NONE;
    str number = str_split(name, '.', &ending);
    *ret_json = ending.at != NULL && str_is(ending, S("json"));
    bool known = *ret_json || (ending.at != NULL && str_is(ending, S("rss")));
    return known && str_to_i64(number, ret_unit) && *ret_unit > 0;
}

errc api_feed_show(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    str origin = ask->house->public_origin;
    struct feed feed;
    unit_id unit = 0;
    bool json = false;
    if (!parse(ask_place(ask, 0), &unit, &json)) {
        return fail(why, ERR_NOT_FOUND, "no such feed");
    }
    TRY(feed_load(&desk, ask->db, unit, &feed, why));
    if (origin.len > 0) {
        feed.home = arena_format(ask->arena, "%.*s/", STR_ARG(origin));
        feed.self =
            arena_format(ask->arena, "%.*s/feeds/%lld.json", STR_ARG(origin), (long long)unit);
    }
    ask->type =
        json ? "application/feed+json; charset=utf-8" : "application/rss+xml; charset=utf-8";
    if (json) {
        feed_write_json(&feed, &ask->out);
    } else {
        feed_write_rss(&feed, &ask->out);
    }
    return buf_check(&ask->out);
}
