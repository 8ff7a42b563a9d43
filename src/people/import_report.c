/* The report is kept with the file, so that a person can come back to it next week. */
#include "people/import_report.h"

#include "base/json_out.h"

enum { REPORT_SIZE_MOST = 4 * 1024 * 1024, ABOUT_MOST = 16 * 1024 };

static bool is_open_question(enum unit_problem_code code)
{
    return code == PROBLEM_SHARE_UNDECLARED || code == PROBLEM_CHILDREN_WAIT;
}

static void write_notes(struct json_out *out, const char *key, const struct unit_problems *problems,
                        enum unit_severity severity)
{
    size_t shown = 0;
    json_array_at(out, key);
    for (size_t i = 0; i < problems->count && shown < IMPORT_SHOWN_MOST; i++) {
        const struct unit_problem *problem = &problems->items[i];
        if (unit_problem_severity(problem->code) != severity) {
            continue;
        }
        json_object(out);
        json_i64_at(out, "line", (int64_t)problem->origin);
        json_str_at(out, "column", problem->column.at == NULL ? S("") : problem->column);
        json_text_at(out, "key", unit_problem_key(problem->code));
        json_str_at(out, "about", problem->about.at == NULL ? S("") : problem->about);
        json_end(out);
        shown++;
    }
    json_end(out);
}

errc import_report_write(const struct import_plan *plan, struct arena *arena, str *ret_json)
{
    struct buf text AUTO(buf_finish) = {.at = NULL};
    struct json_out out;
    int64_t unresolved = 0;
    for (size_t i = 0; i < plan->problems.count; i++) {
        unresolved += is_open_question(plan->problems.items[i].code);
    }
    buf_init(&text, REPORT_SIZE_MOST);
    json_out_init(&out, &text);
    json_object(&out);
    json_i64_at(&out, "lines", (int64_t)plan->lines);
    json_i64_at(&out, "adds", (int64_t)plan->adds);
    json_i64_at(&out, "keeps", (int64_t)plan->keeps);
    json_i64_at(&out, "changes", (int64_t)plan->changes);
    json_i64_at(&out, "ends", (int64_t)plan->ends);
    json_i64_at(&out, "unresolved", unresolved);
    write_notes(&out, "errors", &plan->problems, UNIT_ERROR);
    write_notes(&out, "notes", &plan->problems, UNIT_WARNING);
    json_end(&out);
    TRY(json_out_check(&out));
    *ret_json = arena_str(arena, buf_str(&text));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

/* One text of a note; copied, because the document is closed afterwards. */
static errc read_text(const struct json_value *object, const char *key, struct arena *arena,
                      str *ret_text)
{
    struct bad_field bad;
    str text = STR_NONE;
    TRY(json_in_str(object, key, 0, ABOUT_MOST, &text, &bad));
    *ret_text = arena_str(arena, text);
    return ret_text->at == NULL ? ERR_NO_MEMORY : OK;
}

static errc read_notes(const struct json_value *array, struct arena *arena,
                       const struct import_note **ret_notes, size_t *ret_count)
{
    size_t count = json_in_count(array);
    struct import_note *notes = arena_take_array(arena, count, sizeof *notes);
    if (notes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *note = json_in_at(array, i);
        struct bad_field bad;
        int64_t line = 0;
        TRY(json_in_i64(note, "line", 0, INT64_MAX, &line, &bad));
        TRY(read_text(note, "column", arena, &notes[i].column));
        TRY(read_text(note, "key", arena, &notes[i].key));
        TRY(read_text(note, "about", arena, &notes[i].about));
        notes[i].line = (size_t)line;
    }
    *ret_notes = notes;
    *ret_count = count;
    return OK;
}

static errc read_figures(const struct json_value *root, struct import *import)
{
    struct bad_field bad;
    const struct {
        const char *key;
        int64_t *to;
    } figures[] = {
        {"lines", &import->lines},     {"adds", &import->adds}, {"keeps", &import->keeps},
        {"changes", &import->changes}, {"ends", &import->ends}, {"unresolved", &import->unresolved},
    };
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        TRY(json_in_i64(root, figures[i].key, 0, INT64_MAX, figures[i].to, &bad));
    }
    return OK;
}

errc import_report_read(str json, struct arena *arena, struct import *import)
{
    struct json_in in AUTO(json_in_finish) = {NULL};
    TRY(json_in_parse(json, &in, NULL));
    errc rc = read_figures(in.root, import);
    if (rc == OK) {
        rc = read_notes(json_in_get(in.root, "errors"), arena, &import->errors,
                        &import->error_count);
    }
    if (rc == OK) {
        rc = read_notes(json_in_get(in.root, "notes"), arena, &import->notes, &import->note_count);
    }
    return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}
