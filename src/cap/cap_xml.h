/* Inside of cap: writing XML. */
#ifndef LOA_CAP_CAP_XML_H
#define LOA_CAP_CAP_XML_H

#include "base/base.h"

void xml_put(struct buf *out, const char *name, str text); /* nothing for an empty text */

#endif
