/* Units: the tree of any date, search, a unit's card with its past and future. Reading needs no
 * more of the database than the forest's version: everything comes from the snapshot in memory. */
#include "console/steps.h"
#include "console/unit_json.h"

errc api_units_children(struct ask *ask, struct why *why)
{
    (void)why;
    day at = 0;
    int64_t parent = 0;
    struct unit_lines lines = {.count = 0};
    struct unit_sight sight = unit_sight_of(ask);
    TRY(ask_query_day(ask, "at", ask->today, &at));
    TRY(ask_query_i64(ask, "parent", 0, &parent));
    TRY(unit_list(&sight, parent, at, ask->arena, &lines));
    ask_list_begin(ask);
    for (size_t i = 0; i < lines.count; i++) {
        unit_json_line(&ask->json, ask->forest, &lines.lines[i]);
    }
    ask_list_end(ask, STR_NONE);
    return OK;
}

errc api_units_search(struct ask *ask, struct why *why)
{
    (void)why;
    str text = STR_NONE;
    str given = STR_NONE;
    struct forest_query query = {.on = 0};
    struct unit_founds founds = {.count = 0};
    struct unit_sight sight = unit_sight_of(ask);
    TRY(ask_query(ask, "q", &text));
    TRY(ask_query(ask, "at", &given));
    TRY(ask_query_day(ask, "at", ask->today, &query.on));
    TRY(ask_query_limit(ask, &query.most));
    query.text = text.at == NULL ? S("") : text;
    query.any_day = given.at == NULL;
    TRY(unit_search(&sight, &query, ask->arena, &founds));
    ask_list_begin(ask);
    for (size_t i = 0; i < founds.count; i++) {
        json_object(&ask->json);
        unit_json_fields(&ask->json, ask->forest, &founds.items[i].line);
        json_str_at(&ask->json, "path", founds.items[i].path);
        json_str_at(&ask->json, "matched_name", founds.items[i].matched);
        json_end(&ask->json);
    }
    ask_list_end(ask, STR_NONE);
    return OK;
}

errc api_units_epochs(struct ask *ask, struct why *why)
{
    (void)why;
    size_t count = 0;
    const struct forest_epoch *epochs = forest_epochs(ask->forest, &count);
    ask_list_begin(ask);
    for (size_t i = 0; i < count; i++) {
        if (epochs[i].on < DAY_LEAST || epochs[i].on > DAY_MOST) {
            continue;
        }
        json_object(&ask->json);
        json_day_at(&ask->json, "on", epochs[i].on);
        json_i64_at(&ask->json, "changes", (int64_t)epochs[i].changes);
        json_str_at(&ask->json, "title", epochs[i].title.len > 0 ? epochs[i].title : STR_NONE);
        json_end(&ask->json);
    }
    ask_list_end(ask, STR_NONE);
    return OK;
}
