/* Names and the deciding parts of alarms; pure. */
#include "broadcast/alarm.h"

#include "broadcast/alarm_inside.h"
#include "broadcast/programme.h"
#include "wire/authority.h"

static const char *const kinds[ALARM_KINDS] = {"alarm", "drill", "stop"};
static const char *const states[ALARM_STATES] = {"waiting",   "in_force", "replaced",
                                                 "cancelled", "expired",  "refused"};
static const char *const purposes[ALARM_PURPOSES] = {"alarm", "correction", "cancel"};
static const char *const signals[] = {"", "none", "chime", "siren", "wail"};

static bool find(const char *const *names, size_t count, str text, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (text.len > 0 && str_is(text, str_of(names[i]))) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

const char *alarm_kind_name(enum alarm_kind kind)
{
    return kinds[kind];
}

bool alarm_kind_parse(str text, enum alarm_kind *ret_kind)
{
    size_t index = 0;
    if (!find(kinds, ALARM_KINDS, text, &index)) {
        return false;
    }
    *ret_kind = (enum alarm_kind)index;
    return true;
}

const char *alarm_state_name(enum alarm_state state)
{
    return states[state];
}

bool alarm_state_parse(str text, enum alarm_state *ret_state)
{
    size_t index = 0;
    if (!find(states, ALARM_STATES, text, &index)) {
        return false;
    }
    *ret_state = (enum alarm_state)index;
    return true;
}

const char *alarm_purpose_name(enum alarm_purpose purpose)
{
    return purposes[purpose];
}

bool alarm_purpose_parse(str text, enum alarm_purpose *ret_purpose)
{
    size_t index = 0;
    if (!find(purposes, ALARM_PURPOSES, text, &index)) {
        return false;
    }
    *ret_purpose = (enum alarm_purpose)index;
    return true;
}

const char *alarm_signal_name(int signal)
{
    return signal >= SIGNAL_NONE && signal <= SIGNAL_WAIL ? signals[signal] : "none";
}

bool alarm_signal_parse(str text, int *ret_signal)
{
    size_t index = 0;
    if (!find(signals, COUNT_OF(signals), text, &index)) {
        return false;
    }
    *ret_signal = (int)index;
    return true;
}

enum right alarm_right(enum alarm_kind kind)
{
    switch (kind) {
    case ALARM_REAL:
        return RIGHT_ALARMS_WRITE;
    case ALARM_DRILL:
        return RIGHT_DRILLS_WRITE;
    case ALARM_STOP:
        return RIGHT_ALL_STOP;
    }
    return RIGHT_ALARMS_WRITE;
}

enum order_class alarm_class(enum alarm_kind kind)
{
    switch (kind) {
    case ALARM_REAL:
    case ALARM_STOP:
        return CLASS_EMERGENCY;
    case ALARM_DRILL:
        return CLASS_DRILL;
    }
    return CLASS_DRILL;
}

static errc check_numbers(const struct alarm_draft *draft, struct bad_field *bad)
{
    const struct {
        const char *name;
        int64_t value;
        int64_t least;
        int64_t most;
    } numbers[] = {
        {"clip", draft->clip, 0, 255},           {"times", draft->times, 0, 20},
        {"pause_ms", draft->pause_ms, 0, 60000}, {"again_s", draft->again_s, 0, 86400},
        {"gain_mb", draft->gain_mb, -6000, 0},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (numbers[i].value < numbers[i].least || numbers[i].value > numbers[i].most) {
            return bad_field(bad, numbers[i].name, "out_of_range");
        }
    }
    return OK;
}

static errc check_sound(const struct alarm_draft *draft, struct bad_field *bad)
{
    if (draft->signal < SIGNAL_NONE || draft->signal > SIGNAL_WAIL) {
        return bad_field(bad, "signal", "unknown");
    }
    if (draft->voice_count > ALARM_VOICES_MOST) {
        return bad_field(bad, "voices", "too_many");
    }
    /* What corrects or ends is said even when only a chime and the boards can say it. */
    if (draft->purpose == PURPOSE_ALARM && draft->voice_count == 0 && draft->clip == 0) {
        return bad_field(bad, "voices", "missing");
    }
    for (size_t i = 0; i < draft->voice_count; i++) {
        str language = draft->voices[i].language;
        if (language.len == 0 || !language_is_fit(language)) {
            return bad_field(bad, "voices", "not_a_language");
        }
    }
    return OK;
}

errc alarm_check(const struct alarm_draft *draft, enum alarm_kind kind, usec now,
                 struct bad_field *bad)
{
    static const wire_id none = {{0}};
    enum order_kind order = kind == ALARM_STOP ? ORDER_STOP : ORDER_ALARM;
    int64_t longest = authority_longest(order, alarm_class(kind)) / 1000;
    if (memcmp(draft->mark.bytes, none.bytes, sizeof none.bytes) == 0) {
        return bad_field(bad, "mark", "missing");
    }
    if (draft->valid_ms < 10000 || draft->valid_ms > longest) {
        return bad_field(bad, "valid_s", "out_of_range");
    }
    if (draft->area_count > ALARM_AREAS_MOST) {
        return bad_field(bad, "areas", "too_many");
    }
    if (draft->start != 0 && (draft->start < now - USEC_HOUR || draft->start > now + USEC_HOUR)) {
        return bad_field(bad, "start", "out_of_range");
    }
    if (kind == ALARM_STOP) {
        return OK;
    }
    TRY(check_numbers(draft, bad));
    return check_sound(draft, bad);
}

int64_t alarm_sounding_ms(const struct alarm_draft *draft)
{
    static const int64_t signal_ms[] = {0, 0, 3000, 8000, 12000}; /* as devices play them */
    int64_t times = draft->times == 0 ? ALARM_TIMES : draft->times;
    int64_t text = 0;
    for (size_t i = 0; i < draft->voice_count; i++) {
        text += draft->voices[i].ms + draft->pause_ms;
    }
    bool known = draft->signal >= 0 && draft->signal < (int)COUNT_OF(signal_ms);
    return (known ? signal_ms[draft->signal] : 0) + text * times;
}

static bool is_in_area(const struct receiver *receiver, const struct alarm_draft *draft)
{
    for (size_t i = 0; i < draft->area_count; i++) {
        if (receiver_is_in(receiver, draft->areas[i])) {
            return true;
        }
    }
    return draft->area_count == 0 && receiver_is_in(receiver, draft->unit);
}

errc alarm_receivers(const struct receivers *all, const struct alarm_draft *draft,
                     struct arena *arena, struct receivers *ret_receivers)
{
    struct receiver *found = arena_take_array(arena, all->count + 1, sizeof *found);
    size_t count = 0;
    if (found == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < all->count; i++) {
        if (is_in_area(&all->at[i], draft)) {
            found[count++] = all->at[i];
        }
    }
    *ret_receivers = (struct receivers){found, count};
    return OK;
}

static int compare_units(const void *left, const void *right)
{
    const unit_id *a = left;
    const unit_id *b = right;
    return *a < *b ? -1 : *a > *b;
}

errc alarm_communes(const struct receivers *receivers, struct arena *arena, int64_t *ret_communes)
{
    unit_id *units = arena_take_array(arena, receivers->count + 1, sizeof *units);
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < receivers->count; i++) {
        units[i] = receivers->at[i].commune;
    }
    if (receivers->count > 1) {
        qsort(units, receivers->count, sizeof *units, compare_units);
    }
    *ret_communes = 0;
    for (size_t i = 0; i < receivers->count; i++) {
        *ret_communes += i == 0 || units[i] != units[i - 1];
    }
    return OK;
}

enum alarm_second alarm_second(const struct alarm_draft *draft, enum alarm_kind kind,
                               const struct alarm_effect *effect,
                               const struct broadcast_policy *policy)
{
    if (kind == ALARM_STOP || draft->purpose != PURPOSE_ALARM) {
        return SECOND_NONE;
    }
    if (effect->devices >= policy->approve_devices) {
        return SECOND_DEVICES;
    }
    bool many = policy->approve_people > 0 && effect->people >= policy->approve_people;
    return many ? SECOND_PEOPLE : SECOND_NONE;
}
