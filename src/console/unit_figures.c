/* Dated figures of a unit: how many people live there. */
#include "people/unit_figure.h"

#include "console/air_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static errc show(struct ask *ask, unit_id unit, struct why *why)
{
    struct json_out *out = &ask->json;
    struct unit_figures figures;
    TRY(unit_figure_list(ask->db, unit, ask->arena, &figures, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < figures.count; i++) {
        json_object(out);
        json_text_at(out, "kind", unit_figure_name(figures.at[i].kind));
        json_day_at(out, "from", figures.at[i].from);
        json_i64_at(out, "value", figures.at[i].value);
        json_str_at(out, "source", figures.at[i].source);
        json_end(out);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_unit_figures_list(struct ask *ask, struct why *why)
{
    unit_id unit = ask_place_id(ask, 0);
    TRY(unit_may(ask, RIGHT_UNITS_READ, unit));
    return show(ask, unit, why);
}

errc api_unit_figures_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"kind", "from", "value", "source", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct unit_figure figure = {.source = S("")};
    unit_id unit = ask_place_id(ask, 0);
    str kind = STR_NONE;
    bool given = false;
    TRY(unit_may(ask, RIGHT_UNITS_WRITE, unit));
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "kind", 1, 40, &kind, &ask->bad));
    TRY(json_in_day(in.root, "from", &figure.from, &ask->bad));
    TRY(json_in_i64(in.root, "value", 0, FIGURE_VALUE_MOST, &figure.value, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "source", FIGURE_SOURCE_MOST, &given, &figure.source));
    if (!unit_figure_parse(kind, &figure.kind)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    TRY(unit_figure_put(ask->db, &ask->actor, unit, &figure, why));
    return show(ask, unit, why);
}
