/* Inside of cap: XML from outside as a tree that is safe to walk. Without a document type there are
 * no entities but the five of XML and no attribute defaults; size and number of elements are
 * bounded before anything is built. Nothing is ever fetched. */
#ifndef LOA_CAP_CAP_DOC_H
#define LOA_CAP_CAP_DOC_H

#include <libxml/tree.h>

#include "cap/cap.h"

#define CAP_NAMESPACE "urn:oasis:names:tc:emergency:cap:1.2"
#define DSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

CHECKED errc cap_doc_parse(str xml, xmlDoc **ret_doc, struct why *why);
void cap_doc_close(xmlDoc **doc); /* for AUTO */
/* Once in a program's life, from any thread. */
void cap_doc_prepare(void);

str cap_doc_name(const xmlNode *node);
bool cap_doc_is(const xmlNode *node, const char *space, const char *name);
/* The next element at or after this node; null when there is none. */
const xmlNode *cap_doc_element(const xmlNode *node);
/* Text of an element that holds nothing else; ERR_INVALID for children, comments, longer text. In
 * the arena, blanks at both ends removed. */
CHECKED errc cap_doc_text(const xmlNode *node, size_t most, struct arena *arena, str *ret_text,
                          struct why *why);
/* Of an attribute without a namespace; STR_NONE when it is absent. */
str cap_doc_attribute(const xmlNode *node, const char *name, struct arena *arena);

#endif
