/* Creating and changing single units. What was written is read again before it is answered: the
 * forest of the answer is that of the transaction. */
#include "console/steps.h"
#include "console/unit_json.h"
#include "console/unit_problems_json.h"
#include "console/units_card.h"
#include "fleet/fleet_unit.h"
#include "people/account_unit.h"

str unit_problem_words(struct ask *ask, str key, str about)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4096);
    str name = arena_format(ask->arena, "unit.problem.%.*s", STR_ARG(key));
    const struct words_arg args[] = {{"about", about}};
    words_write(ask->house->words, ask->language, name, args, COUNT_OF(args), &text);
    return arena_str(ask->arena, buf_str(&text));
}

errc ask_forest_again(struct ask *ask, struct why *why)
{
    struct forest *forest = NULL;
    TRY(unit_book_write(ask->house->ports.units, ask->db, &forest, why));
    forest_drop(ask->forest);
    ask->forest = forest;
    return OK;
}

struct unit_job ask_unit_job(struct ask *ask)
{
    ask->dependants[0] =
        (struct unit_dependants){.what = "accounts", .find = account_unit_find, .ctx = &ask->today};
    ask->dependants[1] = (struct unit_dependants){.what = "stations", .find = fleet_unit_find};
    return (struct unit_job){.book = ask->house->ports.units,
                             .actor = &ask->actor,
                             .arena = ask->arena,
                             .bad = &ask->bad,
                             .dependants = ask->dependants,
                             .dependant_count = COUNT_OF(ask->dependants)};
}

/* A text that is there; null and "" both mean none. */
static errc take_text(struct ask *ask, const struct json_value *body, const char *key, size_t most,
                      bool *ret_given, str *ret_text)
{
    if (json_in_is_null(body, key)) {
        *ret_given = true;
        *ret_text = S("");
        return OK;
    }
    return ask_optional_str(ask, body, key, most, ret_given, ret_text);
}

errc api_units_create(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"tier", "kind", "name", "code", "parent_id", "from", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct unit_draft draft = {.tier = S(""), .code = S("")};
    struct unit_job job = ask_unit_job(ask);
    bool given = false;
    unit_id unit = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "kind", 1, TIER_NAME_SIZE, &draft.kind, &ask->bad));
    TRY(json_in_str(in.root, "name", 1, UNIT_NAME_MOST, &draft.name, &ask->bad));
    TRY(json_in_day(in.root, "from", &draft.from, &ask->bad));
    TRY(take_text(ask, in.root, "tier", TIER_NAME_SIZE, &given, &draft.tier));
    TRY(take_text(ask, in.root, "code", UNIT_CODE_MOST, &given, &draft.code));
    if (json_in_has(in.root, "parent_id")) {
        TRY(json_in_i64(in.root, "parent_id", 1, INT64_MAX, &draft.parent, &ask->bad));
    }
    TRY(unit_create(&job, ask->db, &draft, &unit, why));
    TRY(ask_forest_again(ask, why));
    struct unit_line line;
    if (!tree_line(forest_at(ask->forest, draft.from), unit, &line)) {
        return fail(why, ERR_INTERNAL, "a unit that was created is not there");
    }
    json_object(&ask->json);
    json_key(&ask->json, "unit");
    unit_json_line(&ask->json, ask->forest, &line);
    json_end(&ask->json);
    return OK;
}

errc api_units_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"on", "name", "code", "kind", "parent_id", "ends", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct unit_changes changes = {.unit = ask_place_id(ask, 0)};
    struct unit_job job = ask_unit_job(ask);
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_day(in.root, "on", &changes.on, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "name", UNIT_NAME_MOST, &changes.has_name, &changes.name));
    TRY(take_text(ask, in.root, "code", UNIT_CODE_MOST, &changes.has_code, &changes.code));
    TRY(ask_optional_str(ask, in.root, "kind", TIER_NAME_SIZE, &changes.has_kind, &changes.kind));
    changes.has_parent = json_in_has(in.root, "parent_id");
    if (changes.has_parent) {
        TRY(json_in_i64(in.root, "parent_id", 1, INT64_MAX, &changes.parent, &ask->bad));
    }
    if (json_in_has(in.root, "ends")) {
        TRY(json_in_bool(in.root, "ends", &changes.ends, &ask->bad));
    }
    TRY(unit_change(&job, ask->db, &changes, why));
    TRY(ask_forest_again(ask, why));
    return unit_card_answer(ask, changes.unit, changes.on);
}
