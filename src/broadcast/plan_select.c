/* What belongs to one device: programmes, choices, rules, signals. Two devices of which this is
 * equal get the same plan, which is why ten thousand of them cost a few hundred compilations. */
#include "broadcast/plan_inside.h"

static bool concerns(const struct programme *programme, const struct receiver *receiver)
{
    if (!receiver_is_in(receiver, programme->unit)) {
        return false;
    }
    for (size_t i = 0; i < programme->area_count; i++) {
        if (receiver_is_in(receiver, programme->areas[i])) {
            return true;
        }
    }
    return programme->area_count == 0;
}

static size_t depth_of(const struct receiver *receiver, unit_id unit)
{
    for (size_t i = 0; i < receiver->path_count; i++) {
        if (receiver->path[i] == unit) {
            return i + 1;
        }
    }
    return 0;
}

/* The choice of the lowest unit below the programme's own that made one. */
static const struct programme_choice *choice_of(const struct schedule *schedule,
                                                const struct programme *programme,
                                                const struct receiver *receiver)
{
    const struct programme_choice *best = NULL;
    size_t best_depth = depth_of(receiver, programme->unit);
    for (size_t i = 0; i < schedule->choice_count; i++) {
        const struct programme_choice *choice = &schedule->choices[i];
        if (choice->programme == programme->id) {
            size_t depth = depth_of(receiver, choice->unit);
            if (depth > best_depth) {
                best = choice;
                best_depth = depth;
            }
        }
    }
    return best;
}

/* Ordinary programmes from above the commune are an offer (Circular 39/2020). */
static bool is_offer(const struct programme *programme, const struct receiver *receiver)
{
    return programme->order_class == CLASS_ORDINARY &&
           depth_of(receiver, programme->unit) < depth_of(receiver, receiver->commune);
}

static errc choose_programmes(const struct schedule *schedule, struct arena *arena,
                              struct plan_choice *choice)
{
    size_t count = 0;
    for (size_t i = 0; i < schedule->programme_count; i++) {
        count += concerns(&schedule->programmes[i], choice->receiver);
    }
    struct plan_own *own = arena_take_array(arena, count + 1, sizeof(*own));
    if (own == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < schedule->programme_count; i++) {
        const struct programme *programme = &schedule->programmes[i];
        if (concerns(programme, choice->receiver)) {
            bool offer = is_offer(programme, choice->receiver);
            own[choice->own_count++] = (struct plan_own){
                .programme = programme,
                .choice = offer ? choice_of(schedule, programme, choice->receiver) : NULL,
                .needs_choice = offer,
            };
        }
    }
    choice->own = own;
    return OK;
}

static errc choose_rules(const struct schedule *schedule, struct arena *arena,
                         struct plan_choice *choice)
{
    const struct broadcast_rule **rules =
        arena_take_array(arena, schedule->rule_count + 1, sizeof(struct broadcast_rule *));
    if (rules == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < schedule->rule_count; i++) {
        const struct broadcast_rule *rule = &schedule->rules[i];
        bool here = receiver_is_in(choice->receiver, rule->unit);
        if (here && (!rule->quiet_zone || choice->receiver->quiet_zone)) {
            rules[choice->rule_count++] = rule;
        }
    }
    choice->rules = rules;
    return OK;
}

/* The lowest unit that has a sound of this role. */
static unit_id sound_unit(const struct schedule *schedule, const struct receiver *receiver,
                          enum sound_role role)
{
    unit_id best = 0;
    size_t best_depth = 0;
    for (size_t i = 0; i < schedule->sound_count; i++) {
        const struct broadcast_sound *sound = &schedule->sounds[i];
        size_t depth = sound->role == role ? depth_of(receiver, sound->unit) : 0;
        if (depth > best_depth) {
            best = sound->unit;
            best_depth = depth;
        }
    }
    return best;
}

static const struct broadcast_sound *sound_of(const struct schedule *schedule,
                                              const struct receiver *receiver, enum sound_role role)
{
    unit_id unit = sound_unit(schedule, receiver, role);
    for (size_t i = 0; unit != 0 && i < schedule->sound_count; i++) {
        const struct broadcast_sound *sound = &schedule->sounds[i];
        if (sound->unit == unit && sound->role == role) {
            return sound;
        }
    }
    return NULL;
}

enum { FILLER_MOST = 16 };

static errc choose_filler(const struct schedule *schedule, struct arena *arena,
                          struct plan_choice *choice)
{
    unit_id unit = sound_unit(schedule, choice->receiver, SOUND_HOLE);
    hash *filler = arena_take_array(arena, FILLER_MOST, sizeof(*filler));
    if (filler == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < schedule->sound_count && choice->filler_count < FILLER_MOST; i++) {
        const struct broadcast_sound *sound = &schedule->sounds[i];
        if (unit != 0 && sound->unit == unit && sound->role == SOUND_HOLE) {
            filler[choice->filler_count++] = sound->media;
        }
    }
    choice->filler = filler;
    return OK;
}

errc plan_choose(const struct plan_request *request, const struct receiver *receiver,
                 struct arena *arena, struct plan_choice *ret_choice)
{
    const struct schedule *schedule = request->schedule;
    struct plan_choice choice = {
        .receiver = receiver,
        .opening = sound_of(schedule, receiver, SOUND_OPENING),
        .closing = sound_of(schedule, receiver, SOUND_CLOSING),
    };
    TRY(choose_programmes(schedule, arena, &choice));
    TRY(choose_rules(schedule, arena, &choice));
    TRY(choose_filler(schedule, arena, &choice));
    *ret_choice = choice;
    return OK;
}

static void add_number(struct hasher *hasher, int64_t number)
{
    hasher_add(hasher, &number, sizeof number);
}

/* Holidays are of units too: those above the device are part of the key through its path down to
 * the commune, which is the lowest that keeps holidays of its own. */
hash plan_choice_key(const struct plan_choice *choice)
{
    const struct receiver *receiver = choice->receiver;
    struct hasher hasher;
    hasher_start(&hasher);
    for (size_t i = 0; i < choice->own_count; i++) {
        add_number(&hasher, choice->own[i].programme->id);
        add_number(&hasher, choice->own[i].choice == NULL ? 0 : choice->own[i].choice->unit);
    }
    add_number(&hasher, -1);
    for (size_t i = 0; i < choice->rule_count; i++) {
        add_number(&hasher, choice->rules[i]->id);
    }
    add_number(&hasher, -1);
    add_number(&hasher, choice->opening == NULL ? 0 : choice->opening->unit);
    add_number(&hasher, choice->closing == NULL ? 0 : choice->closing->unit);
    hasher_add(&hasher, choice->filler, choice->filler_count * sizeof(hash));
    add_number(&hasher, receiver->commune);
    add_number(&hasher, (int64_t)receiver->language_count);
    for (size_t i = 0; i < receiver->language_count; i++) {
        add_number(&hasher, (int64_t)receiver->languages[i].len);
        hasher_add(&hasher, receiver->languages[i].at, receiver->languages[i].len);
    }
    return hasher_end(&hasher);
}
