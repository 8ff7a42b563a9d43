/* The audit log: pages, filters, the verdict about its chain, and exports. Everybody sees what
 * accounts of his own units did; whoever stands over the top unit sees the system's lines too. */
#include "people/audit.h"
#include "console/audit_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static bool sees_unit(const void *ctx, int64_t unit)
{
    const struct ask *ask = ctx;
    struct right_view view = unit_right_view(ask->forest);
    return actor_may(&ask->actor, RIGHT_AUDIT_READ, unit, &view);
}

static void scope(struct ask *ask, struct audit_filter *filter)
{
    if (!unit_over_all(ask, RIGHT_AUDIT_READ)) {
        filter->sees_unit = sees_unit;
        filter->sees_ctx = ask;
    }
}

static void write_who(struct ask *ask, const struct audit_line *line)
{
    struct json_out *out = &ask->json;
    json_key(out, "account");
    if (line->account_id <= 0) {
        json_null(out);
    } else {
        json_object(out);
        json_i64_at(out, "id", line->account_id);
        json_str_at(out, "name", line->account_name);
        json_str_at(out, "login", line->account_login);
        json_end(out);
    }
    day on = day_of(line->at, ask->house->zone);
    unit_json_name_at(out, "unit", forest_at(ask->forest, on), line->unit_id);
}

static errc write_line(void *ctx, const struct audit_line *line, struct why *why)
{
    struct ask *ask = ctx;
    struct json_out *out = &ask->json;
    (void)why;
    char hex[HASH_TEXT_SIZE];
    hash_text(line->self, hex);
    json_object(out);
    json_i64_at(out, "seq", line->seq);
    json_usec_at(out, "at", line->at);
    write_who(ask, line);
    json_str_at(out, "action", line->action);
    json_str_at(out, "subject_kind", line->subject_kind);
    json_key(out, "subject_id");
    if (line->subject_id != 0) {
        json_i64(out, line->subject_id);
    } else {
        json_null(out);
    }
    ask_write_text(ask, "subject_name", line->subject_name);
    ask_write_text(ask, "address", line->address);
    ask_write_json(ask, "before", line->before);
    ask_write_json(ask, "after", line->after);
    json_text_at(out, "hash", hex);
    json_end(out);
    return buf_check(&ask->out);
}

errc audit_json_history(struct ask *ask, const char *kind, int64_t subject_id, size_t limit,
                        struct why *why)
{
    struct audit_filter filter = {.subject_kind = str_of(kind), .subject_id = subject_id};
    int64_t next = 0;
    scope(ask, &filter);
    json_array_at(&ask->json, "history");
    TRY(audit_page(ask->db, &filter, limit, write_line, ask, &next, why));
    json_end(&ask->json);
    return OK;
}

static errc ask_query_usec(struct ask *ask, const char *name, bool end, usec *ret_instant)
{
    str text = STR_NONE;
    day date = 0;
    TRY(ask_query(ask, name, &text));
    if (text.at == NULL) {
        return OK;
    }
    if (day_parse(text, &date)) { /* a whole day: until its end */
        *ret_instant = day_start(date + (end ? 1 : 0), ask->house->zone);
        return OK;
    }
    return usec_parse(text, ret_instant) ? OK : bad_field(&ask->bad, name, "not_a_date");
}

static errc take_filter(struct ask *ask, struct audit_filter *filter)
{
    TRY(ask_query_i64(ask, "account", 0, &filter->account_id));
    TRY(ask_query_i64(ask, "subject_id", 0, &filter->subject_id));
    TRY(ask_query(ask, "subject_kind", &filter->subject_kind));
    TRY(ask_query(ask, "action", &filter->action));
    TRY(ask_query_usec(ask, "from", false, &filter->from));
    TRY(ask_query_usec(ask, "to", true, &filter->to));
    scope(ask, filter);
    return OK;
}

struct within {
    const struct ask *ask;
    unit_id unit;
};

/* ?unit=: lines of accounts of this unit and below, within what may be seen at all. */
static bool is_within(const void *ctx, int64_t unit)
{
    const struct within *within = ctx;
    struct tree tree = forest_at(within->ask->forest, within->ask->today);
    return tree_covers(tree, within->unit, unit) && sees_unit(within->ask, unit);
}

errc api_audit_list(struct ask *ask, struct why *why)
{
    struct audit_filter filter = {.before_seq = 0};
    struct within within = {.ask = ask};
    size_t limit = 0;
    int64_t next = 0;
    TRY(take_filter(ask, &filter));
    TRY(ask_query_i64(ask, "unit", 0, &within.unit));
    if (within.unit != 0) {
        filter.sees_unit = is_within;
        filter.sees_ctx = &within;
    }
    TRY(ask_query_i64(ask, "after", 0, &filter.before_seq));
    TRY(ask_query_limit(ask, &limit));
    ask_list_begin(ask);
    TRY(audit_page(ask->db, &filter, limit, write_line, ask, &next, why));
    ask_list_end_at(ask, next);
    return OK;
}

static void write_action(void *ctx, str action)
{
    struct ask *ask = ctx;
    json_str(&ask->json, action);
}

errc api_audit_actions(struct ask *ask, struct why *why)
{
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    TRY(audit_actions(ask->db, write_action, ask, why));
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}

errc api_audit_check(struct ask *ask, struct why *why)
{
    struct audit_report report = {.ok = false};
    char hex[HASH_TEXT_SIZE];
    TRY(audit_verify(ask->db, &report, why));
    hash_text(report.head, hex);
    json_object(&ask->json);
    json_bool_at(&ask->json, "ok", report.ok);
    json_i64_at(&ask->json, "entries", report.entries);
    json_text_at(&ask->json, "head", hex);
    json_key(&ask->json, "broken_at");
    if (report.ok) {
        json_null(&ask->json);
    } else {
        json_i64(&ask->json, report.broken_at);
    }
    json_end(&ask->json);
    return OK;
}

enum { SPILL_AT = 256 * 1024 };

struct export
{
    struct ask *ask;
    bool syslog;
};

static errc export_line(void *ctx, const struct audit_line *line, struct why *why)
{
    const struct export *export = ctx;
    struct ask *ask = export->ask;
    TRY(export->syslog ? audit_write_syslog(line, ask->host, &ask->out)
                       : audit_write_json(line, &ask->out));
    return ask->out.len < SPILL_AT ? buf_check(&ask->out) : ask_spill(ask, why);
}

errc api_audit_download(struct ask *ask, struct why *why)
{
    struct audit_filter filter = {.before_seq = 0};
    struct export export = {.ask = ask};
    str format = STR_NONE;
    TRY(take_filter(ask, &filter));
    TRY(ask_query(ask, "format", &format));
    export.syslog = str_is(format, S("syslog"));
    if (!export.syslog && format.at != NULL && !str_is(format, S("jsonl"))) {
        return bad_field(&ask->bad, "format", "unknown");
    }
    ask->type = export.syslog ? "text/plain; charset=utf-8" : "application/jsonl; charset=utf-8";
    ask->filename = export.syslog ? "attachment; filename=\"audit.log\""
                                  : "attachment; filename=\"audit.jsonl\"";
    TRY(audit_each(ask->db, &filter, export_line, &export, why));
    TRY(ask_spill(ask, why));
    ask->is_answered = true;
    return OK;
}

/* Who took a copy of the log stands in the log. */
errc api_audit_downloaded(struct ask *ask, struct why *why)
{
    struct audit_entry entry = {.actor = &ask->actor,
                                .action = "audit_exported",
                                .subject_kind = "audit",
                                .subject_name = S("export")};
    return audit_append(ask->db, &entry, why);
}
