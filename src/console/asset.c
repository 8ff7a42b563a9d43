/* Finding assets: a few dozen, so a scan. */
#include "console/asset.h"

const struct asset *asset_find(str path)
{
    for (size_t i = 0; i < asset_count(); i++) {
        if (str_is(path, str_of(asset_at(i)->path))) {
            return asset_at(i);
        }
    }
    return NULL;
}

const struct asset *asset_page(void)
{
    return asset_find(S("/index.html"));
}
