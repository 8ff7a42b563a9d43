/* Alarms and drills: attention signal, the text so many times, the whole again and again until the
 * order expires. The one of highest rank has the floor; one that lost it begins again with its
 * signal. Steps lie on the server's clock, so that neighbours speak together. */
#include "agent/conductor_inside.h"

#include "agent/signal.h"

enum { TIMES_USUAL = 3, SILENT_ROUNDS = 20 };

#define FLOOR_BEFORE (500 * 1000) /* the floor is cleared so long before a set start */
#define AFTER_SIGNAL (500 * 1000)
#define PAUSE_USUAL (2 * USEC_SECOND)
#define TRY_AGAIN (15 * USEC_SECOND)
#define AFTER_LAST                                                                                 \
    (500 * 1000) /* the end of the last text is heard of before the alarm is over                  \
                  */

struct alarm *alarm_of(struct conductor *conductor, wire_id id)
{
    for (size_t i = 0; i < conductor->alarm_count; i++) {
        if (conductor_ids_are(conductor->alarms[i].order.id, id)) {
            return &conductor->alarms[i];
        }
    }
    return NULL;
}

static void finish(struct conductor *conductor, struct alarm *alarm, enum log_reason reason)
{
    alarm->is_running = false;
    alarm->is_done = true;
    struct wire_log_entry entry = {
        .kind = LOG_ORDER_ENDED, .subject = alarm->order.id, .reason = reason};
    conductor_note(conductor, &entry, true);
}

/* --- who has the floor ------------------------------------------------------------------------ */

static usec wants_from(const struct alarm *alarm)
{
    usec start = alarm->what.start - FLOOR_BEFORE;
    return alarm->round_at > start ? alarm->round_at : start;
}

static bool wants_floor(struct conductor *conductor, struct alarm *alarm)
{
    if (alarm->is_done ||
        conductor_silenced(conductor, alarm->order.order_class, alarm->order.tier) != NULL) {
        return false;
    }
    if (alarm->order.order_class == CLASS_DRILL && conductor->settings.volume == 0) {
        finish(conductor, alarm, REASON_VOLUME_ZERO); /* silence on purpose holds for drills */
        return false;
    }
    usec from = wants_from(alarm);
    conductor_wake(conductor, from);
    return alarm->is_running || conductor->now.now >= from;
}

static struct order_rank rank_of(const struct alarm *alarm)
{
    return (struct order_rank){
        .order_class = alarm->order.order_class,
        .tier = alarm->order.tier,
        .begun = alarm->order.not_before,
        .id = alarm->order.id,
    };
}

static struct alarm *highest(struct conductor *conductor)
{
    struct alarm *best = NULL;
    for (size_t i = 0; i < conductor->alarm_count; i++) {
        struct alarm *alarm = &conductor->alarms[i];
        if (!wants_floor(conductor, alarm)) {
            alarm->is_running = false;
            continue;
        }
        struct order_rank rank = rank_of(alarm);
        struct order_rank best_rank = best == NULL ? rank : rank_of(best);
        if (best == NULL || order_rank_compare(&rank, &best_rank) > 0) {
            best = alarm;
        }
    }
    for (size_t i = 0; i < conductor->alarm_count; i++) {
        struct alarm *alarm = &conductor->alarms[i];
        alarm->is_running = alarm->is_running && alarm == best;
    }
    return best;
}

/* --- what is said ----------------------------------------------------------------------------- */

struct part {
    hash media;
    uint64_t ms;
    bool is_here;
};

static bool is_here(struct conductor *conductor, hash media)
{
    return conductor->ports.media(conductor->ports.ctx, media) == MEDIA_HERE;
}

/* The stored clip of this number, in this language when there is one; the index-th when any
 * language will do. */
static struct part clip_part(struct conductor *conductor, uint64_t number, str language,
                             size_t index)
{
    struct part any = {.is_here = false};
    for (size_t i = 0; i < conductor->clip_count; i++) {
        const struct wire_clip *clip = &conductor->clips[i];
        if (clip->number != number || !is_here(conductor, clip->media)) {
            continue;
        }
        struct part part = {clip->media, clip->ms, true};
        if (language.len > 0 ? str_is(clip->language, language) : index == 0) {
            return part;
        }
        index -= language.len == 0;
        any = language.len > 0 && !any.is_here ? part : any;
    }
    return any;
}

/* Parts of the text: its voices, each with a clip in its stead; without voices the clips alone. */
static size_t part_count(const struct conductor *conductor, const struct alarm *alarm)
{
    if (alarm->what.voices.count > 0) {
        return alarm->what.voices.count;
    }
    return alarm->what.clip > 0 ? conductor->clip_count : 0;
}

static struct part part_at(struct conductor *conductor, const struct alarm *alarm, size_t index)
{
    if (alarm->what.voices.count == 0) {
        return clip_part(conductor, alarm->what.clip, STR_NONE, index);
    }
    const struct wire_voice *voice = &alarm->what.voices.at[index];
    if (is_here(conductor, voice->media)) {
        return (struct part){voice->media, voice->ms, true};
    }
    return clip_part(conductor, alarm->what.clip, voice->language, 0);
}

static bool is_last_part(struct conductor *conductor, const struct alarm *alarm)
{
    for (size_t i = alarm->part + 1; i < part_count(conductor, alarm); i++) {
        if (part_at(conductor, alarm, i).is_here) {
            return false;
        }
    }
    return true;
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct known_cue *cue_step(struct conductor *conductor, struct alarm *alarm,
                                  const struct cue *what)
{
    bool drill = alarm->order.order_class == CLASS_DRILL;
    int64_t gain = alarm->what.gain_mb + (drill ? conductor->settings.drill_gain_mb : 0);
    conductor->alarm_cue = *what;
    conductor->alarm_cue.start_at = alarm->step_at;
    conductor->alarm_cue.most = alarm->step_length;
    conductor->alarm_cue.gain_mb = gain > 0 ? 0 : gain < -9600 ? -9600 : (int32_t)gain;
    conductor->alarm_cue.at_full = !drill;
    struct known_cue *known =
        conductor_new_cue(conductor, OWNER_ALARM, alarm->order.id, &conductor->alarm_cue);
    alarm->serial = known->serial;
    return known;
}

static void step_pause(struct conductor *conductor, struct alarm *alarm, usec length)
{
    alarm->step = STEP_PAUSE;
    alarm->step_length = length;
    alarm->serial = 0;
    conductor->alarm_cue = (struct cue){.serial = 0};
}

static void step_signal(struct conductor *conductor, struct alarm *alarm)
{
    enum alarm_signal signal = (enum alarm_signal)alarm->what.signal;
    alarm->step = STEP_SIGNAL;
    alarm->step_length = signal_length(signal);
    if (alarm->step_length > 0) {
        struct cue cue = {.what = CUE_SIGNAL, .signal = signal};
        cue_step(conductor, alarm, &cue);
    } else {
        step_pause(conductor, alarm, 0);
        alarm->step = STEP_SIGNAL;
    }
}

/* The next part of the text that is here, from alarm->part on; false when there is none. */
static bool step_text(struct conductor *conductor, struct alarm *alarm)
{
    for (; alarm->part < part_count(conductor, alarm); alarm->part++) {
        struct part part = part_at(conductor, alarm, alarm->part);
        if (part.is_here) {
            alarm->step = STEP_TEXT;
            alarm->step_length = (usec)part.ms * 1000;
            alarm->speaks = true;
            struct cue cue = {.what = CUE_MEDIA, .media = part.media};
            struct known_cue *known = cue_step(conductor, alarm, &cue);
            known->ends_text = is_last_part(conductor, alarm);
            return true;
        }
    }
    return false;
}

static void begin_round(struct conductor *conductor, struct alarm *alarm)
{
    usec at = conductor->now.now;
    at = alarm->what.start > at ? alarm->what.start : at;
    at = conductor->now.audible_at > at ? conductor->now.audible_at : at;
    alarm->is_running = true;
    alarm->begun_at = at;
    alarm->step_at = at;
    alarm->said = 0;
    alarm->part = 0;
    alarm->speaks = false;
    alarm->text_whole = true;
    step_signal(conductor, alarm);
}

/* Who has a text and could not say it, since its medium is not here yet, tries again. */
static void end_round(struct conductor *conductor, struct alarm *alarm)
{
    bool lacks = !alarm->speaks && (alarm->what.voices.count > 0 || alarm->what.clip > 0);
    alarm->is_running = false;
    alarm->serial = 0;
    conductor->alarm_cue = (struct cue){.serial = 0};
    if (lacks) {
        alarm->round_at = conductor->now.now + TRY_AGAIN;
    } else if (alarm->what.again_s == 0) {
        finish(conductor, alarm, REASON_DONE);
    } else {
        usec again = alarm->begun_at + (usec)alarm->what.again_s * USEC_SECOND;
        alarm->round_at = again > conductor->now.now ? again : conductor->now.now;
        alarm->round_at += alarm->round_at == conductor->now.now; /* others may have a turn */
    }
}

static unsigned times_of(const struct alarm *alarm)
{
    unsigned times = alarm->what.times == 0 ? TIMES_USUAL : (unsigned)alarm->what.times;
    return times < SILENT_ROUNDS ? times : SILENT_ROUNDS;
}

/* The text is over, or there was nothing to be said: then the signal stands for it. */
static void after_text(struct conductor *conductor, struct alarm *alarm)
{
    usec pause = alarm->what.pause_ms > 0 ? (usec)alarm->what.pause_ms * 1000 : PAUSE_USUAL;
    alarm->said++;
    alarm->part = 0;
    if (alarm->said >= times_of(alarm)) {
        step_pause(conductor, alarm, AFTER_LAST);
    } else {
        step_pause(conductor, alarm, pause);
    }
}

static void next_step(struct conductor *conductor, struct alarm *alarm)
{
    usec ended = alarm->step_at + alarm->step_length;
    alarm->step_at = ended;
    switch (alarm->step) {
    case STEP_SIGNAL:
        step_pause(conductor, alarm, alarm->step_length > 0 ? AFTER_SIGNAL : 0);
        break;
    case STEP_TEXT:
        alarm->part++;
        if (!step_text(conductor, alarm)) {
            after_text(conductor, alarm);
        }
        break;
    case STEP_PAUSE:
        if (alarm->said >= times_of(alarm)) {
            end_round(conductor, alarm);
        } else if (!step_text(conductor, alarm)) {
            bool signal_again =
                alarm->said > 0 && signal_length((enum alarm_signal)alarm->what.signal) > 0;
            after_text(conductor, alarm);
            if (signal_again) {
                step_signal(conductor, alarm);
            }
        }
        break;
    }
}

struct alarm *alarm_turn(struct conductor *conductor)
{
    for (int guard = 0; guard < 4 * SILENT_ROUNDS; guard++) {
        struct alarm *alarm = highest(conductor);
        if (alarm == NULL) {
            break;
        }
        if (!alarm->is_running) {
            begin_round(conductor, alarm);
        }
        if (conductor->now.now < alarm->step_at + alarm->step_length) {
            conductor_wake(conductor, alarm->step_at + alarm->step_length);
            return alarm;
        }
        next_step(conductor, alarm);
    }
    conductor->alarm_cue = (struct cue){.serial = 0};
    return NULL;
}

/* --- what came of it -------------------------------------------------------------------------- */

static void note_playing(struct conductor *conductor, struct alarm *alarm, usec at)
{
    struct wire_log_entry entry = {.kind = LOG_ALARM_PLAYING, .subject = alarm->order.id};
    alarm->was_heard = true;
    if (alarm->order.read_at != 0) {
        entry.value = at - alarm->order.read_at;
    }
    conductor_note(conductor, &entry, true);
}

void alarm_heard(struct conductor *conductor, const struct known_cue *known,
                 const struct cue_heard *heard)
{
    struct alarm *alarm = alarm_of(conductor, known->subject);
    if (alarm == NULL) {
        return;
    }
    if (heard->news == CUE_STARTED) {
        if (!alarm->was_heard && conductor->now.sink_works) {
            note_playing(conductor, alarm, heard->at);
        }
        return;
    }
    bool whole = heard->news == CUE_ENDED || heard->news == CUE_CUT;
    bool all = heard->position - heard->sounded < USEC_SECOND && heard->sounded > 0;
    alarm->text_whole = alarm->text_whole && whole && all;
    if (heard->news == CUE_FAILED && alarm->serial == heard->serial) {
        alarm->step_at = conductor->now.now; /* go on with what is next */
        alarm->step_length = 0;
    }
    if (known->ends_text && alarm->text_whole) {
        alarm->times++;
        struct wire_log_entry entry = {
            .kind = LOG_ALARM_SOUNDED, .subject = alarm->order.id, .value = (int64_t)alarm->times};
        conductor_note(conductor, &entry, true);
    }
    if (known->ends_text) {
        alarm->text_whole = true;
    }
}
