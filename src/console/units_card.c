/* A unit's card: what it is on a date, and its names, codes, kinds, parents, where it came from and
 * what became of it. */
#include "console/steps.h"
#include "console/unit_json.h"
#include "console/units_card.h"

static void write_ancestors(struct json_out *out, struct tree tree, unit_id unit)
{
    unit_id above[UNIT_DEPTH];
    size_t count = tree_ancestors(tree, unit, above);
    json_array_at(out, "ancestors");
    for (size_t i = 0; i < count; i++) {
        unit_json_line(out, tree, above[i]);
    }
    json_end(out);
}

static errc write_counts(struct json_out *out, struct tree tree, unit_id unit)
{
    static const char *const names[] = {"province", "district", "commune", "village"};
    size_t counts[TIERS_MOST] = {0};
    TRY(tree_counts(tree, unit, counts));
    json_object_at(out, "counts");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        int tier = tier_find(forest_tiers(tree.forest), str_of(names[i]));
        json_i64_at(out, names[i], tier < 0 ? 0 : (int64_t)counts[tier]);
    }
    json_end(out);
    return OK;
}

static void write_fact_value(struct json_out *out, struct tree tree, const struct unit_fact *fact)
{
    switch (fact->aspect) {
    case UNIT_NAME:
        json_str_at(out, "name", fact->text);
        return;
    case UNIT_CODE:
        json_str_at(out, "code", fact->text);
        return;
    case UNIT_KIND:
        json_text_at(out, "kind", unit_json_kind(tree.forest, (int)fact->value));
        return;
    case UNIT_PARENT:
        unit_json_name_at(out, "unit", forest_at(tree.forest, fact->from), fact->value);
        return;
    }
}

/* Facts that say nothing (no code, no parent) and those replaced on their first day stay out. */
static bool is_told(const struct unit_fact *fact)
{
    if (fact->from >= fact->to) {
        return false;
    }
    bool text = fact->aspect == UNIT_NAME || fact->aspect == UNIT_CODE;
    return text ? fact->text.len > 0 : fact->aspect != UNIT_PARENT || fact->value != 0;
}

static void write_facts(struct json_out *out, struct tree tree, unit_id unit, enum unit_aspect aspect)
{
    static const char *const keys[] = {"names", "codes", "kinds", "parents"};
    size_t count = 0;
    const struct unit_fact *facts = forest_facts(tree.forest, unit, aspect, &count);
    json_array_at(out, keys[aspect]);
    for (size_t i = 0; i < count; i++) {
        if (!is_told(&facts[i])) {
            continue;
        }
        json_object(out);
        write_fact_value(out, tree, &facts[i]);
        json_day_at(out, "from", facts[i].from);
        json_day_at(out, "to", facts[i].to);
        json_end(out);
    }
    json_end(out);
}

static void write_link(struct json_out *out, struct tree tree, const struct unit_link *link, bool out_of)
{
    day on = out_of ? link->on : link->on - 1; /* a predecessor as it last was, a successor at birth */
    json_object(out);
    json_key(out, "unit");
    unit_json_line(out, forest_at(tree.forest, on), out_of ? link->to : link->from);
    json_day_at(out, "on", link->on);
    json_text_at(out, "relation", link->relation == LINK_WHOLE ? "whole" : "part");
    json_key(out, "share");
    if (share_is_declared(link->share)) {
        json_double(out, share_double(link->share));
    } else {
        json_null(out);
    }
    json_bool_at(out, "share_declared", share_is_declared(link->share));
    json_end(out);
}

static void write_links(struct json_out *out, struct tree tree, unit_id unit, bool out_of)
{
    size_t count = 0;
    const struct unit_link *links = out_of ? forest_links_out(tree.forest, unit, &count)
                                           : forest_links_in(tree.forest, unit, &count);
    json_array_at(out, out_of ? "successors" : "predecessors");
    for (size_t i = 0; i < count; i++) {
        write_link(out, tree, &links[i], out_of);
    }
    json_end(out);
}

errc unit_card_write(struct json_out *out, struct tree tree, unit_id unit)
{
    json_object(out);
    json_key(out, "unit");
    unit_json_line(out, tree, unit);
    json_bool_at(out, "exists", tree_has(tree, unit));
    write_ancestors(out, tree, unit);
    TRY(write_counts(out, tree, unit));
    for (int i = 0; i < UNIT_ASPECTS; i++) {
        write_facts(out, tree, unit, (enum unit_aspect)i);
    }
    write_links(out, tree, unit, false);
    write_links(out, tree, unit, true);
    json_end(out);
    return OK;
}

errc api_units_card(struct ask *ask, struct why *why)
{
    (void)why;
    day at = 0;
    TRY(ask_query_day(ask, "at", ask->today, &at));
    unit_id unit = ask_place_id(ask, 0);
    TRY(unit_may(ask, RIGHT_UNITS_READ, unit));
    return unit_card_write(&ask->json, forest_at(ask->forest, at), unit);
}
