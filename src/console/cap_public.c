/* Our emergencies for everybody: a feed, the messages, and the certificate that they are signed by.
 */
#include "alert/issued.h"

#include "cap/cap_feed.h"
#include "console/air_json.h"
#include "console/steps.h"

static str origin_of(const struct ask *ask)
{
    const struct house *house = ask->house;
    if (house->public_origin.len > 0) {
        return house->public_origin;
    }
    return arena_format(ask->arena, "%s://%.*s", ask->tls ? "https" : "http", STR_ARG(ask->host));
}

static str address_of(struct ask *ask, str origin, str identifier)
{
    return arena_format(ask->arena, "%.*s/cap/%.*s.xml", STR_ARG(origin), STR_ARG(identifier));
}

static errc write_feed(struct ask *ask, unit_id unit, struct why *why)
{
    struct tree tree = forest_at(ask->forest, ask->today);
    struct cap_issued_list list;
    struct unit_line line = {.name = S("")};
    str origin = origin_of(ask);
    if (!tree_line(tree, unit, &line)) {
        return fail(why, ERR_NOT_FOUND, "no unit %lld", (long long)unit);
    }
    TRY(cap_issued_list(tree, ask->db, unit, ask->arena, &list, why));
    struct cap_feed_item *items = arena_take_array(ask->arena, list.count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct cap_issued *issued = &list.at[i];
        items[i] = (struct cap_feed_item){.identifier = issued->identifier,
                                          .title = issued->title,
                                          .summary = issued->summary,
                                          .address = address_of(ask, origin, issued->identifier),
                                          .updated = issued->sent};
    }
    struct cap_feed_head head = {
        .title = line.name,
        .author = ask->house->site_name,
        .address = arena_format(ask->arena, "%.*s/cap/%lld.atom", STR_ARG(origin), (long long)unit),
        .updated =
            list.count > 0 ? list.at[0].sent : forest_life(ask->forest, unit)->from * USEC_DAY,
    };
    ask->type = "application/atom+xml; charset=utf-8";
    cap_feed_write(&head, items, list.count, &ask->out);
    return buf_check(&ask->out);
}

static errc write_message(struct ask *ask, str identifier, struct why *why)
{
    struct cap_issued issued;
    TRY(cap_issued_get(ask->db, identifier, ask->arena, &issued, why));
    ask->type = "application/cap+xml; charset=utf-8";
    buf_add(&ask->out, issued.xml);
    return buf_check(&ask->out);
}

static errc write_certificate(struct ask *ask, struct why *why)
{
    str certificate = ask->house->cap_certificate;
    if (certificate.len == 0) {
        return fail(why, ERR_NOT_FOUND, "nothing is signed here");
    }
    ask->type = "application/x-pem-file";
    buf_add(&ask->out, certificate);
    return buf_check(&ask->out);
}

/* "12.atom", "loa.….xml" or "certificate.pem". */
errc api_cap_public(struct ask *ask, struct why *why)
{
    str name = ask_place(ask, 0);
    int64_t unit = 0;
    if (str_is(name, S("certificate.pem"))) {
        return write_certificate(ask, why);
    }
    if (str_ends(name, S(".atom")) && str_to_i64(str_cut(name, 0, name.len - 5), &unit)) {
        return write_feed(ask, unit, why);
    }
    return str_ends(name, S(".xml")) ? write_message(ask, str_cut(name, 0, name.len - 4), why)
                                     : ERR_NOT_FOUND;
}
