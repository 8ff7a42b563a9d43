/* Web assets that are compiled in. The table is generated (tools/gen/assetgen); its bytes live as
 * long as the program. */
#ifndef LOA_CONSOLE_ASSET_H
#define LOA_CONSOLE_ASSET_H

#include "base/base.h"

struct asset {
    const char *path; /* "/app.0a1b2c3d.js"; the table ends with a null path */
    const char *type;
    const char *etag; /* in quotes */
    bool immutable;
    const char *plain;
    const char *plain_end;
    const char *br; /* null where there is no such variant */
    const char *br_end;
    const char *gz;
    const char *gz_end;
};

extern const struct asset asset_table[];

/* The asset at an address, or null. "/" and the console's own addresses give the page. */
const struct asset *asset_find(str path);
const struct asset *asset_page(void);

#endif
