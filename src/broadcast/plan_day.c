/* What wants to sound on one day, and in which order it is served. */
#include "broadcast/plan_inside.h"

static bool is_holiday(const struct plan_run *run, day on)
{
    day index = on - run->first + PROGRAMME_REACH;
    return index >= 0 && index <= run->last - run->first + PROGRAMME_REACH && run->holiday[index];
}

/* Items of that very day; when there are none, those of every day. */
static size_t items_of_day(const struct programme *programme, day on, size_t *ret_first)
{
    size_t count = 0;
    for (size_t i = 0; i < programme->item_count; i++) {
        if (programme->items[i].on == on) {
            *ret_first = count == 0 ? i : *ret_first;
            count++;
        }
    }
    return count;
}

static bool speaks(const struct receiver *receiver, size_t rank, str language)
{
    if (receiver->language_count == 0) {
        return rank == 0 && str_is(language, S("vi"));
    }
    return rank < receiver->language_count && str_is(language, receiver->languages[rank]);
}

/* Of the versions of one place: the language that the villages prefer, one without any, and at last
 * Vietnamese. */
static const struct programme_item *version_of(const struct receiver *receiver,
                                               const struct programme_item *versions, size_t count)
{
    const struct programme_item *found = NULL;
    size_t ranks = receiver->language_count == 0 ? 1 : receiver->language_count;
    for (size_t rank = 0; rank < ranks && found == NULL; rank++) {
        for (size_t i = 0; i < count && found == NULL; i++) {
            found = speaks(receiver, rank, versions[i].language) ? &versions[i] : NULL;
        }
    }
    for (size_t i = 0; i < count && found == NULL; i++) {
        found = versions[i].language.len == 0 ? &versions[i] : NULL;
    }
    for (size_t i = 0; i < count && found == NULL; i++) {
        found = str_is(versions[i].language, S("vi")) ? &versions[i] : NULL;
    }
    return found;
}

const struct programme_item **plan_items_of(struct plan_run *run, const struct programme *programme,
                                            day base, size_t *ret_count,
                                            enum plan_note_key *ret_why)
{
    size_t first = 0;
    size_t count = items_of_day(programme, base, &first);
    if (count == 0) {
        count = items_of_day(programme, DAY_FIRST, &first);
    }
    const struct programme_item **chosen =
        arena_take_array(run->arena, count + 1, sizeof(struct programme_item *));
    if (chosen == NULL) {
        run->rc = ERR_NO_MEMORY;
        *ret_count = 0;
        return NULL;
    }
    size_t places = 0;
    for (size_t i = 0; i < count;) {
        const struct programme_item *versions = &programme->items[first + i];
        size_t n = 1;
        while (i + n < count && versions[n].position == versions[0].position) {
            n++;
        }
        const struct programme_item *version = version_of(run->choice->receiver, versions, n);
        if (version != NULL) {
            chosen[places++] = version;
        }
        i += n;
    }
    *ret_why = count == 0 ? PLAN_NOTE_NO_ITEM : PLAN_NOTE_NO_LANGUAGE;
    *ret_count = places;
    return chosen;
}

/* How long it sounds without anybody in its way; 0: not at all, `ret_note` says why. */
static usec natural_length(struct plan_run *run, const struct programme *programme, day base,
                           struct plan_note *note)
{
    usec place = programme->place_ms * 1000;
    if (programme->kind == PROGRAMME_SILENCE || programme->kind == PROGRAMME_RELAY) {
        return place;
    }
    size_t count = 0;
    usec length = 0;
    const struct programme_item **items = plan_items_of(run, programme, base, &count, &note->key);
    for (size_t i = 0; i < count; i++) {
        length += items[i]->ms * 1000;
    }
    if (length > 0 && place > 0 && length > place) {
        struct plan_note cut = *note;
        cut.key = PLAN_NOTE_TOO_LONG;
        cut.ms = (length - place) / 1000;
        plan_note_add(run, &cut);
        length = place;
    }
    return length;
}

static void wish(struct plan_run *run, const struct plan_own *own, day base, usec at)
{
    const struct programme *programme = own->programme;
    struct plan_note note = {.programme = programme->id, .at = at};
    if (own->needs_choice && (own->choice == NULL || !own->choice->taken)) {
        note.key = own->choice == NULL ? PLAN_NOTE_NOT_CHOSEN : PLAN_NOTE_REFUSED;
        plan_note_add(run, &note);
        return;
    }
    usec length = natural_length(run, programme, base, &note);
    if (length == 0) {
        plan_note_add(run, &note);
        return;
    }
    struct plan_wish made = {
        .programme = programme,
        .base = base,
        .at = at,
        .wanted = at,
        .end = at + length,
        .gain_mb = programme->gain_mb,
    };
    plan_wish_add(run, &run->wishes, run->wishes.count, &made);
}

/* A day on which it would have come, but for a holiday or because somebody took the day out. */
static void note_absence(struct plan_run *run, const struct programme *programme, day on, usec at)
{
    struct plan_note note = {.programme = programme->id, .at = at};
    if (recurrence_lists(programme->when.removed, on)) {
        note.key = PLAN_NOTE_DAY_REMOVED;
        plan_note_add(run, &note);
    } else if (programme->when.holidays == HOLIDAY_SKIP && is_holiday(run, on)) {
        note.key = PLAN_NOTE_HOLIDAY;
        plan_note_add(run, &note);
    }
}

static bool comes_on(const struct plan_run *run, const struct programme *programme, day on)
{
    return recurrence_falls_on(&programme->when, is_holiday(run, on), on);
}

static usec time_of(const struct plan_run *run, day on, int second)
{
    return day_start(on, run->zone) + second * USEC_SECOND;
}

static void wish_programme(struct plan_run *run, const struct plan_own *own, day on)
{
    const struct programme *programme = own->programme;
    bool moved = own->choice != NULL && own->choice->taken && own->choice->has_start;
    usec at = time_of(run, on, moved ? own->choice->start_s : programme->start_s);
    if (comes_on(run, programme, on)) {
        if (moved && own->choice->start_s != programme->start_s) {
            plan_note_add(run, &(struct plan_note){.key = PLAN_NOTE_OWN_TIME,
                                                   .programme = programme->id,
                                                   .at = time_of(run, on, programme->start_s),
                                                   .moved_to = at,
                                                   .other = own->choice->unit});
        }
        wish(run, own, on, at);
    } else if (run->request->with_notes && recurrence_is_due(&programme->when, on)) {
        note_absence(run, programme, on, at);
    }
    for (size_t i = 0; i < programme->repeat_count; i++) {
        const struct programme_repeat *repeat = &programme->repeats[i];
        day base = on - repeat->days_after;
        if (comes_on(run, programme, base)) {
            wish(run, own, base, time_of(run, on, repeat->start_s));
        }
    }
}

/* Priority before ordinary, the higher tier, what begins earlier, what was made earlier. */
static int compare_rank(const void *left, const void *right)
{
    const struct plan_wish *a = left;
    const struct plan_wish *b = right;
    if (a->programme->order_class != b->programme->order_class) {
        return a->programme->order_class > b->programme->order_class ? -1 : 1;
    }
    if (a->programme->tier != b->programme->tier) {
        return a->programme->tier < b->programme->tier ? -1 : 1;
    }
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    if (a->programme->id != b->programme->id) {
        return a->programme->id < b->programme->id ? -1 : 1;
    }
    return a->sort < b->sort ? -1 : a->sort > b->sort;
}

static size_t first_of(const struct plan_wishes *list, int64_t programme)
{
    size_t i = 0;
    while (i < list->count && list->at[i].programme->id != programme) {
        i++;
    }
    return i;
}

/* The commune's decision: `first` steps before `second`, of the same class only. Decisions that run
 * in a circle end after one pass. */
static void obey(struct plan_wishes *list, const struct clash_order *order)
{
    size_t second = first_of(list, order->second);
    for (size_t i = second + 1; i < list->count; i++) {
        const struct plan_wish moved = list->at[i];
        bool named = moved.programme->id == order->first &&
                     moved.programme->order_class == list->at[second].programme->order_class;
        if (named) {
            memmove(&list->at[second + 1], &list->at[second], (i - second) * sizeof moved);
            list->at[second] = moved;
            second++;
        }
    }
}

void plan_wish_day(struct plan_run *run, day on)
{
    const struct schedule *schedule = run->request->schedule;
    run->wishes.count = 0;
    for (size_t i = 0; i < run->choice->own_count; i++) {
        wish_programme(run, &run->choice->own[i], on);
    }
    for (size_t i = 0; i < run->wishes.count; i++) {
        run->wishes.at[i].sort = (int)i;
    }
    if (run->wishes.count > 1) {
        qsort(run->wishes.at, run->wishes.count, sizeof(struct plan_wish), compare_rank);
    }
    for (size_t i = 0; i < schedule->clash_order_count; i++) {
        if (receiver_is_in(run->choice->receiver, schedule->clash_orders[i].unit)) {
            obey(&run->wishes, &schedule->clash_orders[i]);
        }
    }
}
