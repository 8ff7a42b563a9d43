/* What waits on the side of broadcasting: alarms for a second person, offers from above to choose
 * from, programmes that want the same minutes. Offers and clashes are the commune's own business,
 * so they wait only for those who belong to a commune. */
#include "server/inbox_sources.h"

#include "broadcast/alarm.h"
#include "broadcast/plan.h"
#include "broadcast/schedule.h"
#include "people/unit_sight.h"
#include "wire/authority_rules.h"

enum { ALARMS_LOOKED_AT = 200, CLASH_DAYS = 14, CLASH_ROOM = 256 * 1024 * 1024 };

struct desk inbox_desk(const struct inbox_house *house, const struct actor *actor,
                       const struct forest *forest, struct arena *arena)
{
    return (struct desk){.actor = actor,
                         .forest = forest,
                         .receivers = house->receivers,
                         .policy = &house->broadcast,
                         .zone = app_zone(house->app),
                         .arena = arena};
}

/* --- alarms ----------------------------------------------------------------------------------- */

/* Drills are asked for apart: without a kind, lists hold none. */
static errc list_alarms(const struct desk *desk, struct db *db, bool drills,
                        struct alarms *ret_alarms, struct why *why)
{
    struct alarm_filter filter = {
        .has_kind = drills, .kind = ALARM_DRILL, .only_open = true, .limit = ALARMS_LOOKED_AT};
    return alarm_list(desk, db, &filter, ret_alarms, why);
}

errc inbox_alarms_waiting(void *ctx, const struct inbox_job *job, struct db *db,
                          struct inbox *inbox, struct why *why)
{
    struct desk desk = inbox_desk(ctx, job->actor, job->forest, job->arena);
    for (int drills = 0; drills < 2; drills++) {
        struct alarms alarms = {.count = 0};
        TRY(list_alarms(&desk, db, drills != 0, &alarms, why));
        for (size_t i = 0; i < alarms.count; i++) {
            const struct alarm *alarm = &alarms.at[i];
            bool may = desk_may(&desk, alarm_right(alarm->kind), alarm->unit) == OK;
            if (alarm->state != ALARM_WAITING || alarm->raised_by == job->actor->account_id ||
                !may) {
                continue;
            }
            struct inbox_item item = {
                .kind = INBOX_ALARM_WAITING,
                .id = arena_format(job->arena, "%lld", (long long)alarm->id),
                .unit = alarm->unit,
                .title = alarm->title,
                .since = alarm->raised_at,
                .link = arena_format(job->arena, "/%s/%lld", drills != 0 ? "drills" : "alarms",
                                     (long long)alarm->id),
            };
            inbox_add(inbox, &item);
        }
    }
    return OK;
}

static void take_call(const struct duty_job *job, const struct alarm *alarm,
                      struct call_alarm *call)
{
    struct unit_line line = {.name = S("")};
    struct tree tree = forest_at(job->forest, job->actor->today);
    bool waits = alarm->state == ALARM_WAITING;
    *call = (struct call_alarm){
        .id = alarm->id,
        .waits = waits,
        .is_drill = alarm->kind == ALARM_DRILL,
        .unit = alarm->unit,
        .unit_name = tree_line(tree, alarm->unit, &line) ? line.name : S(""),
        .title = alarm->title,
        .at = waits ? alarm->raised_at : alarm->sent_at,
        .raised_by = alarm->raised_by,
        .approved_by = alarm->approved_by,
    };
}

errc inbox_call_alarms(const struct inbox_house *house, const struct duty_job *job, struct db *db,
                       struct call_alarms *ret_alarms, struct why *why)
{
    struct desk desk = inbox_desk(house, job->actor, job->forest, job->arena);
    struct alarms alarms = {.count = 0};
    struct alarms drills = {.count = 0};
    TRY(list_alarms(&desk, db, false, &alarms, why));
    TRY(list_alarms(&desk, db, true, &drills, why));
    struct call_alarm *calls =
        arena_take_array(job->arena, alarms.count + drills.count + 1, sizeof *calls);
    if (calls == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for alarms");
    }
    for (size_t i = 0; i < alarms.count; i++) {
        take_call(job, &alarms.at[i], &calls[i]);
    }
    for (size_t i = 0; i < drills.count; i++) {
        take_call(job, &drills.at[i], &calls[alarms.count + i]);
    }
    *ret_alarms = (struct call_alarms){calls, alarms.count + drills.count};
    return OK;
}

/* --- offers and clashes ----------------------------------------------------------------------- */

struct choosing {
    const struct inbox_house *house;
    const struct inbox_job *job;
    struct db *db;
    struct inbox *inbox;
    struct arena *arena; /* of this look alone */
    struct desk desk;
    struct schedule schedule;
    unit_id commune;
    struct why *why;
};

static bool is_chosen(const struct choosing *choosing, int64_t programme)
{
    const struct schedule *schedule = &choosing->schedule;
    for (size_t i = 0; i < schedule->choice_count; i++) {
        const struct programme_choice *choice = &schedule->choices[i];
        if (choice->programme == programme && choice->unit == choosing->commune) {
            return true;
        }
    }
    return false;
}

/* Whether a programme of above is for the commune, or for something in it. */
static bool is_for(const struct choosing *choosing, const struct programme *programme)
{
    struct tree tree = forest_at(choosing->job->forest, choosing->job->actor->today);
    unit_id commune = choosing->commune;
    bool from_above = programme->unit != commune && tree_covers(tree, programme->unit, commune);
    bool here = programme->area_count == 0;
    for (size_t i = 0; i < programme->area_count && !here; i++) {
        here = tree_covers(tree, programme->areas[i], commune) ||
               tree_covers(tree, commune, programme->areas[i]);
    }
    return from_above && here;
}

static void add_offers(const struct choosing *choosing)
{
    for (size_t i = 0; i < choosing->schedule.programme_count; i++) {
        const struct programme *programme = &choosing->schedule.programmes[i];
        if (programme->order_class != CLASS_ORDINARY || !is_for(choosing, programme) ||
            is_chosen(choosing, programme->id)) {
            continue;
        }
        struct inbox_item item = {
            .kind = INBOX_OFFER,
            .id = arena_format(choosing->arena, "p%lld", (long long)programme->id),
            .unit = programme->unit,
            .title = programme->name,
            .since = programme->created,
            .link = arena_format(choosing->arena, "/programmes/%lld", (long long)programme->id),
        };
        inbox_add(choosing->inbox, &item);
    }
}

/* A clash is as old as the younger of the two. */
static usec changed_at(const struct schedule *schedule, const struct plan_clash *clash)
{
    usec changed = 0;
    for (size_t i = 0; i < schedule->programme_count; i++) {
        const struct programme *programme = &schedule->programmes[i];
        bool is_one = programme->id == clash->first || programme->id == clash->second;
        changed = is_one && programme->changed > changed ? programme->changed : changed;
    }
    return changed;
}

static errc add_clashes(const struct choosing *choosing)
{
    const struct receiver_port *port = choosing->house->receivers;
    usec zone = choosing->job->zone;
    day today = choosing->job->actor->today;
    struct plan_request request = {.schedule = &choosing->schedule,
                                   .from = day_start(today, zone),
                                   .to = day_start(today + CLASH_DAYS, zone)};
    struct receivers receivers = {.count = 0};
    struct plan_clashes clashes = {.count = 0};
    struct programme_name_list names;
    TRY(port->list(port->ctx, choosing->db, choosing->commune, choosing->arena, &receivers,
                   choosing->why));
    TRY(plan_clashes_find(&request, &receivers, choosing->arena, &clashes, choosing->why));
    TRY(programme_names_load(&choosing->desk, choosing->db, &names, choosing->why));
    for (size_t i = 0; i < clashes.count; i++) {
        const struct plan_clash *clash = &clashes.at[i];
        if (clash->is_decided || clash->unit != choosing->commune) {
            continue;
        }
        str first = programme_name_of(&names, clash->first);
        str second = programme_name_of(&names, clash->second);
        struct inbox_item item = {
            .kind = INBOX_CLASH,
            .id = arena_format(choosing->arena, "%lld-%lld-%lld", (long long)clash->unit,
                               (long long)clash->first, (long long)clash->second),
            .unit = clash->unit,
            .title = arena_format(choosing->arena, "%.*s ↔ %.*s", STR_ARG(first), STR_ARG(second)),
            .since = changed_at(&choosing->schedule, clash),
            .due = clash->at,
            .link = arena_format(choosing->arena, "/programmes?unit=%lld", (long long)clash->unit),
        };
        inbox_add(choosing->inbox, &item);
    }
    return OK;
}

static bool has_priority(const struct choosing *choosing)
{
    for (size_t i = 0; i < choosing->schedule.programme_count; i++) {
        if (choosing->schedule.programmes[i].order_class == CLASS_PRIORITY) {
            return true;
        }
    }
    return false;
}

errc inbox_offers(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                  struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct choosing choosing = {.house = ctx,
                                .job = job,
                                .db = db,
                                .inbox = inbox,
                                .commune = job->actor->unit_id,
                                .why = why};
    TRY(arena_create(CLASH_ROOM, &arena));
    choosing.arena = arena;
    choosing.desk = inbox_desk(ctx, job->actor, job->forest, arena);
    bool may = desk_may(&choosing.desk, RIGHT_PROGRAMMES_WRITE, choosing.commune) == OK;
    if (!may || unit_key_tier(job->forest, choosing.commune) != TIER_COMMUNE) {
        return OK;
    }
    TRY(schedule_load(&choosing.desk, db, job->actor->today, &choosing.schedule, why));
    add_offers(&choosing);
    return has_priority(&choosing) ? add_clashes(&choosing) : OK;
}
