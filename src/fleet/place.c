/* From a unit as it was written down to the path of today. A village that lives on brings its new
 * commune with it; what has ended is answered by the largest part of what it became. */
#include "fleet/place.h"

#include "people/lineage.h"

static unit_id largest_part(struct tree tree, const struct lineage_parts *parts)
{
    unit_id best = 0;
    share most = SHARE_NONE;
    for (size_t i = 0; i < parts->count; i++) {
        const struct lineage_part *part = &parts->parts[i];
        bool fits = part->unit != 0 && tree_has(tree, part->unit);
        if (fits && (best == 0 || share_compare(part->share, most) > 0)) {
            best = part->unit;
            most = part->share;
        }
    }
    return best;
}

errc place_unit_on(const struct forest *forest, unit_id unit, day on, struct arena *arena,
                   unit_id *ret_unit)
{
    struct tree tree = forest_at(forest, on);
    const struct unit_life *life = forest_life(forest, unit);
    struct lineage_parts parts = {.count = 0};
    if (life == NULL || tree_has(tree, unit)) {
        *ret_unit = life == NULL ? 0 : unit;
        return OK;
    }
    if (life->to > on) { /* yet to come */
        *ret_unit = 0;
        return OK;
    }
    errc rc = lineage_between(forest, unit, life->to - 1, on, arena, &parts);
    if (rc == ERR_NO_MEMORY) {
        return rc;
    }
    *ret_unit = rc == OK ? largest_part(tree, &parts) : 0;
    return OK;
}

/* Central orders come through the province: what stands above it is in no path. */
static bool is_in_path(const struct forest *forest, unit_id unit)
{
    const struct tier_set *tiers = forest_tiers(forest);
    int province = tier_find(tiers, S("province"));
    const struct unit_life *life = forest_life(forest, unit);
    return province < 0 ||
           (life != NULL && tiers->tiers[life->tier].rank >= tiers->tiers[province].rank);
}

bool place_is_below(const struct place *place, unit_id unit)
{
    for (size_t i = 0; i < place->count; i++) {
        if (place->units[i] == unit) {
            return true;
        }
    }
    return false;
}

static void add_unit(struct place *place, const struct forest *forest, unit_id unit)
{
    if (place->count == PLACE_UNITS || place_is_below(place, unit)) {
        return;
    }
    place->units[place->count++] = unit;
    if (place->path_count < PLACE_PATH && is_in_path(forest, unit)) {
        place->path[place->path_count++] = unit;
    }
}

errc place_find(const struct forest *forest, const struct place_wanted *wanted, day on,
                struct arena *arena, struct place *ret_place)
{
    struct place place = {.count = 0};
    unit_id above[UNIT_DEPTH];
    TRY(place_unit_on(forest, wanted->unit, on, arena, &place.unit));
    if (place.unit != 0) {
        size_t count = tree_ancestors(forest_at(forest, on), place.unit, above);
        for (size_t i = 0; i < count; i++) {
            add_unit(&place, forest, above[i]);
        }
        add_unit(&place, forest, place.unit);
        for (size_t i = 0; i < wanted->village_count; i++) {
            unit_id village = 0;
            TRY(place_unit_on(forest, wanted->villages[i], on, arena, &village));
            if (village != 0) {
                add_unit(&place, forest, village);
            }
        }
    }
    *ret_place = place;
    return OK;
}

void place_write(const struct place *place, struct buf *out)
{
    for (size_t i = 0; i < place->path_count; i++) {
        if (i > 0) {
            buf_add_byte(out, ' ');
        }
        buf_add_i64(out, place->path[i]);
    }
}

bool place_is(const struct place *place, str written)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, (size_t)PLACE_PATH * 24);
    place_write(place, &text);
    return buf_check(&text) == OK && str_is(buf_str(&text), written);
}
