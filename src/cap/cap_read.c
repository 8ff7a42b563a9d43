/* Reading a message. Each level of the standard is a table: which elements it may hold, how often,
 * and what takes them. The order of elements is not insisted on, since senders differ and nothing
 * depends on it; everything else is. */
#include "cap/cap_doc.h"

#include "base/text.h"

struct reading {
    struct arena *arena;
    struct why *why;
};

typedef errc taker(const struct reading *reading, const xmlNode *node, void *into);

/* One element that may stand at a level. */
struct rule {
    const char *name;
    int least;
    int most;
    taker *take;
};

enum { RULES_MOST = 32 };

static errc check_counts(const struct reading *reading, const xmlNode *node,
                         const struct rule *rules, const int *counts)
{
    for (size_t i = 0; rules[i].name != NULL; i++) {
        if (counts[i] < rules[i].least || counts[i] > rules[i].most) {
            return fail(reading->why, ERR_INVALID, "%s: %s stands there %d times",
                        (const char *)node->name, rules[i].name, counts[i]);
        }
    }
    return OK;
}

static errc take_child(const struct reading *reading, const xmlNode *child,
                       const struct rule *rules, int *counts, void *into)
{
    if (cap_doc_is(child, DSIG_NAMESPACE, "Signature")) {
        return OK; /* looked at in cap_read */
    }
    for (size_t i = 0; rules[i].name != NULL; i++) {
        if (cap_doc_is(child, CAP_NAMESPACE, rules[i].name)) {
            counts[i]++;
            return counts[i] > rules[i].most ? OK : rules[i].take(reading, child, into);
        }
    }
    return fail(reading->why, ERR_INVALID, "%s is not of CAP 1.2 there", (const char *)child->name);
}

static errc take_children(const struct reading *reading, const xmlNode *node,
                          const struct rule *rules, void *into)
{
    int counts[RULES_MOST] = {0};
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        bool blank = child->type == XML_COMMENT_NODE ||
                     (child->type == XML_TEXT_NODE && xmlIsBlankNode(child) == 1);
        if (blank) {
            continue;
        }
        if (child->type != XML_ELEMENT_NODE) {
            return fail(reading->why, ERR_INVALID, "%s holds what is no element",
                        (const char *)node->name);
        }
        TRY(take_child(reading, child, rules, counts, into));
    }
    return check_counts(reading, node, rules, counts);
}

/* Room for one more of a list that is as long as there are elements of this name beside it. */
static void *add_item(const struct reading *reading, const xmlNode *node, const void **list,
                      size_t *count, size_t size)
{
    if (*list == NULL) {
        size_t same = 0;
        for (const xmlNode *other = node; other != NULL; other = other->next) {
            same +=
                other->type == XML_ELEMENT_NODE && str_is(cap_doc_name(other), cap_doc_name(node));
        }
        *list = arena_take_array(reading->arena, same, size);
    }
    return *list == NULL ? NULL : (char *)(uintptr_t)*list + size * (*count)++;
}

static errc take_text(const struct reading *reading, const xmlNode *node, size_t most, str *into)
{
    TRY(cap_doc_text(node, most, reading->arena, into, reading->why));
    return text_is_plain_lines(*into)
               ? OK
               : fail(reading->why, ERR_INVALID, "%s is no plain text", (const char *)node->name);
}

static errc take_some_text(const struct reading *reading, const xmlNode *node, size_t most,
                           str *into)
{
    TRY(take_text(reading, node, most, into));
    return into->len > 0 ? OK
                         : fail(reading->why, ERR_INVALID, "%s is empty", (const char *)node->name);
}

static errc take_name(const struct reading *reading, const xmlNode *node, enum cap_list list,
                      enum cap_name *into)
{
    str text = STR_NONE;
    TRY(take_text(reading, node, CAP_NAME_MOST, &text));
    return cap_name_parse(list, text, into)
               ? OK
               : fail(reading->why, ERR_INVALID, "%s: %.*s is not in the list",
                      (const char *)node->name, STR_ARG(str_cut(text, 0, 40)));
}

static errc take_bit(const struct reading *reading, const xmlNode *node, enum cap_list list,
                     unsigned *into)
{
    enum cap_name name = CAP_NAMES;
    TRY(take_name(reading, node, list, &name));
    *into |= cap_bit(list, name);
    return OK;
}

static errc take_time(const struct reading *reading, const xmlNode *node, usec *into)
{
    str text = STR_NONE;
    TRY(take_text(reading, node, CAP_NAME_MOST, &text));
    return cap_time_parse(text, into)
               ? OK
               : fail(reading->why, ERR_INVALID, "%s: %.*s is no time", (const char *)node->name,
                      STR_ARG(str_cut(text, 0, 40)));
}

static errc take_words(const struct reading *reading, const xmlNode *node, struct cap_words *into)
{
    str text = STR_NONE;
    TRY(take_text(reading, node, CAP_TEXT_MOST, &text));
    return cap_words_parse(text, reading->arena, into, reading->why);
}

/* TEXT(type, name, field, most): a function that takes a text into a field. */
#define TEXT(type, name, field, most)                                                              \
    static errc name(const struct reading *reading, const xmlNode *node, void *into)               \
    {                                                                                              \
        return take_text(reading, node, most, &((type *)into)->field);                             \
    }
#define SOME_TEXT(type, name, field, most)                                                         \
    static errc name(const struct reading *reading, const xmlNode *node, void *into)               \
    {                                                                                              \
        return take_some_text(reading, node, most, &((type *)into)->field);                        \
    }
#define NAME(type, name, field, list)                                                              \
    static errc name(const struct reading *reading, const xmlNode *node, void *into)               \
    {                                                                                              \
        return take_name(reading, node, list, &((type *)into)->field);                             \
    }
#define TIME(type, name, field)                                                                    \
    static errc name(const struct reading *reading, const xmlNode *node, void *into)               \
    {                                                                                              \
        return take_time(reading, node, &((type *)into)->field);                                   \
    }

/* --- pairs ------------------------------------------------------------------------------------ */

SOME_TEXT(struct cap_pair, take_value_name, name, CAP_NAME_MOST)
TEXT(struct cap_pair, take_value, value, CAP_TEXT_MOST)

static const struct rule pair_rules[] = {
    {"valueName", 1, 1, take_value_name}, {"value", 1, 1, take_value}, {NULL, 0, 0, NULL}};

static errc take_pair(const struct reading *reading, const xmlNode *node, struct cap_pairs *into)
{
    const void *list = into->at;
    struct cap_pair *pair = add_item(reading, node, &list, &into->count, sizeof *pair);
    into->at = list;
    return pair == NULL ? ERR_NO_MEMORY : take_children(reading, node, pair_rules, pair);
}

/* --- areas ------------------------------------------------------------------------------------ */

SOME_TEXT(struct cap_area, take_area_name, name, CAP_TEXT_MOST)

static errc take_polygon(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_area *area = into;
    const void *list = area->polygons;
    str text = STR_NONE;
    struct cap_polygon *polygon =
        add_item(reading, node, &list, &area->polygon_count, sizeof *polygon);
    area->polygons = list;
    if (polygon == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(cap_doc_text(node, CAP_SIZE_MOST, reading->arena, &text, reading->why));
    return cap_polygon_parse(text, reading->arena, polygon, reading->why);
}

static errc take_circle(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_area *area = into;
    const void *list = area->circles;
    str text = STR_NONE;
    struct cap_circle *circle = add_item(reading, node, &list, &area->circle_count, sizeof *circle);
    area->circles = list;
    if (circle == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(cap_doc_text(node, CAP_NAME_MOST, reading->arena, &text, reading->why));
    return cap_circle_parse(text, circle)
               ? OK
               : fail(reading->why, ERR_INVALID, "circle: %.*s", STR_ARG(str_cut(text, 0, 60)));
}

static errc take_geocode(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_pair(reading, node, &((struct cap_area *)into)->geocodes);
}

static errc take_height(const struct reading *reading, const xmlNode *node, double *into)
{
    str text = STR_NONE;
    TRY(cap_doc_text(node, CAP_NAME_MOST, reading->arena, &text, reading->why));
    return str_to_double(text, into)
               ? OK
               : fail(reading->why, ERR_INVALID, "%s is no number", (const char *)node->name);
}

static errc take_altitude(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_area *area = into;
    area->has_altitude = true;
    return take_height(reading, node, &area->altitude);
}

static errc take_ceiling(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_area *area = into;
    area->has_ceiling = true;
    return take_height(reading, node, &area->ceiling);
}

static const struct rule area_rules[] = {{"areaDesc", 1, 1, take_area_name},
                                         {"polygon", 0, CAP_SHAPES_MOST, take_polygon},
                                         {"circle", 0, CAP_SHAPES_MOST, take_circle},
                                         {"geocode", 0, CAP_PAIRS_MOST, take_geocode},
                                         {"altitude", 0, 1, take_altitude},
                                         {"ceiling", 0, 1, take_ceiling},
                                         {NULL, 0, 0, NULL}};

/* --- resources -------------------------------------------------------------------------------- */

SOME_TEXT(struct cap_resource, take_resource_name, name, CAP_TEXT_MOST)
SOME_TEXT(struct cap_resource, take_mime, mime, CAP_NAME_MOST)
TEXT(struct cap_resource, take_uri, uri, CAP_TEXT_MOST)
TEXT(struct cap_resource, take_content, content, CAP_SIZE_MOST)
TEXT(struct cap_resource, take_digest, digest, CAP_NAME_MOST)

static errc take_bytes(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_resource *resource = into;
    str text = STR_NONE;
    TRY(take_text(reading, node, CAP_NAME_MOST, &text));
    return str_to_i64(text, &resource->bytes) && resource->bytes >= 0
               ? OK
               : fail(reading->why, ERR_INVALID, "size is no number");
}

static const struct rule resource_rules[] = {{"resourceDesc", 1, 1, take_resource_name},
                                             {"mimeType", 1, 1, take_mime},
                                             {"size", 0, 1, take_bytes},
                                             {"uri", 0, 1, take_uri},
                                             {"derefUri", 0, 1, take_content},
                                             {"digest", 0, 1, take_digest},
                                             {NULL, 0, 0, NULL}};

/* --- infos ------------------------------------------------------------------------------------ */

SOME_TEXT(struct cap_info, take_language, language, CAP_NAME_MOST)
SOME_TEXT(struct cap_info, take_event, event, CAP_NAME_MOST)
NAME(struct cap_info, take_urgency, urgency, CAP_URGENCY)
NAME(struct cap_info, take_severity, severity, CAP_SEVERITY)
NAME(struct cap_info, take_certainty, certainty, CAP_CERTAINTY)
TEXT(struct cap_info, take_audience, audience, CAP_TEXT_MOST)
TIME(struct cap_info, take_effective, effective)
TIME(struct cap_info, take_onset, onset)
TIME(struct cap_info, take_expires, expires)
TEXT(struct cap_info, take_sender_name, sender_name, CAP_TEXT_MOST)
TEXT(struct cap_info, take_headline, headline, CAP_TEXT_MOST)
TEXT(struct cap_info, take_description, description, CAP_TEXT_MOST)
TEXT(struct cap_info, take_instruction, instruction, CAP_TEXT_MOST)
TEXT(struct cap_info, take_web, web, CAP_TEXT_MOST)
TEXT(struct cap_info, take_contact, contact, CAP_TEXT_MOST)

static errc take_category(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_bit(reading, node, CAP_CATEGORY, &((struct cap_info *)into)->categories);
}

static errc take_response(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_bit(reading, node, CAP_RESPONSE, &((struct cap_info *)into)->responses);
}

static errc take_event_code(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_pair(reading, node, &((struct cap_info *)into)->codes);
}

static errc take_parameter(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_pair(reading, node, &((struct cap_info *)into)->parameters);
}

static errc take_resource(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_info *info = into;
    const void *list = info->resources;
    struct cap_resource *resource =
        add_item(reading, node, &list, &info->resource_count, sizeof *resource);
    info->resources = list;
    if (resource == NULL) {
        return ERR_NO_MEMORY;
    }
    *resource = (struct cap_resource){.bytes = -1, .uri = S(""), .content = S(""), .digest = S("")};
    return take_children(reading, node, resource_rules, resource);
}

static errc take_area(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_info *info = into;
    const void *list = info->areas;
    struct cap_area *area = add_item(reading, node, &list, &info->area_count, sizeof *area);
    info->areas = list;
    return area == NULL ? ERR_NO_MEMORY : take_children(reading, node, area_rules, area);
}

static const struct rule info_rules[] = {{"language", 0, 1, take_language},
                                         {"category", 1, 12, take_category},
                                         {"event", 1, 1, take_event},
                                         {"responseType", 0, 9, take_response},
                                         {"urgency", 1, 1, take_urgency},
                                         {"severity", 1, 1, take_severity},
                                         {"certainty", 1, 1, take_certainty},
                                         {"audience", 0, 1, take_audience},
                                         {"eventCode", 0, CAP_PAIRS_MOST, take_event_code},
                                         {"effective", 0, 1, take_effective},
                                         {"onset", 0, 1, take_onset},
                                         {"expires", 0, 1, take_expires},
                                         {"senderName", 0, 1, take_sender_name},
                                         {"headline", 0, 1, take_headline},
                                         {"description", 0, 1, take_description},
                                         {"instruction", 0, 1, take_instruction},
                                         {"web", 0, 1, take_web},
                                         {"contact", 0, 1, take_contact},
                                         {"parameter", 0, CAP_PAIRS_MOST, take_parameter},
                                         {"resource", 0, CAP_RESOURCES_MOST, take_resource},
                                         {"area", 0, CAP_AREAS_MOST, take_area},
                                         {NULL, 0, 0, NULL}};

static struct cap_info silent_info(void)
{
    return (struct cap_info){.language = S("en-US"),
                             .audience = S(""),
                             .sender_name = S(""),
                             .headline = S(""),
                             .description = S(""),
                             .instruction = S(""),
                             .web = S(""),
                             .contact = S("")};
}

/* --- the message ------------------------------------------------------------------------------ */

NAME(struct cap_message, take_status, status, CAP_STATUS)
NAME(struct cap_message, take_type, type, CAP_TYPE)
NAME(struct cap_message, take_scope, scope, CAP_SCOPE)
TIME(struct cap_message, take_sent, sent)
TEXT(struct cap_message, take_source, source, CAP_TEXT_MOST)
TEXT(struct cap_message, take_restriction, restriction, CAP_TEXT_MOST)
TEXT(struct cap_message, take_note, note, CAP_TEXT_MOST)

static errc take_id(const struct reading *reading, const xmlNode *node, str *into)
{
    TRY(take_text(reading, node, CAP_NAME_MOST, into));
    return cap_identifier_is_fit(*into)
               ? OK
               : fail(reading->why, ERR_INVALID, "%s is not fit", (const char *)node->name);
}

static errc take_identifier(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_id(reading, node, &((struct cap_message *)into)->identifier);
}

static errc take_sender(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_id(reading, node, &((struct cap_message *)into)->sender);
}

static errc take_addresses(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_words(reading, node, &((struct cap_message *)into)->addresses);
}

static errc take_incidents(const struct reading *reading, const xmlNode *node, void *into)
{
    return take_words(reading, node, &((struct cap_message *)into)->incidents);
}

static errc take_code(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_words *codes = &((struct cap_message *)into)->codes;
    const void *list = codes->at;
    str *code = add_item(reading, node, &list, &codes->count, sizeof *code);
    codes->at = list;
    return code == NULL ? ERR_NO_MEMORY : take_text(reading, node, CAP_NAME_MOST, code);
}

static bool parse_reference(str text, struct cap_reference *ret_reference)
{
    struct cap_reference reference;
    str rest = STR_NONE;
    reference.sender = str_split(text, ',', &rest);
    reference.identifier = str_split(rest, ',', &rest);
    bool fits = rest.at != NULL && cap_identifier_is_fit(reference.sender) &&
                cap_identifier_is_fit(reference.identifier) &&
                cap_time_parse(rest, &reference.sent);
    if (fits) {
        *ret_reference = reference;
    }
    return fits;
}

static errc take_references(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_message *message = into;
    struct cap_words words = {.count = 0};
    TRY(take_words(reading, node, &words));
    struct cap_reference *list = arena_take_array(reading->arena, words.count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < words.count; i++) {
        if (!parse_reference(words.at[i], &list[i])) {
            return fail(reading->why, ERR_INVALID, "references: %.*s",
                        STR_ARG(str_cut(words.at[i], 0, 80)));
        }
    }
    message->references = list;
    message->reference_count = words.count;
    return OK;
}

static errc take_info(const struct reading *reading, const xmlNode *node, void *into)
{
    struct cap_message *message = into;
    const void *list = message->infos;
    struct cap_info *info = add_item(reading, node, &list, &message->info_count, sizeof *info);
    message->infos = list;
    if (info == NULL) {
        return ERR_NO_MEMORY;
    }
    *info = silent_info();
    return take_children(reading, node, info_rules, info);
}

static const struct rule message_rules[] = {{"identifier", 1, 1, take_identifier},
                                            {"sender", 1, 1, take_sender},
                                            {"sent", 1, 1, take_sent},
                                            {"status", 1, 1, take_status},
                                            {"msgType", 1, 1, take_type},
                                            {"source", 0, 1, take_source},
                                            {"scope", 1, 1, take_scope},
                                            {"restriction", 0, 1, take_restriction},
                                            {"addresses", 0, 1, take_addresses},
                                            {"code", 0, CAP_WORDS_MOST, take_code},
                                            {"note", 0, 1, take_note},
                                            {"references", 0, 1, take_references},
                                            {"incidents", 0, 1, take_incidents},
                                            {"info", 0, CAP_INFOS_MOST, take_info},
                                            {NULL, 0, 0, NULL}};

_Static_assert(COUNT_OF(info_rules) <= RULES_MOST, "counts have room");

/* What the standard says about fields that need each other. */
static errc check_whole(const struct cap_message *message, struct why *why)
{
    bool refers = message->type == CAP_TYPE_UPDATE || message->type == CAP_TYPE_CANCEL ||
                  message->type == CAP_TYPE_ACK || message->type == CAP_TYPE_ERROR;
    if (refers && message->reference_count == 0) {
        return fail(why, ERR_INVALID, "%s without references", cap_name(message->type));
    }
    if (message->scope == CAP_SCOPE_RESTRICTED && message->restriction.len == 0) {
        return fail(why, ERR_INVALID, "Restricted without restriction");
    }
    if (message->scope == CAP_SCOPE_PRIVATE && message->addresses.count == 0) {
        return fail(why, ERR_INVALID, "Private without addresses");
    }
    return OK;
}

/* At most one signature, and nowhere but right below the message. */
static errc count_signatures(const xmlNode *root, struct cap_message *message, struct why *why)
{
    for (const xmlNode *node = cap_doc_element(root->children); node != NULL;
         node = cap_doc_element(node->next)) {
        if (cap_doc_is(node, DSIG_NAMESPACE, "Signature")) {
            if (message->is_signed) {
                return fail(why, ERR_INVALID, "more than one signature");
            }
            message->is_signed = true;
        }
    }
    return OK;
}

errc cap_read(str xml, struct arena *arena, struct cap_message *ret_message, struct why *why)
{
    AUTO(cap_doc_close) xmlDoc *doc = NULL;
    struct reading reading = {.arena = arena, .why = why};
    struct cap_message message = {
        .source = S(""), .restriction = S(""), .note = S(""), .is_signed = false};
    TRY(cap_doc_parse(xml, &doc, why));
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (!cap_doc_is(root, CAP_NAMESPACE, "alert")) {
        return fail(why, ERR_INVALID, "it is no message of CAP 1.2");
    }
    TRY(take_children(&reading, root, message_rules, &message));
    TRY(count_signatures(root, &message, why));
    TRY(check_whole(&message, why));
    *ret_message = message;
    return OK;
}
