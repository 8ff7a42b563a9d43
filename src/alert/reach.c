/* See reach.h. */
#include "alert/reach.h"

#include "orders/unit_key.h"
#include "wire/authority.h"

enum { UNITS_MET_MOST = 2000 };

struct meeting {
    const struct desk *desk;
    struct tree tree;
    const struct cap_source *source;
    struct alert_points points;
    unit_id *units;
    size_t count;
};

/* Whether it or one above it is met already. */
static bool is_met(const struct meeting *meeting, unit_id unit)
{
    for (size_t i = 0; i < meeting->count; i++) {
        if (tree_covers(meeting->tree, meeting->units[i], unit)) {
            return true;
        }
    }
    return false;
}

/* Only what lies within the source's unit; a unit above it means all of it. */
static bool meet(struct meeting *meeting, unit_id unit)
{
    unit_id own = meeting->source->unit;
    bool within = unit != 0 && tree_covers(meeting->tree, own, unit);
    unit_id met = within ? unit : own;
    if (!within && (unit == 0 || !tree_covers(meeting->tree, unit, own))) {
        return false;
    }
    if (is_met(meeting, met) || meeting->count == UNITS_MET_MOST) {
        return true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < meeting->count; i++) {
        if (!tree_covers(meeting->tree, met, meeting->units[i])) {
            meeting->units[kept++] = meeting->units[i];
        }
    }
    meeting->units[kept] = met;
    meeting->count = kept + 1;
    return true;
}

static unit_id unit_of_code(const struct meeting *meeting, const struct cap_pair *code)
{
    const struct cap_source *source = meeting->source;
    for (size_t i = 0; i < source->code_count; i++) {
        if (str_is(source->codes[i].name, code->name) &&
            str_is(source->codes[i].value, code->value)) {
            return source->codes[i].unit;
        }
    }
    return cap_words_have(source->code_names, code->name)
               ? tree_by_code(meeting->tree, -1, code->value)
               : 0;
}

/* The commune that something stands in; its own unit when it stands above the communes. */
static unit_id commune_of(const struct meeting *meeting, unit_id unit)
{
    unit_id at = unit;
    while (at != 0 && unit_key_tier(meeting->desk->forest, at) != TIER_COMMUNE) {
        at = tree_parent(meeting->tree, at);
    }
    return at != 0 ? at : unit;
}

static bool meet_area(struct meeting *meeting, const struct cap_area *area)
{
    bool met = false;
    for (size_t i = 0; i < area->geocodes.count; i++) {
        met |= meet(meeting, unit_of_code(meeting, &area->geocodes.at[i]));
    }
    for (size_t i = 0; i < meeting->points.count; i++) {
        if (cap_area_has(area, meeting->points.at[i].at)) {
            met |= meet(meeting, commune_of(meeting, meeting->points.at[i].unit));
        }
    }
    return met;
}

errc reach_of(const struct desk *desk, const struct cap_source *source,
              const struct cap_message *message, struct alert_points points,
              struct reach *ret_reach)
{
    struct meeting meeting = {.desk = desk,
                              .tree = forest_at(desk->forest, desk->actor->today),
                              .source = source,
                              .points = points};
    struct reach reach = {.areas = 0};
    meeting.units = arena_take_array(desk->arena, UNITS_MET_MOST, sizeof *meeting.units);
    if (meeting.units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < message->info_count; i++) {
        for (size_t area = 0; area < message->infos[i].area_count; area++) {
            reach.areas++;
            reach.outside += !meet_area(&meeting, &message->infos[i].areas[area]);
        }
    }
    reach.units = meeting.units;
    reach.count = meeting.count;
    *ret_reach = reach;
    return OK;
}
