/* A conductor before a pretended engine, a pretended store of media and a log in memory; time runs
 * by hand, from one thing that happens to the next. For tests only. */
#ifndef LOA_AGENT_CONDUCTOR_TESTING_H
#define LOA_AGENT_CONDUCTOR_TESTING_H

#include "agent/conductor.h"
#include "base/crash.h"
#include "base/entropy.h"
#include "base/testing.h"

enum { HALL_VOICES = 8, HALL_NOTES = 20000, HALL_MEDIA = 64 };

#define HALL_START (20000 * USEC_DAY)
#define HALL_STEP (20 * 1000) /* what the engine needs to begin */

struct hall_voice {
    struct cue cue;
    usec begins;
    usec skipped; /* a start in the past begins in the middle */
    bool started;
};

struct hall_media {
    enum media_state state;
    usec length;
};

struct hall {
    struct conductor *conductor;
    struct conductor_ports ports;
    struct conductor_past past;
    struct conductor_now now;
    struct cue_sheet sheet;
    struct hall_voice voices[HALL_VOICES];
    struct hall_media media[HALL_MEDIA]; /* by the first byte of the hash */
    struct wire_log_entry notes[HALL_NOTES];
    size_t note_count;
    struct live_flow flow; /* of every stream */
    usec sound_until;      /* of the last voice that sounded */
};

static inline hash hall_hash(size_t number)
{
    return (hash){{(uint8_t)number, 1}};
}

static inline enum media_state hall_media(void *ctx, hash media)
{
    return ((struct hall *)ctx)->media[media.bytes[0] % HALL_MEDIA].state;
}

static inline struct live_flow hall_live(void *ctx, uint64_t stream, usec now)
{
    (void)stream;
    (void)now;
    return ((struct hall *)ctx)->flow;
}

static inline void hall_note(void *ctx, const struct wire_log_entry *entry, bool urgent)
{
    struct hall *hall = ctx;
    (void)urgent;
    assert_true(hall->note_count < HALL_NOTES);
    hall->notes[hall->note_count] = *entry;
    hall->notes[hall->note_count].at = hall->now.now;
    hall->note_count++;
}

static inline struct hall *hall_open(void)
{
    struct hall *hall = mem_take(sizeof *hall);
    hall->ports = (struct conductor_ports){hall, hall_media, hall_live, hall_note};
    hall->past.off_reason = REASON_NO_POWER;
    hall->now = (struct conductor_now){
        .now = HALL_START, .clock = CLOCK_SURE, .booted_at = HALL_START - 1, .sink_works = true};
    for (size_t i = 0; i < HALL_MEDIA; i++) {
        hall->media[i] = (struct hall_media){MEDIA_HERE, 600 * USEC_SECOND};
    }
    hall->conductor = conductor_create(&hall->ports, &hall->past);
    return hall;
}

static inline void hall_close(struct hall *hall)
{
    conductor_destroy(hall->conductor);
    mem_give(hall);
}

static inline usec hall_length(const struct hall *hall, const struct cue *cue)
{
    usec length = cue->what == CUE_LIVE && cue->most == 0 ? USEC_DAY : cue->most;
    if (cue->what == CUE_MEDIA) {
        usec media = hall->media[cue->media.bytes[0] % HALL_MEDIA].length - cue->from;
        length = cue->most == 0 || media < cue->most ? media : cue->most;
    }
    return length > 0 ? length : 0;
}

static inline void hall_tell(struct hall *hall, struct hall_voice *voice, enum cue_news news)
{
    usec sounded = voice->started ? hall->now.now - voice->begins : 0;
    struct cue_heard heard = {
        .serial = voice->cue.serial,
        .news = news,
        .at = hall->now.now,
        .sounded = news == CUE_STARTED ? 0 : sounded,
        .position = voice->skipped + sounded,
    };
    if (news != CUE_STARTED) {
        voice->cue.serial = 0;
        hall->sound_until = voice->started ? hall->now.now : hall->sound_until;
    }
    conductor_heard(hall->conductor, &heard);
}

static inline usec hall_ends(const struct hall *hall, const struct hall_voice *voice)
{
    return voice->begins + hall_length(hall, &voice->cue) - voice->skipped;
}

static inline bool hall_has(const struct hall *hall, uint64_t serial)
{
    for (size_t i = 0; i < HALL_VOICES; i++) {
        if (hall->voices[i].cue.serial == serial) {
            return true;
        }
    }
    return false;
}

static inline void hall_begin(struct hall *hall, const struct cue *cue)
{
    for (size_t i = 0; i < HALL_VOICES; i++) {
        struct hall_voice *voice = &hall->voices[i];
        if (voice->cue.serial == 0) {
            usec soonest = hall->now.now + HALL_STEP;
            *voice = (struct hall_voice){.cue = *cue, .begins = cue->start_at};
            if (cue->start_at < soonest) {
                voice->begins = soonest;
                voice->skipped = cue->start_at == 0 ? 0 : soonest - cue->start_at;
            }
            return;
        }
    }
    fail_msg("more voices than the engine has");
}

/* What an agent does with a sheet. */
static inline void hall_turn(struct hall *hall)
{
    conductor_turn(hall->conductor, &hall->now, &hall->sheet);
    const struct cue *wanted[] = {&hall->sheet.now, &hall->sheet.next};
    for (size_t i = 0; i < HALL_VOICES; i++) {
        uint64_t serial = hall->voices[i].cue.serial;
        if (serial != 0 && serial != wanted[0]->serial && serial != wanted[1]->serial) {
            hall_tell(hall, &hall->voices[i], CUE_STOPPED);
        }
    }
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct known_serial {
            uint64_t serial;
        } want = {wanted[i]->serial};
        if (want.serial != 0 && !hall_has(hall, want.serial)) {
            hall_begin(hall, wanted[i]);
        }
    }
}

static inline size_t hall_sounding(const struct hall *hall)
{
    size_t count = 0;
    for (size_t i = 0; i < HALL_VOICES; i++) {
        count += hall->voices[i].cue.serial != 0 && hall->voices[i].started &&
                 hall->now.now < hall_ends(hall, &hall->voices[i]);
    }
    return count;
}

static inline void hall_events(struct hall *hall)
{
    for (size_t i = 0; i < HALL_VOICES; i++) {
        struct hall_voice *voice = &hall->voices[i];
        if (voice->cue.serial == 0) {
            continue;
        }
        bool is_bad =
            voice->cue.what == CUE_MEDIA && hall_media(hall, voice->cue.media) == MEDIA_BAD;
        if (!voice->started && hall->now.now >= voice->begins) {
            voice->started = true;
            hall_tell(hall, voice, is_bad ? CUE_FAILED : CUE_STARTED);
        }
        if (voice->cue.serial != 0 && voice->started && hall->now.now >= hall_ends(hall, voice)) {
            bool cut = voice->cue.most != 0 && hall_length(hall, &voice->cue) == voice->cue.most;
            hall_tell(hall, voice, cut ? CUE_CUT : CUE_ENDED);
        }
    }
}

static inline usec hall_next(const struct hall *hall)
{
    usec next = conductor_next(hall->conductor);
    for (size_t i = 0; i < HALL_VOICES; i++) {
        const struct hall_voice *voice = &hall->voices[i];
        if (voice->cue.serial != 0) {
            usec at = voice->started ? hall_ends(hall, voice) : voice->begins;
            next = at < next ? at : next;
        }
    }
    return next;
}

/* Until that instant, from one happening to the next. */
static inline void hall_run(struct hall *hall, usec until)
{
    for (int guard = 0; hall->now.now < until; guard++) {
        assert_true(guard < 1000000);
        hall_events(hall);
        hall_turn(hall);
        assert_true(hall_sounding(hall) <= 1);
        usec next = hall_next(hall);
        next = next > hall->now.now ? next : hall->now.now + 1000;
        hall->now.now = next < until ? next : until;
    }
    hall_events(hall);
    hall_turn(hall);
}

static inline wire_id hall_id(size_t number)
{
    return (wire_id){{(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), 9}};
}

static inline size_t hall_count(const struct hall *hall, enum log_kind kind, wire_id subject)
{
    size_t count = 0;
    for (size_t i = 0; i < hall->note_count; i++) {
        count += hall->notes[i].kind == kind &&
                 memcmp(&hall->notes[i].subject, &subject, sizeof subject) == 0;
    }
    return count;
}

/* The last note of this kind and subject; zeros when there is none. */
static inline struct wire_log_entry hall_noted(const struct hall *hall, enum log_kind kind,
                                               wire_id subject)
{
    for (size_t i = hall->note_count; i > 0; i--) {
        const struct wire_log_entry *note = &hall->notes[i - 1];
        if (note->kind == kind && memcmp(&note->subject, &subject, sizeof subject) == 0) {
            return *note;
        }
    }
    return (struct wire_log_entry){.seq = 0};
}

static inline struct wire_plan_item hall_item(size_t number, usec at_s, uint64_t s, uint64_t rules)
{
    return (struct wire_plan_item){
        .id = hall_id(number),
        .at = HALL_START + at_s * USEC_SECOND,
        .ms = s * 1000,
        .kind = PLAN_MEDIA,
        .order_class = CLASS_ORDINARY,
        .tier = TIER_COMMUNE,
        .media = hall_hash(number),
        .rules = rules,
    };
}

static inline void hall_plan(struct hall *hall, const struct wire_plan_item *items, size_t count)
{
    struct wire_plan plan = {
        .from = HALL_START, .to = HALL_START + 8 * USEC_DAY, .items = {items, count}};
    assert_ok(conductor_plan(hall->conductor, hall_id(60000), &plan, hall->now.now));
}

static inline void hall_alarm_of(struct hall *hall, size_t number, enum order_class order_class,
                                 const struct wire_alarm *alarm)
{
    struct conductor_order order = {
        .id = hall_id(number),
        .order_class = order_class,
        .tier = TIER_COMMUNE,
        .not_before = hall->now.now,
        .expires = hall->now.now + USEC_HOUR,
        .read_at = hall->now.now,
    };
    assert_ok(conductor_alarm(hall->conductor, &order, alarm, hall->now.now));
}

/* A wail of its length, one voice of ten seconds, three times. */
static inline void hall_alarm(struct hall *hall, size_t number, enum order_class order_class)
{
    static const struct wire_voice voice = {.media = {{40, 1}}, .bytes = 1000, .ms = 10000};
    struct wire_voice said = voice;
    said.language = S("vi");
    struct wire_alarm alarm = {.signal = SIGNAL_WAIL, .voices = {&said, 1}};
    hall->media[40].length = 10 * USEC_SECOND;
    hall_alarm_of(hall, number, order_class, &alarm);
}

static inline void hall_stop(struct hall *hall, size_t number, uint64_t tier)
{
    struct conductor_order order = {
        .id = hall_id(number),
        .order_class = CLASS_EMERGENCY,
        .tier = tier,
        .not_before = hall->now.now,
        .expires = hall->now.now + USEC_HOUR,
        .read_at = hall->now.now,
    };
    assert_ok(conductor_stop(hall->conductor, &order, hall->now.now));
}

/* The power goes and comes back after a while: what the log says is all that is left. */
static inline void hall_power_cut(struct hall *hall, usec away)
{
    struct conductor_past *past = &hall->past;
    conductor_destroy(hall->conductor);
    memset(hall->voices, 0, sizeof hall->voices);
    past->begun = (wire_id){{0}};
    for (size_t i = 0; i < hall->note_count; i++) {
        const struct wire_log_entry *note = &hall->notes[i];
        if (note->kind == LOG_ITEM_STARTED) {
            past->begun = note->subject;
            past->begun_at = note->at;
        }
        if (note->kind >= LOG_ITEM_PLAYED && note->kind <= LOG_ITEM_NOT_PLAYED) {
            past->ended_until = note->value;
            past->begun = memcmp(&past->begun, &note->subject, sizeof note->subject) == 0
                              ? (wire_id){{0}}
                              : past->begun;
        }
        past->heard_until = note->at;
    }
    hall->now.now += away;
    hall->now.booted_at = hall->now.now;
    hall->conductor = conductor_create(&hall->ports, &hall->past);
}

#endif
