/* GET /inbox: what waits for whoever asks. */
#include "duty/inbox.h"

#include "console/air_json.h"
#include "console/steps.h"

static void write_item(struct ask *ask, const struct inbox_item *item)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_text_at(out, "kind", inbox_kind_name(item->kind));
    json_str_at(out, "id", item->id);
    air_unit_at(ask, "unit", item->unit);
    json_str_at(out, "title", item->title);
    json_usec_at(out, "since", item->since);
    air_usec_at(out, "due", item->due);
    json_bool_at(out, "urgent", inbox_kind_is_urgent(item->kind));
    json_str_at(out, "link", item->link);
    json_end(out);
}

errc api_inbox_show(struct ask *ask, struct why *why)
{
    struct json_out *out = &ask->json;
    struct inbox_job job = {.actor = &ask->actor,
                            .forest = ask->forest,
                            .arena = ask->arena,
                            .zone = ask->house->zone,
                            .words = ask->house->words,
                            .language = ask->language};
    struct inbox inbox = {.count = 0};
    size_t limit = 0;
    TRY(ask_query_limit(ask, &limit));
    TRY(inbox_gather(ask->house->ports.inbox, &job, ask->db, limit, &inbox, why));
    json_object(out);
    json_i64_at(out, "total", (int64_t)inbox_total(&inbox));
    json_array_at(out, "counts");
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        if (inbox.counts[i] > 0) {
            json_object(out);
            json_text_at(out, "kind", inbox_kind_name((enum inbox_kind)i));
            json_i64_at(out, "count", (int64_t)inbox.counts[i]);
            json_end(out);
        }
    }
    json_end(out);
    json_array_at(out, "items");
    for (size_t i = 0; i < inbox.count; i++) {
        write_item(ask, &inbox.items[i]);
    }
    json_end(out);
    json_end(out);
    return OK;
}
