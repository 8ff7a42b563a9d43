/* Sounds: handed in as Ogg Opus, read strictly, kept under their hash, listened to. */
#include "broadcast/media_item.h"

#include "base/text.h"
#include "console/air_json.h"
#include "console/steps.h"

/* From work to act. */
struct handed_in {
    struct media_item item;
    struct opus_facts facts;
};

static void write_item(struct ask *ask, const struct media_item *item)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", item->id);
    air_hash_at(out, "media", item->media);
    air_unit_at(ask, "unit", item->unit);
    json_str_at(out, "title", item->title);
    ask_write_text(ask, "language", item->language);
    json_i64_at(out, "ms", item->ms);
    json_i64_at(out, "bytes", item->bytes);
    json_usec_at(out, "added_at", item->added_at);
    json_end(out);
}

errc api_media_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct media_items items = {.count = 0};
    unit_id unit = 0;
    int64_t before = 0;
    size_t limit = 0;
    TRY(air_query_unit(ask, &unit));
    TRY(ask_query_i64(ask, "after", 0, &before));
    TRY(ask_query_limit(ask, &limit));
    TRY(media_item_list(&desk, ask->db, unit, before, limit, &items, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < items.count; i++) {
        write_item(ask, &items.at[i]);
    }
    ask_list_end_at(ask, items.next);
    return OK;
}

/* The key of the catalogue stands before the colon of the reason. */
static errc refuse(struct ask *ask, const struct why *reason)
{
    char code[32];
    str rest = STR_NONE;
    str key = str_split(str_of(reason->text), ':', &rest);
    bool fits = rest.at != NULL && str_to_array(key, code, sizeof code);
    return bad_field(&ask->bad, "body", fits ? code : "not_opus");
}

static errc take_words(struct ask *ask, struct media_item *item)
{
    str title = STR_NONE;
    str language = STR_NONE;
    TRY(ask_query(ask, "title", &title));
    TRY(ask_query(ask, "language", &language));
    TRY(air_query_unit(ask, &item->unit));
    if (title.at == NULL) {
        return bad_field(&ask->bad, "title", "missing");
    }
    if (title.len > MEDIA_TITLE_MOST || !text_is_plain(title)) {
        return bad_field(&ask->bad, "title",
                         title.len > MEDIA_TITLE_MOST ? "too_long" : "not_text");
    }
    item->title = title;
    item->language = language.at == NULL ? S("") : language;
    return OK;
}

/* Before anything is written: may he, and is it what it says? */
errc api_media_look(struct ask *ask, struct why *why)
{
    struct handed_in *handed = arena_take(ask->arena, sizeof *handed);
    struct desk desk = ask_desk(ask);
    (void)why;
    if (handed == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(take_words(ask, &handed->item));
    ask->carried = handed;
    return desk_may(&desk, RIGHT_PROGRAMMES_WRITE, handed->item.unit);
}

errc api_media_keep(struct ask *ask, struct why *why)
{
    struct handed_in *handed = ask->carried;
    const struct house_ports *ports = &ask->house->ports;
    struct why reason = {""};
    errc rc = opus_file_read(ask->body, &handed->facts, &reason);
    if (rc == ERR_INVALID) {
        return refuse(ask, &reason);
    }
    TRY(rc);
    handed->item.ms = handed->facts.ms;
    handed->item.bytes = handed->facts.bytes;
    return ports->media_put(ports->devices, ask->body, &handed->item.media, why);
}

errc api_media_add(struct ask *ask, struct why *why)
{
    struct handed_in *handed = ask->carried;
    struct desk desk = ask_desk(ask);
    TRY(media_item_add(&desk, ask->db, &handed->item, &handed->item.id, why));
    handed->item.added_at = ask->now;
    write_item(ask, &handed->item);
    return OK;
}

/* --- listening -------------------------------------------------------------------------------- */

errc api_media_find(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct media_item *item = arena_take(ask->arena, sizeof *item);
    hash media;
    if (item == NULL) {
        return ERR_NO_MEMORY;
    }
    if (!hash_parse(ask_place(ask, 0), &media)) {
        return ERR_NOT_FOUND;
    }
    ask->carried = item;
    return media_item_find(&desk, ask->db, media, item, why);
}

errc api_media_fetch(struct ask *ask, struct why *why)
{
    const struct media_item *item = ask->carried;
    const struct house_ports *ports = &ask->house->ports;
    ask->type = "audio/ogg";
    return ports->media_open(ports->devices, item->media, &ask->file, &ask->file_size, why);
}
