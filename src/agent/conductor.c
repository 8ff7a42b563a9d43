/* What is told, the turn, and what came of the cues. */
#include "agent/conductor_inside.h"

#include "base/crash.h"

enum { CLIPS_MOST = 64 };

bool conductor_ids_are(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

void conductor_note(struct conductor *conductor, const struct wire_log_entry *entry, bool urgent)
{
    conductor->ports.note(conductor->ports.ctx, entry, urgent);
}

void conductor_wake(struct conductor *conductor, usec at)
{
    if (at > conductor->now.now && at < conductor->next_turn) {
        conductor->next_turn = at;
    }
}

struct conductor *conductor_create(const struct conductor_ports *ports,
                                   const struct conductor_past *past)
{
    struct conductor *conductor = mem_take(sizeof *conductor);
    conductor->ports = *ports;
    conductor->past = *past;
    conductor->ended_until = past->ended_until;
    conductor->settings.volume = 100; /* until the first settings come */
    conductor->next_turn = INT64_MAX;
    return conductor;
}

void conductor_destroy(struct conductor *conductor)
{
    if (conductor != NULL) {
        mem_give(conductor->items);
        mem_give(conductor->sources);
        mem_give(conductor->alarms);
        mem_give(conductor->stops);
        mem_give(conductor->clips);
        mem_give(conductor->clip_languages);
        mem_give(conductor);
    }
}

/* --- cues ------------------------------------------------------------------------------------- */

struct known_cue *conductor_new_cue(struct conductor *conductor, enum owner owner, wire_id subject,
                                    struct cue *cue)
{
    conductor->serial++;
    cue->serial = conductor->serial;
    struct known_cue *known = &conductor->known[conductor->serial % CUES_KNOWN];
    *known = (struct known_cue){.serial = conductor->serial,
                                .owner = owner,
                                .subject = subject,
                                .is_live = cue->what == CUE_LIVE};
    return known;
}

struct known_cue *conductor_cue_of(struct conductor *conductor, uint64_t serial)
{
    struct known_cue *known = &conductor->known[serial % CUES_KNOWN];
    return serial != 0 && known->serial == serial ? known : NULL;
}

static bool something_sounds(const struct conductor *conductor)
{
    for (size_t i = 0; i < CUES_KNOWN; i++) {
        if (conductor->known[i].sounds) {
            return true;
        }
    }
    return false;
}

/* --- what is told ----------------------------------------------------------------------------- */

static size_t sources_size(const struct wire_plan *plan)
{
    size_t size = 1;
    for (size_t i = 0; plan != NULL && i < plan->items.count; i++) {
        size += plan->items.at[i].source.len;
    }
    return size;
}

/* Of the texts only the sources of relays are kept. */
static void copy_items(const struct wire_plan *plan, struct wire_plan_item *items, char *sources)
{
    for (size_t i = 0; plan != NULL && i < plan->items.count; i++) {
        items[i] = plan->items.at[i];
        str source = items[i].source;
        items[i].title = STR_NONE;
        items[i].source = (str){sources, source.len};
        if (source.len > 0) {
            memcpy(sources, source.at, source.len);
            sources += source.len;
        }
    }
}

errc conductor_plan(struct conductor *conductor, wire_id order, const struct wire_plan *plan,
                    usec now)
{
    size_t count = plan == NULL ? 0 : plan->items.count;
    struct wire_plan_item *items = mem_try(count * sizeof *items + 1);
    char *sources = mem_try(sources_size(plan));
    if (items == NULL || sources == NULL) {
        mem_give(items);
        mem_give(sources);
        return ERR_NO_MEMORY;
    }
    copy_items(plan, items, sources);
    conductor->now.now = now > conductor->now.now ? now : conductor->now.now;
    conductor->plan_id = order;
    conductor->plan_to = plan == NULL ? 0 : plan->to;
    conductor->filler_count = plan == NULL ? 0 : plan->filler.count;
    ENSURE(conductor->filler_count <= COUNT_OF(conductor->filler));
    for (size_t i = 0; i < conductor->filler_count; i++) {
        conductor->filler[i] = plan->filler.at[i];
    }
    item_replace_plan(conductor, items, count);
    mem_give(conductor->sources); /* nobody looks at them any more */
    conductor->sources = sources;
    conductor->plan_at = now;
    return OK;
}

void conductor_settings(struct conductor *conductor, const struct wire_settings *settings)
{
    conductor->settings = *settings;
}

errc conductor_clips(struct conductor *conductor, const struct wire_clips *clips)
{
    size_t count = clips->items.count < CLIPS_MOST ? clips->items.count : CLIPS_MOST;
    if (conductor->clips == NULL) {
        conductor->clips = mem_try(CLIPS_MOST * sizeof *conductor->clips);
        conductor->clip_languages = mem_try(CLIPS_MOST * sizeof *conductor->clip_languages);
    }
    if (conductor->clips == NULL || conductor->clip_languages == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        conductor->clips[i] = clips->items.at[i];
        ENSURE(str_to_array(clips->items.at[i].language, conductor->clip_languages[i],
                            sizeof conductor->clip_languages[i]));
        conductor->clips[i].language = str_of(conductor->clip_languages[i]);
    }
    conductor->clip_count = count;
    return OK;
}

/* Room for one more. */
static errc grow(void **at, size_t *room, size_t count, size_t size)
{
    if (count < *room) {
        return OK;
    }
    size_t wanted = *room == 0 ? 4 : *room * 2;
    void *fresh = wanted <= 2 * AUTHORITY_IN_FORCE ? mem_try_grow(*at, wanted * size) : NULL;
    if (fresh == NULL) {
        return ERR_TOO_MANY;
    }
    *at = fresh;
    *room = wanted;
    return OK;
}

/* Where the copy lies, its voices' texts lie too; it may move with the list. */
static void point_voices(struct conductor *conductor)
{
    for (size_t i = 0; i < conductor->alarm_count; i++) {
        struct alarm *alarm = &conductor->alarms[i];
        alarm->what.voices.at = alarm->voices;
        for (size_t v = 0; v < alarm->what.voices.count; v++) {
            alarm->voices[v].language = str_of(alarm->languages[v]);
        }
    }
}

errc conductor_alarm(struct conductor *conductor, const struct conductor_order *order,
                     const struct wire_alarm *what, usec now)
{
    static const wire_id none = {{0}};
    if (alarm_of(conductor, order->id) != NULL) {
        return OK;
    }
    void *at = conductor->alarms;
    errc rc = grow(&at, &conductor->alarm_room, conductor->alarm_count, sizeof *conductor->alarms);
    conductor->alarms = at;
    if (rc != OK) {
        return rc;
    }
    if (!conductor_ids_are(what->replaces, none)) {
        conductor_end(conductor, what->replaces, REASON_REPLACED, order->id);
    }
    struct alarm *alarm = &conductor->alarms[conductor->alarm_count++];
    *alarm = (struct alarm){.order = *order, .what = *what, .round_at = now};
    alarm->what.text = STR_NONE;
    alarm->what.voices.count = what->voices.count < VOICES_MOST ? what->voices.count : VOICES_MOST;
    for (size_t i = 0; i < alarm->what.voices.count; i++) {
        alarm->voices[i] = what->voices.at[i];
        ENSURE(str_to_array(what->voices.at[i].language, alarm->languages[i],
                            sizeof alarm->languages[i]));
    }
    point_voices(conductor);
    return OK;
}

errc conductor_stop(struct conductor *conductor, const struct conductor_order *order, usec now)
{
    (void)now;
    for (size_t i = 0; i < conductor->stop_count; i++) {
        if (conductor_ids_are(conductor->stops[i].order.id, order->id)) {
            return OK;
        }
    }
    void *at = conductor->stops;
    errc rc = grow(&at, &conductor->stop_room, conductor->stop_count, sizeof *conductor->stops);
    conductor->stops = at;
    if (rc == OK) {
        conductor->stops[conductor->stop_count++] = (struct stop){.order = *order};
    }
    return rc;
}

static void note_ended(struct conductor *conductor, wire_id order, enum log_reason reason,
                       wire_id other)
{
    struct wire_log_entry entry = {
        .kind = LOG_ORDER_ENDED, .subject = order, .reason = reason, .other = other};
    conductor_note(conductor, &entry, true);
}

static void remove_alarm(struct conductor *conductor, size_t index)
{
    conductor->alarm_count--;
    memmove(&conductor->alarms[index], &conductor->alarms[index + 1],
            (conductor->alarm_count - index) * sizeof *conductor->alarms);
    point_voices(conductor);
}

static void remove_stop(struct conductor *conductor, size_t index)
{
    conductor->stop_count--;
    memmove(&conductor->stops[index], &conductor->stops[index + 1],
            (conductor->stop_count - index) * sizeof *conductor->stops);
}

void conductor_end(struct conductor *conductor, wire_id order, enum log_reason reason,
                   wire_id other)
{
    if (live_end(conductor, order, reason, other)) {
        return;
    }
    for (size_t i = conductor->alarm_count; i > 0; i--) {
        if (conductor_ids_are(conductor->alarms[i - 1].order.id, order)) {
            if (!conductor->alarms[i - 1].is_done) {
                note_ended(conductor, order, reason, other);
            }
            remove_alarm(conductor, i - 1);
        }
    }
    for (size_t i = conductor->stop_count; i > 0; i--) {
        if (conductor_ids_are(conductor->stops[i - 1].order.id, order)) {
            note_ended(conductor, order, reason, other);
            remove_stop(conductor, i - 1);
        }
    }
}

static void expire_orders(struct conductor *conductor)
{
    static const wire_id none = {{0}};
    usec now = conductor->now.now;
    for (size_t i = conductor->alarm_count; i > 0; i--) {
        struct conductor_order order = conductor->alarms[i - 1].order;
        if (order.expires <= now) {
            conductor_end(conductor, order.id, REASON_EXPIRED, none);
        } else {
            conductor_wake(conductor, order.expires);
        }
    }
    for (size_t i = conductor->stop_count; i > 0; i--) {
        struct conductor_order order = conductor->stops[i - 1].order;
        if (order.expires <= now) {
            conductor_end(conductor, order.id, REASON_EXPIRED, none);
        } else {
            conductor_wake(conductor, order.expires);
        }
    }
}

void conductor_test(struct conductor *conductor, wire_id order, usec length, usec now)
{
    conductor->test = order;
    conductor->test_until = now + length;
    conductor->test_cue = (struct cue){.what = CUE_TONE, .most = length, .gain_mb = -600};
    conductor_new_cue(conductor, OWNER_TEST, order, &conductor->test_cue);
}

void conductor_retire(struct conductor *conductor, usec now)
{
    static const wire_id none = {{0}};
    conductor->now.now = now > conductor->now.now ? now : conductor->now.now;
    conductor->is_retired = true;
    item_end_all(conductor, REASON_RETIRED);
    while (conductor->alarm_count > 0) {
        conductor_end(conductor, conductor->alarms[0].order.id, REASON_RETIRED, none);
    }
    for (size_t i = 0; i < conductor->live_count; i++) {
        live_end(conductor, conductor->lives[i].order.id, REASON_RETIRED, none);
    }
}

struct stop *conductor_silenced(struct conductor *conductor, enum order_class order_class,
                                uint64_t tier)
{
    struct authority_target thing = {.order_class = order_class, .tier = tier};
    for (size_t i = 0; i < conductor->stop_count; i++) {
        struct stop *stop = &conductor->stops[i];
        struct authority_target target = {.order_class = stop->order.order_class,
                                          .tier = stop->order.tier};
        if (authority_commands(&target, &thing)) {
            return stop;
        }
    }
    return NULL;
}

/* --- the turn --------------------------------------------------------------------------------- */

/* A stop is told once it is silent, or once it is clear that something goes on over its head. */
static void tell_stops(struct conductor *conductor, const struct cue_sheet *sheet)
{
    bool goes_on = sheet->now.serial != 0;
    for (size_t i = 0; i < conductor->stop_count; i++) {
        struct stop *stop = &conductor->stops[i];
        if (stop->is_told || (!goes_on && something_sounds(conductor))) {
            continue;
        }
        stop->is_told = true;
        struct wire_log_entry entry = {.kind = LOG_STOPPED, .subject = stop->order.id};
        entry.reason = goes_on ? REASON_LOWER_TIER : REASON_NONE;
        if (stop->order.read_at != 0) {
            entry.value = conductor->now.now - stop->order.read_at;
        }
        conductor_note(conductor, &entry, true);
    }
}

/* What a turn has come to. */
struct turn {
    const struct alarm *alarm;
    const struct live *live;
    enum item_sound item;
};

static void look(struct conductor *conductor, const struct turn *turn)
{
    const struct alarm *alarm = turn->alarm;
    enum item_sound item = turn->item;
    struct conductor_view view = {.plan_to = conductor->plan_to, .alarms = conductor->alarm_count};
    struct conductor_view *before = &conductor->view;
    if (alarm != NULL) {
        view.sound = alarm->order.order_class == CLASS_DRILL ? SOUND_DRILL : SOUND_ALARM;
        view.playing = alarm->order.id;
    } else if (conductor->test_cue.serial != 0) {
        view.sound = SOUND_TEST;
        view.playing = conductor->test;
    } else if (turn->live != NULL && item != ITEM_SOUNDS) {
        view.sound = SOUND_LIVE;
        view.playing = turn->live->order.id;
    } else if (conductor->stop_count > 0 && item == ITEM_SILENT) {
        view.sound = SOUND_STOPPED;
        view.playing = conductor->stops[0].order.id;
    } else if (item != ITEM_SILENT) {
        view.sound = item == ITEM_SOUNDS ? SOUND_ITEM : SOUND_FILLER;
        view.playing = conductor->run.item.id;
    } else if (conductor->closing.is_there) {
        view.sound = SOUND_ITEM; /* its last samples are on their way */
        view.playing = conductor->closing.item.id;
    }
    bool same = view.sound == before->sound && conductor_ids_are(view.playing, before->playing);
    view.since = same ? before->since : conductor->now.now;
    if (conductor->item_next < conductor->item_count) {
        view.next = conductor->items[conductor->item_next].id;
        view.next_at = conductor->items[conductor->item_next].at;
    }
    *before = view;
}

static void end_test(struct conductor *conductor, usec sounded)
{
    if (conductor->test_cue.serial != 0) {
        struct wire_log_entry entry = {
            .kind = LOG_TEST, .subject = conductor->test, .ms = (uint64_t)(sounded / 1000)};
        conductor_note(conductor, &entry, true);
        conductor->test_cue = (struct cue){.serial = 0};
    }
}

static void choose(struct conductor *conductor, const struct turn *turn,
                   struct cue_sheet *ret_sheet)
{
    *ret_sheet = (struct cue_sheet){.now = {.serial = 0}};
    if (turn->alarm != NULL) {
        ret_sheet->now = conductor->alarm_cue;
        return;
    }
    if (conductor->test_cue.serial != 0) {
        ret_sheet->now = conductor->test_cue;
    } else if (turn->item == ITEM_SOUNDS) { /* it stands above who speaks, or nobody does */
        ret_sheet->now = conductor->item_cue;
    } else if (turn->live != NULL) {
        ret_sheet->now = turn->live->cue;
    } else if (turn->item == ITEM_FILLED) {
        ret_sheet->now = conductor->filler_cue;
    }
}

void conductor_turn(struct conductor *conductor, const struct conductor_now *now,
                    struct cue_sheet *ret_sheet)
{
    conductor->now = *now;
    conductor->next_turn = INT64_MAX;
    bool knows_time = now->clock >= CLOCK_HOLDING && now->now > 0;
    struct turn turn = {.item = ITEM_SILENT};
    if (knows_time) {
        if (conductor->sure_from == 0) {
            conductor->sure_from = now->now;
        }
        expire_orders(conductor);
        turn.alarm = alarm_turn(conductor);
    }
    if (conductor->test_cue.serial != 0 &&
        (turn.alarm != NULL || now->now >= conductor->test_until)) {
        end_test(conductor, conductor->test_sounded);
    } else if (conductor->test_cue.serial != 0) {
        conductor_wake(conductor, conductor->test_until);
    }
    if (knows_time) {
        turn.live = live_turn(conductor, turn.alarm != NULL || conductor->test_cue.serial != 0);
    }
    struct over over = item_over(conductor, turn.alarm, turn.live);
    if (knows_time) {
        turn.item = item_turn(conductor, &over);
    }
    choose(conductor, &turn, ret_sheet);
    if (knows_time) {
        item_next_cue(conductor, &over, &ret_sheet->next);
        tell_stops(conductor, ret_sheet);
    }
    look(conductor, &turn);
}

usec conductor_next(const struct conductor *conductor)
{
    return conductor->next_turn;
}

void conductor_heard(struct conductor *conductor, const struct cue_heard *heard)
{
    struct known_cue *known = conductor_cue_of(conductor, heard->serial);
    if (known == NULL) {
        return;
    }
    known->sounds = heard->news == CUE_STARTED;
    switch (known->owner) {
    case OWNER_ITEM:
    case OWNER_FILLER:
        item_heard(conductor, known, heard);
        break;
    case OWNER_ALARM:
        alarm_heard(conductor, known, heard);
        break;
    case OWNER_TEST:
        conductor->test_sounded = heard->sounded;
        if (heard->news != CUE_STARTED && conductor->test_cue.serial == heard->serial) {
            end_test(conductor, heard->sounded);
        }
        break;
    case OWNER_LIVE:
        live_heard(conductor, known, heard);
        break;
    case OWNER_NONE:
        break;
    }
}

void conductor_look(const struct conductor *conductor, struct conductor_view *ret_view)
{
    *ret_view = conductor->view;
}

void conductor_media(const struct conductor *conductor, usec now,
                     void (*on_media)(void *ctx, hash media, uint64_t bytes, usec needed_at),
                     void *ctx)
{
    static const hash none = {{0}};
    for (size_t i = 0; i < conductor->alarm_count; i++) {
        const struct wire_alarm *what = &conductor->alarms[i].what;
        for (size_t v = 0; v < what->voices.count; v++) {
            on_media(ctx, what->voices.at[v].media, what->voices.at[v].bytes, 0);
        }
    }
    for (size_t i = 0; i < conductor->live_count; i++) {
        const struct wire_live *what = &conductor->lives[i].what;
        if (!hash_is(what->fallback, none)) {
            on_media(ctx, what->fallback, what->fallback_bytes, now);
        }
    }
    for (size_t i = 0; i < conductor->clip_count; i++) {
        on_media(ctx, conductor->clips[i].media, conductor->clips[i].bytes, now);
    }
    for (size_t i = 0; i < conductor->item_count; i++) {
        const struct wire_plan_item *item = &conductor->items[i];
        bool is_over = item->at + (usec)item->ms * 1000 <= now;
        if (!is_over && !hash_is(item->media, none)) {
            on_media(ctx, item->media, item->bytes, item->at);
        }
    }
    for (size_t i = 0; i < conductor->filler_count; i++) {
        on_media(ctx, conductor->filler[i], 0, now + USEC_HOUR);
    }
}
