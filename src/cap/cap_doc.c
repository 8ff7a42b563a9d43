/* What could make libxml2 do more than read is refused before it sees the bytes. */
#include "cap/cap_doc.h"

#include "base/text.h"

#include <libxml/parser.h>
#include <pthread.h>

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    xmlInitParser();
}

void cap_doc_prepare(void)
{
    ignore_int(pthread_once(&prepared, prepare));
}

static bool is_at(str xml, size_t at, str word)
{
    return str_starts(str_cut(xml, at, at + word.len), word);
}

/* The XML declaration, if there is one, names no other encoding: two readers might differ. */
static bool is_declared_fit(str xml)
{
    if (!str_starts(xml, S("<?xml"))) {
        return true;
    }
    str head = str_split(xml, '>', &xml);
    for (size_t i = 0; i < head.len; i++) {
        if (is_at(head, i, S("encoding"))) {
            str value = str_cut(str_trim(str_cut(head, i + 8, head.len)), 0, 8);
            return str_is_fold(value, S("=\"UTF-8\"")) || str_is_fold(value, S("='UTF-8'"));
        }
    }
    return true;
}

/* A declaration outside of comments would be found by a parser of XML; here one anywhere will do.
 */
static errc check_bytes(str xml, struct why *why)
{
    size_t elements = 0;
    if (xml.len > CAP_SIZE_MOST) {
        return fail(why, ERR_TOO_BIG, "%zu bytes of XML", xml.len);
    }
    if (!text_is_utf8(xml)) {
        return fail(why, ERR_BAD_UTF8, "the XML is not UTF-8");
    }
    if (!is_declared_fit(xml)) {
        return fail(why, ERR_INVALID, "the XML declares another encoding");
    }
    for (size_t i = 0; i < xml.len; i++) {
        if (xml.at[i] != '<') {
            continue;
        }
        elements++;
        if (is_at(xml, i, S("<!")) && !is_at(xml, i, S("<!--")) && !is_at(xml, i, S("<![CDATA["))) {
            return fail(why, ERR_INVALID, "the XML declares a document type");
        }
    }
    return elements <= 2 * CAP_ELEMENTS_MOST
               ? OK
               : fail(why, ERR_TOO_BIG, "%zu elements of XML", elements / 2);
}

/* Deeper than any of our formats; the parser's own limit of 256 holds before this. */
static errc check_depth(const xmlNode *root, struct why *why)
{
    enum { DEPTH_MOST = 24 };
    const xmlNode *node = root;
    int depth = 0;
    while (node != NULL) {
        if (depth > DEPTH_MOST) {
            return fail(why, ERR_INVALID, "the XML is deeper than %d", DEPTH_MOST);
        }
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            depth++;
            continue;
        }
        while (node != root && node->next == NULL) {
            node = node->parent;
            depth--;
        }
        node = node == root ? NULL : node->next;
    }
    return OK;
}

errc cap_doc_parse(str xml, xmlDoc **ret_doc, struct why *why)
{
    const int how = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    TRY(check_bytes(xml, why));
    cap_doc_prepare();
    AUTO(cap_doc_close)
    xmlDoc *doc = xmlReadMemory(xml.len == 0 ? "" : xml.at, (int)xml.len, NULL, "UTF-8", how);
    const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    if (root == NULL) {
        return fail(why, ERR_INVALID, "it is not XML");
    }
    if (doc->intSubset != NULL || doc->extSubset != NULL) {
        return fail(why, ERR_INVALID, "the XML declares a document type");
    }
    TRY(check_depth(root, why));
    *ret_doc = doc;
    doc = NULL;
    return OK;
}

void cap_doc_close(xmlDoc **doc)
{
    if (*doc != NULL) {
        xmlFreeDoc(*doc);
        *doc = NULL;
    }
}

str cap_doc_name(const xmlNode *node)
{
    return str_of((const char *)node->name);
}

bool cap_doc_is(const xmlNode *node, const char *space, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL && node->ns->href != NULL &&
           str_is(str_of((const char *)node->ns->href), str_of(space)) &&
           str_is(cap_doc_name(node), str_of(name));
}

const xmlNode *cap_doc_element(const xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE) {
        node = node->next;
    }
    return node;
}

errc cap_doc_text(const xmlNode *node, size_t most, struct arena *arena, str *ret_text,
                  struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, most);
    for (const xmlNode *part = node->children; part != NULL; part = part->next) {
        if (part->type != XML_TEXT_NODE && part->type != XML_CDATA_SECTION_NODE) {
            return fail(why, ERR_INVALID, "%s holds more than text", (const char *)node->name);
        }
        buf_add_text(&text, (const char *)part->content);
    }
    if (buf_check(&text) != OK) {
        return fail(why, ERR_INVALID, "%s is longer than %zu bytes", (const char *)node->name,
                    most);
    }
    str trimmed = str_trim(buf_str(&text));
    str kept = arena_str(arena, trimmed.len == 0 ? S("") : trimmed);
    if (kept.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_text = kept;
    return OK;
}

str cap_doc_attribute(const xmlNode *node, const char *name, struct arena *arena)
{
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        if (attr->ns == NULL && str_is(str_of((const char *)attr->name), str_of(name)) &&
            attr->children != NULL && attr->children->type == XML_TEXT_NODE &&
            attr->children->next == NULL) {
            return arena_str(arena, str_of((const char *)attr->children->content));
        }
    }
    return STR_NONE;
}
