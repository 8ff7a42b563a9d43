/* Sources in the store; see source.h. */
#include "alert/source.h"

#include "alert/source_sql.h"
#include "base/json_out.h"
#include "broadcast/programme.h"
#include "cap/cap_feed.h"
#include "people/audit.h"

static errc take_row(const struct cap_sources_all_row *row, struct cap_source *to)
{
    *to = (struct cap_source){
        .id = row->id,
        .unit = row->unit_id,
        .name = row->name,
        .address = row->address,
        .every_s = row->every_s,
        .enabled = row->enabled,
        .senders = row->senders,
        .certificates = row->certificates,
        .must_sign = row->must_sign,
        .language = row->language,
        .code_names = row->code_names,
        .set_by = row->has_set_by ? row->set_by : 0,
        .set_name = row->set_name,
        .confirmed_by = row->has_confirmed_by ? row->confirmed_by : 0,
        .confirmed_name = row->confirmed_name,
        .confirmed_at = row->has_confirmed_at_us ? row->confirmed_at_us : 0,
        .etag = row->etag,
        .modified = row->modified,
        .polled_at = row->has_polled_at_us ? row->polled_at_us : 0,
        .poll_error = row->poll_error,
        .waiting = row->waiting,
    };
    return cap_policy_parse(row->policy, &to->policy) &&
                   cap_name_parse(CAP_SEVERITY, row->severity_least, &to->severity_least)
               ? OK
               : ERR_CORRUPT;
}

static errc load_codes(struct db *db, struct cap_source *source, struct arena *arena,
                       struct why *why)
{
    struct cap_codes_of_in in = {source->id};
    struct cap_codes_of_row *rows = NULL;
    TRY(cap_codes_of_all(db, &in, arena, &rows, &source->code_count, why));
    struct cap_code *codes = arena_take_array(arena, source->code_count + 1, sizeof *codes);
    if (codes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < source->code_count; i++) {
        codes[i] = (struct cap_code){rows[i].name, rows[i].value, rows[i].unit_id};
    }
    source->codes = codes;
    return OK;
}

errc cap_source_list(const struct desk *desk, struct db *db, struct cap_sources *ret_sources,
                     struct why *why)
{
    struct cap_sources_all_row *rows = NULL;
    size_t row_count = 0;
    size_t count = 0;
    TRY(cap_sources_all_all(db, desk->arena, &rows, &row_count, why));
    struct cap_source *list = arena_take_array(desk->arena, row_count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        if (desk_sees(desk, RIGHT_CAP_READ, rows[i].unit_id)) {
            TRY(take_row(&rows[i], &list[count++]));
        }
    }
    *ret_sources = (struct cap_sources){list, count};
    return OK;
}

errc cap_source_get(const struct desk *desk, struct db *db, int64_t id,
                    struct cap_source *ret_source, struct why *why)
{
    struct cap_sources_all_row *rows = NULL;
    size_t count = 0;
    TRY(cap_sources_all_all(db, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id == id && desk_sees(desk, RIGHT_CAP_READ, rows[i].unit_id)) {
            TRY(take_row(&rows[i], ret_source));
            return load_codes(db, ret_source, desk->arena, why);
        }
    }
    return fail(why, ERR_NOT_FOUND, "no source %lld", (long long)id);
}

/* --- writing ---------------------------------------------------------------------------------- */

static errc check_keys(const struct desk *desk, const struct cap_source *source, struct why *why)
{
    struct cap_certificate *list = NULL;
    size_t count = 0;
    if (source->certificates.len == 0) {
        bool needed = source->must_sign || source->policy == POLICY_AUTOMATIC;
        return needed ? bad_field(desk->bad, "certificates", "missing") : OK;
    }
    errc rc = cap_certificates_read(source->certificates, desk->arena, &list, &count, why);
    return rc == ERR_INVALID || rc == ERR_TOO_BIG
               ? bad_field(desk->bad, "certificates", "not_a_certificate")
               : rc;
}

static errc check(const struct desk *desk, const struct cap_source *source, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    str whole = STR_NONE;
    if (source->name.len == 0) {
        return bad_field(desk->bad, "name", "missing");
    }
    if (source->every_s < SOURCE_EVERY_LEAST || source->every_s > SOURCE_EVERY_MOST) {
        return bad_field(desk->bad, "every_s", "out_of_range");
    }
    if (source->address.len > 0 &&
        (!str_starts(source->address, S("http")) ||
         cap_feed_address(source->address, source->address, desk->arena, &whole, NULL) != OK)) {
        return bad_field(desk->bad, "address", "not_an_address");
    }
    if (source->language.len > 0 && !language_is_fit(source->language)) {
        return bad_field(desk->bad, "language", "not_a_language");
    }
    if (source->policy == POLICY_AUTOMATIC && !source->must_sign) {
        return bad_field(desk->bad, "must_sign", "automatic");
    }
    for (size_t i = 0; i < source->code_count; i++) {
        if (!tree_covers(tree, source->unit, source->codes[i].unit)) {
            return bad_field(desk->bad, "codes", "outside");
        }
    }
    return check_keys(desk, source, why);
}

static errc tell(const struct desk *desk, struct db *db, const char *action,
                 const struct cap_source *source, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_str_at(&out, "address", source->address);
    json_text_at(&out, "policy", cap_policy_name(source->policy));
    json_bool_at(&out, "enabled", source->enabled);
    json_str_at(&out, "senders", source->senders);
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "cap_source",
        .subject_id = source->id,
        .subject_name = source->name,
        .subject_unit_id = source->unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "cap", why));
    return audit_append(db, &entry, why);
}

static errc add(const struct desk *desk, struct db *db, const struct cap_source *source,
                int64_t *ret_id, struct why *why)
{
    struct cap_source_add_row row;
    struct cap_source_add_in in = {
        .unit_id = source->unit,
        .name = source->name,
        .address = source->address,
        .every_s = source->every_s,
        .policy = str_of(cap_policy_name(source->policy)),
        .enabled = source->enabled,
        .senders = source->senders,
        .certificates = source->certificates,
        .must_sign = source->must_sign,
        .severity_least = str_of(cap_name(source->severity_least)),
        .language = source->language,
        .code_names = source->code_names,
        .has_set_by = desk->actor->account_id != 0,
        .set_by = desk->actor->account_id,
        .set_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(cap_source_add(db, &in, desk->arena, &row, why));
    *ret_id = row.id;
    return OK;
}

static errc change(const struct desk *desk, struct db *db, const struct cap_source *source,
                   struct why *why)
{
    struct cap_source old;
    TRY(cap_source_get(desk, db, source->id, &old, why));
    if (old.unit != source->unit) {
        return bad_field(desk->bad, "unit_id", "fixed");
    }
    struct cap_source_change_in in = {
        .id = source->id,
        .name = source->name,
        .address = source->address,
        .every_s = source->every_s,
        .policy = str_of(cap_policy_name(source->policy)),
        .enabled = source->enabled,
        .senders = source->senders,
        .certificates = source->certificates,
        .must_sign = source->must_sign,
        .severity_least = str_of(cap_name(source->severity_least)),
        .language = source->language,
        .code_names = source->code_names,
        .has_set_by = desk->actor->account_id != 0,
        .set_by = desk->actor->account_id,
        .set_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    return cap_source_change(db, &in, NULL, why);
}

errc cap_source_put(const struct desk *desk, struct db *db, const struct cap_source *source,
                    int64_t *ret_id, struct why *why)
{
    struct cap_source fresh = *source;
    TRY(desk_may(desk, RIGHT_CAP_WRITE, source->unit));
    TRY(check(desk, source, why));
    TRY(source->id == 0 ? add(desk, db, source, &fresh.id, why) : change(desk, db, source, why));
    struct cap_codes_clear_in clear = {fresh.id};
    TRY(cap_codes_clear(db, &clear, NULL, why));
    for (size_t i = 0; i < source->code_count; i++) {
        const struct cap_code *code = &source->codes[i];
        struct cap_code_add_in in = {fresh.id, code->name, code->value, code->unit};
        TRY(cap_code_add(db, &in, NULL, why));
    }
    *ret_id = fresh.id;
    return tell(desk, db, "cap_source_changed", &fresh, why);
}

errc cap_source_confirm(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct cap_source source;
    TRY(cap_source_get(desk, db, id, &source, why));
    TRY(desk_may(desk, RIGHT_CAP_WRITE, source.unit));
    TRY(desk_may(desk, RIGHT_ALARMS_WRITE, source.unit));
    if (source.confirmed_by != 0) {
        return OK;
    }
    if (source.set_by == desk->actor->account_id || source.set_by == 0) {
        return fail(why, ERR_FORBIDDEN, "the second person is another one");
    }
    struct cap_source_confirmed_in in = {
        .id = id,
        .has_confirmed_by = desk->actor->account_id != 0,
        .confirmed_by = desk->actor->account_id,
        .confirmed_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(cap_source_confirmed(db, &in, NULL, why));
    return tell(desk, db, "cap_source_confirmed", &source, why);
}

errc cap_source_drop(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct cap_source source;
    TRY(cap_source_get(desk, db, id, &source, why));
    TRY(desk_may(desk, RIGHT_CAP_WRITE, source.unit));
    struct cap_source_remove_in in = {id, desk->actor->now};
    TRY(cap_source_remove(db, &in, NULL, why));
    return tell(desk, db, "cap_source_removed", &source, why);
}

/* --- for the poller ----------------------------------------------------------------------------
 */

errc cap_sources_due(struct db *db, usec now, struct arena *arena, struct cap_sources *ret_sources,
                     struct why *why)
{
    struct cap_sources_all_row *rows = NULL;
    size_t row_count = 0;
    size_t count = 0;
    TRY(cap_sources_all_all(db, arena, &rows, &row_count, why));
    struct cap_source *list = arena_take_array(arena, row_count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        usec last = rows[i].has_polled_at_us ? rows[i].polled_at_us : 0;
        if (rows[i].enabled && rows[i].address.len > 0 &&
            last + rows[i].every_s * USEC_SECOND <= now) {
            TRY(take_row(&rows[i], &list[count++]));
        }
    }
    *ret_sources = (struct cap_sources){list, count};
    return OK;
}

errc cap_source_polled(struct db *db, int64_t id, const struct cap_polled *polled, usec now,
                       struct why *why)
{
    struct cap_entries_prune_in old = {now - 90 * USEC_DAY};
    struct cap_source_polled_row_in in = {
        .id = id,
        .etag = polled->etag.len == 0 ? S("") : polled->etag,
        .modified = polled->modified.len == 0 ? S("") : polled->modified,
        .poll_error = polled->error.len == 0 ? S("") : polled->error,
        .now_us = now,
    };
    TRY(cap_entries_prune(db, &old, NULL, why));
    TRY(cap_source_polled_row(db, &in, NULL, why));
    return polled->is_news ? db_announce(db, "cap", why) : OK;
}

errc cap_entry_take(struct db *db, int64_t source, hash mark, usec now, bool *ret_fresh,
                    struct why *why)
{
    struct cap_entry_add_in in = {source, mark, now};
    int64_t changed = 0;
    TRY(cap_entry_add(db, &in, &changed, why));
    *ret_fresh = changed > 0;
    return OK;
}

errc cap_entry_known(struct db *db, int64_t source, hash mark, struct arena *arena, bool *ret_known,
                     struct why *why)
{
    struct cap_entry_find_in in = {source, mark};
    struct cap_entry_find_row *rows = NULL;
    size_t count = 0;
    TRY(cap_entry_find_all(db, &in, arena, &rows, &count, why));
    *ret_known = count > 0;
    return OK;
}
