/* Writing units, and the question who may touch them. */
#include "console/unit_json.h"

const char *unit_json_kind(const struct forest *forest, int kind)
{
    const struct tier_set *tiers = forest_tiers(forest);
    return kind >= 0 && (size_t)kind < tiers->kind_count ? tiers->kinds[kind].name : NULL;
}

static const char *tier_name(const struct forest *forest, int tier)
{
    const struct tier_set *tiers = forest_tiers(forest);
    return tier >= 0 && (size_t)tier < tiers->tier_count ? tiers->tiers[tier].name : NULL;
}

void unit_json_fields(struct json_out *out, const struct forest *forest,
                      const struct unit_line *line)
{
    json_i64_at(out, "id", line->id);
    json_str_at(out, "code", line->code.len > 0 ? line->code : STR_NONE);
    json_str_at(out, "name", line->name);
    json_text_at(out, "kind", unit_json_kind(forest, line->kind));
    json_text_at(out, "tier", tier_name(forest, line->tier));
    json_key(out, "parent_id");
    if (line->parent != 0) {
        json_i64(out, line->parent);
    } else {
        json_null(out);
    }
    json_i64_at(out, "children", (int64_t)line->children);
    json_day_at(out, "from", line->from);
    json_day_at(out, "to", line->to);
}

void unit_json_line(struct json_out *out, const struct forest *forest, const struct unit_line *line)
{
    json_object(out);
    unit_json_fields(out, forest, line);
    json_end(out);
}

static void write_short(struct json_out *out, struct tree tree, unit_id unit, bool kind)
{
    struct unit_line line;
    if (unit == 0 || !tree_line(tree, unit, &line)) {
        json_null(out);
        return;
    }
    json_object(out);
    json_i64_at(out, "id", line.id);
    json_str_at(out, "name", line.name);
    if (kind) {
        json_text_at(out, "kind", unit_json_kind(tree.forest, line.kind));
    }
    json_end(out);
}

void unit_json_name_at(struct json_out *out, const char *key, struct tree tree, unit_id unit)
{
    json_key(out, key);
    write_short(out, tree, unit, false);
}

void unit_json_ref_at(struct json_out *out, const char *key, struct tree tree, unit_id unit)
{
    json_key(out, key);
    write_short(out, tree, unit, true);
}

struct unit_sight unit_sight_of(const struct ask *ask)
{
    return (struct unit_sight){
        .forest = ask->forest, .actor = &ask->actor, .right = RIGHT_UNITS_READ};
}

bool unit_over_all(const struct ask *ask, enum right right)
{
    struct unit_sight sight = {ask->forest, &ask->actor, right};
    return unit_sees_all(&sight);
}

errc ask_over_all(const struct ask *ask)
{
    return unit_over_all(ask, ask->match.route->right) ? OK : ERR_FORBIDDEN;
}

errc unit_may(const struct ask *ask, enum right right, unit_id unit)
{
    struct unit_sight sight = unit_sight_of(ask);
    if (!forest_knows(ask->forest, unit) || !unit_may_see(&sight, unit)) {
        return ERR_NOT_FOUND;
    }
    struct right_view view = unit_right_view(ask->forest);
    return actor_may(&ask->actor, right, unit, &view) ? OK : ERR_FORBIDDEN;
}
