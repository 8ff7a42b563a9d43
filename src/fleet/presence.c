/* The fleet in memory: one record a device, found by number and by key, and counts by unit that
 * change with each record. Whatever changes a record ends in presence_update(), which takes the
 * device's old tally out of the counts of its units and puts the new one in: nothing is ever added
 * up by looking at all devices. */
#include "fleet/presence_inside.h"

enum { LONG_AGO_S = 365 * 86400 };

errc presence_create(const struct presence_timing *timing, struct presence **ret_presence)
{
    struct presence *presence = mem_take(sizeof *presence);
    if (pthread_mutex_init(&presence->mutex, NULL) != 0) {
        mem_give(presence);
        return ERR_NO_MEMORY;
    }
    presence->timing = *timing;
    *ret_presence = presence;
    return OK;
}

void presence_destroy(struct presence *presence)
{
    if (presence == NULL) {
        return;
    }
    for (size_t i = 0; i < presence->count; i++) {
        mem_give(presence->known[i]->words);
        mem_give(presence->known[i]);
    }
    mem_give(presence->known);
    mem_give(presence->free);
    mem_give(presence->sorted);
    mem_give(presence->units);
    presence_index_finish(&presence->by_id);
    presence_index_finish(&presence->by_key);
    presence_index_finish(&presence->by_unit);
    ignore_int(pthread_mutex_destroy(&presence->mutex));
    mem_give(presence);
}

void presence_lock(struct presence *presence)
{
    ignore_int(pthread_mutex_lock(&presence->mutex));
}

void presence_unlock(struct presence *presence)
{
    ignore_int(pthread_mutex_unlock(&presence->mutex));
}

static uint64_t key_mark(hash key)
{
    uint64_t mark = 0;
    memcpy(&mark, key.bytes, sizeof mark);
    return mark;
}

struct known *presence_known(const struct presence *presence, int64_t id)
{
    int64_t at = presence_index_find(&presence->by_id, (uint64_t)id);
    return at == PRESENCE_NOWHERE ? NULL : presence->known[at];
}

/* --- counts ------------------------------------------------------------------------------------
 */

static struct presence_counts *counts_of(struct presence *presence, unit_id unit)
{
    int64_t at = presence_index_find(&presence->by_unit, (uint64_t)unit);
    if (at != PRESENCE_NOWHERE) {
        return &presence->units[at].counts;
    }
    if (presence->unit_count == presence->unit_room) {
        size_t room = presence->unit_room == 0 ? 64 : presence->unit_room * 2;
        struct unit_counts *units = mem_take_array(room, sizeof *units);
        if (presence->unit_count > 0) {
            memcpy(units, presence->units, presence->unit_count * sizeof *units);
        }
        mem_give(presence->units);
        presence->units = units;
        presence->unit_room = room;
    }
    presence_index_put(&presence->by_unit, (uint64_t)unit, (uint32_t)presence->unit_count);
    presence->units[presence->unit_count].unit = unit;
    return &presence->units[presence->unit_count++].counts;
}

static void add(size_t *count, bool wanted, bool in)
{
    *count = wanted ? (in ? *count + 1 : *count - 1) : *count;
}

static void add_tally(struct presence_counts *counts, const struct known_tally *tally, bool in)
{
    add(&counts->devices, true, in);
    add(&counts->states[tally->state], true, in);
    add(&counts->faulty, tally->faults != 0, in);
    add(&counts->sounding, tally->sound != SOUND_NONE && tally->sound != SOUND_STOPPED, in);
    add(&counts->sounds[tally->sound], true, in);
    for (size_t i = 0; tally->faults != 0 && i < FAULT_KINDS; i++) {
        add(&counts->faults[i], (tally->faults & fault_at(i)) != 0, in);
    }
}

static void count_tally(struct presence *presence, const struct known_tally *tally, bool in)
{
    if (!tally->counts) {
        return;
    }
    add_tally(counts_of(presence, 0), tally, in);
    for (size_t i = 0; i < tally->place.count; i++) {
        add_tally(counts_of(presence, tally->place.units[i]), tally, in);
    }
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a->count == b->count && memcmp(a->units, b->units, a->count * sizeof *a->units) == 0;
}

static bool same_tally(const struct known_tally *a, const struct known_tally *b)
{
    return a->counts == b->counts && a->sound == b->sound && a->state == b->state &&
           a->faults == b->faults && same_place(&a->place, &b->place);
}

/* --- judging -----------------------------------------------------------------------------------
 */

static enum presence_state state_of(const struct presence *presence, const struct known *known)
{
    if (known->elsewhere && !known->orphaned && known->link.attached) {
        return PRESENCE_ALIVE; /* its server watches it */
    }
    return presence_judge(&presence->timing, &known->link, presence->now);
}

/* Of one that is silent to us nobody knows what it plays. */
static uint8_t sound_of(const struct known *known, enum presence_state state)
{
    bool heard = known->has_status && (state == PRESENCE_ALIVE || state == PRESENCE_LATE);
    bool told = heard && known->status.sound < PRESENCE_SOUNDS;
    return told ? (uint8_t)known->status.sound : (uint8_t)SOUND_NONE;
}

static struct known_tally tally_of(const struct known *known, enum presence_state state)
{
    struct known_tally tally = {.counts =
                                    known->device.state == DEVICE_IS_ACCEPTED && !known->gone};
    if (tally.counts) {
        tally.state = (uint8_t)state;
        tally.faults = known->faults;
        tally.sound = sound_of(known, state);
        tally.place = known->device.place;
    }
    return tally;
}

static uint32_t faults_of(const struct known *known, enum presence_state state)
{
    uint32_t ours = (uint32_t)FAULT_DEAD | (uint32_t)FAULT_LIES;
    uint32_t faults = known->reported & ~ours;
    faults |= state == PRESENCE_DEAD ? (uint32_t)FAULT_DEAD : 0U;
    return faults | (known->lies != 0 ? (uint32_t)FAULT_LIES : 0U);
}

static uint32_t known_faults(uint32_t faults)
{
    uint32_t all = 0;
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        all |= fault_at(i);
    }
    return faults & all;
}

void presence_update(struct presence *presence, struct known *known)
{
    enum presence_state state = state_of(presence, known);
    uint32_t faults = known_faults(faults_of(known, state));
    if (known->device.state != DEVICE_IS_ACCEPTED) {
        faults &= (uint32_t)FAULT_LIES;
    }
    if (faults != known->faults) {
        known->faults = faults;
        known->faults_at = presence->now + presence->offset;
        known->unsaved = true;
    }
    if (known->elsewhere && !known->orphaned) {
        known->told = known->faults; /* the server that holds it tells */
    }
    struct known_tally tally = tally_of(known, state);
    if (!same_tally(&tally, &known->tally)) {
        count_tally(presence, &known->tally, false);
        count_tally(presence, &tally, true);
        known->tally = tally;
        presence->dirty = true;
    }
}

/* --- what the store knows ----------------------------------------------------------------------
 */

static struct known *add_known(struct presence *presence)
{
    if (presence->free_count > 0) {
        return presence->known[presence->free[--presence->free_count]];
    }
    if (presence->count == presence->room) {
        size_t room = presence->room == 0 ? 64 : presence->room * 2;
        struct known **known = mem_take_array(room, sizeof(struct known *));
        uint32_t *places = mem_take_array(room, sizeof *places);
        if (presence->count > 0) {
            memcpy(known, presence->known, presence->count * sizeof(struct known *));
            memcpy(places, presence->free, presence->count * sizeof *places);
        }
        mem_give(presence->known);
        mem_give(presence->free);
        presence->known = known;
        presence->free = places;
        presence->room = room;
    }
    presence->known[presence->count] = mem_take(sizeof(struct known));
    return presence->known[presence->count++];
}

static void texts_of(struct presence_device *device, str *texts[TEXTS])
{
    texts[TEXT_NAME] = &device->name;
    texts[TEXT_CLUSTER] = &device->cluster_name;
    texts[TEXT_STATION] = &device->station_name;
    texts[TEXT_SERIAL] = &device->serial;
    texts[TEXT_MODEL] = &device->model;
    texts[TEXT_FINGERPRINT] = &device->fingerprint;
    texts[TEXT_SORT_KEY] = &device->sort_key;
    texts[TEXT_SEARCH_KEY] = &device->search_key;
    texts[TEXT_SIM_NUMBER] = &device->sim_number;
    texts[TEXT_SIM_OPERATOR] = &device->sim_operator;
}

/* All texts in one block; null when there is no memory for it. */
static char *copy_texts(struct presence_device *device)
{
    str *texts[TEXTS];
    size_t size = 1;
    texts_of(device, texts);
    for (size_t i = 0; i < TEXTS; i++) {
        size += texts[i]->len;
    }
    char *words = mem_try(size);
    char *at = words;
    for (size_t i = 0; words != NULL && i < TEXTS; i++) {
        if (texts[i]->len > 0) {
            memcpy(at, texts[i]->at, texts[i]->len);
        }
        *texts[i] = (str){at, texts[i]->len};
        at += texts[i]->len;
    }
    return words;
}

/* A device that is new here: what the store remembers of it. One that was alive when this server
 * went down has the usual while to come back; one that was dead stays so. */
static void begin_known(const struct presence *presence, struct known *known)
{
    const struct presence_device *device = &known->device;
    bool dead = (device->faults_open & (uint32_t)FAULT_DEAD) != 0;
    known->told = device->faults_open;
    known->reported = device->faults_open;
    known->lies = device->lies_open;
    known->link = (struct presence_link){.beat = (usec)PRESENCE_BEAT_MS * 1000, .excused = true};
    if (device->heard_utc != 0) {
        known->link.known = true;
        known->link.heard = device->heard_utc - presence->offset;
        known->link.lost = dead ? presence->now - (usec)LONG_AGO_S * USEC_SECOND : presence->now;
    }
}

/* A lie that the store had and has no more was looked at by somebody. */
static void forgive(struct known *known)
{
    uint32_t lies = (uint32_t)FAULT_LIES;
    if ((known->told & lies) != 0 && (known->device.faults_open & lies) == 0) {
        known->told &= ~lies;
        known->lies = 0;
    }
}

static bool is_waiting(const struct known *known)
{
    return !known->gone && known->device.state == DEVICE_IS_PENDING;
}

errc presence_know(struct presence *presence, const struct presence_device *device)
{
    struct presence_device copy = *device;
    char *words = copy_texts(&copy);
    if (words == NULL) {
        return ERR_NO_MEMORY;
    }
    presence_lock(presence);
    struct known *known = presence_known(presence, device->id);
    bool is_new = known == NULL;
    if (is_new) {
        size_t before = presence->count;
        known = add_known(presence);
        uint32_t at =
            before == presence->count ? presence->free[presence->free_count] : (uint32_t)before;
        *known = (struct known){.gone = true};
        presence_index_put(&presence->by_id, (uint64_t)device->id, at);
        presence_index_put(&presence->by_key, key_mark(device->key), at);
    }
    presence->waiting -= is_waiting(known) ? 1 : 0;
    presence->is_sorted = false;
    presence->dirty = true;
    mem_give(known->words);
    known->words = words;
    known->device = copy;
    known->gone = false;
    presence->waiting += is_waiting(known) ? 1 : 0;
    if (is_new) {
        begin_known(presence, known);
    } else {
        forgive(known);
    }
    presence_update(presence, known);
    presence_unlock(presence);
    return OK;
}

void presence_forget(struct presence *presence, int64_t id)
{
    presence_lock(presence);
    int64_t at = presence_index_find(&presence->by_id, (uint64_t)id);
    struct known *known = at == PRESENCE_NOWHERE ? NULL : presence->known[at];
    if (known != NULL) {
        presence->waiting -= is_waiting(known) ? 1 : 0;
        presence_index_remove(&presence->by_id, (uint64_t)id);
        presence_index_remove(&presence->by_key, key_mark(known->device.key));
        known->gone = true;
        presence_update(presence, known);
        mem_give(known->words);
        known->words = NULL;
        presence->free[presence->free_count++] = (uint32_t)at;
        presence->is_sorted = false;
        presence->dirty = true;
    }
    presence_unlock(presence);
}

int64_t presence_version(struct presence *presence)
{
    presence_lock(presence);
    int64_t version = presence->version;
    presence_unlock(presence);
    return version;
}

void presence_set_version(struct presence *presence, int64_t version)
{
    presence_lock(presence);
    presence->version = version;
    presence_unlock(presence);
}

static bool give_key(const struct known *known, struct presence_key *ret_key)
{
    if (known == NULL || known->gone) {
        return false;
    }
    *ret_key = (struct presence_key){known->device.id, known->device.state, known->device.place};
    return true;
}

bool presence_by_key(struct presence *presence, hash key, struct presence_key *ret_key)
{
    presence_lock(presence);
    int64_t at = presence_index_find(&presence->by_key, key_mark(key));
    const struct known *known = at == PRESENCE_NOWHERE ? NULL : presence->known[at];
    bool found = known != NULL && hash_is(known->device.key, key) && give_key(known, ret_key);
    presence_unlock(presence);
    return found;
}

bool presence_by_id(struct presence *presence, int64_t id, struct presence_key *ret_key)
{
    presence_lock(presence);
    bool found = give_key(presence_known(presence, id), ret_key);
    presence_unlock(presence);
    return found;
}
