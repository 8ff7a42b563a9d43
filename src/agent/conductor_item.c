/* The planned item whose time it is: it sounds, gives way, comes back, or is filled in for, and
 * ends exactly once. */
#include "agent/conductor_inside.h"

#define LATE_FROM (200 * 1000)       /* what begins within this is on time */
#define WHOLE_BUT USEC_SECOND        /* so much may be missing of an item that was played */
#define SHORTER_BY (2 * USEC_SECOND) /* than its place: worth a word */
#define HEARD_WITHIN USEC_SECOND     /* the engine's last word on a voice comes within */
#define RESUME_WITHIN USEC_HOUR      /* behind the end of its place */
#define FADE_ROOM (300 * 1000)

static usec length_of(const struct wire_plan_item *item)
{
    return (usec)item->ms * 1000;
}

static usec end_of(const struct wire_plan_item *item)
{
    return item->at + length_of(item);
}

static usec next_at(const struct conductor *conductor)
{
    return conductor->item_next < conductor->item_count ? conductor->items[conductor->item_next].at
                                                        : INT64_MAX;
}

/* --- losses ----------------------------------------------------------------------------------- */

static void lose(struct running_item *run, enum log_reason reason, wire_id other, usec length)
{
    for (size_t i = 0; i < LOSSES && length > 0; i++) {
        struct loss *loss = &run->losses[i];
        bool same = loss->reason == reason && conductor_ids_are(loss->other, other);
        if (loss->reason == REASON_NONE || same) {
            loss->reason = reason;
            loss->other = other;
            loss->length += length;
            return;
        }
    }
}

static struct loss worst_of(const struct running_item *run)
{
    struct loss worst = {.reason = REASON_NONE};
    for (size_t i = 0; i < LOSSES; i++) {
        if (run->losses[i].length > worst.length) {
            worst = run->losses[i];
        }
    }
    return worst;
}

static void account(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    usec now = conductor->now.now;
    if (run->quiet != REASON_NONE && now > run->quiet_since) {
        lose(run, run->quiet, run->quiet_other, now - run->quiet_since);
    }
    run->quiet_since = now;
}

static void be_quiet(struct conductor *conductor, enum log_reason reason, wire_id other)
{
    conductor->run.quiet = reason;
    conductor->run.quiet_other = other;
    conductor->run.quiet_since = conductor->now.now;
}

/* Why it was not begun in time by nobody's order. */
static enum log_reason why_missed(const struct conductor *conductor,
                                  const struct wire_plan_item *item)
{
    if (conductor->plan_at != 0 && item->at < conductor->plan_at) {
        return REASON_LATE;
    }
    if (item->at < conductor->now.booted_at) {
        return conductor->past.off_reason;
    }
    return item->at < conductor->sure_from ? REASON_CLOCK_UNSURE : REASON_LATE;
}

/* --- endings ---------------------------------------------------------------------------------- */

static void note_end(struct conductor *conductor, const struct wire_plan_item *item,
                     const struct wire_log_entry *how)
{
    struct wire_log_entry entry = *how;
    entry.subject = item->id;
    entry.value = item->at;
    conductor->ended_until = item->at;
    conductor_note(conductor, &entry, false);
}

/* Its time is over, and it never was the running item. */
static void end_missed(struct conductor *conductor, const struct wire_plan_item *item)
{
    struct wire_log_entry entry = {.kind = LOG_ITEM_NOT_PLAYED,
                                   .reason = why_missed(conductor, item)};
    if (item->kind == PLAN_SILENCE && entry.reason != REASON_LATE) {
        entry.kind = LOG_ITEM_PLAYED;
        entry.reason = REASON_NONE;
    } else if (conductor_ids_are(conductor->past.begun, item->id)) {
        usec lived = conductor->past.heard_until - conductor->past.begun_at;
        entry.kind = LOG_ITEM_PARTLY;
        lived = lived > length_of(item) ? length_of(item) : lived;
        entry.ms = lived > 0 ? (uint64_t)lived / 1000 : 0;
    }
    note_end(conductor, item, &entry);
}

static void end_item(struct conductor *conductor, struct running_item *run)
{
    struct loss worst = worst_of(run);
    usec place = length_of(&run->item);
    usec total = run->whole > 0 && run->whole < place ? run->whole : place;
    struct wire_log_entry entry = {.ms = (uint64_t)(run->sounded / 1000)};
    if (run->item.kind == PLAN_SILENCE) {
        entry.kind = LOG_ITEM_PLAYED;
    } else if (run->is_begun && run->sounded > 0 && total - run->sounded <= WHOLE_BUT) {
        entry.kind = LOG_ITEM_PLAYED;
        entry.reason = place - total > SHORTER_BY ? REASON_SHORTER : REASON_NONE;
        bool fell_back = run->item.kind == PLAN_RELAY && run->flowed < run->sounded;
        entry.reason = fell_back ? REASON_STREAM : entry.reason;
    } else {
        bool begun = run->sounded > 0 || conductor_ids_are(conductor->past.begun, run->item.id);
        entry.kind = begun ? LOG_ITEM_PARTLY : LOG_ITEM_NOT_PLAYED;
        entry.reason = worst.reason != REASON_NONE ? worst.reason : REASON_SINK;
        entry.other = worst.other;
    }
    struct wire_plan_item item = run->item;
    *run = (struct running_item){.is_there = false};
    note_end(conductor, &item, &entry);
}

static void end_closing(struct conductor *conductor)
{
    if (conductor->closing.is_there) {
        end_item(conductor, &conductor->closing);
    }
}

/* Its time is over. What the engine has still to say of its voice is waited for. */
static void end_run(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    account(conductor);
    end_closing(conductor);
    conductor->item_cue = (struct cue){.serial = 0};
    conductor->filler_cue = (struct cue){.serial = 0};
    if (run->heard_serial == 0) {
        end_item(conductor, run);
        return;
    }
    conductor->closing = *run;
    conductor->close_by = conductor->now.now + HEARD_WITHIN;
    *run = (struct running_item){.is_there = false};
}

void item_end_all(struct conductor *conductor, enum log_reason reason)
{
    if (conductor->run.is_there) {
        be_quiet(conductor, reason, conductor->plan_id);
        lose(&conductor->run, reason, conductor->plan_id, length_of(&conductor->run.item));
        end_run(conductor);
    }
    end_closing(conductor);
    conductor->item_count = 0;
    conductor->item_next = 0;
}

/* --- what is in its way ----------------------------------------------------------------------- */

struct over item_over(struct conductor *conductor, const struct alarm *alarm,
                      const struct live *live)
{
    if (alarm != NULL) {
        return (struct over){REASON_PREEMPTED, alarm->order.id, NULL};
    }
    if (conductor->test_cue.serial != 0) {
        return (struct over){REASON_PREEMPTED, conductor->test, NULL};
    }
    if (live != NULL) {
        return (struct over){REASON_PREEMPTED, live->order.id, live};
    }
    return (struct over){.reason = REASON_NONE};
}

static struct over over_item(struct conductor *conductor, const struct wire_plan_item *item,
                             const struct over *over)
{
    bool stands_above = over->live != NULL && live_gives_way_to(over->live, item);
    if (over->reason != REASON_NONE && !stands_above) {
        return *over;
    }
    const struct stop *stop =
        conductor_silenced(conductor, (enum order_class)item->order_class, item->tier);
    return stop == NULL ? (struct over){.reason = REASON_NONE}
                        : (struct over){REASON_STOPPED, stop->order.id, NULL};
}

static enum log_reason hinders(struct conductor *conductor, const struct wire_plan_item *item)
{
    static const hash none = {{0}};
    if (conductor->settings.volume == 0) {
        return REASON_VOLUME_ZERO;
    }
    if (relay_flow(conductor, item).state == FLOW_SOUNDS) {
        return REASON_NONE;
    }
    const struct running_item *run = &conductor->run;
    bool is_it = run->is_there && conductor_ids_are(run->item.id, item->id);
    if (is_it && run->has_flowed && run->was_announced) {
        return REASON_STREAM;
    }
    enum media_state media = hash_is(item->media, none)
                                 ? MEDIA_MISSING
                                 : conductor->ports.media(conductor->ports.ctx, item->media);
    if (media == MEDIA_BAD) {
        return REASON_MEDIA_BAD;
    }
    if (media == MEDIA_HERE) {
        return REASON_NONE;
    }
    return item->kind == PLAN_RELAY ? REASON_STREAM : REASON_MEDIA_MISSING;
}

/* --- cues ------------------------------------------------------------------------------------- */

static struct cue cue_of(const struct conductor *conductor, const struct wire_plan_item *item)
{
    struct live_flow flow = relay_flow(conductor, item);
    struct cue cue = {
        .what = CUE_MEDIA,
        .media = item->media,
        .start_at = item->at,
        .from = (usec)item->from_ms * 1000,
        .most = length_of(item),
        .gain_mb = item->gain_mb > 0       ? 0
                   : item->gain_mb < -9600 ? -9600
                                           : (int32_t)item->gain_mb,
        .gently = true,
    };
    if (flow.state == FLOW_SOUNDS) {
        cue.what = CUE_LIVE;
        cue.stream = order_stream_of(item->source);
        cue.start_at = flow.start > item->at ? flow.start : item->at;
        cue.from = cue.start_at - flow.start;
        cue.most = end_of(item) - cue.start_at;
    }
    return cue;
}

/* As it stands in the plan; from its beginning, late; or from where it was. */
static void begin_sound(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    struct cue cue = cue_of(conductor, &run->item);
    bool is_live = cue.what == CUE_LIVE;
    usec now = conductor->now.now;
    usec start = conductor->now.audible_at > now ? conductor->now.audible_at : now;
    bool gave_way = run->quiet == REASON_PREEMPTED || run->quiet == REASON_STOPPED;
    bool resumes = (run->item.rules & PLAN_RESUMES) != 0 && (run->is_begun || gave_way);
    bool from_start = (run->item.rules & PLAN_MAY_BE_LATE) != 0 && !run->is_begun;
    if (!is_live && run->has_flowed) { /* says that the stream is gone */
        cue.start_at = start;
        cue.most = run->over_at - start;
    } else if (!is_live && now > run->item.at + LATE_FROM && (resumes || from_start)) {
        cue.start_at = start;
        cue.from += run->resume_at;
        cue.most = length_of(&run->item) - run->resume_at;
        usec room = next_at(conductor) - start;
        cue.most = cue.most < room ? cue.most : room;
        run->over_at = start + cue.most;
    }
    be_quiet(conductor, REASON_NONE, (wire_id){{0}});
    if (cue.most <= 0) {
        return;
    }
    conductor->item_cue = cue;
    conductor_new_cue(conductor, OWNER_ITEM, run->item.id, &conductor->item_cue)->base =
        is_live ? cue.start_at - run->item.at : cue.from - (usec)run->item.from_ms * 1000;
    run->serial = conductor->item_cue.serial;
    run->heard_serial = run->serial;
}

static void stop_sound(struct conductor *conductor, const struct over *why)
{
    struct running_item *run = &conductor->run;
    bool had = run->serial != 0;
    run->serial = 0;
    conductor->item_cue = (struct cue){.serial = 0};
    bool comes_back = (run->item.rules & (PLAN_RESUMES | PLAN_KEEPS_TIME)) != 0;
    if (had && run->is_begun && !comes_back) {
        run->is_spent = true;
    }
    if (run->quiet != why->reason || !conductor_ids_are(run->quiet_other, why->other)) {
        be_quiet(conductor, why->reason, why->other);
    }
}

/* A relay goes over from its stream to its medium and back, when the one dies and the other comes.
 */
static void follow_flow(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    struct live_flow flow = relay_flow(conductor, &run->item);
    bool flows = flow.state == FLOW_SOUNDS;
    conductor_wake(conductor, flow.until);
    if (flows && run->serial != 0 && conductor->item_cue.what == CUE_LIVE) {
        run->has_flowed = true;
        run->was_announced = false;
    }
    usec begins = flow.start > run->item.at ? flow.start : run->item.at;
    bool moved = flows && conductor->item_cue.what == CUE_LIVE &&
                 conductor->item_cue.from != conductor->item_cue.start_at - flow.start;
    bool changes = (conductor->item_cue.what == CUE_LIVE) != flows || moved;
    if (run->serial != 0 && changes && (!flows || begins <= conductor->now.now + LATE_FROM)) {
        run->serial = 0;
        conductor->item_cue = (struct cue){.serial = 0};
    }
    if (flows) {
        run->is_spent = false;
        run->is_finished = false;
    }
}

static bool begin_filler(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    if (run->filler_serial != 0) {
        return true;
    }
    usec left = run->over_at - conductor->now.now;
    for (size_t i = 0; i < conductor->filler_count && left > FADE_ROOM; i++) {
        size_t turn = conductor->filler_turn++ % conductor->filler_count;
        hash media = conductor->filler[turn];
        if (conductor->ports.media(conductor->ports.ctx, media) == MEDIA_HERE) {
            conductor->filler_cue =
                (struct cue){.what = CUE_MEDIA, .media = media, .most = left, .gently = true};
            conductor_new_cue(conductor, OWNER_FILLER, run->item.id, &conductor->filler_cue);
            run->filler_serial = conductor->filler_cue.serial;
            return true;
        }
    }
    return false;
}

static void stop_filler(struct conductor *conductor)
{
    conductor->run.filler_serial = 0;
    conductor->filler_cue = (struct cue){.serial = 0};
}

/* --- the turn --------------------------------------------------------------------------------- */

/* A voice that was ready before its time may have begun an instant before the turn. */
static void hear_early(struct conductor *conductor)
{
    struct known_cue *known = conductor_cue_of(conductor, conductor->run.serial);
    if (known != NULL && known->has_news) {
        known->has_news = false;
        struct cue_heard news = known->news;
        item_heard(conductor, known, &news);
    }
}

static void begin_place(struct conductor *conductor, const struct wire_plan_item *item)
{
    struct running_item *run = &conductor->run;
    *run = (struct running_item){.is_there = true, .item = *item, .over_at = end_of(item)};
    run->quiet_since = conductor->now.now;
    bool ahead = conductor->ahead_cue.serial != 0 && conductor_ids_are(conductor->ahead, item->id);
    if (ahead) {
        conductor->item_cue = conductor->ahead_cue;
        run->serial = conductor->ahead_cue.serial;
        run->heard_serial = run->serial;
    } else if (conductor->now.now > item->at + LATE_FROM) {
        lose(run, why_missed(conductor, item), (wire_id){{0}}, conductor->now.now - item->at);
    }
    conductor->ahead_cue = (struct cue){.serial = 0};
    hear_early(conductor);
}

static bool is_over(const struct conductor *conductor)
{
    const struct running_item *run = &conductor->run;
    usec now = conductor->now.now;
    if (next_at(conductor) <= now) {
        return true;
    }
    return now >= run->over_at || (run->is_finished && !run->is_spent);
}

/* Ends what is over and begins what is due; true when something is running. */
static bool advance(struct conductor *conductor)
{
    usec now = conductor->now.now;
    if (conductor->closing.is_there && now >= conductor->close_by) {
        end_closing(conductor);
    }
    for (;;) {
        if (conductor->run.is_there && is_over(conductor)) {
            end_run(conductor);
        }
        if (conductor->run.is_there) {
            return true;
        }
        if (next_at(conductor) > now) {
            return false;
        }
        const struct wire_plan_item *item = &conductor->items[conductor->item_next++];
        if (end_of(item) <= now) {
            end_missed(conductor, item);
        } else {
            begin_place(conductor, item);
        }
    }
}

/* An item that comes back may need more than its place, while nothing else wants it. */
static void stretch(struct conductor *conductor)
{
    struct running_item *run = &conductor->run;
    if ((run->item.rules & PLAN_RESUMES) == 0 || run->is_spent) {
        return;
    }
    usec most = end_of(&run->item) + RESUME_WITHIN;
    usec wanted = conductor->now.now + length_of(&run->item) - run->resume_at;
    wanted = wanted < most ? wanted : most;
    run->over_at = wanted < next_at(conductor) ? wanted : next_at(conductor);
}

enum item_sound item_turn(struct conductor *conductor, const struct over *over)
{
    struct running_item *run = &conductor->run;
    if (run->is_there) {
        account(conductor);
    }
    bool running = advance(conductor);
    conductor_wake(conductor, next_at(conductor));
    if (conductor->closing.is_there) {
        conductor_wake(conductor, conductor->close_by);
    }
    if (!running) {
        return ITEM_SILENT;
    }
    struct over way = over_item(conductor, &run->item, over);
    if (way.reason != REASON_NONE) {
        stop_filler(conductor);
        stop_sound(conductor, &way);
        stretch(conductor);
        conductor_wake(conductor, run->over_at);
        return ITEM_SILENT;
    }
    conductor_wake(conductor, run->over_at);
    if (run->item.kind == PLAN_SILENCE) {
        return ITEM_SILENT;
    }
    if (run->item.kind == PLAN_RELAY) {
        follow_flow(conductor);
    }
    struct over hindrance = {.reason = hinders(conductor, &run->item)};
    if (!run->is_spent && hindrance.reason == REASON_NONE) {
        stop_filler(conductor);
        if (run->serial == 0 && !run->is_finished) {
            begin_sound(conductor);
        }
        return run->serial != 0 ? ITEM_SOUNDS : ITEM_SILENT;
    }
    if (!run->is_spent) {
        stop_sound(conductor, &hindrance);
    }
    bool filled = hindrance.reason != REASON_VOLUME_ZERO && begin_filler(conductor);
    return filled ? ITEM_FILLED : ITEM_SILENT;
}

void item_next_cue(struct conductor *conductor, const struct over *over, struct cue *ret_cue)
{
    usec now = conductor->now.now;
    usec at = next_at(conductor);
    if (at == INT64_MAX || at - now > CONDUCTOR_AHEAD) {
        conductor_wake(conductor, at == INT64_MAX ? at : at - CONDUCTOR_AHEAD);
        conductor->ahead_cue = (struct cue){.serial = 0};
        return;
    }
    const struct wire_plan_item *item = &conductor->items[conductor->item_next];
    struct over way = over_item(conductor, item, over);
    bool sounds = way.reason == REASON_NONE && item->kind != PLAN_SILENCE &&
                  hinders(conductor, item) == REASON_NONE;
    if (!sounds) {
        conductor->ahead_cue = (struct cue){.serial = 0};
        return;
    }
    if (conductor->ahead_cue.serial == 0 || !conductor_ids_are(conductor->ahead, item->id)) {
        conductor->ahead = item->id;
        conductor->ahead_cue = cue_of(conductor, item);
        conductor_new_cue(conductor, OWNER_ITEM, item->id, &conductor->ahead_cue);
    }
    *ret_cue = conductor->ahead_cue;
}

/* --- a newer plan ----------------------------------------------------------------------------- */

static bool find_item(const struct wire_plan_item *items, size_t count, wire_id id, size_t *ret_at)
{
    for (size_t i = 0; i < count; i++) {
        if (conductor_ids_are(items[i].id, id)) {
            *ret_at = i;
            return true;
        }
    }
    return false;
}

/* What the old plan owes is settled first: items whose time was over before the new one came. */
void item_replace_plan(struct conductor *conductor, struct wire_plan_item *take_items, size_t count)
{
    struct running_item *run = &conductor->run;
    if (conductor->sure_from != 0) {
        advance(conductor);
    }
    size_t at = 0;
    bool goes_on = run->is_there && find_item(take_items, count, run->item.id, &at) &&
                   take_items[at].at == run->item.at &&
                   hash_is(take_items[at].media, run->item.media);
    mem_give(conductor->items);
    conductor->items = take_items;
    conductor->item_count = count;
    conductor->item_next = 0;
    if (run->is_there && !goes_on) {
        conductor->item_count = 0; /* what comes next is not what ends it */
        lose(run, REASON_REPLACED, conductor->plan_id, length_of(&run->item));
        end_run(conductor);
        conductor->item_count = count;
    }
    usec done = goes_on ? run->item.at : conductor->ended_until;
    while (conductor->item_next < count && take_items[conductor->item_next].at <= done) {
        conductor->item_next++;
    }
    if (goes_on) {
        run->item = take_items[at];
        usec end = end_of(&run->item);
        run->over_at = run->over_at < end ? run->over_at : end;
        if (run->over_at < end && run->resume_at == 0) {
            run->over_at = end;
        }
    }
}

/* --- what came of it -------------------------------------------------------------------------- */

static void filler_heard(struct conductor *conductor, const struct known_cue *known,
                         const struct cue_heard *heard)
{
    if (heard->news == CUE_STARTED) {
        return;
    }
    if (conductor->run.filler_serial == heard->serial) {
        stop_filler(conductor);
    }
    if (heard->sounded > 0) {
        struct wire_log_entry entry = {
            .kind = LOG_FILLER, .subject = known->subject, .ms = (uint64_t)(heard->sounded / 1000)};
        conductor_note(conductor, &entry, false);
    }
}

static void item_begun(struct conductor *conductor, struct running_item *run,
                       const struct cue_heard *heard)
{
    if (!run->is_begun) {
        run->is_begun = true;
        struct wire_log_entry entry = {
            .kind = LOG_ITEM_STARTED, .subject = run->item.id, .value = heard->late};
        conductor_note(conductor, &entry, false);
    }
}

static void voice_over(struct conductor *conductor, struct running_item *run,
                       const struct known_cue *known, const struct cue_heard *heard)
{
    bool announced = run->has_flowed && !known->is_live;
    run->sounded += announced ? 0 : heard->sounded;
    run->flowed += known->is_live ? heard->sounded : 0;
    run->resume_at = known->base + heard->position;
    if (run->heard_serial == heard->serial) {
        run->heard_serial = 0;
    }
    bool ended = heard->news == CUE_ENDED || heard->news == CUE_CUT;
    if (announced) {
        run->was_announced = run->was_announced || ended;
    } else if (ended) {
        run->whole = heard->news == CUE_ENDED ? run->resume_at : run->whole;
        run->is_finished = true;
    }
    if (heard->news == CUE_FAILED) {
        run->is_spent = true;
    }
    if (run->serial == heard->serial) {
        run->serial = 0;
    }
    if (conductor->item_cue.serial == heard->serial) {
        conductor->item_cue = (struct cue){.serial = 0};
    }
}

void item_heard(struct conductor *conductor, struct known_cue *known, const struct cue_heard *heard)
{
    struct running_item *run = &conductor->run;
    struct running_item *closing = &conductor->closing;
    if (known->owner == OWNER_FILLER) {
        filler_heard(conductor, known, heard);
    } else if (closing->is_there && conductor_ids_are(closing->item.id, known->subject)) {
        if (heard->news == CUE_STARTED) {
            item_begun(conductor, closing, heard);
            return;
        }
        voice_over(conductor, closing, known, heard);
        end_closing(conductor);
    } else if (run->is_there && conductor_ids_are(run->item.id, known->subject)) {
        if (heard->news == CUE_STARTED) {
            item_begun(conductor, run, heard);
            return;
        }
        voice_over(conductor, run, known, heard);
        if (heard->news == CUE_FAILED) {
            be_quiet(conductor, REASON_MEDIA_BAD, (wire_id){{0}});
        }
    } else if (conductor->ahead_cue.serial == heard->serial) {
        known->has_news = true;
        known->news = *heard;
    }
}
