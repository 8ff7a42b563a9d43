/* Imports: a file is checked and kept, looked at, then applied or thrown away. */
#include "console/steps.h"
#include "console/unit_json.h"
#include "console/unit_problems_json.h"
#include "people/import_job.h"

static void write_error(struct ask *ask, const struct import_note *note)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "line", (int64_t)note->line);
    json_str_at(out, "column", note->column.len > 0 ? note->column : STR_NONE);
    json_str_at(out, "code", note->key);
    json_str_at(out, "message", unit_problem_words(ask, note->key, note->about));
    json_end(out);
}

static void write_note(struct ask *ask, const struct import_note *note)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "line", (int64_t)note->line);
    json_str_at(out, "message", unit_problem_words(ask, note->key, note->about));
    json_end(out);
}

static void write_import(struct ask *ask, const struct import *import)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", import->id);
    json_text_at(out, "kind", import_kind_name(import->kind));
    json_str_at(out, "filename", import->filename);
    json_day_at(out, "on", import->on);
    json_text_at(out, "state", import_state_name(import->state));
    json_i64_at(out, "lines", import->lines);
    json_i64_at(out, "adds", import->adds);
    json_i64_at(out, "keeps", import->keeps);
    json_i64_at(out, "changes", import->changes);
    json_i64_at(out, "ends", import->ends);
    json_i64_at(out, "unresolved", import->unresolved);
    json_array_at(out, "errors");
    for (size_t i = 0; i < import->error_count; i++) {
        write_error(ask, &import->errors[i]);
    }
    json_end(out);
    json_array_at(out, "notes");
    for (size_t i = 0; i < import->note_count; i++) {
        write_note(ask, &import->notes[i]);
    }
    json_end(out);
    json_usec_at(out, "created_at", import->created_at);
    json_end(out);
}

static errc write_one(struct ask *ask, int64_t id, struct why *why)
{
    struct unit_job job = ask_unit_job(ask);
    struct import import;
    TRY(import_get(&job, ask->db, id, &import, why));
    write_import(ask, &import);
    return OK;
}

errc api_imports_list(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    struct imports imports = {.count = 0};
    int64_t before = 0;
    size_t limit = 0;
    TRY(ask_query_i64(ask, "after", 0, &before));
    TRY(ask_query_limit(ask, &limit));
    TRY(import_page(&job, ask->db, before, limit, &imports, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < imports.count; i++) {
        write_import(ask, &imports.items[i]);
    }
    ask_list_end_at(ask, imports.next);
    return OK;
}

errc api_imports_show(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    return write_one(ask, ask_place_id(ask, 0), why);
}

errc api_imports_check(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    struct import_file file = {.text = ask->body, .filename = S("")};
    str kind = STR_NONE;
    str filename = STR_NONE;
    int64_t id = 0;
    TRY(ask_query(ask, "kind", &kind));
    TRY(ask_query(ask, "filename", &filename));
    TRY(ask_query_day(ask, "on", ask->today, &file.on));
    if (!import_kind_parse(kind, &file.kind)) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    if (filename.len > IMPORT_FILENAME_MOST) {
        return bad_field(&ask->bad, "filename", "too_long");
    }
    file.filename = filename.at == NULL ? S("") : filename;
    TRY(import_create(&job, ask->db, &file, &id, why));
    return write_one(ask, id, why);
}

errc api_imports_apply(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    TRY(import_apply(&job, ask->db, ask_place_id(ask, 0), why));
    TRY(ask_forest_again(ask, why));
    return write_one(ask, ask_place_id(ask, 0), why);
}

errc api_imports_drop(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    struct unit_job job = ask_unit_job(ask);
    return import_discard(&job, ask->db, ask_place_id(ask, 0), why);
}
