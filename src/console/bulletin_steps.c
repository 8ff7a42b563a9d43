/* The life of a bulletin over the API: submitted, approved, returned, withdrawn, copied; into
 * programmes and down to communes; and what became of it on the air. */
#include "console/bulletin_json.h"
#include "console/steps.h"
#include "studio/offer.h"

typedef errc revision_step(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                           struct why *why);
typedef errc reason_step(const struct desk *desk, struct db *db, int64_t id, str reason,
                         struct why *why);

static errc run_revision(struct ask *ask, revision_step *step, struct why *why)
{
    static const char *const fields[] = {"revision", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    int64_t id = ask_place_id(ask, 0);
    int64_t revision = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "revision", 1, INT64_MAX, &revision, &ask->bad));
    TRY(step(&desk, ask->db, id, revision, why));
    return bulletin_json(ask, id, why);
}

static errc run_reason(struct ask *ask, reason_step *step, struct why *why)
{
    static const char *const fields[] = {"reason", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    int64_t id = ask_place_id(ask, 0);
    str reason = STR_NONE;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_lines(in.root, "reason", 1, BULLETIN_REASON_MOST, &reason, &ask->bad));
    TRY(step(&desk, ask->db, id, reason, why));
    return bulletin_json(ask, id, why);
}

errc api_bulletins_submit(struct ask *ask, struct why *why)
{
    return run_revision(ask, bulletin_submit, why);
}

errc api_bulletins_approve(struct ask *ask, struct why *why)
{
    return run_revision(ask, bulletin_approve, why);
}

errc api_bulletins_return(struct ask *ask, struct why *why)
{
    return run_reason(ask, bulletin_return, why);
}

errc api_bulletins_withdraw(struct ask *ask, struct why *why)
{
    return run_reason(ask, bulletin_withdraw, why);
}

errc api_bulletins_copy(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark", "unit_id", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    wire_id mark;
    unit_id unit = 0;
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &mark));
    TRY(air_take_number(ask, in.root, "unit_id", 1, INT64_MAX, &unit));
    TRY(bulletin_copy(&desk, ask->db, ask_place_id(ask, 0), mark, unit, &id, why));
    return bulletin_json(ask, id, why);
}

errc api_bulletins_schedule(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"programme", "unit_id", "on",    "start",
                                         "again",     "repeats", "areas", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct airing_place place;
    int64_t airing = 0;
    int64_t id = ask_place_id(ask, 0);
    TRY(ask_body(ask, fields, &in, why));
    TRY(bulletin_take_place(ask, in.root, &place));
    TRY(bulletin_schedule(&desk, ask->db, id, &place, &airing, why));
    return bulletin_json(ask, id, why);
}

errc api_airings_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return airing_remove(&desk, ask->db, ask_place_id(ask, 0), why);
}

/* --- down to communes ------------------------------------------------------------------------- */

static errc take_sending(struct ask *ask, const struct json_value *body,
                         struct sending *ret_sending)
{
    struct sending sending = {.unit_count = 0};
    TRY(air_take_units(ask, body, "units", OFFER_UNITS_MOST, &sending.units, &sending.unit_count));
    sending.has_place = json_in_has(body, "on") || json_in_has(body, "start");
    if (sending.has_place) {
        TRY(bulletin_take_place(ask, body, &sending.place));
    }
    *ret_sending = sending;
    return OK;
}

static void write_sent(struct ask *ask, const struct send_line *line)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_key(out, "unit");
    air_unit(ask, line->unit);
    json_text_at(out, "result", send_result_name(line->result));
    json_text_at(out, "code", line->code);
    json_str_at(out, "message",
                line->code == NULL ? STR_NONE : ask_word(ask, "send.", str_of(line->code)));
    json_end(out);
}

errc api_bulletins_send(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"units", "on", "start", "again", "repeats", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct sending sending;
    struct send_lines lines;
    int64_t counts[SEND_RESULTS] = {0};
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_sending(ask, in.root, &sending));
    TRY(bulletin_send(&desk, ask->db, ask_place_id(ask, 0), &sending, &lines, why));
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < lines.count; i++) {
        write_sent(ask, &lines.at[i]);
        counts[lines.at[i].result]++;
    }
    json_end(&ask->json);
    for (int i = 0; i < SEND_RESULTS; i++) {
        json_i64_at(&ask->json, send_result_name((enum send_result)i), counts[i]);
    }
    json_end(&ask->json);
    return OK;
}

/* --- on the air ------------------------------------------------------------------------------- */

struct air_counts {
    unit_id unit;
    int64_t planned;
    int64_t played;
    int64_t partly;
    int64_t not_played;
    int64_t not_reported;
    int64_t waiting;
    int64_t ms;
};

static void count(struct air_counts *counts, const struct bulletin_play *play, usec now)
{
    counts->planned += play->plays;
    counts->ms += play->played_ms;
    if (!play->has_outcome) {
        bool over = play->at + play->ms * 1000 <= now;
        *(over ? &counts->not_reported : &counts->waiting) += play->plays;
        return;
    }
    switch (play->outcome) {
    case PLAY_PLAYED:
        counts->played += play->plays;
        break;
    case PLAY_PARTLY:
        counts->partly += play->plays;
        break;
    case PLAY_NOT_PLAYED:
        counts->not_played += play->plays;
        break;
    case PLAY_NOT_REPORTED:
        counts->not_reported += play->plays;
        break;
    }
}

static void write_counts(struct json_out *out, const struct air_counts *counts)
{
    json_i64_at(out, "planned", counts->planned);
    json_i64_at(out, "played", counts->played);
    json_i64_at(out, "partly", counts->partly);
    json_i64_at(out, "not_played", counts->not_played);
    json_i64_at(out, "not_reported", counts->not_reported);
    json_i64_at(out, "waiting", counts->waiting);
    json_i64_at(out, "ms", counts->ms);
}

enum { REASONS_MOST = 256 };

static void write_reasons(struct ask *ask, const struct bulletin_plays *plays)
{
    int64_t counts[REASONS_MOST] = {0};
    for (size_t i = 0; i < plays->count; i++) {
        size_t reason = (size_t)plays->at[i].reason;
        counts[reason < REASONS_MOST ? reason : 0] += plays->at[i].plays;
    }
    json_array_at(&ask->json, "reasons");
    for (int i = REASON_NONE + 1; i < REASONS_MOST; i++) {
        if (counts[i] > 0) {
            json_object(&ask->json);
            air_reason(ask, (enum log_reason)i);
            json_i64_at(&ask->json, "plays", counts[i]);
            json_end(&ask->json);
        }
    }
    json_end(&ask->json);
}

static void write_unit(struct ask *ask, const struct air_counts *counts)
{
    json_object(&ask->json);
    air_unit_at(ask, "unit", counts->unit);
    write_counts(&ask->json, counts);
    json_end(&ask->json);
}

/* One line for each place where devices stand; plays come ordered by it. */
static void write_units(struct ask *ask, const struct bulletin_plays *plays)
{
    struct air_counts counts = {.unit = 0};
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < plays->count; i++) {
        if (i > 0 && plays->at[i].unit != counts.unit) {
            write_unit(ask, &counts);
            counts = (struct air_counts){.unit = 0};
        }
        counts.unit = plays->at[i].unit;
        count(&counts, &plays->at[i], ask->now);
    }
    if (plays->count > 0) {
        write_unit(ask, &counts);
    }
    json_end(&ask->json);
}

errc api_bulletins_air(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_line line;
    struct bulletin_plays plays;
    struct air_counts total = {.unit = 0};
    usec first = 0;
    TRY(bulletin_get_line(&desk, ask->db, ask_place_id(ask, 0), &line, why));
    TRY(bulletin_plays_load(&desk, ask->db, line.id, &plays, why));
    for (size_t i = 0; i < plays.count; i++) {
        usec began = plays.at[i].first;
        count(&total, &plays.at[i], ask->now);
        first = began != 0 && (first == 0 || began < first) ? began : first;
    }
    json_object(&ask->json);
    json_object_at(&ask->json, "total");
    write_counts(&ask->json, &total);
    json_end(&ask->json);
    write_reasons(ask, &plays);
    air_usec_at(&ask->json, "first_sounded_at", first);
    write_units(ask, &plays);
    json_end(&ask->json);
    return OK;
}
