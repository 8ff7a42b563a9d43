/* Reforms: composing, previewing, applying, undoing one reviewed batch. */
#include "console/steps.h"
#include "console/unit_json.h"
#include "console/unit_problems_json.h"
#include "people/reform_job.h"

static void write_reform(struct ask *ask, const struct reform *reform)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", reform->id);
    json_str_at(out, "title", reform->title);
    json_str_at(out, "decree", reform->decree);
    json_day_at(out, "on", reform->on);
    json_text_at(out, "state", reform_state_name(reform->state));
    ask_write_text(ask, "created_by", reform->created_name);
    json_usec_at(out, "created_at", reform->created_at);
    ask_write_text(ask, "applied_by", reform->applied_name);
    json_key(out, "applied_at");
    if (reform->applied_at > 0) {
        json_usec(out, reform->applied_at);
    } else {
        json_null(out);
    }
    json_bool_at(out, "can_undo", reform->can_undo);
    json_key(out, "why_not_undo");
    if (reform->why_not_undo == NULL) {
        json_null(out);
    } else {
        json_str(out, ask_word(ask, "reform.why_not_undo.", str_of(reform->why_not_undo)));
    }
    json_end(out);
}

static void write_problem(struct ask *ask, const struct unit_problem *problem)
{
    struct json_out *out = &ask->json;
    bool error = unit_problem_severity(problem->code) == UNIT_ERROR;
    json_object(out);
    json_i64_at(out, "step", (int64_t)problem->origin);
    json_text_at(out, "code", unit_problem_key(problem->code));
    json_text_at(out, "severity", error ? "error" : "warning");
    json_str_at(out, "message",
                unit_problem_words(ask, str_of(unit_problem_key(problem->code)), problem->about));
    json_end(out);
}

static void write_preview(struct ask *ask, const struct reform_preview *preview)
{
    struct json_out *out = &ask->json;
    json_object_at(out, "preview");
    json_i64_at(out, "ends", (int64_t)preview->ends);
    json_i64_at(out, "begins", (int64_t)preview->begins);
    json_i64_at(out, "renames", (int64_t)preview->renames);
    json_i64_at(out, "moves", (int64_t)preview->moves);
    json_i64_at(out, "parts", (int64_t)preview->parts);
    json_array_at(out, "problems");
    for (size_t i = 0; i < preview->problems.count; i++) {
        write_problem(ask, &preview->problems.items[i]);
    }
    json_end(out);
    json_array_at(out, "lines");
    for (size_t i = 0; i < preview->line_count; i++) {
        json_object(out);
        json_text_at(out, "kind", preview->lines[i].kind);
        json_str_at(out, "text", preview->lines[i].text);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

static errc write_one(struct ask *ask, int64_t id, struct why *why)
{
    struct unit_job job = ask_unit_job(ask);
    struct reform_view view;
    TRY(reform_get(&job, ask->db, id, &view, why));
    json_object(&ask->json);
    json_key(&ask->json, "reform");
    write_reform(ask, &view.reform);
    json_key(&ask->json, "steps");
    reform_steps_write(&ask->json, forest_tiers(ask->forest), &view.steps);
    write_preview(ask, &view.preview);
    json_end(&ask->json);
    return OK;
}

errc api_reforms_list(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    struct reforms reforms = {.count = 0};
    int64_t before = 0;
    size_t limit = 0;
    TRY(ask_query_i64(ask, "after", 0, &before));
    TRY(ask_query_limit(ask, &limit));
    TRY(reform_page(&job, ask->db, before, limit, &reforms, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < reforms.count; i++) {
        write_reform(ask, &reforms.items[i]);
    }
    ask_list_end_at(ask, reforms.next);
    return OK;
}

errc api_reforms_show(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    return write_one(ask, ask_place_id(ask, 0), why);
}

static errc take_draft(struct ask *ask, struct json_in *in, struct reform_draft *draft,
                       struct why *why)
{
    static const char *const fields[] = {"title", "decree", "on", "steps", NULL};
    TRY(ask_body(ask, fields, in, why));
    TRY(json_in_str(in->root, "title", 1, REFORM_TITLE_MOST, &draft->title, &ask->bad));
    TRY(json_in_str(in->root, "decree", 0, REFORM_TITLE_MOST, &draft->decree, &ask->bad));
    TRY(json_in_day(in->root, "on", &draft->on, &ask->bad));
    draft->steps = json_in_get(in->root, "steps");
    return draft->steps != NULL ? OK : bad_field(&ask->bad, "steps", "missing");
}

errc api_reforms_create(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct unit_job job = ask_unit_job(ask);
    struct reform_draft draft = {.steps = NULL};
    int64_t id = 0;
    TRY(take_draft(ask, &in, &draft, why));
    TRY(reform_create(&job, ask->db, &draft, &id, why));
    return write_one(ask, id, why);
}

errc api_reforms_edit(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct unit_job job = ask_unit_job(ask);
    struct reform_draft draft = {.steps = NULL};
    int64_t id = ask_place_id(ask, 0);
    TRY(take_draft(ask, &in, &draft, why));
    TRY(reform_replace(&job, ask->db, id, &draft, why));
    return write_one(ask, id, why);
}

errc api_reforms_drop(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    return reform_remove(&job, ask->db, ask_place_id(ask, 0), why);
}

errc api_reforms_apply(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    TRY(reform_apply(&job, ask->db, ask_place_id(ask, 0), why));
    TRY(ask_forest_again(ask, why));
    return write_one(ask, ask_place_id(ask, 0), why);
}

errc api_reforms_undo(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    TRY(reform_undo(&job, ask->db, ask_place_id(ask, 0), why));
    TRY(ask_forest_again(ask, why));
    return write_one(ask, ask_place_id(ask, 0), why);
}
