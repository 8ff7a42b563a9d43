/* What the gate hears, and time going by. */
#include "fleet/presence_inside.h"
#include "fleet/presence_store.h"

void presence_attached(struct presence *presence, int64_t id, const struct presence_attach *attach,
                       usec now)
{
    presence_lock(presence);
    presence->now = now > presence->now ? now : presence->now;
    struct known *known = presence_known(presence, id);
    if (known != NULL) {
        known->link = (struct presence_link){
            .known = true, .attached = true, .heard = now, .beat = attach->beat};
        known->elsewhere = false;
        known->orphaned = false;
        known->attached_at = now;
        if (memcmp(known->boot.bytes, attach->boot.bytes, WIRE_ID_SIZE) != 0) {
            known->has_status = false; /* what the run before said is over */
        }
        known->boot = attach->boot;
        known->status.link = attach->link;
        known->unsaved = true;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

/* Days around the turn of a month, so that it does not matter in which zone it turns. */
static bool month_may_turn(usec utc)
{
    day today = day_of(utc, 0);
    return day_civil(today).mday == 1 || day_civil(today + 1).mday == 1;
}

static void find_lies(const struct presence *presence, struct known *known,
                      const struct wire_status *status, usec now)
{
    struct presence_facts facts = {
        .log_kept = known->log_kept,
        .state_most = known->state_most,
        .trust_most = known->trust_most,
        .since_before = now - known->status_at,
        .same_boot = true,
        .same_month = !month_may_turn(now + presence->offset),
        .now_utc = now + presence->offset,
    };
    known->lies |= presence_lies(known->has_status ? &known->status : NULL, status, &facts);
}

void presence_status(struct presence *presence, int64_t id, const struct wire_status *status,
                     usec now)
{
    presence_lock(presence);
    presence->now = now > presence->now ? now : presence->now;
    struct known *known = presence_known(presence, id);
    if (known != NULL) {
        find_lies(presence, known, status, now);
        known->unsaved |= !known->has_status || known->status.sound != status->sound;
        known->status = *status;
        known->reported = (uint32_t)status->faults;
        known->has_status = true;
        known->status_at = now;
        known->link.heard = now;
        presence->dirty = true;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

void presence_beat(struct presence *presence, int64_t id, usec now)
{
    presence_lock(presence);
    presence->now = now > presence->now ? now : presence->now;
    struct known *known = presence_known(presence, id);
    if (known != NULL) {
        known->link.heard = now;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

void presence_lost(struct presence *presence, int64_t id, usec now)
{
    presence_lock(presence);
    presence->now = now > presence->now ? now : presence->now;
    struct known *known = presence_known(presence, id);
    if (known != NULL && known->link.attached) {
        known->link.attached = false;
        known->link.lost = now;
        known->unsaved = true;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

void presence_facts(struct presence *presence, int64_t id, uint64_t log_kept, uint64_t state_most,
                    uint64_t trust_most)
{
    presence_lock(presence);
    struct known *known = presence_known(presence, id);
    if (known != NULL) {
        known->log_kept = log_kept;
        known->state_most = state_most;
        known->trust_most = trust_most;
    }
    presence_unlock(presence);
}

void presence_lie(struct presence *presence, int64_t id, uint32_t lies, usec now)
{
    presence_lock(presence);
    presence->now = now > presence->now ? now : presence->now;
    struct known *known = presence_known(presence, id);
    if (known != NULL) {
        known->lies |= lies;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

void presence_elsewhere(struct presence *presence, const struct presence_elsewhere *link)
{
    presence_lock(presence);
    struct known *known = presence_known(presence, link->id);
    usec heard = link->heard_utc - presence->offset;
    bool ours = known != NULL && known->link.attached && !known->elsewhere;
    if (known != NULL && !(ours && heard <= known->link.heard)) {
        known->elsewhere = true;
        known->orphaned = link->is_orphaned;
        known->link = (struct presence_link){
            .known = true,
            .attached = link->lost_utc == 0 && !link->is_orphaned,
            .heard = heard,
            .lost = link->lost_utc - presence->offset,
            .beat = (usec)PRESENCE_BEAT_MS * 1000,
        };
        if (link->status != NULL) {
            known->status = *link->status;
            known->reported = (uint32_t)link->status->faults;
            known->has_status = true;
            known->status_at = heard;
        }
        known->unsaved = false;
        presence->dirty = true;
        presence_update(presence, known);
    }
    presence_unlock(presence);
}

bool presence_tick(struct presence *presence, usec now, usec now_utc)
{
    presence_lock(presence);
    presence->now = now;
    presence->offset = now_utc - now;
    for (size_t i = 0; i < presence->count; i++) {
        presence_update(presence, presence->known[i]);
    }
    bool changed = presence->dirty;
    presence->dirty = false;
    presence_unlock(presence);
    return changed;
}

static void name_lies(const struct known *known, char *detail, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < PRESENCE_LIES; i++) {
        const char *name = presence_lie_name(presence_lie_at(i));
        if ((known->lies & presence_lie_at(i)) == 0 || length + strlen(name) + 2 > size) {
            continue;
        }
        int added = snprintf(detail + length, size - length, "%s%s", length > 0 ? " " : "", name);
        length += added > 0 ? (size_t)added : 0;
    }
}

/* One event for each bit that differs from what was told. */
static size_t take_differences(struct known *known, struct fault_event *events, size_t room)
{
    size_t taken = 0;
    for (size_t i = 0; i < FAULT_KINDS && taken < room; i++) {
        uint32_t fault = fault_at(i);
        if (((known->told ^ known->faults) & fault) == 0) {
            continue;
        }
        struct fault_event *event = &events[taken++];
        *event = (struct fault_event){.device = known->device.id,
                                      .fault = fault,
                                      .over = (known->faults & fault) == 0,
                                      .at = known->faults_at};
        if (fault == (uint32_t)FAULT_LIES) {
            name_lies(known, event->detail, sizeof event->detail);
        }
        known->told ^= fault;
    }
    return taken;
}

size_t presence_take_events(struct presence *presence, struct fault_event *events, size_t room)
{
    size_t taken = 0;
    presence_lock(presence);
    for (size_t i = 0; i < presence->count && taken < room; i++) {
        struct known *known = presence->known[i];
        if (known->told != known->faults && !known->gone) {
            taken += take_differences(known, &events[taken], room - taken);
        }
    }
    presence_unlock(presence);
    return taken;
}

void presence_give_back(struct presence *presence, const struct fault_event *events, size_t count)
{
    presence_lock(presence);
    for (size_t i = 0; i < count; i++) {
        struct known *known = presence_known(presence, events[i].device);
        if (known != NULL) {
            known->told =
                events[i].over ? known->told | events[i].fault : known->told & ~events[i].fault;
        }
    }
    presence_unlock(presence);
}

size_t presence_take_links(struct presence *presence, usec old, struct presence_saving *links,
                           size_t room)
{
    size_t taken = 0;
    presence_lock(presence);
    for (size_t i = 0; i < presence->count && taken < room; i++) {
        struct known *known = presence->known[i];
        bool ours = !known->gone && known->link.known && !known->elsewhere;
        if (!ours || (!known->unsaved && known->link.heard - known->saved_heard < old)) {
            continue;
        }
        links[taken++] = (struct presence_saving){
            .id = known->device.id,
            .attached_utc = known->attached_at + presence->offset,
            .heard_utc = known->link.heard + presence->offset,
            .lost_utc = known->link.attached ? 0 : known->link.lost + presence->offset,
            .status = known->status,
            .has_status = known->has_status,
        };
        known->unsaved = false;
        known->saved_heard = known->link.heard;
    }
    presence_unlock(presence);
    return taken;
}
