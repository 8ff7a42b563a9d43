/* Writing our emergencies as messages; see issued.h. */
#include "alert/issued.h"

#include "alert/issued_sql.h"
#include "broadcast/alarm_template.h"

enum { XML_MOST = 512 * 1024, AREAS_MOST = ALARM_AREAS_MOST };

#define ISSUE_BACK (7 * USEC_DAY) /* an installation that begins does not issue its past */
#define END_COUNTS USEC_HOUR

/* One message on its way. */
struct issuing {
    const struct desk *desk;
    struct db *db;
    const struct cap_issuer *issuer;
    const struct alarm *alarm;
    bool ends;
    struct cap_message message;
    struct cap_info info;
    struct why *why;
};

static str hex_of(const wire_id *mark, struct arena *arena)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 2 * WIRE_ID_SIZE + 1);
    buf_add_hex(&text, mark->bytes, sizeof mark->bytes);
    return arena_str(arena, buf_str(&text));
}

static enum cap_name name_or(enum cap_list list, str text, enum cap_name fallback)
{
    enum cap_name name = fallback;
    return cap_name_parse(list, text, &name) ? name : fallback;
}

/* An area by its name, with its official code for machines. */
static errc add_areas(struct issuing *run)
{
    const struct alarm *alarm = run->alarm;
    struct arena *arena = run->desk->arena;
    struct tree tree = forest_at(run->desk->forest, run->desk->actor->today);
    size_t count = alarm->area_count > 0 ? alarm->area_count : 1;
    struct cap_area *areas = arena_take_array(arena, count, sizeof *areas);
    struct cap_pair *codes = arena_take_array(arena, count, sizeof *codes);
    if (areas == NULL || codes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct unit_line line = {.name = S("")};
        unit_id unit = alarm->area_count > 0 ? alarm->areas[i] : alarm->unit;
        bool known = tree_line(tree, unit, &line);
        codes[i] = (struct cap_pair){S("VN-DVHC"), line.code};
        areas[i] = (struct cap_area){.name = known && line.name.len > 0 ? line.name : S("-"),
                                     .geocodes = {&codes[i], line.code.len > 0 ? 1 : 0}};
    }
    run->info.areas = areas;
    run->info.area_count = count > CAP_AREAS_MOST ? CAP_AREAS_MOST : count;
    return OK;
}

static errc fill_kind(struct issuing *run)
{
    struct alarm_template form;
    const struct desk *desk = run->desk;
    enum hazard hazard = run->alarm->kind == ALARM_DRILL ? HAZARD_DRILL : run->alarm->hazard;
    errc rc = alarm_template_of(desk, run->db, run->alarm->unit, hazard, &form, run->why);
    if (rc == ERR_NOT_FOUND) {
        form = (struct alarm_template){.event = S("")};
    } else if (rc != OK) {
        return rc;
    }
    struct cap_info *info = &run->info;
    enum cap_name category = name_or(CAP_CATEGORY, form.category, CAP_CATEGORY_OTHER);
    enum cap_name response = name_or(CAP_RESPONSE, form.response, CAP_RESPONSE_MONITOR);
    response = run->ends ? CAP_RESPONSE_ALL_CLEAR : response;
    info->categories = cap_bit(CAP_CATEGORY, category);
    info->responses = cap_bit(CAP_RESPONSE, response);
    info->event = form.event.len > 0 ? form.event : S("Emergency");
    info->urgency =
        run->ends ? CAP_URGENCY_PAST : name_or(CAP_URGENCY, form.urgency, CAP_URGENCY_IMMEDIATE);
    info->severity = name_or(CAP_SEVERITY, form.severity, CAP_SEVERITY_UNKNOWN);
    info->certainty = name_or(CAP_CERTAINTY, form.certainty, CAP_CERTAINTY_UNKNOWN);
    return OK;
}

static void fill_info(struct issuing *run)
{
    const struct alarm *alarm = run->alarm;
    struct unit_line line = {.name = S("")};
    struct tree tree = forest_at(run->desk->forest, run->desk->actor->today);
    bool known = tree_line(tree, alarm->unit, &line);
    bool says_end = run->ends && alarm->cancel.text.len > 0;
    run->info.language = alarm->voice_count > 0 ? alarm->voices[0].language : S("vi-VN");
    run->info.headline = says_end ? alarm->cancel.title : alarm->title;
    run->info.description = says_end ? alarm->cancel.text : alarm->text;
    run->info.sender_name = known ? line.name : S("");
    run->info.web = run->issuer->origin;
    run->info.effective = run->message.sent;
    run->info.expires = run->ends ? alarm->ended_at + END_COUNTS : alarm->expires;
}

static errc fill_references(struct issuing *run)
{
    struct cap_issued_before_in in = {run->alarm->root};
    struct cap_issued_before_row *rows = NULL;
    size_t count = 0;
    TRY(cap_issued_before_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    struct cap_reference *list = arena_take_array(run->desk->arena, count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct cap_reference){rows[i].sender, rows[i].identifier, rows[i].sent_us};
    }
    run->message.references = list;
    run->message.reference_count = count;
    run->message.type = count == 0 ? CAP_TYPE_ALERT : run->ends ? CAP_TYPE_CANCEL : CAP_TYPE_UPDATE;
    return OK;
}

static errc keep(const struct issuing *run, str xml)
{
    const struct alarm *alarm = run->alarm;
    struct cap_issued_add_in in = {
        .identifier = run->message.identifier,
        .alarm_id = alarm->id,
        .root_id = alarm->root,
        .unit_id = alarm->unit,
        .ends = run->ends,
        .sender = run->message.sender,
        .sent_us = run->message.sent,
        .title = run->info.headline.len > 0 ? run->info.headline : run->info.event,
        .summary = run->info.description,
        .xml = xml,
    };
    return cap_issued_add(run->db, &in, NULL, run->why);
}

static errc issue(const struct desk *desk, struct db *db, const struct cap_issuer *issuer,
                  const struct alarm *alarm, bool ends, struct why *why)
{
    AUTO(buf_finish) struct buf plain;
    AUTO(buf_finish) struct buf sealed;
    struct issuing run = {
        .desk = desk, .db = db, .issuer = issuer, .alarm = alarm, .ends = ends, .why = why};
    usec at = ends ? alarm->ended_at : alarm->sent_at;
    buf_init(&plain, XML_MOST);
    buf_init(&sealed, XML_MOST);
    run.message = (struct cap_message){
        .identifier = arena_format(desk->arena, "loa.%.*s%s",
                                   STR_ARG(hex_of(&alarm->mark, desk->arena)), ends ? ".end" : ""),
        .sender = issuer->sender,
        .sent = at / USEC_SECOND * USEC_SECOND,
        .status = alarm->kind == ALARM_DRILL ? CAP_STATUS_EXERCISE : CAP_STATUS_ACTUAL,
        .scope = CAP_SCOPE_PUBLIC,
        .source = alarm->source_name,
        .note = ends ? alarm->end_reason : S(""),
        .infos = &run.info,
        .info_count = 1,
    };
    TRY(fill_references(&run));
    TRY(fill_kind(&run));
    fill_info(&run);
    TRY(add_areas(&run));
    cap_write(&run.message, desk->zone, &plain);
    TRY(buf_check(&plain));
    TRY(cap_sign(buf_str(&plain), issuer->key, issuer->certificate, &sealed, why));
    return keep(&run, buf_str(&sealed));
}

static errc issue_all(const struct desk *desk, struct db *db, const struct cap_issuer *issuer,
                      const int64_t *ids, size_t count, bool ends, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        struct alarm alarm;
        TRY(alarm_get(desk, db, ids[i], &alarm, why));
        TRY(issue(desk, db, issuer, &alarm, ends, why));
    }
    return OK;
}

errc cap_issue_due(const struct desk *desk, struct db *db, const struct cap_issuer *issuer,
                   bool *ret_more, struct why *why)
{
    usec after = desk->actor->now - ISSUE_BACK;
    struct cap_issue_alarms_in begins_in = {after};
    struct cap_issue_ends_in ends_in = {after};
    struct cap_issue_alarms_row *begins = NULL;
    struct cap_issue_ends_row *ends = NULL;
    size_t begin_count = 0;
    size_t end_count = 0;
    int64_t ids[ISSUED_A_TIME];
    TRY(cap_issue_alarms_all(db, &begins_in, desk->arena, &begins, &begin_count, why));
    for (size_t i = 0; i < begin_count; i++) {
        ids[i] = begins[i].id;
    }
    TRY(issue_all(desk, db, issuer, ids, begin_count, false, why));
    TRY(cap_issue_ends_all(db, &ends_in, desk->arena, &ends, &end_count, why));
    for (size_t i = 0; i < end_count; i++) {
        ids[i] = ends[i].id;
    }
    TRY(issue_all(desk, db, issuer, ids, end_count, true, why));
    *ret_more = begin_count == ISSUED_A_TIME || end_count == ISSUED_A_TIME;
    return begin_count + end_count > 0 ? db_announce(db, "cap", why) : OK;
}

/* --- for everybody -----------------------------------------------------------------------------
 */

errc cap_issued_list(struct tree tree, struct db *db, unit_id unit, struct arena *arena,
                     struct cap_issued_list *ret_list, struct why *why)
{
    struct cap_issued_newest_row *rows = NULL;
    size_t row_count = 0;
    size_t count = 0;
    struct cap_issued *list = arena_take_array(arena, ISSUED_PAGE, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(cap_issued_newest_all(db, arena, &rows, &row_count, why));
    for (size_t i = 0; i < row_count && count < ISSUED_PAGE; i++) {
        if (tree_covers(tree, unit, rows[i].unit_id)) {
            list[count++] = (struct cap_issued){.identifier = rows[i].identifier,
                                                .alarm = rows[i].alarm_id,
                                                .unit = rows[i].unit_id,
                                                .sender = rows[i].sender,
                                                .sent = rows[i].sent_us,
                                                .title = rows[i].title,
                                                .summary = rows[i].summary,
                                                .xml = S("")};
        }
    }
    *ret_list = (struct cap_issued_list){list, count};
    return OK;
}

errc cap_issued_get(struct db *db, str identifier, struct arena *arena,
                    struct cap_issued *ret_issued, struct why *why)
{
    struct cap_issued_one_in in = {identifier};
    struct cap_issued_one_row *rows = NULL;
    size_t count = 0;
    TRY(cap_issued_one_all(db, &in, arena, &rows, &count, why));
    if (count == 0) {
        return fail(why, ERR_NOT_FOUND, "no such message");
    }
    *ret_issued = (struct cap_issued){.identifier = rows[0].identifier,
                                      .alarm = rows[0].alarm_id,
                                      .unit = rows[0].unit_id,
                                      .sender = rows[0].sender,
                                      .sent = rows[0].sent_us,
                                      .title = rows[0].title,
                                      .summary = rows[0].summary,
                                      .xml = rows[0].xml};
    return OK;
}
