/* A unit's card: what it is on a date, and its names, codes, kinds, parents, where it came from and
 * what became of it. */
#include "console/units_card.h"

#include "console/steps.h"

static void write_counts(struct json_out *out, const struct forest *forest,
                         const struct unit_card *card)
{
    static const char *const names[] = {"province", "district", "commune", "village"};
    json_object_at(out, "counts");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        int tier = tier_find(forest_tiers(forest), str_of(names[i]));
        json_i64_at(out, names[i], tier < 0 ? 0 : (int64_t)card->counts[tier]);
    }
    json_end(out);
}

static void write_fact_value(struct json_out *out, const struct forest *forest,
                             const struct unit_fact *fact)
{
    switch (fact->aspect) {
    case UNIT_NAME:
        json_str_at(out, "name", fact->text);
        return;
    case UNIT_CODE:
        json_str_at(out, "code", fact->text);
        return;
    case UNIT_KIND:
        json_text_at(out, "kind", unit_json_kind(forest, (int)fact->value));
        return;
    case UNIT_PARENT:
        unit_json_name_at(out, "unit", forest_at(forest, fact->from), fact->value);
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

static void write_facts(struct json_out *out, const struct forest *forest,
                        const struct unit_card *card, enum unit_aspect aspect)
{
    static const char *const keys[] = {"names", "codes", "kinds", "parents"};
    json_array_at(out, keys[aspect]);
    for (size_t i = 0; i < card->fact_counts[aspect]; i++) {
        const struct unit_fact *fact = &card->facts[aspect][i];
        if (!is_told(fact)) {
            continue;
        }
        json_object(out);
        write_fact_value(out, forest, fact);
        json_day_at(out, "from", fact->from);
        json_day_at(out, "to", fact->to);
        json_end(out);
    }
    json_end(out);
}

static void write_relative(struct json_out *out, const struct forest *forest,
                           const struct unit_relative *relative)
{
    bool declared = share_is_declared(relative->share);
    json_object(out);
    json_key(out, "unit");
    unit_json_line(out, forest, &relative->line);
    json_day_at(out, "on", relative->on);
    json_text_at(out, "relation", relative->relation == LINK_WHOLE ? "whole" : "part");
    json_key(out, "share");
    if (declared) {
        json_double(out, share_double(relative->share));
    } else {
        json_null(out);
    }
    json_bool_at(out, "share_declared", declared);
    json_end(out);
}

static void write_card(struct json_out *out, const struct forest *forest,
                       const struct unit_card *card)
{
    json_object(out);
    json_key(out, "unit");
    unit_json_line(out, forest, &card->line);
    json_bool_at(out, "exists", card->line.lives);
    json_array_at(out, "ancestors");
    for (size_t i = 0; i < card->ancestors.count; i++) {
        unit_json_line(out, forest, &card->ancestors.lines[i]);
    }
    json_end(out);
    write_counts(out, forest, card);
    for (int i = 0; i < UNIT_ASPECTS; i++) {
        write_facts(out, forest, card, (enum unit_aspect)i);
    }
    json_array_at(out, "predecessors");
    for (size_t i = 0; i < card->predecessor_count; i++) {
        write_relative(out, forest, &card->predecessors[i]);
    }
    json_end(out);
    json_array_at(out, "successors");
    for (size_t i = 0; i < card->successor_count; i++) {
        write_relative(out, forest, &card->successors[i]);
    }
    json_end(out);
    json_end(out);
}

errc unit_card_answer(struct ask *ask, unit_id unit, day at)
{
    struct unit_sight sight = unit_sight_of(ask);
    struct unit_card card;
    TRY(unit_card(&sight, unit, at, ask->arena, &card));
    write_card(&ask->json, ask->forest, &card);
    return OK;
}

errc api_units_card(struct ask *ask, struct why *why)
{
    (void)why;
    day at = 0;
    TRY(ask_query_day(ask, "at", ask->today, &at));
    return unit_card_answer(ask, ask_place_id(ask, 0), at);
}
