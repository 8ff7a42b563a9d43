/* See cap_json.h. */
#include "console/cap_json.h"

enum { SUMMARY_POINTS_MOST = 400 /* of a polygon in a list */ };

static void write_bits(struct json_out *out, const char *key, enum cap_list list, unsigned bits)
{
    json_array_at(out, key);
    for (size_t i = 0; i < cap_list_count(list); i++) {
        if ((bits >> i & 1) != 0) {
            json_text(out, cap_name((enum cap_name)(cap_list_first(list) + i)));
        }
    }
    json_end(out);
}

/* Thinned where it is only looked at on a map. */
static void write_polygon(struct json_out *out, const struct cap_polygon *polygon)
{
    size_t step = polygon->count / SUMMARY_POINTS_MOST + 1;
    json_array(out);
    for (size_t i = 0; i < polygon->count; i += step) {
        json_array(out);
        json_double(out, polygon->at[i].latitude);
        json_double(out, polygon->at[i].longitude);
        json_end(out);
    }
    json_end(out);
}

static void write_circle(struct json_out *out, const struct cap_circle *circle)
{
    json_object(out);
    json_key(out, "lat");
    json_double(out, circle->centre.latitude);
    json_key(out, "lon");
    json_double(out, circle->centre.longitude);
    json_key(out, "km");
    json_double(out, circle->km);
    json_end(out);
}

static void write_shapes(struct json_out *out, const struct cap_area *areas, size_t count)
{
    json_array_at(out, "polygons");
    for (size_t i = 0; i < count; i++) {
        for (size_t shape = 0; shape < areas[i].polygon_count; shape++) {
            write_polygon(out, &areas[i].polygons[shape]);
        }
    }
    json_end(out);
    json_array_at(out, "circles");
    for (size_t i = 0; i < count; i++) {
        for (size_t shape = 0; shape < areas[i].circle_count; shape++) {
            write_circle(out, &areas[i].circles[shape]);
        }
    }
    json_end(out);
}

static void write_area(struct json_out *out, const struct cap_area *area)
{
    json_object(out);
    json_str_at(out, "name", area->name);
    write_shapes(out, area, 1);
    json_array_at(out, "geocodes");
    for (size_t i = 0; i < area->geocodes.count; i++) {
        json_object(out);
        json_str_at(out, "name", area->geocodes.at[i].name);
        json_str_at(out, "value", area->geocodes.at[i].value);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

/* What a list shows of the info in the reader's language too. */
static void write_words(struct ask *ask, const struct cap_info *info)
{
    struct json_out *out = &ask->json;
    json_str_at(out, "language", info->language);
    json_str_at(out, "event", info->event);
    ask_write_text(ask, "headline", info->headline);
    ask_write_text(ask, "description", info->description);
    ask_write_text(ask, "instruction", info->instruction);
    json_text_at(out, "urgency", cap_name(info->urgency));
    json_text_at(out, "severity", cap_name(info->severity));
    json_text_at(out, "certainty", cap_name(info->certainty));
    write_bits(out, "category", CAP_CATEGORY, info->categories);
    air_usec_at(out, "expires", info->expires);
}

static void write_info(struct ask *ask, const struct cap_info *info)
{
    struct json_out *out = &ask->json;
    json_object(out);
    write_words(ask, info);
    write_bits(out, "response", CAP_RESPONSE, info->responses);
    air_usec_at(out, "effective", info->effective);
    air_usec_at(out, "onset", info->onset);
    ask_write_text(ask, "sender_name", info->sender_name);
    ask_write_text(ask, "web", info->web);
    ask_write_text(ask, "contact", info->contact);
    json_array_at(out, "areas");
    for (size_t i = 0; i < info->area_count; i++) {
        write_area(out, &info->areas[i]);
    }
    json_end(out);
    json_array_at(out, "resources");
    for (size_t i = 0; i < info->resource_count; i++) {
        const struct cap_resource *resource = &info->resources[i];
        json_object(out);
        json_str_at(out, "name", resource->name);
        json_str_at(out, "mime", resource->mime);
        json_key(out, "bytes");
        resource->bytes >= 0 ? json_i64(out, resource->bytes) : json_null(out);
        ask_write_text(ask, "uri", resource->uri);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

static void write_head(struct ask *ask, const struct cap_kept *kept)
{
    struct json_out *out = &ask->json;
    const struct cap_message *message = &kept->message;
    json_i64_at(out, "id", kept->id);
    air_name_at(out, "source", kept->source, kept->source_name);
    air_unit_at(ask, "unit", kept->unit);
    json_str_at(out, "identifier", message->identifier);
    json_str_at(out, "sender", message->sender);
    json_usec_at(out, "sent", message->sent);
    json_text_at(out, "status", cap_name(message->status));
    json_text_at(out, "type", cap_name(message->type));
    json_text_at(out, "scope", cap_name(message->scope));
    json_text_at(out, "state", cap_state_name(kept->state));
    json_text_at(out, "reason_code", cap_note_name(kept->note));
    json_str_at(out, "note", ask_word(ask, "cap.note.", str_of(cap_note_name(kept->note))));
    json_text_at(out, "signature", cap_signature_name(kept->signature));
    json_text_at(out, "hazard", hazard_name(kept->hazard));
}

static void write_place(struct ask *ask, const struct cap_kept *kept)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "units");
    for (size_t i = 0; i < kept->unit_count; i++) {
        air_unit(ask, kept->units[i]);
    }
    json_end(out);
    json_i64_at(out, "outside", kept->outside);
    json_array_at(out, "refers_to");
    for (size_t i = 0; i < kept->earlier_count; i++) {
        json_i64(out, kept->earlier[i]);
    }
    json_end(out);
}

static errc write_alarm(struct ask *ask, const struct cap_kept *kept, struct why *why)
{
    struct json_out *out = &ask->json;
    struct desk desk = ask_desk(ask);
    struct alarm alarm;
    errc rc =
        kept->alarm == 0 ? ERR_NOT_FOUND : alarm_get(&desk, ask->db, kept->alarm, &alarm, why);
    if (rc == ERR_NOT_FOUND) {
        json_null_at(out, "alarm");
        return OK;
    }
    TRY(rc);
    json_object_at(out, "alarm");
    json_i64_at(out, "id", alarm.id);
    json_text_at(out, "state", alarm_state_name(alarm.state));
    json_text_at(out, "kind", alarm_kind_name(alarm.kind));
    json_end(out);
    return OK;
}

errc cap_json_message(struct ask *ask, const struct cap_kept *kept, bool whole, struct why *why)
{
    const struct cap_info nothing = {.language = S(""),
                                     .event = S(""),
                                     .urgency = CAP_URGENCY_UNKNOWN,
                                     .severity = CAP_SEVERITY_UNKNOWN,
                                     .certainty = CAP_CERTAINTY_UNKNOWN};
    struct json_out *out = &ask->json;
    const struct cap_message *message = &kept->message;
    const struct cap_info *info = cap_info_in(message, words_code(ask->language));
    info = info == NULL ? &nothing : info;
    json_object(out);
    write_head(ask, kept);
    write_words(ask, info);
    write_shapes(out, info->areas, info->area_count);
    write_place(ask, kept);
    TRY(write_alarm(ask, kept, why));
    json_usec_at(out, "received_at", kept->received_at);
    air_name_at(out, "decided_by", kept->decided_by, kept->decided_name);
    air_usec_at(out, "decided_at", kept->decided_at);
    ask_write_text(ask, "reason", kept->reason);
    if (whole) {
        json_array_at(out, "infos");
        for (size_t i = 0; i < message->info_count; i++) {
            write_info(ask, &message->infos[i]);
        }
        json_end(out);
    }
    json_end(out);
    return OK;
}
