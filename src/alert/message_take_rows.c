/* Taking messages; see message.h. */
#include "alert/message_inside.h"

#include "alert/message_sql.h"

struct taking {
    const struct cap_job *job;
    const struct desk *desk;
    struct db *db;
    struct cap_source source;
    struct cap_kept kept;
    struct reach reach;
    bool refers_to_any;
    int64_t refers_alarm; /* in force */
    struct why *why;
};

static hash mark_of(const struct taking *run)
{
    const struct cap_message *message = &run->kept.message;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4 * CAP_NAME_MOST);
    buf_add_format(&text, "%lld\n%.*s\n%.*s\n%lld", (long long)run->source.id,
                   STR_ARG(message->sender), STR_ARG(message->identifier),
                   (long long)message->sent);
    return hash_of(buf_str(&text));
}

static errc read_message(struct taking *run, str xml)
{
    struct cap_kept *kept = &run->kept;
    const struct cap_source *source = &run->source;
    TRY(cap_read(xml, run->desk->arena, &kept->message, run->why));
    TRY(cap_verify(xml, source->certificates, run->desk->actor->now, &kept->signature, run->why));
    if (source->senders.len > 0 && !cap_words_have(source->senders, kept->message.sender)) {
        return fail(run->why, ERR_INVALID, "sender %.*s is not one of this source",
                    STR_ARG(kept->message.sender));
    }
    if (source->must_sign && kept->signature != CAP_SIGNATURE_GOOD) {
        return fail(run->why, ERR_INVALID, "it is not signed");
    }
    if (kept->message.sent > run->desk->actor->now + USEC_DAY) {
        return fail(run->why, ERR_INVALID, "it was sent in the future");
    }
    kept->xml = xml;
    kept->hazard = cap_hazard_of(&kept->message);
    kept->source = source->id;
    kept->source_name = source->name;
    kept->unit = source->unit;
    return OK;
}

/* What it refers to here: a later message overtakes an earlier one that nobody has used. */
static errc link_earlier(struct taking *run)
{
    const struct cap_message *message = &run->kept.message;
    bool ends = message->type == CAP_TYPE_CANCEL;
    bool overtakes = ends || message->type == CAP_TYPE_UPDATE;
    for (size_t i = 0; i < message->reference_count; i++) {
        const struct cap_reference *reference = &message->references[i];
        struct cap_message_earlier_in in = {run->source.id, reference->sender,
                                            reference->identifier, reference->sent};
        struct cap_message_earlier_row *rows = NULL;
        size_t count = 0;
        TRY(cap_message_earlier_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
        for (size_t row = 0; row < count; row++) {
            struct cap_message_link_add_in link = {run->kept.id, rows[row].id};
            struct cap_message_overtaken_in over = {rows[row].id,
                                                    ends ? S("cancelled") : S("replaced")};
            TRY(cap_message_link_add(run->db, &link, NULL, run->why));
            TRY(overtakes ? cap_message_overtaken(run->db, &over, NULL, run->why) : OK);
            run->refers_to_any = true;
        }
    }
    return OK;
}

static errc write_rows(struct taking *run, hash mark)
{
    const struct cap_message *message = &run->kept.message;
    struct cap_message_add_row row;
    struct cap_message_add_in in = {
        .source_id = run->source.id,
        .unit_id = run->source.unit,
        .mark = mark,
        .identifier = message->identifier,
        .sender = message->sender,
        .sent_us = message->sent,
        .status = str_of(cap_name(message->status)),
        .type = str_of(cap_name(message->type)),
        .scope = str_of(cap_name(message->scope)),
        .state = S("waiting"),
        .note = S("none"),
        .signature = str_of(cap_signature_name(run->kept.signature)),
        .hazard = str_of(hazard_name(run->kept.hazard)),
        .expires_us = cap_message_expires(message),
        .outside = (int64_t)run->reach.outside,
        .xml = run->kept.xml,
        .now_us = run->desk->actor->now,
    };
    TRY(cap_message_add(run->db, &in, run->desk->arena, &row, run->why));
    run->kept.id = row.id;
    run->kept.units = run->reach.units;
    run->kept.unit_count = run->reach.count;
    for (size_t i = 0; i < run->reach.count; i++) {
        struct cap_message_unit_add_in unit = {row.id, run->reach.units[i]};
        TRY(cap_message_unit_add(run->db, &unit, NULL, run->why));
    }
    TRY(link_earlier(run));
    return cap_message_alarm(run->db, row.id, run->desk->arena, &run->refers_alarm, run->why);
}

/* What happens by itself happens in a transaction of its own: a message is kept whatever comes of
 * it. */
static errc settle(struct taking *run, struct cap_fate fate)
{
    struct cap_decision decision = {
        .id = run->kept.id, .state = fate.state, .note = fate.note, .reason = S("")};
    run->kept.state = fate.state == STATE_USED ? STATE_WAITING : fate.state;
    if (run->kept.state == STATE_WAITING || run->kept.state == STATE_DRAFT) {
        struct cap_message_sorted_in in = {run->kept.id, str_of(cap_state_name(run->kept.state)),
                                           str_of(cap_note_name(fate.note))};
        return cap_message_sorted(run->db, &in, NULL, run->why);
    }
    return cap_message_decide(run->desk, run->db, &decision, run->why);
}

static struct cap_fate sort_of(const struct taking *run)
{
    struct cap_case about = {
        .message = &run->kept.message,
        .policy = run->source.policy,
        .confirmed = run->source.confirmed_by != 0,
        .signature = run->kept.signature,
        .severity_least = run->source.severity_least,
        .areas = run->reach.areas,
        .units = run->reach.count,
        .refers_alarm = run->refers_alarm != 0,
        .refers_to_any = run->refers_to_any,
        .now = run->desk->actor->now,
    };
    return cap_sort(&about);
}

/* ERR_EXISTS: another message under the same name. */
static errc find_taken(struct taking *run, hash mark, int64_t *ret_id)
{
    struct cap_message_by_mark_in in = {mark};
    struct cap_message_by_mark_row *rows = NULL;
    size_t count = 0;
    *ret_id = 0;
    TRY(cap_message_by_mark_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    if (count == 0) {
        return OK;
    }
    *ret_id = rows[0].id;
    return str_is(rows[0].xml, run->kept.xml)
               ? OK
               : fail(run->why, ERR_EXISTS, "another message of this name is here");
}

errc cap_message_take(const struct cap_job *job, struct db *db, int64_t source, str xml,
                      int64_t *ret_id, struct why *why)
{
    const struct desk *desk = job->desk;
    struct taking run = {.job = job, .desk = desk, .db = db, .why = why};
    struct alert_points points = {.count = 0};
    TRY(cap_source_get(desk, db, source, &run.source, why));
    TRY(desk_may(desk, RIGHT_CAP_WRITE, run.source.unit));
    TRY(read_message(&run, xml));
    hash mark = mark_of(&run);
    TRY(find_taken(&run, mark, ret_id));
    if (*ret_id != 0) {
        return OK;
    }
    if (job->places != NULL) {
        TRY(job->places->points(job->places->ctx, desk->arena, &points));
    }
    TRY(reach_of(desk, &run.source, &run.kept.message, points, &run.reach));
    TRY(write_rows(&run, mark));
    TRY(settle(&run, sort_of(&run)));
    *ret_id = run.kept.id;
    return cap_message_tell(desk, db, "cap_message_received", &run.kept, why);
}
