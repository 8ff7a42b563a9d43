/* Feeds are read leniently where senders differ (order, namespaces beside ours) and strictly where
 * it matters: no document type, bounded, only http and https. */
#include "cap/cap_feed.h"

#include "cap/cap_doc.h"
#include "cap/cap_xml.h"

#define ATOM_NAMESPACE "http://www.w3.org/2005/Atom"

struct feeding {
    struct arena *arena;
    struct why *why;
    struct cap_entry *list;
    size_t count;
};

/* The message below this node, as a document of its own. */
static errc take_message(struct feeding *feeding, const xmlNode *alert, str *ret_content)
{
    AUTO(cap_doc_close) xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlChar *text = NULL;
    int size = 0;
    xmlNode *copy = doc == NULL ? NULL : xmlDocCopyNode((xmlNode *)(uintptr_t)alert, doc, 1);
    if (copy == NULL) {
        return ERR_NO_MEMORY;
    }
    xmlDocSetRootElement(doc, copy);
    ignore_int(xmlReconciliateNs(doc, copy));
    xmlDocDumpMemoryEnc(doc, &text, &size, "UTF-8");
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_content = arena_str(feeding->arena, (str){(const char *)text, (size_t)size});
    xmlFree(text);
    return ret_content->at == NULL ? ERR_NO_MEMORY : OK;
}

static errc take_content(struct feeding *feeding, const xmlNode *content, struct cap_entry *entry)
{
    const xmlNode *inside = cap_doc_element(content->children);
    if (inside == NULL || !cap_doc_is(inside, CAP_NAMESPACE, "alert")) {
        return OK; /* words for people */
    }
    return take_message(feeding, inside, &entry->content);
}

/* Of several links the one that says CAP, else the first that is not about something else. */
static void take_link(struct feeding *feeding, const xmlNode *link, struct cap_entry *entry,
                      bool *is_sure)
{
    str href = cap_doc_attribute(link, "href", feeding->arena);
    str rel = cap_doc_attribute(link, "rel", feeding->arena);
    str type = cap_doc_attribute(link, "type", feeding->arena);
    bool says_cap = str_is(type, S("application/cap+xml"));
    bool usual = rel.at == NULL || str_is(rel, S("alternate")) || str_is(rel, S("enclosure"));
    if (href.at == NULL || href.len > CAP_ADDRESS_MOST || *is_sure) {
        return;
    }
    if (says_cap || (usual && entry->address.len == 0)) {
        entry->address = href;
        *is_sure = says_cap;
    }
}

static errc take_short(struct feeding *feeding, const xmlNode *node, str *into)
{
    return cap_doc_text(node, CAP_ADDRESS_MOST, feeding->arena, into, feeding->why);
}

static errc take_atom(struct feeding *feeding, const xmlNode *node, struct cap_entry *entry)
{
    bool is_sure = false;
    for (const xmlNode *part = cap_doc_element(node->children); part != NULL;
         part = cap_doc_element(part->next)) {
        if (cap_doc_is(part, ATOM_NAMESPACE, "id")) {
            TRY(take_short(feeding, part, &entry->id));
        } else if (cap_doc_is(part, ATOM_NAMESPACE, "updated")) {
            TRY(take_short(feeding, part, &entry->updated));
        } else if (cap_doc_is(part, ATOM_NAMESPACE, "link")) {
            take_link(feeding, part, entry, &is_sure);
        } else if (cap_doc_is(part, ATOM_NAMESPACE, "content")) {
            TRY(take_content(feeding, part, entry));
        }
    }
    return OK;
}

static bool is_plain(const xmlNode *node, const char *name)
{
    return node->ns == NULL && str_is(cap_doc_name(node), str_of(name));
}

static errc take_rss(struct feeding *feeding, const xmlNode *node, struct cap_entry *entry)
{
    for (const xmlNode *part = cap_doc_element(node->children); part != NULL;
         part = cap_doc_element(part->next)) {
        if (is_plain(part, "guid")) {
            TRY(take_short(feeding, part, &entry->id));
        } else if (is_plain(part, "pubDate")) {
            TRY(take_short(feeding, part, &entry->updated));
        } else if (is_plain(part, "link")) {
            TRY(take_short(feeding, part, &entry->address));
        } else if (cap_doc_is(part, CAP_NAMESPACE, "alert")) {
            TRY(take_message(feeding, part, &entry->content));
        }
    }
    return OK;
}

/* An entry that names neither a message nor an address is passed over. */
static errc take_entry(struct feeding *feeding, const xmlNode *node, bool is_atom)
{
    struct cap_entry entry = {.id = S(""), .updated = S(""), .address = S(""), .content = S("")};
    if (feeding->count == CAP_ENTRIES_MOST) {
        return OK;
    }
    TRY(is_atom ? take_atom(feeding, node, &entry) : take_rss(feeding, node, &entry));
    if (entry.address.len == 0 && entry.content.len == 0) {
        return OK;
    }
    entry.address = entry.content.len > 0 ? S("") : entry.address;
    entry.id = entry.id.len > 0 ? entry.id : entry.address;
    feeding->list[feeding->count++] = entry;
    return OK;
}

static errc take_entries(struct feeding *feeding, const xmlNode *above, bool is_atom)
{
    for (const xmlNode *node = cap_doc_element(above->children); node != NULL;
         node = cap_doc_element(node->next)) {
        bool is_entry =
            is_atom ? cap_doc_is(node, ATOM_NAMESPACE, "entry") : is_plain(node, "item");
        TRY(is_entry ? take_entry(feeding, node, is_atom) : OK);
    }
    return OK;
}

static const xmlNode *find_channel(const xmlNode *root)
{
    for (const xmlNode *node = cap_doc_element(root->children); node != NULL;
         node = cap_doc_element(node->next)) {
        if (is_plain(node, "channel")) {
            return node;
        }
    }
    return NULL;
}

errc cap_feed_read(str xml, struct arena *arena, struct cap_feed *ret_feed, struct why *why)
{
    AUTO(cap_doc_close) xmlDoc *doc = NULL;
    struct feeding feeding = {.arena = arena, .why = why};
    TRY(cap_doc_parse(xml, &doc, why));
    const xmlNode *root = xmlDocGetRootElement(doc);
    feeding.list = arena_take_array(arena, CAP_ENTRIES_MOST, sizeof *feeding.list);
    if (feeding.list == NULL) {
        return ERR_NO_MEMORY;
    }
    if (cap_doc_is(root, CAP_NAMESPACE, "alert")) {
        feeding.list[feeding.count++] =
            (struct cap_entry){.id = S(""), .updated = S(""), .address = S(""), .content = xml};
    } else if (cap_doc_is(root, ATOM_NAMESPACE, "feed")) {
        TRY(take_entries(&feeding, root, true));
    } else if (is_plain(root, "rss") && find_channel(root) != NULL) {
        TRY(take_entries(&feeding, find_channel(root), false));
    } else {
        return fail(why, ERR_INVALID, "it is neither Atom nor RSS nor a message");
    }
    *ret_feed = (struct cap_feed){feeding.list, feeding.count};
    return OK;
}

/* --- addresses -------------------------------------------------------------------------------- */

static size_t scheme_of(str address)
{
    return str_starts(address, S("https://")) ? 8 : str_starts(address, S("http://")) ? 7 : 0;
}

static bool has_scheme(str address)
{
    for (size_t i = 0; i < address.len; i++) {
        if (address.at[i] == ':') {
            return true;
        }
        if (address.at[i] == '/' || address.at[i] == '?' || address.at[i] == '#') {
            return false;
        }
    }
    return false;
}

errc cap_feed_address(str base, str address, struct arena *arena, str *ret_address, struct why *why)
{
    size_t scheme = scheme_of(base);
    size_t host_end = scheme;
    while (host_end < base.len && base.at[host_end] != '/' && base.at[host_end] != '?') {
        host_end++;
    }
    size_t folder_end = host_end;
    for (size_t i = host_end; i < base.len && base.at[i] != '?'; i++) {
        folder_end = base.at[i] == '/' ? i + 1 : folder_end;
    }
    str whole = address;
    if (scheme_of(address) == 0) {
        bool fits =
            scheme > 0 && address.len > 0 && !has_scheme(address) && !str_starts(address, S("//"));
        if (!fits) {
            return fail(why, ERR_INVALID, "an address of no kind that is fetched");
        }
        str before = str_cut(base, 0, address.at[0] == '/' ? host_end : folder_end);
        bool joins = address.at[0] != '/' && folder_end == host_end;
        whole =
            arena_format(arena, "%.*s%s%.*s", STR_ARG(before), joins ? "/" : "", STR_ARG(address));
    }
    for (size_t i = 0; i < whole.len; i++) {
        if ((unsigned char)whole.at[i] <= ' ') {
            return fail(why, ERR_INVALID, "an address with blanks");
        }
    }
    if (whole.at == NULL || whole.len > CAP_ADDRESS_MOST) {
        return fail(why, ERR_INVALID, "an address of %zu bytes", whole.len);
    }
    *ret_address = whole;
    return OK;
}

/* --- ours ------------------------------------------------------------------------------------- */

static void put_link(struct buf *out, const char *rel, const char *type, str address)
{
    buf_add_format(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    buf_add_markup(out, address);
    buf_add_text(out, "\"/>\n");
}

static void put_updated(struct buf *out, usec updated)
{
    buf_add_text(out, "<updated>");
    usec_write(updated, out);
    buf_add_text(out, "</updated>\n");
}

void cap_feed_write(const struct cap_feed_head *head, const struct cap_feed_item *items,
                    size_t count, struct buf *out)
{
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    xml_put(out, "id", head->address);
    xml_put(out, "title", head->title);
    put_updated(out, head->updated);
    buf_add_text(out, "<author>\n");
    xml_put(out, "name", head->author);
    buf_add_text(out, "</author>\n");
    put_link(out, "self", "application/atom+xml", head->address);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(out, "<entry>\n");
        xml_put(out, "id", items[i].address);
        xml_put(out, "title", items[i].title);
        put_updated(out, items[i].updated);
        xml_put(out, "summary", items[i].summary);
        put_link(out, "alternate", "application/cap+xml", items[i].address);
        buf_add_text(out, "</entry>\n");
    }
    buf_add_text(out, "</feed>\n");
}
