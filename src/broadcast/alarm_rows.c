/* Raising, confirming and replacing alarms; see alarm.h. The row and the audit line stand
 * before the order is signed, and all of it is one transaction: what was sent can be explained. */
#include "broadcast/alarm_inside.h"

#include "base/json_out.h"
#include "broadcast/alarm_sql.h"
#include "broadcast/coverage_rows.h"
#include "orders/order_book.h"
#include "people/audit.h"
#include "wire/authority.h"
#include "wire/codec.h"

enum { BODY_MOST = 16 * 1024 };

str alarm_id_bytes(const wire_id *id)
{
    return (str){(const char *)id->bytes, sizeof id->bytes};
}

/* --- the audit trail -------------------------------------------------------------------------- */

errc alarm_tell(const struct raising *run, const char *step, str note)
{
    static const char *const whats[ALARM_KINDS] = {"alarm", "drill", "all_stop"};
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    char action[AUDIT_ACTION_MOST];
    snprintf(action, sizeof action, "%s_%s", whats[run->kind], step);
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_str_at(&out, "text", run->draft.text);
    json_text_at(&out, "hazard", hazard_name(run->draft.hazard));
    json_i64_at(&out, "devices", run->effect.devices);
    json_i64_at(&out, "people", run->effect.people);
    json_bool_at(&out, "delegated", run->effect.delegation != 0);
    json_str_at(&out, "source", run->draft.source.id != 0 ? run->draft.source.name : STR_NONE);
    json_i64_at(&out, "valid_ms", run->draft.valid_ms);
    json_str_at(&out, "note", note.len > 0 ? note : STR_NONE);
    json_end(&out);
    struct audit_entry entry = {
        .actor = run->desk->actor,
        .action = action,
        .subject_kind = whats[run->kind],
        .subject_id = run->id,
        .subject_name = run->draft.title,
        .subject_unit_id = run->draft.unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(run->db, "alarms", run->why));
    return audit_append(run->db, &entry, run->why);
}

/* --- sending ---------------------------------------------------------------------------------- */

static errc write_body(const struct raising *run, struct buf *body, const hash **ret_media)
{
    const struct alarm_draft *draft = &run->draft;
    struct wire_voice *voices =
        arena_take_array(run->desk->arena, draft->voice_count + 1, sizeof *voices);
    hash *media = arena_take_array(run->desk->arena, draft->voice_count + 1, sizeof *media);
    if (voices == NULL || media == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < draft->voice_count; i++) {
        const struct alarm_voice *voice = &draft->voices[i];
        voices[i] = (struct wire_voice){voice->language, voice->media, (uint64_t)voice->bytes,
                                        (uint64_t)voice->ms};
        media[i] = voice->media;
    }
    *ret_media = media;
    struct wire_alarm said = {
        .signal = (uint64_t)draft->signal,
        .clip = (uint64_t)draft->clip,
        .voices = {voices, draft->voice_count},
        .times = (uint64_t)draft->times,
        .pause_ms = (uint64_t)draft->pause_ms,
        .again_s = (uint64_t)draft->again_s,
        .text = draft->text,
        .gain_mb = draft->gain_mb,
        .start = draft->start,
    };
    struct wire_stop silence = {.target = {{0}}};
    if (run->old != NULL) {
        said.replaces = run->old->mark;
    }
    return run->kind == ALARM_STOP ? wire_record_write(&wire_record_stop, &silence, body)
                                   : wire_record_write(&wire_record_alarm, &said, body);
}

struct wire_uints alarm_area_of(const struct alarm_draft *draft)
{
    bool named = draft->area_count > 0;
    const unit_id *units = named ? draft->areas : &draft->unit;
    return (struct wire_uints){(const uint64_t *)units, named ? draft->area_count : 1};
}

static errc issue(const struct raising *run, int64_t raised_by)
{
    AUTO(buf_finish) struct buf body;
    struct order order;
    const hash *media = NULL;
    struct order_job job = desk_order_job(run->desk);
    usec now = run->desk->actor->now;
    buf_init(&body, BODY_MOST);
    TRY(write_body(run, &body, &media));
    struct order_draft draft = {
        .kind = run->kind == ALARM_STOP ? ORDER_STOP : ORDER_ALARM,
        .order_class = alarm_class(run->kind),
        .issuer = run->draft.unit,
        .right = alarm_right(run->kind),
        .area = alarm_area_of(&run->draft),
        .not_before = now,
        .expires = now + run->draft.valid_ms * 1000,
        .body = buf_str(&body),
        .written_by = raised_by,
        .media = media,
        .media_count = run->draft.voice_count,
        .id = run->draft.mark,
    };
    return order_issue(run->db, &job, &draft, &order, run->why);
}

/* The version before gives way: it is not given to anybody any more. */
static errc end_old(const struct raising *run)
{
    usec now = run->desk->actor->now;
    struct alarm_ended_in in = {
        .id = run->old->id,
        .from_state = S("in_force"),
        .state = S("replaced"),
        .has_ended_by = run->desk->actor->account_id != 0,
        .ended_by = run->desk->actor->account_id,
        .ended_name = run->desk->actor->name.len == 0 ? S("") : run->desk->actor->name,
        .now_us = now,
        .end_mark = alarm_id_bytes(&run->draft.mark),
        .end_reason = S(""),
    };
    int64_t changed = 0;
    TRY(alarm_ended(run->db, &in, &changed, run->why));
    if (changed == 0) {
        return fail(run->why, ERR_CONFLICT, "what it replaces is over already");
    }
    return order_end(run->db, run->old->mark, REASON_REPLACED, now, run->why);
}

static errc send(const struct raising *run, int64_t raised_by)
{
    const struct actor *actor = run->desk->actor;
    struct alarm_sent_in in = {
        .id = run->id,
        .has_approved_by = actor->account_id != 0,
        .approved_by = actor->account_id,
        .approved_name = actor->name.len == 0 ? S("") : actor->name,
        .now_us = actor->now,
        .expires_us = actor->now + run->draft.valid_ms * 1000,
        .devices = run->effect.devices,
        .units = run->effect.communes,
        .people = run->effect.people,
        .has_delegation_id = run->effect.delegation != 0,
        .delegation_id = run->effect.delegation,
    };
    int64_t changed = 0;
    TRY(alarm_sent(run->db, &in, &changed, run->why));
    if (changed == 0) {
        return fail(run->why, ERR_CONFLICT, "it does not wait");
    }
    TRY(coverage_rows_open(run->db, run->id, &run->receivers, run->desk->arena, run->why));
    if (run->old != NULL) {
        TRY(end_old(run));
    }
    return issue(run, raised_by);
}

/* --- raising ---------------------------------------------------------------------------------- */

static errc write_parts(const struct raising *run)
{
    const struct alarm_draft *draft = &run->draft;
    for (size_t i = 0; i < draft->area_count; i++) {
        struct alarm_area_add_in in = {run->id, draft->areas[i]};
        TRY(alarm_area_add(run->db, &in, NULL, run->why));
    }
    for (size_t i = 0; i < draft->voice_count; i++) {
        const struct alarm_voice *voice = &draft->voices[i];
        struct alarm_voice_add_in in = {run->id,      (int64_t)i,   voice->language,
                                        voice->media, voice->bytes, voice->ms};
        TRY(alarm_voice_add(run->db, &in, NULL, run->why));
    }
    return alarm_prepared_keep(run);
}

/* Who stands as its author. */
static int64_t author_of(const struct raising *run)
{
    return run->draft.source.id != 0 ? run->draft.source.written_by : run->desk->actor->account_id;
}

static str author_name_of(const struct raising *run)
{
    str name = run->draft.source.id != 0 ? run->draft.source.name : run->desk->actor->name;
    return name.len == 0 ? S("") : name;
}

static errc write_row(struct raising *run)
{
    const struct alarm_draft *draft = &run->draft;
    const struct actor *actor = run->desk->actor;
    const struct alarm *before = run->old != NULL ? run->old : run->after;
    struct alarm_add_row_row row;
    struct alarm_add_row_in in = {
        .mark = alarm_id_bytes(&draft->mark),
        .kind = str_of(alarm_kind_name(run->kind)),
        .unit_id = draft->unit,
        .root_id = before == NULL ? 0 : before->root,
        .version = before == NULL ? 1 : before->version + 1,
        .has_replaces_id = before != NULL,
        .replaces_id = before == NULL ? 0 : before->id,
        .hazard = str_of(hazard_name(draft->hazard)),
        .purpose = str_of(alarm_purpose_name(draft->purpose)),
        .title = draft->title.len == 0 ? S("") : draft->title,
        .text = draft->text.len == 0 ? S("") : draft->text,
        .signal = draft->signal,
        .clip = draft->clip,
        .times = draft->times,
        .pause_ms = draft->pause_ms,
        .again_s = draft->again_s,
        .gain_mb = draft->gain_mb,
        .start_us = draft->start,
        .expires_us = actor->now + draft->valid_ms * 1000,
        .valid_ms = draft->valid_ms,
        .devices = run->effect.devices,
        .units = run->effect.communes,
        .people = run->effect.people,
        .has_source_id = draft->source.id != 0,
        .source_id = draft->source.id,
        .source_name = draft->source.id == 0 ? S("") : draft->source.name,
        .has_raised_by = author_of(run) != 0,
        .raised_by = author_of(run),
        .raised_name = author_name_of(run),
        .now_us = actor->now,
    };
    TRY(alarm_add_row(run->db, &in, run->desk->arena, &row, run->why));
    run->id = row.id;
    if (before == NULL) {
        TRY(alarm_root_self(run->db, &(struct alarm_root_self_in){row.id}, NULL, run->why));
    }
    return write_parts(run);
}

/* Raised before under the same mark: the same answer again. */
static errc find_raised(struct raising *run, bool *ret_found)
{
    struct alarm_by_mark_in in = {alarm_id_bytes(&run->draft.mark)};
    struct alarm_by_mark_row row;
    errc rc = alarm_by_mark(run->db, &in, run->desk->arena, &row, run->why);
    *ret_found = rc == OK;
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    run->id = row.id;
    bool same =
        row.unit_id == run->draft.unit && str_is(row.kind, str_of(alarm_kind_name(run->kind)));
    return same ? OK : fail(run->why, ERR_EXISTS, "the mark belongs to something else");
}

/* Two people: for what one of them had approved before, the other one stands as who wrote it. */
static int64_t writer_of(const struct raising *run)
{
    const struct alarm *before = run->old != NULL ? run->old : run->after;
    int64_t account = author_of(run);
    if (before != NULL && run->draft.purpose != PURPOSE_ALARM) {
        account = before->raised_by != account ? before->raised_by : before->approved_by;
    }
    return account != 0 ? account : author_of(run);
}

static const char *step_of(const struct raising *run)
{
    static const char *const steps[ALARM_PURPOSES] = {"raised", "corrected", "end_said"};
    return run->draft.purpose == PURPOSE_ALARM && run->old != NULL ? "updated"
                                                                   : steps[run->draft.purpose];
}

errc alarm_run(struct raising *run, int64_t *ret_id)
{
    bool found = false;
    TRY(desk_may(run->desk, alarm_right(run->kind), run->draft.unit));
    TRY(find_raised(run, &found));
    if (!found) {
        TRY(run->kind == ALARM_STOP ? OK : alarm_prepare(run));
        TRY(alarm_foresee(run));
        TRY(order_hold(run->db, run->why));
        TRY(write_row(run));
        TRY(alarm_tell(run, step_of(run), STR_NONE));
        if (!run->effect.needs_approval) {
            TRY(send(run, writer_of(run)));
            TRY(alarm_tell(run, "sent", STR_NONE));
        }
    }
    *ret_id = run->id;
    return OK;
}

errc alarm_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                 int64_t *ret_id, struct why *why)
{
    struct raising run = {.desk = desk, .db = db, .kind = ALARM_REAL, .draft = *draft, .why = why};
    return alarm_run(&run, ret_id);
}

errc drill_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                 int64_t *ret_id, struct why *why)
{
    struct raising run = {.desk = desk, .db = db, .kind = ALARM_DRILL, .draft = *draft, .why = why};
    return alarm_run(&run, ret_id);
}

errc all_stop_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                    int64_t *ret_id, struct why *why)
{
    struct raising run = {.desk = desk, .db = db, .kind = ALARM_STOP, .draft = *draft, .why = why};
    run.draft.purpose = PURPOSE_ALARM;
    run.draft.signal = SIGNAL_NONE;
    run.draft.clip = 0;
    run.draft.voice_count = 0;
    return alarm_run(&run, ret_id);
}

errc alarm_update(const struct desk *desk, struct db *db, int64_t id,
                  const struct alarm_draft *draft, int64_t *ret_id, struct why *why)
{
    struct alarm old;
    TRY(alarm_get(desk, db, id, &old, why));
    struct raising run = {
        .desk = desk, .db = db, .kind = old.kind, .old = &old, .draft = *draft, .why = why};
    run.draft.unit = old.unit;
    bool found = false;
    TRY(find_raised(&run, &found));
    if (!found && (old.state != ALARM_IN_FORCE || old.kind == ALARM_STOP)) {
        return fail(why, ERR_CONFLICT, "alarm %lld is not in force", (long long)id);
    }
    return alarm_run(&run, ret_id);
}

/* --- the second person ------------------------------------------------------------------------ */

struct alarm_draft alarm_draft_of(const struct alarm *alarm)
{
    return (struct alarm_draft){
        .mark = alarm->mark,
        .unit = alarm->unit,
        .areas = alarm->areas,
        .area_count = alarm->area_count,
        .hazard = alarm->hazard,
        .purpose = alarm->purpose,
        .title = alarm->title,
        .text = alarm->text,
        .cancel = alarm->cancel,
        .correction = alarm->correction,
        .signal = alarm->signal,
        .clip = alarm->clip,
        .times = alarm->times,
        .pause_ms = alarm->pause_ms,
        .again_s = alarm->again_s,
        .gain_mb = alarm->gain_mb,
        .start = alarm->start,
        .valid_ms = alarm->valid_ms,
        .voices = alarm->voices,
        .voice_count = alarm->voice_count,
    };
}

errc alarm_confirm(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct alarm alarm;
    struct alarm old;
    TRY(alarm_get(desk, db, id, &alarm, why));
    struct raising run = {.desk = desk,
                          .db = db,
                          .kind = alarm.kind,
                          .draft = alarm_draft_of(&alarm),
                          .id = id,
                          .why = why};
    TRY(desk_may(desk, alarm_right(alarm.kind), alarm.unit));
    if (alarm.state == ALARM_IN_FORCE && alarm.approved_by == desk->actor->account_id) {
        return OK;
    }
    if (alarm.state != ALARM_WAITING) {
        return fail(why, ERR_CONFLICT, "alarm %lld does not wait", (long long)id);
    }
    if (alarm.raised_by == desk->actor->account_id) {
        return fail(why, ERR_FORBIDDEN, "the second person is another one");
    }
    if (alarm.replaces != 0) {
        TRY(alarm_get(desk, db, alarm.replaces, &old, why));
        run.old = &old;
    }
    if (alarm.start != 0 && alarm.start < desk->actor->now) {
        run.draft.start = 0; /* its moment has passed while it waited */
    }
    TRY(alarm_foresee(&run));
    TRY(order_hold(db, why));
    TRY(send(&run, alarm.raised_by));
    return alarm_tell(&run, "confirmed", STR_NONE);
}
