/* Writing a message, in the order of the standard's schema. */
#include "cap/cap.h"
#include "cap/cap_xml.h"

void xml_put(struct buf *out, const char *name, str text)
{
    if (text.len == 0) {
        return;
    }
    buf_add_format(out, "<%s>", name);
    buf_add_markup(out, text);
    buf_add_format(out, "</%s>\n", name);
}

static void put_name(struct buf *out, const char *name, enum cap_name value)
{
    xml_put(out, name, str_of(cap_name(value)));
}

static void put_time(struct buf *out, const char *name, usec instant, usec zone)
{
    if (instant == 0) {
        return;
    }
    buf_add_format(out, "<%s>", name);
    cap_time_write(instant, zone, out);
    buf_add_format(out, "</%s>\n", name);
}

static void put_bits(struct buf *out, const char *name, enum cap_list list, unsigned bits)
{
    for (size_t i = 0; i < cap_list_count(list); i++) {
        if ((bits >> i & 1) != 0) {
            put_name(out, name, (enum cap_name)(cap_list_first(list) + i));
        }
    }
}

static void put_pairs(struct buf *out, const char *name, struct cap_pairs pairs)
{
    for (size_t i = 0; i < pairs.count; i++) {
        buf_add_format(out, "<%s>\n", name);
        xml_put(out, "valueName", pairs.at[i].name);
        xml_put(out, "value", pairs.at[i].value);
        buf_add_format(out, "</%s>\n", name);
    }
}

static void put_words(struct buf *out, const char *name, struct cap_words words)
{
    if (words.count == 0) {
        return;
    }
    buf_add_format(out, "<%s>", name);
    for (size_t i = 0; i < words.count; i++) {
        bool quoted = str_has(words.at[i], ' ');
        buf_add_text(out, i > 0 ? " " : "");
        buf_add_text(out, quoted ? "&quot;" : "");
        buf_add_markup(out, words.at[i]);
        buf_add_text(out, quoted ? "&quot;" : "");
    }
    buf_add_format(out, "</%s>\n", name);
}

static void put_area(struct buf *out, const struct cap_area *area)
{
    buf_add_text(out, "<area>\n");
    xml_put(out, "areaDesc", area->name);
    for (size_t i = 0; i < area->polygon_count; i++) {
        const struct cap_polygon *polygon = &area->polygons[i];
        buf_add_text(out, "<polygon>");
        for (size_t point = 0; point < polygon->count; point++) {
            buf_add_format(out, "%s%.6f,%.6f", point > 0 ? " " : "", polygon->at[point].latitude,
                           polygon->at[point].longitude);
        }
        buf_add_text(out, "</polygon>\n");
    }
    for (size_t i = 0; i < area->circle_count; i++) {
        const struct cap_circle *circle = &area->circles[i];
        buf_add_format(out, "<circle>%.6f,%.6f %.3f</circle>\n", circle->centre.latitude,
                       circle->centre.longitude, circle->km);
    }
    put_pairs(out, "geocode", area->geocodes);
    if (area->has_altitude) {
        buf_add_format(out, "<altitude>%.1f</altitude>\n", area->altitude);
    }
    if (area->has_ceiling) {
        buf_add_format(out, "<ceiling>%.1f</ceiling>\n", area->ceiling);
    }
    buf_add_text(out, "</area>\n");
}

static void put_resource(struct buf *out, const struct cap_resource *resource)
{
    buf_add_text(out, "<resource>\n");
    xml_put(out, "resourceDesc", resource->name);
    xml_put(out, "mimeType", resource->mime);
    if (resource->bytes >= 0) {
        buf_add_format(out, "<size>%lld</size>\n", (long long)resource->bytes);
    }
    xml_put(out, "uri", resource->uri);
    xml_put(out, "derefUri", resource->content);
    xml_put(out, "digest", resource->digest);
    buf_add_text(out, "</resource>\n");
}

static void put_info(struct buf *out, const struct cap_info *info, usec zone)
{
    buf_add_text(out, "<info>\n");
    xml_put(out, "language", info->language);
    put_bits(out, "category", CAP_CATEGORY, info->categories);
    xml_put(out, "event", info->event);
    put_bits(out, "responseType", CAP_RESPONSE, info->responses);
    put_name(out, "urgency", info->urgency);
    put_name(out, "severity", info->severity);
    put_name(out, "certainty", info->certainty);
    xml_put(out, "audience", info->audience);
    put_pairs(out, "eventCode", info->codes);
    put_time(out, "effective", info->effective, zone);
    put_time(out, "onset", info->onset, zone);
    put_time(out, "expires", info->expires, zone);
    xml_put(out, "senderName", info->sender_name);
    xml_put(out, "headline", info->headline);
    xml_put(out, "description", info->description);
    xml_put(out, "instruction", info->instruction);
    xml_put(out, "web", info->web);
    xml_put(out, "contact", info->contact);
    put_pairs(out, "parameter", info->parameters);
    for (size_t i = 0; i < info->resource_count; i++) {
        put_resource(out, &info->resources[i]);
    }
    for (size_t i = 0; i < info->area_count; i++) {
        put_area(out, &info->areas[i]);
    }
    buf_add_text(out, "</info>\n");
}

static void put_references(struct buf *out, const struct cap_message *message, usec zone)
{
    if (message->reference_count == 0) {
        return;
    }
    buf_add_text(out, "<references>");
    for (size_t i = 0; i < message->reference_count; i++) {
        const struct cap_reference *reference = &message->references[i];
        buf_add_text(out, i > 0 ? " " : "");
        buf_add_markup(out, reference->sender);
        buf_add_byte(out, ',');
        buf_add_markup(out, reference->identifier);
        buf_add_byte(out, ',');
        cap_time_write(reference->sent, zone, out);
    }
    buf_add_text(out, "</references>\n");
}

void cap_write(const struct cap_message *message, usec zone, struct buf *out)
{
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n");
    xml_put(out, "identifier", message->identifier);
    xml_put(out, "sender", message->sender);
    put_time(out, "sent", message->sent, zone);
    put_name(out, "status", message->status);
    put_name(out, "msgType", message->type);
    xml_put(out, "source", message->source);
    put_name(out, "scope", message->scope);
    xml_put(out, "restriction", message->restriction);
    put_words(out, "addresses", message->addresses);
    for (size_t i = 0; i < message->codes.count; i++) {
        xml_put(out, "code", message->codes.at[i]);
    }
    xml_put(out, "note", message->note);
    put_references(out, message, zone);
    put_words(out, "incidents", message->incidents);
    for (size_t i = 0; i < message->info_count; i++) {
        put_info(out, &message->infos[i], zone);
    }
    buf_add_text(out, "</alert>\n");
}
