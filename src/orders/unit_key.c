/* Where a unit stands, as keys and devices see it. */
#include "orders/unit_key.h"

static const struct {
    const char *name;
    enum order_tier tier;
} tiers[] = {
    {"province", TIER_PROVINCE},
    {"district", TIER_DISTRICT},
    {"commune", TIER_COMMUNE},
    {"village", TIER_VILLAGE},
};

static uint64_t tier_of(const struct forest *forest, int tier)
{
    const struct tier_set *set = forest_tiers(forest);
    for (size_t i = 0; i < COUNT_OF(tiers); i++) {
        if (tier >= 0 && (size_t)tier < set->tier_count &&
            strcmp(set->tiers[tier].name, tiers[i].name) == 0) {
            return tiers[i].tier;
        }
    }
    return 0;
}

uint64_t unit_key_tier(const struct forest *forest, unit_id unit)
{
    const struct unit_life *life = forest_life(forest, unit);
    return life == NULL ? 0 : tier_of(forest, life->tier);
}

size_t unit_key_path(const struct forest *forest, unit_id unit, day today,
                     uint64_t ret_path[SIGNING_PATH_MOST])
{
    struct tree tree = forest_at(forest, today);
    unit_id above[UNIT_DEPTH];
    if (!tree_has(tree, unit) || unit_key_tier(forest, unit) == 0) {
        return 0;
    }
    size_t count = tree_ancestors(tree, unit, above);
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        if (unit_key_tier(forest, above[i]) != 0 && filled < SIGNING_PATH_MOST - 1) {
            ret_path[filled++] = (uint64_t)above[i];
        }
    }
    ret_path[filled++] = (uint64_t)unit;
    return filled;
}
