/* "What will sound on Tuesday at this pole, and why": compiled on the spot by the same code that
 * makes what is sent. What is past is shown as it was sent, with the log beside it: the programme
 * may say something else today. */
#include "broadcast/plan.h"

#include "broadcast/plan_sent.h"

#include "broadcast/play.h"
#include "console/air_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

struct showing {
    struct ask *ask;
    struct schedule schedule;
    struct receiver receiver;
    struct device_plan plan;
    struct plan_lines sent;
    usec now;   /* before it what was sent counts, from it on what would be */
    usec reach; /* of the plan that the device has; 0: it has none */
    struct plays plays;
    struct programme_name_list names;
};

static const struct play *play_of(const struct showing *showing, const struct plan_line *line)
{
    for (size_t i = 0; i < showing->plays.count; i++) {
        const struct play *play = &showing->plays.at[i];
        if (memcmp(play->item.bytes, line->id.bytes, sizeof line->id.bytes) == 0) {
            return play;
        }
    }
    return NULL;
}

static void write_outcome(struct ask *ask, const struct play *play)
{
    json_text_at(&ask->json, "outcome", play == NULL ? NULL : play_outcome_name(play->outcome));
    air_reason(ask, play == NULL ? REASON_NONE : play->reason);
}

static void write_line(const struct showing *showing, const struct plan_line *line)
{
    static const char *const kinds[] = {"", "media", "silence", "relay", "signal"};
    struct ask *ask = showing->ask;
    struct json_out *out = &ask->json;
    json_object(out);
    air_id_at(out, "id", line->id);
    json_usec_at(out, "at", line->at);
    json_usec_at(out, "ends_at", line->at + line->ms * 1000);
    json_i64_at(out, "ms", line->ms);
    json_text_at(out, "kind", kinds[line->kind]);
    json_text_at(out, "class", line->order_class == CLASS_PRIORITY ? "priority" : "ordinary");
    json_str_at(out, "title", line->title.len == 0 ? S("") : line->title);
    air_name_at(out, "programme", line->programme,
                programme_name_of(&showing->names, line->programme));
    air_hash_at(out, "media", line->media);
    json_i64_at(out, "gain_mb", line->gain_mb);
    json_key(out, "bulletin");
    line->bulletin == 0 ? json_null(out) : json_i64(out, line->bulletin);
    write_outcome(ask, play_of(showing, line));
    json_end(out);
}

static str clock_text(struct ask *ask, usec at)
{
    struct clock_time time = usec_clock(at, ask->house->zone);
    return arena_format(ask->arena, "%02d:%02d", time.hour, time.minute);
}

static str day_text(struct ask *ask, usec at)
{
    struct civil date = usec_clock(at, ask->house->zone).date;
    return arena_format(ask->arena, "%02d/%02d/%04d", date.mday, date.month, date.year);
}

static str rule_name(const struct showing *showing, int64_t id)
{
    for (size_t i = 0; i < showing->schedule.rule_count; i++) {
        if (showing->schedule.rules[i].id == id) {
            return showing->schedule.rules[i].name;
        }
    }
    return S("");
}

/* What `other` is depends on the note: a unit, a rule or a programme. */
static str other_name(const struct showing *showing, const struct plan_note *note)
{
    struct unit_line line = {.name = S("")};
    switch (note->key) {
    case PLAN_NOTE_OWN_TIME:
        return tree_line(forest_at(showing->ask->forest, showing->ask->today), note->other, &line)
                   ? line.name
                   : S("");
    case PLAN_NOTE_SILENT_DAY:
    case PLAN_NOTE_OUTSIDE_HOURS:
    case PLAN_NOTE_CUT_BY_HOURS:
    case PLAN_NOTE_SESSION_FULL:
    case PLAN_NOTE_CUT_BY_SESSION:
    case PLAN_NOTE_DAY_FULL:
    case PLAN_NOTE_CUT_BY_DAY:
    case PLAN_NOTE_QUIETER:
        return rule_name(showing, note->other);
    case PLAN_NOTE_NOT_CHOSEN:
    case PLAN_NOTE_REFUSED:
    case PLAN_NOTE_HOLIDAY:
    case PLAN_NOTE_DAY_REMOVED:
    case PLAN_NOTE_NO_ITEM:
    case PLAN_NOTE_NO_LANGUAGE:
    case PLAN_NOTE_MOVED:
    case PLAN_NOTE_NO_ROOM:
    case PLAN_NOTE_CUT:
    case PLAN_NOTE_TOO_LONG:
    case PLAN_NOTE_SHORT:
        return programme_name_of(&showing->names, note->other);
    }
    return S("");
}

static str note_sentence(const struct showing *showing, const struct plan_note *note)
{
    struct ask *ask = showing->ask;
    AUTO(buf_finish) struct buf text;
    int64_t minutes = (note->ms + 59999) / 60000;
    str other = other_name(showing, note);
    str name = programme_name_of(&showing->names, note->programme);
    buf_init(&text, 4096);
    const struct words_arg args[] = {
        {"name", name.at == NULL ? S("") : name},
        {"time", clock_text(ask, note->at)},
        {"day", day_text(ask, note->at)},
        {"moved", clock_text(ask, note->moved_to)},
        {"other", other.len == 0 ? S("–") : other},
        {"minutes", arena_format(ask->arena, "%lld", (long long)minutes)},
    };
    str key = arena_format(ask->arena, "plan.note.%s", plan_note_name(note->key));
    words_write(ask->house->words, ask->language, key, args, COUNT_OF(args), &text);
    return arena_str(ask->arena, buf_str(&text));
}

static void write_note(const struct showing *showing, const struct plan_note *note)
{
    struct ask *ask = showing->ask;
    struct json_out *out = &ask->json;
    json_object(out);
    json_text_at(out, "key", plan_note_name(note->key));
    json_str_at(out, "message", note_sentence(showing, note));
    air_name_at(out, "programme", note->programme,
                programme_name_of(&showing->names, note->programme));
    json_usec_at(out, "at", note->at);
    air_usec_at(out, "moved_to", note->moved_to);
    json_end(out);
}

static errc gather(struct showing *showing, day on, struct why *why)
{
    struct ask *ask = showing->ask;
    struct desk desk = ask_desk(ask);
    int64_t device = ask_place_id(ask, 0);
    if (desk.receivers == NULL || device < 0) {
        return ERR_NOT_FOUND;
    }
    TRY(desk.receivers->find(desk.receivers->ctx, ask->db, (uint64_t)device, ask->arena,
                             &showing->receiver, why));
    TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, receiver_unit(&showing->receiver)));
    TRY(schedule_load(&desk, ask->db, on < ask->today ? on : ask->today, &showing->schedule, why));
    TRY(programme_names_load(&desk, ask->db, &showing->names, why));
    struct plan_request request = {.schedule = &showing->schedule,
                                   .from = day_start(on, ask->house->zone),
                                   .to = day_start(on + 1, ask->house->zone),
                                   .with_notes = true};
    TRY(plan_compile(&request, &showing->receiver, ask->arena, &showing->plan, why));
    TRY(plan_sent_reach(&desk, ask->db, (uint64_t)device, &showing->reach, why));
    TRY(plan_sent_read(&desk, ask->db, (uint64_t)device, request.from,
                       showing->now < request.to ? showing->now : request.to, &showing->sent, why));
    return plays_of_device(&desk, ask->db, (uint64_t)device, on, &showing->plays, why);
}

static void write_lines(const struct showing *showing)
{
    for (size_t i = 0; i < showing->sent.count; i++) {
        write_line(showing, &showing->sent.at[i]);
    }
    for (size_t i = 0; i < showing->plan.count; i++) {
        if (showing->plan.lines[i].at >= showing->now) {
            write_line(showing, &showing->plan.lines[i]);
        }
    }
}

/* A plan that holds too many items for an order is sent for fewer days, and a plan that could not
 * be made anew ends where the last one did. */
static void write_short(const struct showing *showing, day on)
{
    struct ask *ask = showing->ask;
    struct desk desk = ask_desk(ask);
    usec wanted = showing->now + desk.policy->plan_ahead - USEC_DAY;
    struct plan_note note = {.key = PLAN_NOTE_SHORT, .at = showing->reach};
    if (on >= ask->today && showing->reach != 0 && showing->reach < wanted) {
        write_note(showing, &note);
    }
}

static void write_notes(const struct showing *showing)
{
    for (size_t i = 0; i < showing->plan.note_count; i++) {
        if (showing->plan.notes[i].at >= showing->now) {
            write_note(showing, &showing->plan.notes[i]);
        }
    }
}

errc api_device_plan(struct ask *ask, struct why *why)
{
    struct showing showing = {.ask = ask, .now = ask->now};
    day on = 0;
    TRY(ask_query_day(ask, "day", ask->today, &on));
    if (on < ask->today - 366 || on > ask->today + 366) {
        return bad_field(&ask->bad, "day", "out_of_range");
    }
    TRY(gather(&showing, on, why));
    json_object(&ask->json);
    air_device_at(ask, "device", showing.receiver.device);
    json_day_at(&ask->json, "day", on);
    json_array_at(&ask->json, "items");
    write_lines(&showing);
    json_end(&ask->json);
    json_array_at(&ask->json, "notes");
    write_short(&showing, on);
    write_notes(&showing);
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}
