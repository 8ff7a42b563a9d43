/* The programme desk: somebody's calendar, and a week once more. Both can be tried first, and then
 * say what would happen. */
#include "console/programme_json.h"
#include "console/steps.h"
#include "console/unit_json.h"
#include "studio/calendar_import.h"
#include "studio/week.h"

static void write_message(struct ask *ask, const char *code)
{
    json_text_at(&ask->json, "code", code);
    json_str_at(&ask->json, "message",
                code == NULL ? STR_NONE : ask_word(ask, "calendar.", str_of(code)));
}

static void write_import(struct ask *ask, const struct import_line *line)
{
    struct json_out *out = &ask->json;
    const struct calendar_event *event = line->event;
    bool known = event->problem == NULL;
    json_object(out);
    json_str_at(out, "uid", event->uid);
    json_str_at(out, "name", event->name);
    json_text_at(out, "result", import_result_name(line->result));
    write_message(ask, line->code);
    json_key(out, "programme");
    line->programme == 0 ? json_null(out) : json_i64(out, line->programme);
    air_time_at(out, "start", known ? event->start_s : -1);
    json_i64_at(out, "place_ms", known ? event->place_ms : 0);
    json_key(out, "when");
    if (known) {
        programme_json_when(out, &event->when);
    } else {
        json_null(out);
    }
    json_end(out);
}

errc api_programmes_import(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct calendar_import import = {.unit = 0};
    struct import_lines lines;
    int64_t counts[IMPORT_RESULTS] = {0};
    int64_t dry = 0;
    TRY(air_query_unit(ask, &import.unit));
    TRY(ask_query_i64(ask, "dry", 0, &dry));
    import.dry = dry != 0;
    errc rc = calendar_read(ask->body, ask->house->zone, ask->arena, &import.events, why);
    TRY(rc == ERR_INVALID ? bad_field(&ask->bad, "calendar", "not_a_calendar") : rc);
    TRY(calendar_import(&desk, ask->db, &import, &lines, why));
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < lines.count; i++) {
        write_import(ask, &lines.at[i]);
        counts[lines.at[i].result]++;
    }
    json_end(&ask->json);
    for (int i = 0; i < IMPORT_RESULTS; i++) {
        json_i64_at(&ask->json, import_result_name((enum import_result)i), counts[i]);
    }
    json_end(&ask->json);
    return OK;
}

static void write_copy(struct ask *ask, const struct week_line *line)
{
    struct json_out *out = &ask->json;
    json_object(out);
    air_name_at(out, "programme", line->programme, line->name);
    json_day_at(out, "from", line->from);
    json_day_at(out, "to", line->to);
    json_text_at(out, "result", week_result_name(line->result));
    json_end(out);
}

errc api_programmes_copy_week(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "from", "to", "dry", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct week_copy copy = {.dry = false};
    struct week_lines lines;
    int64_t counts[WEEK_RESULTS] = {0};
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &copy.unit, &ask->bad));
    TRY(json_in_day(in.root, "from", &copy.from, &ask->bad));
    TRY(json_in_day(in.root, "to", &copy.to, &ask->bad));
    TRY(json_in_has(in.root, "dry") ? json_in_bool(in.root, "dry", &copy.dry, &ask->bad) : OK);
    TRY(week_copy(&desk, ask->db, &copy, &lines, why));
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < lines.count; i++) {
        write_copy(ask, &lines.at[i]);
        counts[lines.at[i].result]++;
    }
    json_end(&ask->json);
    for (int i = 0; i < WEEK_RESULTS; i++) {
        json_i64_at(&ask->json, week_result_name((enum week_result)i), counts[i]);
    }
    json_end(&ask->json);
    return OK;
}
