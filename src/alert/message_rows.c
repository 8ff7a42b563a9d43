/* Messages in the store, and taking them; see message.h. */
#include "alert/message_inside.h"

#include "alert/message_sql.h"
#include "base/json_out.h"
#include "people/audit.h"

static errc load_units(struct db *db, struct cap_kept *kept, struct arena *arena, struct why *why)
{
    struct cap_message_units_of_in in = {kept->id};
    struct cap_message_units_of_row *rows = NULL;
    TRY(cap_message_units_of_all(db, &in, arena, &rows, &kept->unit_count, why));
    unit_id *units = arena_take_array(arena, kept->unit_count + 1, sizeof *units);
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < kept->unit_count; i++) {
        units[i] = rows[i].unit_id;
    }
    kept->units = units;
    return OK;
}

static errc load_links(struct db *db, struct cap_kept *kept, struct arena *arena, struct why *why)
{
    struct cap_message_links_of_in in = {kept->id};
    struct cap_message_links_of_row *rows = NULL;
    TRY(cap_message_links_of_all(db, &in, arena, &rows, &kept->earlier_count, why));
    int64_t *earlier = arena_take_array(arena, kept->earlier_count + 1, sizeof *earlier);
    if (earlier == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < kept->earlier_count; i++) {
        earlier[i] = rows[i].earlier_id;
    }
    kept->earlier = earlier;
    return OK;
}

static errc load(struct db *db, const struct cap_messages_page_row *row, struct arena *arena,
                 struct cap_kept *ret_kept, struct why *why)
{
    struct cap_kept kept = {
        .id = row->id,
        .source = row->source_id,
        .source_name = row->source_name,
        .unit = row->unit_id,
        .outside = row->outside,
        .alarm = row->has_alarm_id ? row->alarm_id : 0,
        .xml = row->xml,
        .received_at = row->received_at_us,
        .decided_by = row->has_decided_by ? row->decided_by : 0,
        .decided_name = row->decided_name,
        .decided_at = row->has_decided_at_us ? row->decided_at_us : 0,
        .reason = row->reason,
    };
    if (!cap_state_parse(row->state, &kept.state) || !cap_note_parse(row->note, &kept.note) ||
        !cap_signature_parse(row->signature, &kept.signature) ||
        !hazard_parse(row->hazard, &kept.hazard)) {
        return ERR_CORRUPT;
    }
    TRY(cap_read(kept.xml, arena, &kept.message, why));
    TRY(load_units(db, &kept, arena, why));
    TRY(load_links(db, &kept, arena, why));
    *ret_kept = kept;
    return OK;
}

errc cap_message_get(const struct desk *desk, struct db *db, int64_t id, struct cap_kept *ret_kept,
                     struct why *why)
{
    struct cap_messages_page_in in = {
        .before_id = INT64_MAX, .only_id = id, .state = S(""), .page = 1};
    struct cap_messages_page_row *rows = NULL;
    size_t count = 0;
    if (id > 0) {
        TRY(cap_messages_page_all(db, &in, desk->arena, &rows, &count, why));
    }
    if (count == 0 || !desk_sees(desk, RIGHT_CAP_READ, rows[0].unit_id)) {
        return fail(why, ERR_NOT_FOUND, "no message %lld", (long long)id);
    }
    return load(db, &rows[0], desk->arena, ret_kept, why);
}

errc cap_message_list(const struct desk *desk, struct db *db, const struct cap_filter *filter,
                      struct cap_kept_list *ret_list, struct why *why)
{
    struct cap_messages_page_in in = {
        .before_id = filter->before == 0 ? INT64_MAX : filter->before,
        .state = filter->has_state ? str_of(cap_state_name(filter->state)) : S(""),
        .source_id = filter->source,
        .page = MESSAGES_PAGE_MOST,
    };
    struct cap_messages_page_row *rows = NULL;
    size_t count = 0;
    size_t i = 0;
    TRY(cap_messages_page_all(db, &in, desk->arena, &rows, &count, why));
    struct cap_kept *items = arena_take_array(desk->arena, filter->limit + 1, sizeof *items);
    struct cap_kept_list list = {.at = items};
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (; i < count && list.count < filter->limit; i++) {
        if (desk_sees(desk, RIGHT_CAP_READ, rows[i].unit_id)) {
            TRY(load(db, &rows[i], desk->arena, &items[list.count++], why));
        }
    }
    bool more = i < count || count == MESSAGES_PAGE_MOST;
    list.next = more && i > 0 ? rows[i - 1].id : 0;
    *ret_list = list;
    return OK;
}

/* --- deciding --------------------------------------------------------------------------------- */

errc cap_message_decide(const struct desk *desk, struct db *db, const struct cap_decision *decision,
                        struct why *why)
{
    int64_t changed = 0;
    struct cap_message_decided_in in = {
        .id = decision->id,
        .state = str_of(cap_state_name(decision->state)),
        .note = str_of(cap_note_name(decision->note)),
        .has_alarm_id = decision->alarm != 0,
        .alarm_id = decision->alarm,
        .has_decided_by = desk->actor->account_id != 0,
        .decided_by = desk->actor->account_id,
        .decided_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
        .reason = decision->reason.len == 0 ? S("") : decision->reason,
    };
    TRY(cap_message_decided(db, &in, &changed, why));
    return changed > 0 ? OK : fail(why, ERR_CONFLICT, "somebody else was quicker");
}

errc cap_message_tell(const struct desk *desk, struct db *db, const char *action,
                      const struct cap_kept *kept, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_str_at(&out, "identifier", kept->message.identifier);
    json_str_at(&out, "sender", kept->message.sender);
    json_text_at(&out, "status", cap_name(kept->message.status));
    json_text_at(&out, "type", cap_name(kept->message.type));
    json_text_at(&out, "state", cap_state_name(kept->state));
    json_text_at(&out, "signature", cap_signature_name(kept->signature));
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "cap_message",
        .subject_id = kept->id,
        .subject_name = kept->source_name,
        .subject_unit_id = kept->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "cap", why));
    return audit_append(db, &entry, why);
}

errc cap_message_alarm(struct db *db, int64_t id, struct arena *arena, int64_t *ret_alarm,
                       struct why *why)
{
    struct cap_message_links_of_in in = {id};
    struct cap_message_links_of_row *rows = NULL;
    size_t count = 0;
    *ret_alarm = 0;
    TRY(cap_message_links_of_all(db, &in, arena, &rows, &count, why));
    for (size_t i = 0; i < count && *ret_alarm == 0; i++) {
        struct cap_message_newest_alarm_in newest = {rows[i].has_alarm_id ? rows[i].alarm_id : 0};
        struct cap_message_newest_alarm_row *found = NULL;
        size_t found_count = 0;
        TRY(cap_message_newest_alarm_all(db, &newest, arena, &found, &found_count, why));
        *ret_alarm = found_count > 0 ? found[0].id : 0;
    }
    return OK;
}

errc cap_messages_expire(struct db *db, usec now, struct why *why)
{
    struct cap_messages_over_in in = {now};
    int64_t changed = 0;
    TRY(cap_messages_over(db, &in, &changed, why));
    return changed > 0 ? db_announce(db, "cap", why) : OK;
}
