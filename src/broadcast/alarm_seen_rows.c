/* See alarm_seen.h. */
#include "broadcast/alarm_seen.h"

#include "base/json_out.h"
#include "broadcast/alarm_inside.h"
#include "broadcast/alarm_seen_sql.h"
#include "broadcast/alarm_sql.h"
#include "people/audit.h"

static const char *const names[] = {"effect", "confirm", "coverage", "report"};

const char *alarm_sight_name(enum alarm_sight what)
{
    return names[what];
}

bool alarm_sight_parse(str name, enum alarm_sight *ret_what)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_is(name, str_of(names[i]))) {
            *ret_what = (enum alarm_sight)i;
            return true;
        }
    }
    return false;
}

static errc tell(const struct desk *desk, struct db *db, wire_id mark, enum alarm_sight what,
                 str words, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    struct alarm_by_mark_in in = {alarm_id_bytes(&mark)};
    struct alarm_by_mark_row row = {.id = 0};
    errc rc = alarm_by_mark(db, &in, desk->arena, &row, why);
    buf_init(&after, AUDIT_JSON_MOST);
    if (rc != OK && rc != ERR_NOT_FOUND) {
        return rc;
    }
    json_out_init(&out, &after);
    json_object(&out);
    json_text_at(&out, "what", alarm_sight_name(what));
    json_str_at(&out, "words", words);
    json_key(&out, "mark");
    char hex[2 * WIRE_ID_SIZE + 1];
    for (size_t i = 0; i < WIRE_ID_SIZE; i++) {
        ignore_int(snprintf(hex + 2 * i, 3, "%02x", mark.bytes[i]));
    }
    json_text(&out, hex);
    json_end(&out);
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = "alarm_seen",
        .subject_kind = "alarm",
        .subject_id = rc == OK ? row.id : 0,
        .subject_name = S(""),
        .subject_unit_id = rc == OK ? row.unit_id : desk->actor->unit_id,
        .after = buf_str(&after),
    };
    return audit_append(db, &entry, why);
}

errc alarm_see(const struct desk *desk, struct db *db, wire_id mark, enum alarm_sight what,
               str words, struct why *why)
{
    struct seen_last_in last = {alarm_id_bytes(&mark), str_of(alarm_sight_name(what)),
                                desk->actor->account_id};
    struct seen_last_row *rows = NULL;
    size_t count = 0;
    TRY(seen_last_all(db, &last, desk->arena, &rows, &count, why));
    if (count > 0 && rows[0].at_us > desk->actor->now - USEC_MINUTE &&
        str_is(rows[0].words, words)) {
        return OK;
    }
    struct seen_add_in in = {
        .mark = last.mark,
        .what = last.what,
        .words = words.len == 0 ? S("") : words,
        .account_id = desk->actor->account_id,
        .account_name = desk->actor->name.len == 0 ? S("") : desk->actor->name,
        .now_us = desk->actor->now,
    };
    TRY(seen_add(db, &in, NULL, why));
    TRY(what == SEEN_REPORT ? db_announce(db, "alarms", why) : OK);
    return tell(desk, db, mark, what, in.words, why);
}

errc alarm_seen_of(const struct desk *desk, struct db *db, const struct alarm *alarm,
                   struct alarm_seen_list *ret_list, struct why *why)
{
    struct seen_of_in in = {alarm_id_bytes(&alarm->mark)};
    struct seen_of_row *rows = NULL;
    size_t count = 0;
    TRY(seen_of_all(db, &in, desk->arena, &rows, &count, why));
    struct alarm_seen *list = arena_take_array(desk->arena, count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct alarm_seen){.words = rows[i].words,
                                      .account = rows[i].account_id,
                                      .account_name = rows[i].account_name,
                                      .at = rows[i].at_us};
        if (!alarm_sight_parse(rows[i].what, &list[i].what)) {
            return ERR_CORRUPT;
        }
    }
    *ret_list = (struct alarm_seen_list){list, count};
    return OK;
}

errc alarm_report_is_read(const struct desk *desk, struct db *db, const struct alarm *alarm,
                          bool *ret_read, struct why *why)
{
    struct seen_last_in in = {alarm_id_bytes(&alarm->mark), str_of(alarm_sight_name(SEEN_REPORT)),
                              desk->actor->account_id};
    struct seen_last_row *rows = NULL;
    size_t count = 0;
    TRY(seen_last_all(db, &in, desk->arena, &rows, &count, why));
    *ret_read = count > 0;
    return OK;
}
