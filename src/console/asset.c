/* Finding assets: a few dozen, so a scan. */
#include "console/asset.h"

const struct asset *asset_find(str path)
{
    for (const struct asset *asset = asset_table; asset->path != NULL; asset++) {
        if (str_is(path, str_of(asset->path))) {
            return asset;
        }
    }
    return NULL;
}

const struct asset *asset_page(void)
{
    return asset_find(S("/index.html"));
}
